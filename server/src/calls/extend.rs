//! `extend`: more time for a ticket, within fifteen minutes of the application.

use application::messages::{ExtendRequest, HolderTicket};

use super::Caller;
use crate::service::Service;
use crate::ticket::{Ticket, TicketError};

/// Why a ticket is not extended.
#[derive(Debug, thiserror::Error)]
pub enum ExtendError {
    /// The ticket is not taken.
    #[error(transparent)]
    Ticket(#[from] TicketError),
    /// The new one could not be sealed.
    #[error(transparent)]
    Sealing(#[from] crypto::SealingFailed),
}

pub(super) fn answer(
    service: &Service,
    caller: &Caller,
    request: &ExtendRequest,
) -> Result<HolderTicket, ExtendError> {
    let now = service.clock.now();
    let old = service
        .tickets
        .open(caller.channel, &caller.id, &request.ticket, now)?;
    let new = Ticket {
        issued_at: now,
        ..old
    };
    Ok(service.handed_out(caller, &new, now)?)
}
