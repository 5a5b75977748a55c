//! A channel and a server for tests.

use crypto::Es256SigningKey;

use crate::client::{ChannelKey, PinnedKey, SealingConfiguration};
use crate::server::{SealingKey, SealingKeys};

/// The moment at which every test takes place.
pub(crate) const NOW: i64 = 1_767_225_600;

/// A server's sealing keys, and a channel that believes their configuration.
pub(crate) struct Parties {
    pub(crate) keys: SealingKeys,
    pub(crate) configuration: SealingConfiguration,
    pub(crate) channel: ChannelKey,
}

impl Parties {
    /// With one sealing key of this id and seed.
    pub(crate) fn new(id: u8, seed: u8) -> Self {
        let keys = SealingKeys::new(vec![SealingKey::from_seed(id, &[seed; 32]).unwrap()]).unwrap();
        let (signer, _) = Es256SigningKey::generate().unwrap();
        let served = keys.sign_configuration(&signer, NOW, NOW + 60).unwrap();
        let pinned = PinnedKey::from_spki_der(&signer.public_key().to_spki_der()).unwrap();
        let configuration = pinned
            .verify(&serde_json::to_vec(&served).unwrap(), NOW)
            .unwrap();
        Self {
            keys,
            configuration,
            channel: ChannelKey::generate().unwrap().0,
        }
    }

    /// Seals any bytes, as a hostile channel can.
    pub(crate) fn seal(&self, plain: &[u8]) -> (Vec<u8>, ohttp::ClientResponse) {
        ohttp::ClientRequest::from_encoded_config(self.configuration.encoded())
            .and_then(|client| client.encapsulate(plain))
            .unwrap()
    }
}
