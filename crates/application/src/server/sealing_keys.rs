//! The keys under which channels seal.

use crypto::Es256SigningKey;
use ohttp::hpke::{Aead, Kdf, Kem};
use ohttp::{KeyConfig, SymmetricSuite};
use zeroize::Zeroizing;

use super::{OpenedRequest, ReplySealer, RequestRefused};
use crate::outer::SEALED_REQUEST_LENGTH;
use crate::problem::ProblemType;
use crate::sealing_configuration::{LONGEST_VALIDITY_SECONDS, SignedSealingConfiguration};

/// One sealing key: X25519, HKDF-SHA-256, AES-128-GCM.
pub struct SealingKey {
    server: ohttp::Server,
    id: u8,
}

/// The sealing keys in force: the first is offered, all are accepted.
#[derive(Debug)]
pub struct SealingKeys(Vec<SealingKey>);

/// Why sealing keys were not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidSealingKeys {
    /// There is none.
    #[error("there is no sealing key")]
    None,
    /// Two keys have this id.
    #[error("two sealing keys have the id {0}")]
    SameId(u8),
    /// The library could not derive a key.
    #[error("deriving a sealing key failed")]
    Derivation,
}

/// Why a sealing configuration was not signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidValidity {
    /// It ends before it begins, or more than [`LONGEST_VALIDITY_SECONDS`] after.
    #[error("a sealing configuration cannot be valid for {0} s")]
    Seconds(i64),
    /// The library could not sign.
    #[error("signing the sealing configuration failed")]
    Signing,
}

/// Why there is nothing to answer under a seal: the problem goes out in plain HTTP, and says
/// nothing about a person, as nothing was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CannotOpen {
    /// Not [`SEALED_REQUEST_LENGTH`] bytes.
    #[error("a sealed request of {0} bytes")]
    Length(usize),
    /// Sealed under a key id that is not in force.
    #[error("sealed under the unknown key {0}")]
    UnknownKey(u8),
    /// Sealed for another KEM, KDF or AEAD than the key's.
    #[error("sealed under another suite")]
    UnknownSuite,
    /// Not sealed under that key.
    #[error("the request does not open")]
    DoesNotOpen,
}

/// What is opened: the request or why it was refused, and what seals the answer either way.
#[derive(Debug)]
pub struct Opened {
    /// The request, signed by its channel.
    pub request: Result<OpenedRequest, RequestRefused>,
    /// What seals the answer.
    pub reply: ReplySealer,
}

impl SealingKey {
    /// Derives the key of this id from a 32-byte seed (`DeriveKeyPair`, RFC 9180, section
    /// 7.1.3): the same seed always gives the same key.
    ///
    /// # Errors
    /// [`InvalidSealingKeys::Derivation`].
    pub fn from_seed(id: u8, seed: &[u8; 32]) -> Result<Self, InvalidSealingKeys> {
        let suite = SymmetricSuite::new(Kdf::HkdfSha256, Aead::Aes128Gcm);
        KeyConfig::derive(id, Kem::X25519Sha256, vec![suite], seed)
            .and_then(ohttp::Server::new)
            .map(|server| Self { server, id })
            .map_err(|_| InvalidSealingKeys::Derivation)
    }
}

impl std::fmt::Debug for SealingKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SealingKey(id {})", self.id)
    }
}

impl SealingKeys {
    /// Takes the keys in force, the one to be offered first; the others are those of before,
    /// kept until no configuration with them is valid any more.
    ///
    /// # Errors
    /// [`InvalidSealingKeys`].
    pub fn new(keys: Vec<SealingKey>) -> Result<Self, InvalidSealingKeys> {
        if keys.is_empty() {
            return Err(InvalidSealingKeys::None);
        }
        for (at, key) in keys.iter().enumerate() {
            if keys[..at].iter().any(|before| before.id == key.id) {
                return Err(InvalidSealingKeys::SameId(key.id));
            }
        }
        Ok(Self(keys))
    }

