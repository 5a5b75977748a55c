//! The calls of venues (接種会場): a dose by voucher and birth date, and changes of what the venue
//! itself registered. No individual number comes in, and nothing about a person goes out (C15).

mod changing;
mod receipts;
mod registering;

use std::sync::Arc;

use application::ProblemType;
use application::messages::{DoseEntry, DoseReceipt, Request, VenueRequest};
use application::server::OpenedRequest;
use declaration::{Declared, Venues};
use domain::{ChannelId, MunicipalityCode};
use registry::{
    Actor, AttemptOutcome, CheckedDose, DoseFault, MunicipalityRegister, Purpose, RegisteredVenue,
    RegistryError, VenueHeld,
};
use time::Date;

use super::Reply;
use crate::dose_entry::draft;
use crate::even_time::EvenTime;
use crate::problems::Refusal;
use crate::service::Service;

/// A registered venue that calls.
#[derive(Debug, Clone)]
pub struct VenueCaller {
    /// By which key.
    pub id: ChannelId,
    /// As what it is registered.
    pub venue: RegisteredVenue,
}

/// Why a venue's entry is not taken.
#[derive(Debug, thiserror::Error)]
pub enum VenueError {
    /// What was typed can be no dose.
    #[error("no dose: {0}")]
    DoseInvalid(#[from] DoseFault),
    /// One and the same for every reason; the audit record has the reason.
    #[error("not accepted")]
    VoucherNotAccepted,
    /// One and the same for every reason; the audit record has the reason.
    #[error("not accepted")]
    ReceiptNotAccepted,
    /// The venue is held.
    #[error("the venue is held")]
    Held(VenueHeld),
    /// The register could not be asked.
    #[error(transparent)]
    Register(#[from] RegistryError),
}

/// Answers one call of a venue.
///
/// # Errors
/// What the venue is told instead.
pub async fn answer(
    service: &Arc<Service>,
    caller: &VenueCaller,
    opened: OpenedRequest,
) -> Result<Reply, Refusal> {
    let digest = opened.content_digest;
    let Request::Venue(request) = opened.request else {
        // Offers and orders are for kiosks and phones, on their own listeners.
        return Err(ProblemType::MalformedRequest.into());
    };
    // Whatever is found, or not, is answered at the same moments.
    let even = EvenTime::begin();
    let reply = Box::pin(reply(service, caller, request, digest)).await;
    even.end().await;
    Ok(reply?)
}

async fn reply(
    service: &Service,
    caller: &VenueCaller,
    request: VenueRequest,
    digest: [u8; 32],
) -> Result<Reply, VenueError> {
    let visit = Visit {
        service,
        caller,
        today: domain::japan_date(service.clock.now()),
    };
    Ok(match request {
        VenueRequest::RegisterDose(request) => {
            receipt(registering::register(&visit, &request, digest).await?)
        }
        VenueRequest::CorrectDose(request) => receipt(changing::correct(&visit, &request).await?),
        VenueRequest::CancelDose(request) => receipt(changing::cancel(&visit, &request).await?),
        VenueRequest::Receipts(request) => {
            Reply::Receipts(receipts::of_today(&visit, &request).await?)
        }
    })
}

fn receipt(receipt: registry::DoseReceipt) -> Reply {
    Reply::DoseReceipt(DoseReceipt {
        receipt: receipt.0.into(),
    })
}

/// One call: who, today.
struct Visit<'a> {
    service: &'a Service,
    caller: &'a VenueCaller,
    today: Date,
}

impl Visit<'_> {
    /// What a municipality declared for venues, where it did for today and this venue is
    /// registered for it.
    fn declared(&self, code: MunicipalityCode) -> Option<Declared<Venues>> {
        let municipality = self.service.municipalities.get(code)?;
        self.caller
            .venue
            .municipalities
            .contains(&code)
            .then(|| municipality.declared(self.today).ok())?
    }

    /// The same of the first of the venue's municipalities that did: where an entry for another
    /// one is refused and counted.
    fn at_home(&self) -> Option<Declared<Venues>> {
        let municipalities = &self.caller.venue.municipalities;
        municipalities.iter().find_map(|code| self.declared(*code))
    }

    async fn register(
        &self,
        declared: &Declared<Venues>,
    ) -> Result<MunicipalityRegister, RegistryError> {
        let registry = &self.service.registry;
        let actor = Actor::Venue(self.caller.id);
        registry
            .municipality(declared.municipality(), Purpose::Venue, actor)
            .await
    }

    /// Does something that counts against the venue's quotas, and counts it as what it came to.
    async fn counted<T>(
        &self,
        declared: &Declared<Venues>,
        work: impl AsyncFnOnce(&MunicipalityRegister) -> Result<(AttemptOutcome, T), RegistryError>,
    ) -> Result<T, VenueError> {
        let system = self.service.registry.system(Actor::Venue(self.caller.id));
        let register = self.register(declared).await?;
        let begun = system.begin_venue_attempt(self.caller.id, declared.function());
        let attempt = match begun.await? {
            Ok(attempt) => attempt,
            Err(held) => {
                if let VenueHeld::QuotaReached(_) = held {
                    register.record_venue_over_quota().await?;
                }
                return Err(VenueError::Held(held));
            }
        };
        let done = work(&register).await;
        let outcome = match &done {
            Ok((outcome, _)) => *outcome,
            Err(_) => AttemptOutcome::Other,
        };
        if system.end_venue_attempt(attempt, outcome).await? {
            register.record_venue_blocked().await?;
            tracing::warn!(
                venue = self.caller.venue.name.as_str(),
                municipality = declared.municipality().as_str(),
                "a venue is held: too many of its entries were refused"
            );
        }
        Ok(done?.1)
    }

    fn checked(
        &self,
        dose: &DoseEntry,
        declared: &Declared<Venues>,
    ) -> Result<CheckedDose, DoseFault> {
        CheckedDose::of_venue(draft(dose), declared, self.today)
    }
}
