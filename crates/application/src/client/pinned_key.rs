//! Whom to believe about the sealing key.

use crypto::Es256PublicKey;

use crate::outer::LONGEST_SEALING_CONFIGURATION;
use crate::sealing_configuration::{LONGEST_VALIDITY_SECONDS, SignedSealingConfiguration};

/// The public key that signs sealing configurations, built into kiosk and app: nobody between
/// can substitute a sealing key of their own.
#[derive(Debug, Clone)]
pub struct PinnedKey(Es256PublicKey);

/// Not a P-256 `SubjectPublicKeyInfo`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the pinned key is no P-256 SubjectPublicKeyInfo")]
pub struct InvalidPinnedKey;

/// Why a served sealing configuration was not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ConfigurationRefused {
    /// Longer than [`LONGEST_SEALING_CONFIGURATION`].
    #[error("the sealing configuration is {0} bytes long")]
    TooLarge(usize),
    /// Not the JSON it should be.
    #[error("the sealing configuration is malformed")]
    Malformed,
    /// Not signed by the pinned key: somebody between substituted their own.
    #[error("the sealing configuration is not signed by the pinned key")]
    Signature,
    /// Not yet valid, or no longer.
    #[error("the sealing configuration is not valid now")]
    NotValidNow,
    /// Valid for longer than a configuration may be.
    #[error("the sealing configuration is valid for {0} s")]
    ValidTooLong(i64),
    /// It has no key for X25519, HKDF-SHA-256 and AES-128-GCM.
    #[error("the sealing configuration has no key of a known suite")]
    NoKnownSuite,
}

/// A sealing key that is to be believed now.
#[derive(Debug, Clone)]
pub struct SealingConfiguration {
    encoded: KeyConfiguration,
    not_after: i64,
}

/// One key configuration (RFC 9458, section 3.1): key id, KEM X25519, the key, and one suite.
type KeyConfiguration = [u8; 41];

/// What stands between key id and key: DHKEM(X25519, HKDF-SHA256).
const KEM: [u8; 2] = [0x00, 0x20];
/// What follows the key: one suite of 4 bytes, HKDF-SHA256 and AES-128-GCM.
const SUITES: [u8; 6] = [0x00, 0x04, 0x00, 0x01, 0x00, 0x01];

impl PinnedKey {
    /// Reads a DER `SubjectPublicKeyInfo`.
    ///
    /// # Errors
    /// [`InvalidPinnedKey`].
    pub fn from_spki_der(der: &[u8]) -> Result<Self, InvalidPinnedKey> {
        Es256PublicKey::from_spki_der(der)
            .map(Self)
            .map_err(|_| InvalidPinnedKey)
    }

    /// Believes a served sealing configuration, or not. `now` in seconds since 1970.
    ///
    /// # Errors
    /// [`ConfigurationRefused`].
    pub fn verify(
        &self,
        served: &[u8],
        now: i64,
    ) -> Result<SealingConfiguration, ConfigurationRefused> {
        if served.len() > LONGEST_SEALING_CONFIGURATION {
            return Err(ConfigurationRefused::TooLarge(served.len()));
        }
        let signed: SignedSealingConfiguration =
            crate::json::read(served).map_err(|_| ConfigurationRefused::Malformed)?;
        self.0
            .verify(&signed.signed_bytes(), &signed.signature[..])
            .map_err(|_| ConfigurationRefused::Signature)?;
        let validity = signed.not_after.saturating_sub(signed.not_before);
        if validity > LONGEST_VALIDITY_SECONDS {
            return Err(ConfigurationRefused::ValidTooLong(validity));
        }
        if !(signed.not_before..=signed.not_after).contains(&now) {
            return Err(ConfigurationRefused::NotValidNow);
        }
        Ok(SealingConfiguration {
            encoded: first_known(&signed.key_configurations)?,
            not_after: signed.not_after,
        })
    }
}

impl SealingConfiguration {
    /// Until when it may be used, seconds since 1970.
    #[must_use]
    pub const fn not_after(&self) -> i64 {
        self.not_after
    }

    pub(crate) const fn encoded(&self) -> &KeyConfiguration {
        &self.encoded
    }
}

/// The first configuration of the suite that this version speaks; others are for others.
fn first_known(mut list: &[u8]) -> Result<KeyConfiguration, ConfigurationRefused> {
    while let Some((length, rest)) = list.split_first_chunk::<2>() {
        let length = usize::from(u16::from_be_bytes(*length));
        let (encoded, rest) = rest
            .split_at_checked(length)
            .ok_or(ConfigurationRefused::Malformed)?;
        if let Ok(encoded) = KeyConfiguration::try_from(encoded)
            && encoded[1..3] == KEM
            && encoded[35..] == SUITES
        {
            return Ok(encoded);
        }
        list = rest;
    }
    Err(ConfigurationRefused::NoKnownSuite)
}
