//! `offer`: what a municipality can issue to the holder of a ticket, and for what fee.
//!
//! "Not here: please ask the counter" is one and the same answer for everything that is nobody's
//! business (domain rule 7): the same bytes, the same length, and handed out at the same moments
//! as an offer ([`crate::even_time`]), so that neither kiosk nor relay becomes an oracle.

use std::sync::Arc;

use application::messages::{Availability, OfferReply, OfferRequest, OfferedKind};
use certificate::model::Certificate;
use certificate::qr::Version;
use certificate::shc::{self, CODE_CHARACTERS, IssueFacts, KeyId};
use certificate::vds_nc;
use domain::{CertificateId, CertificateKind, RevocationId};
use issuance::{Draft, LintError, SigningKeys};
use registry::{Dossier, RegistryError};
use time::OffsetDateTime;

use super::Caller;
use super::sitting::{Sitting, SittingRefused};
use crate::eligibility::{Eligible, NotHere};
use crate::even_time::EvenTime;
use crate::municipalities::issuer;
use crate::service::Service;
use crate::unsignable;

/// Why there is no answer. Whatever this says is the same for everybody.
#[derive(Debug, thiserror::Error)]
pub enum OfferError {
    /// Nobody gets one here and now.
    #[error(transparent)]
    Refused(#[from] SittingRefused),
    /// The register could not be asked.
    #[error(transparent)]
    Register(#[from] RegistryError),
}

pub(super) async fn answer(
    service: &Arc<Service>,
    caller: &Caller,
    request: &OfferRequest,
) -> Result<OfferReply, OfferError> {
    let sitting = Sitting::begin(service, caller, &request.ticket, request.municipality)?;
    let even = EvenTime::begin();
    let reply = look_up(&sitting).await;
    even.end().await;
    reply
}

async fn look_up(sitting: &Sitting<'_>) -> Result<OfferReply, OfferError> {
    let register = sitting.register().await?;
    let number = sitting.ticket.holder.my_number();
    let dossier = register.dossier(number).await?;
    let dossier = sitting.unless_suspended(dossier).await?;
    let kinds = match (&dossier, sitting.eligible(dossier.as_ref())) {
        (Some(dossier), Ok(eligible)) => {
            let offer = Offer { sitting, dossier };
            match offer.kinds(&eligible) {
                Ok(kinds) => Some(kinds),
                Err(NoOffer::Unsignable(error)) => {
                    let note = unsignable::note(&error);
                    register.record_offer_refused(number, &note).await?;
                    None
                }
                Err(NoOffer::NoRoom) => None,
            }
        }
        (Some(dossier), Err(NotHere::Uncertifiable(at))) => {
            // Counted in this very list, so that it is there.
            if let Some(dose) = dossier.doses.get(at) {
                let note = unsignable::note_of_dose(dose);
                register.record_offer_refused(number, &note).await?;
            }
            None
        }
        (_, Err(_)) | (None, Ok(_)) => None,
    };
    Ok(kinds.map_or(OfferReply::NotHere, |kinds| OfferReply::Available { kinds }))
}

/// Why nothing is offered to somebody who is eligible: to the channel all the same.
#[derive(Debug, thiserror::Error)]
enum NoOffer {
    /// A kind may not be signed; staff are told why.
    #[error(transparent)]
    Unsignable(#[from] LintError),
    /// A code holds no dose.
    #[error("a code holds no dose")]
    NoRoom,
}

/// Everything that an offer is made of.
struct Offer<'a> {
    sitting: &'a Sitting<'a>,
    dossier: &'a Dossier,
}

impl Offer<'_> {
    /// Every kind with what it takes, or none of them where one may not be signed: the counter
    /// sees to a missing glyph.
    fn kinds(&self, eligible: &Eligible) -> Result<Vec<OfferedKind>, NoOffer> {
        CertificateKind::ALL
            .into_iter()
            .map(|kind| {
                let availability = self.availability(eligible, kind)?;
                Ok(OfferedKind { kind, availability })
            })
            .collect()
    }

    fn availability(
        &self,
        eligible: &Eligible,
        kind: CertificateKind,
    ) -> Result<Availability, NoOffer> {
        let sitting = self.sitting;
        let issuer = issuer(sitting.municipality);
        let Some(certificate) = eligible.certificate(no_id(), kind, issuer, sitting.today()) else {
            return Ok(Availability::PassportNotRegistered);
        };
        let linted = Draft::new(certificate).lint(&sitting.service.fonts)?;
        let certificate = linted.certificate();
        let in_code = doses_in_code(certificate, &sitting.service.signing, sitting.now);
        let in_code = in_code.ok_or(NoOffer::NoRoom)?;
        Ok(Availability::Offered {
            fee: sitting.fee(self.dossier, kind),
            doses: u8::try_from(certificate.doses.len()).map_err(|_| NoOffer::NoRoom)?,
            doses_in_code: u8::try_from(in_code).map_err(|_| NoOffer::NoRoom)?,
        })
    }
}

/// The id of what is never signed: as long, and as little compressible, as the one that will be
/// drawn.
pub(super) fn no_id() -> CertificateId {
    CertificateId::from_random(*b"no such one!")
}

/// How many doses, the newest, every code of this certificate will hold; `None` where a code
/// holds none.
fn doses_in_code(
    certificate: &Certificate,
    signing: &SigningKeys,
    now: OffsetDateTime,
) -> Option<usize> {
    let revocation_id = RevocationId::from(certificate.id);
    let facts = IssueFacts {
        issuer: signing.issuer(),
        not_before: now,
        expires: None,
        revocation_id: Some(&revocation_id),
    };
    let key = KeyId::of(signing.shc_public_key());
    let (_, card) = shc::newest_that_fit(certificate, &facts, &key, CODE_CHARACTERS).ok()?;
    if certificate.kind == CertificateKind::Domestic {
        return Some(card);
    }
    let room = Version::VDS_NC.byte_capacity();
    let fitting = vds_nc::newest_that_fit(certificate, signing.barcode_signer(), room);
    Some(fitting.ok()?.1.min(card))
}