    /// Signs the configuration to be served, for a time in seconds since 1970.
    ///
    /// # Errors
    /// [`InvalidValidity`].
    pub fn sign_configuration(
        &self,
        key: &Es256SigningKey,
        not_before: i64,
        not_after: i64,
    ) -> Result<SignedSealingConfiguration, InvalidValidity> {
        let validity = not_after.saturating_sub(not_before);
        if !(1..=LONGEST_VALIDITY_SECONDS).contains(&validity) {
            return Err(InvalidValidity::Seconds(validity));
        }
        let offered = self.0.first().map(|key| key.server.config());
        let list =
            KeyConfig::encode_list(offered.as_slice()).map_err(|_| InvalidValidity::Signing)?;
        SignedSealingConfiguration::sign(list, not_before, not_after, key)
            .map_err(|_| InvalidValidity::Signing)
    }

    /// Opens a sealed request and verifies its channel's signature. `now` in seconds since 1970.
    ///
    /// Whether the channel is registered, and is the TLS peer, is the caller's to ask.
    ///
    /// # Errors
    /// [`CannotOpen`].
    pub fn open(&self, sealed: &[u8], now: i64) -> Result<Opened, CannotOpen> {
        let (header, _) = sealed
            .split_first_chunk::<7>()
            .filter(|_| sealed.len() == SEALED_REQUEST_LENGTH)
            .ok_or(CannotOpen::Length(sealed.len()))?;
        let [id, suite @ ..] = *header;
        let key = self
            .0
            .iter()
            .find(|key| key.id == id)
            .ok_or(CannotOpen::UnknownKey(id))?;
        // X25519, HKDF-SHA256, AES-128-GCM (RFC 9180, section 7)
        if suite != [0x00, 0x20, 0x00, 0x01, 0x00, 0x01] {
            return Err(CannotOpen::UnknownSuite);
        }
        let (plain, response) = key
            .server
            .decapsulate(sealed)
            .map_err(|_| CannotOpen::DoesNotOpen)?;
        Ok(super::opened_request::read(
            &Zeroizing::new(plain),
            response,
            now,
        ))
    }
}

