//! Replies as a broken or hostile server can put them under the seal: read or refused.
//!
//! Input: binary HTTP, padded here to the smallest bucket.
#![no_main]

use std::sync::LazyLock;

use application::client::{Answer, ChannelKey, Exchange, PinnedKey, SealingConfiguration};
use application::messages::OfferRequest;
use application::outer::SEALED_REPLY_TYPE;
use application::server::{SealingKey, SealingKeys};
use application::{Bytes, Call};
use crypto::Es256SigningKey;
use domain::MunicipalityCode;
use libfuzzer_sys::fuzz_target;
use ohttp::hpke::{Aead, Kdf, Kem};

const NOW: i64 = 1_767_225_600;

struct Parties {
    server: ohttp::Server,
    configuration: SealingConfiguration,
    channel: ChannelKey,
}

static PARTIES: LazyLock<Parties> = LazyLock::new(|| {
    let key = SealingKey::from_seed(1, &[7; 32]).expect("a seed gives a key");
    let keys = SealingKeys::new(vec![key]).expect("one key");
    let (signer, _) = Es256SigningKey::generate().expect("there is randomness");
    let pinned = PinnedKey::from_spki_der(&signer.public_key().to_spki_der()).expect("a key");
    let served = keys
        .sign_configuration(&signer, NOW, NOW + 60)
        .expect("a minute");
    let served = serde_json::to_vec(&served).expect("JSON");
    let suite = ohttp::SymmetricSuite::new(Kdf::HkdfSha256, Aead::Aes128Gcm);
    // The same key as above, without what keeps a server of ours from sending anything.
    let server = ohttp::KeyConfig::derive(1, Kem::X25519Sha256, vec![suite], &[7; 32])
        .and_then(ohttp::Server::new)
        .expect("a seed gives a key");
    Parties {
        server,
        configuration: pinned
            .verify(&served, NOW)
            .expect("signed by the pinned key"),
        channel: ChannelKey::generate().expect("there is randomness").0,
    }
});

fuzz_target!(|input: &[u8]| {
    let request = OfferRequest {
        ticket: Bytes(vec![1]),
        municipality: MunicipalityCode::parse("131121").expect("a code"),
    };
    let exchange = Exchange::new(&PARTIES.configuration, &PARTIES.channel, &request, NOW)
        .expect("a request of ours");
    let (_, response) = PARTIES
        .server
        .decapsulate(&exchange.sealed_request)
        .expect("sealed to us");
    let mut plain = input.to_vec();
    plain.resize(Call::Offer.reply_bucket(), 0);
    let body = response
        .encapsulate(&plain)
        .expect("anything can be sealed");
    let answer = Answer {
        status: 200,
        content_type: Some(SEALED_REPLY_TYPE),
        body: &body,
    };
    let _ = exchange.pending.open(&answer);
});
