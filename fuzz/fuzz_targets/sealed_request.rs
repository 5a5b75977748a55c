//! Requests as anybody can post them, and as any channel can put them under the seal: opened or
//! refused, and nothing is taken that the channel did not sign.
//!
//! Input: binary HTTP, padded here; and the same bytes as the sealed request itself.
#![no_main]

use std::sync::LazyLock;

use application::REQUEST_LENGTH;
use application::outer::SEALED_REQUEST_LENGTH;
use application::server::{SealingKey, SealingKeys};
use crypto::Es256SigningKey;
use libfuzzer_sys::fuzz_target;

/// The moment at which the seeds are signed.
const NOW: i64 = 1_767_225_600;

struct Server {
    keys: SealingKeys,
    configurations: Vec<u8>,
}

static SERVER: LazyLock<Server> = LazyLock::new(|| {
    let key = SealingKey::from_seed(1, &[7; 32]).expect("a seed gives a key");
    let keys = SealingKeys::new(vec![key]).expect("one key");
    let (signer, _) = Es256SigningKey::generate().expect("there is randomness");
    let served = keys.sign_configuration(&signer, NOW, NOW + 60);
    Server {
        configurations: served.expect("a minute").key_configurations.to_vec(),
        keys,
    }
});

fuzz_target!(|input: &[u8]| {
    let mut sealed = input.to_vec();
    sealed.resize(SEALED_REQUEST_LENGTH, 0);
    assert!(SERVER.keys.open(&sealed, NOW).is_err(), "not sealed to us");

    let mut plain = input.to_vec();
    plain.resize(REQUEST_LENGTH, 0);
    let (sealed, _) = ohttp::ClientRequest::from_encoded_config_list(&SERVER.configurations)
        .and_then(|client| client.encapsulate(&plain))
        .expect("anything can be sealed");
    let opened = SERVER.keys.open(&sealed, NOW).expect("sealed to us");
    if let Ok(request) = opened.request {
        // Signed: the seed's own content, wherever else bytes were changed.
        assert_eq!(opened.reply.call(), Some(request.request.call()));
        let id = crypto::sha256(&request.channel_key.to_spki_der());
        assert_eq!(request.channel.0, id);
    }
});
