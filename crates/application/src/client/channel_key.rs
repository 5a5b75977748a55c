//! The key by which a kiosk or a phone is known.

use crypto::{Es256PublicKey, Es256SigningKey, SigningFailed};
use domain::ChannelId;
use zeroize::Zeroizing;

use crate::channel_signature;

/// A kiosk's or a phone's private key. `Debug` shows its id only.
pub struct ChannelKey {
    key: Es256SigningKey,
    id: ChannelId,
}

/// Not a P-256 private key in PKCS #8.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the channel's key is no P-256 private key in PKCS #8")]
pub struct InvalidChannelKey;

impl ChannelKey {
    /// Reads PKCS #8 DER.
    ///
    /// # Errors
    /// [`InvalidChannelKey`].
    pub fn from_pkcs8_der(der: &[u8]) -> Result<Self, InvalidChannelKey> {
        Es256SigningKey::from_pkcs8_der(der)
            .map(Self::of)
            .map_err(|_| InvalidChannelKey)
    }

    /// Makes a new key, on a phone's first use, and gives its PKCS #8 DER with it.
    ///
    /// # Errors
    /// [`SigningFailed`] where there is no randomness.
    pub fn generate() -> Result<(Self, Zeroizing<Vec<u8>>), SigningFailed> {
        Es256SigningKey::generate().map(|(key, der)| (Self::of(key), der))
    }

    fn of(key: Es256SigningKey) -> Self {
        let id = channel_signature::channel_id(key.public_key());
        Self { key, id }
    }

    /// Who the channel is: what it is registered under, and what its card's signature covers.
    #[must_use]
    pub const fn id(&self) -> ChannelId {
        self.id
    }

    /// The public half.
    #[must_use]
    pub const fn public_key(&self) -> &Es256PublicKey {
        self.key.public_key()
    }

    pub(crate) const fn signing_key(&self) -> &Es256SigningKey {
        &self.key
    }
}

impl std::fmt::Debug for ChannelKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ChannelKey({})", self.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stored_key_is_the_same_channel() {
        let (key, der) = ChannelKey::generate().unwrap();
        assert_eq!(ChannelKey::from_pkcs8_der(&der).unwrap().id(), key.id());
        assert_eq!(
            ChannelKey::from_pkcs8_der(&der[1..]).unwrap_err(),
            InvalidChannelKey
        );
        let id = crypto::sha256(&key.public_key().to_spki_der());
        assert_eq!(key.id(), ChannelId(id));
    }
}
