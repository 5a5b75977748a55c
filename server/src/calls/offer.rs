//! `offer`: what a municipality can issue to the holder of a ticket, and for what fee.
//!
//! "Not here: please ask the counter" is one and the same answer for everything that is nobody's
//! business (domain rule 7): the same bytes, the same length, and handed out at the same moments
//! as an offer ([`crate::even_time`]), so that neither kiosk nor relay becomes an oracle.

use application::messages::{Availability, OfferReply, OfferRequest, OfferedKind};
use certificate::model::Certificate;
use certificate::qr::Version;
use certificate::shc::{self, CODE_CHARACTERS, IssueFacts, KeyId};
use certificate::vds_nc;
use declaration::Municipality;
use domain::{CertificateId, CertificateKind, RevocationId, Yen};
use issuance::{Draft, LintError, SigningKeys};
use registry::{Actor, Dossier, Purpose, RegistryError};
use time::OffsetDateTime;

use super::{Caller, ParticipationError, participating, within_hours};
use crate::eligibility::{self, Eligible};
use crate::even_time::EvenTime;
use crate::municipalities::issuer;
use crate::service::Service;
use crate::ticket::{Standing, Ticket, TicketError};
use crate::unsignable;

/// Why there is no answer. Whatever this says is the same for everybody.
#[derive(Debug, thiserror::Error)]
pub enum OfferError {
    /// The ticket is not taken.
    #[error(transparent)]
    Ticket(#[from] TicketError),
    /// The municipality does not issue here and now.
    #[error(transparent)]
    Participation(#[from] ParticipationError),
    /// The application has asked often enough.
    #[error("too many offers and orders for one application")]
    TooMany,
    /// The register could not be asked.
    #[error(transparent)]
    Register(#[from] RegistryError),
}

pub(super) async fn answer(
    service: &Service,
    caller: &Caller,
    request: &OfferRequest,
) -> Result<OfferReply, OfferError> {
    let now = service.clock.now();
    let ticket = service
        .tickets
        .open(caller.channel, &caller.id, &request.ticket, now)?;
    let municipality = participating(service, caller, request.municipality)?;
    within_hours(municipality, now)?;
    if !service.attempts.count(ticket.application, now) {
        return Err(OfferError::TooMany);
    }
    let even = EvenTime::begin();
    let reply = look_up(service, caller, municipality, &ticket, now).await;
    even.end().await;
    reply
}

async fn look_up(
    service: &Service,
    caller: &Caller,
    municipality: &Municipality,
    ticket: &Ticket,
    now: OffsetDateTime,
) -> Result<OfferReply, OfferError> {
    let register = service
        .registry
        .municipality(municipality.code, Purpose::Issuing, caller.actor())
        .await?;
    let dossier = register.dossier(ticket.holder.my_number()).await?;
    // A suspended card's holder is looked up all the same: the work must not tell. It is asked
    // again here: a card may be reported lost while its ticket is open.
    let suspended = is_suspended(service, ticket).await?;
    let dossier = dossier.filter(|_| !suspended);
    let today = domain::japan_date(now);
    let card = ticket.holder.attributes();
    let kinds = match (&dossier, eligibility::assess(dossier.as_ref(), card, today)) {
        (Some(dossier), Ok(eligible)) => {
            let offer = Offer {
                service,
                caller,
                municipality,
                dossier,
                now,
            };
            match offer.kinds(&eligible) {
                Ok(kinds) => Some(kinds),
                Err(NoOffer::Unsignable(error)) => {
                    let (number, note) = (ticket.holder.my_number(), unsignable::note(&error));
                    register.record_offer_refused(number, &note).await?;
                    None
                }
                Err(NoOffer::NoRoom) => None,
            }
        }
        (_, Err(_)) | (None, Ok(_)) => None,
    };
    Ok(kinds.map_or(OfferReply::NotHere, |kinds| OfferReply::Available { kinds }))
}

/// Whether the card was suspended when the ticket was given, or is now.
pub(super) async fn is_suspended(
    service: &Service,
    ticket: &Ticket,
) -> Result<bool, RegistryError> {
    let system = service.registry.system(Actor::Server);
    let now = system.is_suspended_card(ticket.holder.my_number()).await?;
    Ok(now || ticket.standing != Standing::Good)
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

/// Everything that an offer is made of but the one who gets it.
struct Offer<'a> {
    service: &'a Service,
    caller: &'a Caller,
    municipality: &'a Municipality,
    dossier: &'a Dossier,
    now: OffsetDateTime,
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
        let today = domain::japan_date(self.now);
        let issuer = issuer(self.municipality);
        let Some(certificate) = eligible.certificate(no_id(), kind, issuer, today) else {
            return Ok(Availability::PassportNotRegistered);
        };
        let linted = Draft::new(certificate).lint(&self.service.fonts)?;
        let certificate = linted.certificate();
        let in_code = doses_in_code(certificate, &self.service.signing, self.now);
        let in_code = in_code.ok_or(NoOffer::NoRoom)?;
        Ok(Availability::Offered {
            fee: fee(self.municipality, self.caller, self.dossier, kind),
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

/// The fee: nothing where a certificate of this kind was paid for and never reached the resident
/// (domain rule 6).
pub(super) fn fee(
    municipality: &Municipality,
    caller: &Caller,
    dossier: &Dossier,
    kind: CertificateKind,
) -> Yen {
    match dossier.undelivered(kind) {
        Some(_) => Yen(0),
        None => municipality.fee(caller.channel),
    }
}
