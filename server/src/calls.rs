//! The calls inside the seal, one file each: request, error, handler, tests.

mod apply;
mod challenge;
mod extend;
mod offer;
mod open;
mod order;
mod outcome;
mod page;
mod preview;
mod sitting;
pub(crate) mod venue;

pub use apply::ApplyError;
pub use challenge::ChallengeError;
pub use extend::ExtendError;
pub use offer::OfferError;
pub use order::OrderError;
pub use outcome::OutcomeError;
pub use preview::PreviewError;
pub use sitting::SittingRefused;

use std::sync::Arc;

use application::ProblemType;
use application::messages::{
    ChallengeReply, DoseReceipt, HolderTicket, OfferReply, OpenReply, OrderReply, OutcomeRecorded,
    PreviewReply, Receipts, Request,
};
use declaration::Municipality;
use domain::{Channel, ChannelId, MunicipalityCode};
use registry::Actor;
use time::OffsetDateTime;

use crate::problems::Refusal;
use crate::service::Service;

/// Who calls: a registered kiosk, or a phone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// Through which channel.
    pub channel: Channel,
    /// By which key.
    pub id: ChannelId,
    /// The only municipalities that a kiosk was registered for; empty: every one that takes part.
    pub only: Vec<MunicipalityCode>,
}

impl Caller {
    /// The caller as the register's records name it.
    #[must_use]
    pub const fn actor(&self) -> Actor {
        Actor::Channel {
            kind: self.channel,
            id: self.id,
        }
    }

    /// Whether a municipality may be offered here: it declared this channel, and the kiosk is
    /// not registered for others only.
    fn may_offer(&self, municipality: &Municipality) -> bool {
        municipality.issues_through(self.channel)
            && (self.only.is_empty() || self.only.contains(&municipality.code))
    }
}

/// The reply to a call.
#[derive(Debug)]
pub enum Reply {
    /// To `open`.
    Open(OpenReply),
    /// To `challenge`.
    Challenge(ChallengeReply),
    /// To `apply` and `extend`.
    Ticket(HolderTicket),
    /// To `offer`.
    Offer(OfferReply),
    /// To `preview`.
    Preview(Box<PreviewReply>),
    /// To `order`.
    Order(Box<OrderReply>),
    /// To `outcome`.
    Outcome(OutcomeRecorded),
    /// To `register-dose`, `correct-dose` and `cancel-dose`.
    DoseReceipt(DoseReceipt),
    /// To `receipts`.
    Receipts(Receipts),
}

/// Answers one call.
///
/// # Errors
/// What the channel is told instead.
pub async fn answer(
    service: &Arc<Service>,
    caller: &Caller,
    request: Request,
) -> Result<Reply, Refusal> {
    Ok(match request {
        Request::Open => Reply::Open(open::answer(service, caller)),
        Request::Challenge => Reply::Challenge(challenge::answer(service, caller).await?),
        Request::Apply(request) => {
            Reply::Ticket(Box::pin(apply::answer(service, caller, &request)).await?)
        }
        Request::Extend(request) => Reply::Ticket(extend::answer(service, caller, &request)?),
        Request::Offer(request) => {
            Reply::Offer(Box::pin(offer::answer(service, caller, &request)).await?)
        }
        Request::Preview(request) => {
            let reply = Box::pin(preview::answer(service, caller, &request)).await?;
            Reply::Preview(Box::new(reply))
        }
        Request::Order(request) => {
            let reply = Box::pin(order::answer(service, caller, &request)).await?;
            Reply::Order(Box::new(reply))
        }
        Request::Outcome(request) => {
            Reply::Outcome(Box::pin(outcome::answer(service, caller, &request)).await?)
        }
        // Nobody but a venue is asked for doses, and never here.
        Request::Venue(_) => return Err(ProblemType::MalformedRequest.into()),
    })
}

/// Why a municipality does not issue here and now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ParticipationError {
    /// It has not declared itself, or not this channel (C39).
    #[error("the municipality does not take part through this channel")]
    NotParticipating,
    /// It has, and not at this hour (C05).
    #[error("the municipality does not issue at this hour")]
    Closed,
}

/// The municipality, if it may be offered to this caller.
fn participating<'a>(
    service: &'a Service,
    caller: &Caller,
    code: MunicipalityCode,
) -> Result<&'a Municipality, ParticipationError> {
    service
        .municipalities
        .get(code)
        .filter(|municipality| caller.may_offer(municipality))
        .ok_or(ParticipationError::NotParticipating)
}

/// Refuses a municipality outside its hours, by the server's clock.
fn within_hours(
    municipality: &Municipality,
    now: OffsetDateTime,
) -> Result<(), ParticipationError> {
    if municipality.is_open(now) {
        Ok(())
    } else {
        Err(ParticipationError::Closed)
    }
}
