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
