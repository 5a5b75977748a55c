//! The country signing certificate (ICAO Doc 9303-12).

use crypto::Es384PublicKey;
use time::OffsetDateTime;

use super::x509::{Parts, read};

/// A country signing certificate (CSCA).
#[derive(Clone)]
pub struct Csca {
    pub(super) parts: Parts,
    pub(super) key: Es384PublicKey,
}

/// Why bytes are no CSCA certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidCsca {
    /// No X.509 certificate in DER of at most 4096 bytes.
    #[error("no certificate in DER")]
    Der,
    /// It may not sign certificates.
    #[error("the certificate may not sign certificates")]
    NotACa,
    /// Its key is not on P-384.
    #[error("the certificate's key is not on P-384")]
    Key,
}

impl Csca {
    /// Reads the certificate. It is trusted because the caller says so.
    ///
    /// # Errors
    /// [`InvalidCsca`].
    pub fn parse(der: &[u8]) -> Result<Self, InvalidCsca> {
        let certificate = read(der).ok_or(InvalidCsca::Der)?;
        let signs_certificates = certificate
            .key_usage()
            .is_ok_and(|usage| usage.is_some_and(|usage| usage.value.key_cert_sign()));
        if !certificate.is_ca() || !signs_certificates {
            return Err(InvalidCsca::NotACa);
        }
        let key = Es384PublicKey::from_point(&certificate.public_key().subject_public_key.data)
            .map_err(|_| InvalidCsca::Key)?;
        Ok(Self {
            parts: Parts::of(der, &certificate),
            key,
        })
    }

    /// Whether it holds at this moment.
    #[must_use]
    pub fn is_valid_at(&self, moment: OffsetDateTime) -> bool {
        self.parts.is_valid_at(moment)
    }
}

impl std::fmt::Debug for Csca {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Csca({:?})", self.key)
    }
}
