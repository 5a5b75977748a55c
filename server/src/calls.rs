//! The calls inside the seal, one file each: request, error, handler, tests.

mod apply;
mod challenge;
mod extend;
mod offer;
mod open;
mod order;
mod outcome;

pub use apply::ApplyError;
pub use challenge::ChallengeError;
pub use extend::ExtendError;
pub use offer::OfferError;
pub use order::OrderError;
pub use outcome::OutcomeError;

use application::messages::{
    ChallengeReply, HolderTicket, OfferReply, OpenReply, OrderReply, OutcomeRecorded, Request,
};
use domain::{Channel, ChannelId, MunicipalityCode};
use registry::Actor;
use time::OffsetDateTime;

use crate::municipalities::{Municipalities, Municipality};
use crate::problems::Refusal;
use crate::service::Service;

/// Who calls: a registered kiosk, or a phone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caller {
    /// Through which channel.
    pub channel: Channel,
    /// By which key.
    pub id: ChannelId,
}

impl Caller {
    /// The caller as the register's records name it.
    #[must_use]
    pub const fn actor(self) -> Actor {
        Actor::Channel {
            kind: self.channel,
            id: self.id,
        }
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
    /// To `order`.
    Order(Box<OrderReply>),
    /// To `outcome`.
    Outcome(OutcomeRecorded),
}

/// Answers one call.
///
/// # Errors
/// What the channel is told instead.
pub async fn answer(
    service: &Service,
    caller: Caller,
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
        Request::Order(request) => {
            let reply = Box::pin(order::answer(service, caller, &request)).await?;
            Reply::Order(Box::new(reply))
        }
        Request::Outcome(request) => {
            Reply::Outcome(Box::pin(outcome::answer(service, caller, &request)).await?)
        }
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

/// The municipality, if it issues through this channel.
fn participating(
    all: &Municipalities,
    code: MunicipalityCode,
    channel: Channel,
) -> Result<&Municipality, ParticipationError> {
    all.get(code)
        .filter(|one| one.issues_through(channel))
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
