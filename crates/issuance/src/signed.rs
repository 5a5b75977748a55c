//! What was signed, and how it is kept so that a reissue prints the very same codes.

use certificate::model::Certificate;
use time::OffsetDateTime;
use zeroize::Zeroizing;

use crate::SigningKeys;

/// A signed certificate: what a phone stores and what the page shows.
pub struct Signed {
    pub(crate) certificate: Certificate,
    pub(crate) test_issuer: bool,
    pub(crate) smart_health_card: String,
    pub(crate) smart_health_card_code: Code,
    pub(crate) vds_nc: Option<VdsNc>,
}

/// What one printed code says, and how many doses it holds: the newest of the certificate.
pub(crate) struct Code {
    pub(crate) text: String,
    pub(crate) doses: usize,
}

/// The VDS-NC of a certificate for use abroad.
pub(crate) struct VdsNc {
    pub(crate) full: String,
    pub(crate) code: Code,
}

/// Why nothing was signed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignError {
    /// The certificate's day of issue is not today in Japan.
    #[error("the day of issue is not today")]
    NotToday,
    /// A signing key's period of use is over or has not begun.
    #[error("a signing key is outside its period of use")]
    KeyPeriod,
    /// The library could not sign.
    #[error("signing failed")]
    Signing,
}

/// A sealed record that is none of ours, or of another version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the signed certificate's record cannot be read")]
pub struct DamagedRecord;

impl Signed {
    pub(crate) fn issue(
        _certificate: Certificate,
        _keys: &SigningKeys,
        _now: OffsetDateTime,
        _revocation_id: Option<&str>,
    ) -> Result<Self, SignError> {
        Err(SignError::Signing)
    }

    /// The certificate.
    #[must_use]
    pub const fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// Whether a TEST issuer signed it: then the page says 見本 / SPECIMEN.
    #[must_use]
    pub const fn is_specimen(&self) -> bool {
        self.test_issuer
    }

    /// The SMART Health Card with every dose: a compact JWS.
    #[must_use]
    pub fn smart_health_card(&self) -> &str {
        &self.smart_health_card
    }

    /// The SMART Health Card for the code: a compact JWS of at most 1195 characters.
    #[must_use]
    pub fn smart_health_card_code(&self) -> &str {
        &self.smart_health_card_code.text
    }

    /// The VDS-NC with every dose, JSON; for use abroad only.
    #[must_use]
    pub fn vds_nc(&self) -> Option<&str> {
        self.vds_nc.as_ref().map(|vds_nc| vds_nc.full.as_str())
    }

    /// The VDS-NC for the code, JSON; for use abroad only.
    #[must_use]
    pub fn vds_nc_code(&self) -> Option<&str> {
        self.vds_nc.as_ref().map(|vds_nc| vds_nc.code.text.as_str())
    }

    /// How many doses, the newest, every code of this certificate holds: less than
    /// `certificate().doses.len()` where a code cannot hold all.
    #[must_use]
    pub fn doses_in_code(&self) -> usize {
        self.vds_nc
            .as_ref()
            .map_or(self.smart_health_card_code.doses, |vds_nc| {
                vds_nc.code.doses.min(self.smart_health_card_code.doses)
            })
    }

    /// Everything of it in bytes, personal data included: for the register's sealed record only.
    #[must_use]
    pub fn to_sealed_record(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(Vec::new())
    }

    /// Reads it back.
    ///
    /// # Errors
    /// [`DamagedRecord`].
    pub fn from_sealed_record(_record: &[u8]) -> Result<Self, DamagedRecord> {
        Err(DamagedRecord)
    }
}

impl std::fmt::Debug for Signed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Signed")
            .field("id", &self.certificate.id)
            .finish_non_exhaustive()
    }
}
