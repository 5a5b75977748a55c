//! Signing, and what was signed.

use certificate::model::Certificate;
use certificate::qr::Version;
use certificate::shc::{self, CODE_CHARACTERS, IssueFacts, Jws, LONGEST_JWS, UnsignedJws};
use certificate::vds_nc::{self, LONGEST_OBJECT, UnsignedVdsNc, VdsNc};
use domain::{CertificateKind, RevocationId, japan_date};
use time::OffsetDateTime;

use crate::{SigningKeys, check};

/// A signed certificate: what a phone stores and what the page shows. `Debug` shows the id.
pub struct Signed {
    pub(crate) certificate: Certificate,
    pub(crate) test_issuer: bool,
    pub(crate) smart_health_card: Jws,
    pub(crate) smart_health_card_code: Code<Jws>,
    pub(crate) vds_nc: Option<VdsNcs>,
}

/// What one printed code says, and how many doses it holds: the newest of the certificate.
pub(crate) struct Code<T> {
    pub(crate) text: T,
    pub(crate) doses: usize,
}

/// What a certificate for use abroad has beside its SMART Health Card.
pub(crate) struct VdsNcs {
    pub(crate) full: VdsNc,
    pub(crate) code: Code<VdsNc>,
}

/// Why nothing was signed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignError {
    /// The certificate's day of issue is not today in Japan.
    #[error("the day of issue is not today")]
    NotToday,
    /// A signing key is outside its period of use, or a certificate is not valid now.
    #[error("a signing key is outside its period of use")]
    KeyPeriod,
    /// A SMART Health Card that holds not even one dose, or not all of them in a file.
    #[error("the doses do not fit a SMART Health Card")]
    SmartHealthCardLength,
    /// A VDS-NC that holds not even one dose, or not all of them as data.
    #[error("the doses do not fit a VDS-NC")]
    VdsNcLength,
    /// The library could not sign.
    #[error("signing failed")]
    Signing,
    /// What was signed does not verify, or says something else than the certificate. Nothing
    /// of it leaves.
    #[error("what was signed does not say what the certificate says")]
    NotAsSigned,
}

impl Signed {
    pub(crate) fn issue(
        certificate: Certificate,
        keys: &SigningKeys,
        now: OffsetDateTime,
        revocation_id: Option<&RevocationId>,
    ) -> Result<Self, SignError> {
        if certificate.issued_on != japan_date(now) {
            return Err(SignError::NotToday);
        }
        keys.check_period(now).map_err(|_| SignError::KeyPeriod)?;
        let (smart_health_card, smart_health_card_code) =
            smart_health_cards(&certificate, keys, now, revocation_id)?;
        let vds_nc = match certificate.kind {
            CertificateKind::Abroad => Some(sign_vds_nc(&certificate, keys)?),
            CertificateKind::Domestic => None,
        };
        let signed = Self {
            certificate,
            test_issuer: keys.is_test_issuer(),
            smart_health_card,
            smart_health_card_code,
            vds_nc,
        };
        check::as_signed(&signed, keys, now)?;
        Ok(signed)
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

    /// The SMART Health Card with every dose.
    #[must_use]
    pub const fn smart_health_card(&self) -> &Jws {
        &self.smart_health_card
    }

    /// The SMART Health Card for the code: at most 1195 characters. The same as
    /// [`Signed::smart_health_card`] where that fits.
    #[must_use]
    pub const fn smart_health_card_code(&self) -> &Jws {
        &self.smart_health_card_code.text
    }

    /// How many doses, the newest, the code of the SMART Health Card holds.
    #[must_use]
    pub const fn smart_health_card_doses(&self) -> usize {
        self.smart_health_card_code.doses
    }

    /// The VDS-NC with every dose; for use abroad only.
    #[must_use]
    pub fn vds_nc(&self) -> Option<&VdsNc> {
        self.vds_nc.as_ref().map(|vds_nc| &vds_nc.full)
    }

    /// The VDS-NC for the code; for use abroad only. The same as [`Signed::vds_nc`] where that
    /// fits.
    #[must_use]
    pub fn vds_nc_code(&self) -> Option<&VdsNc> {
        self.vds_nc.as_ref().map(|vds_nc| &vds_nc.code.text)
    }

    /// How many doses, the newest, the code of the VDS-NC holds.
    #[must_use]
    pub fn vds_nc_doses(&self) -> Option<usize> {
        self.vds_nc.as_ref().map(|vds_nc| vds_nc.code.doses)
    }

    /// How many doses, the newest, every code of this certificate holds: less than
    /// `certificate().doses.len()` where a code cannot hold all.
    #[must_use]
    pub fn doses_in_code(&self) -> usize {
        let card = self.smart_health_card_doses();
        self.vds_nc_doses().map_or(card, |doses| doses.min(card))
    }
}

fn smart_health_cards(
    certificate: &Certificate,
    keys: &SigningKeys,
    now: OffsetDateTime,
    revocation_id: Option<&RevocationId>,
) -> Result<(Jws, Code<Jws>), SignError> {
    let facts = IssueFacts {
        issuer: keys.issuer(),
        not_before: now,
        expires: None,
        revocation_id,
    };
    let id = keys.shc_key_id();
    let too_long = |_| SignError::SmartHealthCardLength;
    let sign = |unsigned: UnsignedJws| {
        let signed = unsigned.sign(|bytes| keys.shc_key().sign(bytes));
        signed.map_err(|_| SignError::Signing)
    };
    let (unsigned, doses) =
        shc::newest_that_fit(certificate, &facts, id, CODE_CHARACTERS).map_err(too_long)?;
    let text = sign(unsigned)?;
    let all = certificate.doses.len();
    if doses == all {
        return Ok((text.clone(), Code { text, doses }));
    }
    let (full, held) =
        shc::newest_that_fit(certificate, &facts, id, LONGEST_JWS).map_err(too_long)?;
    if held < all {
        return Err(SignError::SmartHealthCardLength);
    }
    Ok((sign(full)?, Code { text, doses }))
}

fn sign_vds_nc(certificate: &Certificate, keys: &SigningKeys) -> Result<VdsNcs, SignError> {
    let signer = keys.barcode_signer();
    let sign = |unsigned: UnsignedVdsNc| {
        let signed = unsigned.sign(signer, |bytes| keys.barcode_key().sign(bytes));
        signed.map_err(|_| SignError::Signing)
    };
    let newest = |bytes| {
        let fitting = vds_nc::newest_that_fit(certificate, signer, bytes);
        fitting.map_err(|_| SignError::VdsNcLength)
    };
    let (unsigned, doses) = newest(Version::VDS_NC.byte_capacity())?;
    let text = sign(unsigned)?;
    let all = certificate.doses.len();
    if doses == all {
        let full = text.clone();
        return Ok(VdsNcs {
            full,
            code: Code { text, doses },
        });
    }
    let (full, held) = newest(LONGEST_OBJECT)?;
    if held < all {
        return Err(SignError::VdsNcLength);
    }
    Ok(VdsNcs {
        full: sign(full)?,
        code: Code { text, doses },
    })
}

impl std::fmt::Debug for Signed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Signed")
            .field("id", &self.certificate.id)
            .finish_non_exhaustive()
    }
}