impl CannotOpen {
    /// What the channel is told.
    #[must_use]
    pub const fn problem(self) -> ProblemType {
        match self {
            Self::Length(length) if length > SEALED_REQUEST_LENGTH => ProblemType::TooLarge,
            Self::Length(_) => ProblemType::MalformedRequest,
            Self::UnknownKey(_) | Self::UnknownSuite | Self::DoesNotOpen => {
                ProblemType::SealingKeyUnknown
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call::REQUEST_LENGTH;
    use crate::test_parties::{NOW, Parties};

    fn key(id: u8, seed: u8) -> SealingKey {
        SealingKey::from_seed(id, &[seed; 32]).unwrap()
    }

    fn cannot_open(keys: &SealingKeys, sealed: &[u8]) -> CannotOpen {
        keys.open(sealed, NOW).unwrap_err()
    }

    #[test]
    fn a_seed_always_gives_the_same_key() {
        let sealed = Parties::new(3, 9).seal(&[0; REQUEST_LENGTH]).0;
        let same = SealingKeys::new(vec![key(3, 9)]).unwrap();
        assert!(same.open(&sealed, NOW).is_ok());
        let other = SealingKeys::new(vec![key(3, 8)]).unwrap();
        assert_eq!(cannot_open(&other, &sealed), CannotOpen::DoesNotOpen);
    }

    #[test]
    fn keys_of_before_still_open() {
        let sealed = Parties::new(3, 9).seal(&[0; REQUEST_LENGTH]).0;
        let rotated = SealingKeys::new(vec![key(4, 10), key(3, 9)]).unwrap();
        assert!(rotated.open(&sealed, NOW).is_ok());
        let forgotten = SealingKeys::new(vec![key(4, 10)]).unwrap();
        assert_eq!(cannot_open(&forgotten, &sealed), CannotOpen::UnknownKey(3));
    }

    #[test]
    fn only_the_first_key_is_offered() {
        let (signer, _) = Es256SigningKey::generate().unwrap();
        let keys = SealingKeys::new(vec![key(4, 10), key(3, 9)]).unwrap();
        let served = keys.sign_configuration(&signer, NOW, NOW + 1).unwrap();
        assert_eq!(served.key_configurations.len(), 2 + 41);
        assert_eq!(served.key_configurations[2], 4);
    }

    #[test]
    fn no_key_and_two_of_one_id_are_refused() {
        assert_eq!(
            SealingKeys::new(Vec::new()).unwrap_err(),
            InvalidSealingKeys::None
        );
        assert_eq!(
            SealingKeys::new(vec![key(3, 9), key(3, 10)]).unwrap_err(),
            InvalidSealingKeys::SameId(3)
        );
    }

    #[test]
    fn any_other_length_is_refused() {
        let parties = Parties::new(3, 9);
        let sealed = parties.seal(&[0; REQUEST_LENGTH]).0;
        assert_eq!(sealed.len(), SEALED_REQUEST_LENGTH);
        for length in [0, 1, 6, 7, 38, 39, SEALED_REQUEST_LENGTH - 1] {
            let refused = cannot_open(&parties.keys, &sealed[..length]);
            assert_eq!(refused, CannotOpen::Length(length));
            assert_eq!(refused.problem(), ProblemType::MalformedRequest);
        }
        let long = [&sealed[..], &[0]].concat();
        let refused = cannot_open(&parties.keys, &long);
        assert_eq!(refused.problem(), ProblemType::TooLarge);
        // Also where it would open.
        let shorter = parties.seal(&[0; REQUEST_LENGTH - 1]).0;
        assert_eq!(
            cannot_open(&parties.keys, &shorter),
            CannotOpen::Length(shorter.len())
        );
    }

    #[test]
    fn every_header_byte_and_a_changed_text_are_refused() {
        let parties = Parties::new(3, 9);
        let sealed = parties.seal(&[0; REQUEST_LENGTH]).0;
        let refused = |at: usize| {
            let mut changed = sealed.clone();
            changed[at] ^= 0x10;
            cannot_open(&parties.keys, &changed)
        };
        assert_eq!(refused(0), CannotOpen::UnknownKey(3 ^ 0x10));
        for at in 1..7 {
            assert_eq!(refused(at), CannotOpen::UnknownSuite, "byte {at}");
        }
        for at in [7, 38, 39, 1000, SEALED_REQUEST_LENGTH - 1] {
            assert_eq!(refused(at), CannotOpen::DoesNotOpen, "byte {at}");
        }
    }

    #[test]
    fn an_all_zero_encapsulated_key_is_refused() {
        // RFC 9180, section 7.1.4: its shared secret is zero, known to everybody.
        let parties = Parties::new(3, 9);
        let mut sealed = parties.seal(&[0; REQUEST_LENGTH]).0;
        sealed[7..39].fill(0);
        assert_eq!(cannot_open(&parties.keys, &sealed), CannotOpen::DoesNotOpen);
    }

    #[test]
    fn a_configuration_is_bounded_in_time() {
        let (signer, _) = Es256SigningKey::generate().unwrap();
        let keys = SealingKeys::new(vec![key(3, 9)]).unwrap();
        for seconds in [0, -1, LONGEST_VALIDITY_SECONDS + 1] {
            assert_eq!(
                keys.sign_configuration(&signer, NOW, NOW + seconds)
                    .unwrap_err(),
                InvalidValidity::Seconds(seconds)
            );
        }
        assert!(
            keys.sign_configuration(&signer, i64::MIN, i64::MAX)
                .is_err()
        );
    }

    #[test]
    fn debug_shows_no_key() {
        assert_eq!(format!("{:?}", key(3, 9)), "SealingKey(id 3)");
    }
}
