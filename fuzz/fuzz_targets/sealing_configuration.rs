//! Sealing configurations: as anybody can serve them, and with any list of keys under a good
//! signature.
#![no_main]

use std::sync::LazyLock;

use application::SignedSealingConfiguration;
use application::client::{ChannelKey, ConfigurationRefused, Exchange, PinnedKey};
use application::messages::OpenRequest;
use crypto::Es256SigningKey;
use libfuzzer_sys::fuzz_target;

const NOW: i64 = 1_767_225_600;
const END: i64 = NOW + 60;

struct Parties {
    signer: Es256SigningKey,
    pinned: PinnedKey,
    channel: ChannelKey,
}

static PARTIES: LazyLock<Parties> = LazyLock::new(|| {
    let (signer, _) = Es256SigningKey::generate().expect("there is randomness");
    Parties {
        pinned: PinnedKey::from_spki_der(&signer.public_key().to_spki_der()).expect("a key"),
        signer,
        channel: ChannelKey::generate().expect("there is randomness").0,
    }
});

fuzz_target!(|input: &[u8]| {
    let refused = PARTIES.pinned.verify(input, NOW);
    assert!(refused.is_err(), "not signed by the pinned key");

    // docs/PROTOCOL.md, section 2
    let length = u32::try_from(input.len()).expect("bounded by the fuzzer");
    let signed = [
        b"akashi sealing configuration v1\0".as_slice(),
        &NOW.to_be_bytes(),
        &END.to_be_bytes(),
        &length.to_be_bytes(),
        input,
    ];
    let signature = PARTIES.signer.sign(&signed.concat()).expect("signs");
    let served = SignedSealingConfiguration {
        key_configurations: input.to_vec().into(),
        not_before: NOW,
        not_after: END,
        signature: signature.into(),
    };
    let served = serde_json::to_vec(&served).expect("JSON");
    match PARTIES.pinned.verify(&served, NOW) {
        // Whatever was believed can be sealed to, or is refused without a panic.
        Ok(configuration) => {
            let _ = Exchange::new(&configuration, &PARTIES.channel, &OpenRequest {}, NOW);
        }
        Err(error) => assert_ne!(error, ConfigurationRefused::Signature),
    }
});
