//! Verifying what was found, and what a page must carry.

use domain::CertificateKind;
use time::OffsetDateTime;

use super::{Code, FoundCode};
use crate::holder::HolderOnCode;
use crate::shc::{self, ShcError, TrustedIssuer, VerifiedShc};
use crate::vds_nc::{self, Csca, VdsNcError, VerifiedVdsNc};

/// Whose signatures are believed.
#[derive(Debug, Clone)]
pub struct Trust {
    /// The issuer of SMART Health Cards.
    pub issuer: TrustedIssuer,
    /// The country's CSCAs, for VDS-NC.
    pub cscas: Vec<Csca>,
}

/// A code that holds.
#[derive(Debug, Clone)]
pub enum VerifiedCode {
    /// A SMART Health Card.
    SmartHealthCard(VerifiedShc),
    /// An ICAO VDS-NC.
    VdsNc(VerifiedVdsNc),
}

/// Why a code does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VerifyError {
    /// A SMART Health Card.
    #[error("SMART Health Card: {0}")]
    SmartHealthCard(#[from] ShcError),
    /// A VDS-NC.
    #[error("VDS-NC: {0}")]
    VdsNc(#[from] VdsNcError),
}

impl Code {
    /// Verifies it.
    ///
    /// # Errors
    /// [`VerifyError`]: the first step that failed.
    pub fn verify(&self, trust: &Trust, now: OffsetDateTime) -> Result<VerifiedCode, VerifyError> {
        Ok(match self {
            Self::SmartHealthCard(jws) => {
                VerifiedCode::SmartHealthCard(shc::verify(jws, &trust.issuer, now)?)
            }
            Self::VdsNc(object) => VerifiedCode::VdsNc(vds_nc::verify(object, &trust.cscas, now)?),
        })
    }
}

impl VerifiedCode {
    /// Whose it is.
    #[must_use]
    pub const fn holder(&self) -> &HolderOnCode {
        match self {
            Self::SmartHealthCard(card) => &card.holder,
            Self::VdsNc(object) => &object.holder,
        }
    }
}

/// A certificate's document whose codes all hold and are of one person.
#[derive(Debug, Clone)]
pub struct VerifiedPage {
    /// Whose it is, as the SMART Health Card has it: what the kiosk compares with the card.
    pub holder: HolderOnCode,
    /// The codes, in the document's order.
    pub codes: Vec<VerifiedCode>,
}

/// Why a document is not handed out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PageError {
    /// A code does not hold.
    #[error("a code on page {page}, from 0: {source}")]
    Code {
        /// Which page.
        page: usize,
        /// Why.
        source: VerifyError,
    },
    /// Not exactly one SMART Health Card.
    #[error("{0} SMART Health Cards, not 1")]
    SmartHealthCards(usize),
    /// Not one VDS-NC on a certificate for use abroad, or one on another.
    #[error("{found} VDS-NCs, not {wanted}")]
    VdsNcs {
        /// How many there are.
        found: usize,
        /// How many there must be.
        wanted: usize,
    },
    /// The codes are of different people.
    #[error("the codes are of different people")]
    DifferentPeople,
    /// The codes are of different certificates of one person.
    #[error("the codes are of different certificates")]
    DifferentCertificates,
}

/// Verifies everything found on a certificate's document. It must carry one SMART Health Card
/// and, for use abroad, one VDS-NC, of one person and one certificate (a card's revocation id,
/// where it has one, is the certificate's id).
///
/// # Errors
/// [`PageError`].
pub fn verify_page(
    found: &[FoundCode],
    kind: CertificateKind,
    trust: &Trust,
    now: OffsetDateTime,
) -> Result<VerifiedPage, PageError> {
    let codes = found.iter().map(|found| {
        found
            .code
            .verify(trust, now)
            .map_err(|source| PageError::Code {
                page: found.page,
                source,
            })
    });
    let codes = codes.collect::<Result<Vec<_>, _>>()?;
    let mut cards = Vec::new();
    let mut objects = Vec::new();
    for code in &codes {
        match code {
            VerifiedCode::SmartHealthCard(card) => cards.push(card),
            VerifiedCode::VdsNc(object) => objects.push(object),
        }
    }
    let &[card] = cards.as_slice() else {
        return Err(PageError::SmartHealthCards(cards.len()));
    };
    let wanted = match kind {
        CertificateKind::Abroad => 1,
        CertificateKind::Domestic => 0,
    };
    if objects.len() != wanted {
        return Err(PageError::VdsNcs {
            found: objects.len(),
            wanted,
        });
    }
    for object in objects {
        agree(card, object)?;
    }
    Ok(VerifiedPage {
        holder: card.holder.clone(),
        codes,
    })
}

fn agree(card: &VerifiedShc, object: &VerifiedVdsNc) -> Result<(), PageError> {
    if !card.holder.is_of_one_person_with(&object.holder) {
        return Err(PageError::DifferentPeople);
    }
    match &card.revocation_id {
        Some(id) if id.as_str() != object.certificate_id => Err(PageError::DifferentCertificates),
        Some(_) | None => Ok(()),
    }
}
