//! `order`: one certificate.
//!
//! Everything that makes it exist happens in one transaction of the municipality's register:
//! eligibility is decided again, the draft linted, signed, recorded and audited. A certificate
//! exists exactly if its record exists; what is handed out is made from what was recorded, so
//! that the same order again gives the same codes, also after a failure in between.

use application::Bytes;
use application::messages::{Credentials, OrderReply, OrderRequest};
use crypto::Sha256;
use domain::{CertificateId, Channel, Redacted};
use issuance::page::{PageOptions, RenderError};
use issuance::{DamagedRecord, Draft, SignError, Signed};
use registry::{
    InvalidRevocationId, IssuedCertificate, IssuingTransaction, NewCertificate, Order, Purpose,
    RegistryError, RevocationId,
};
use time::OffsetDateTime;

use super::offer::fee;
use super::{Caller, ParticipationError, participating, within_hours};
use crate::eligibility;
use crate::municipalities::Municipality;
use crate::service::Service;
use crate::ticket::{Standing, Ticket, TicketError};

/// Why an order is refused.
#[derive(Debug, thiserror::Error)]
pub enum OrderError {
    /// The ticket is not taken.
    #[error(transparent)]
    Ticket(#[from] TicketError),
    /// The municipality does not issue here and now.
    #[error(transparent)]
    Participation(#[from] ParticipationError),
    /// The application has asked often enough.
    #[error("too many offers and orders for one application")]
    TooMany,
    /// More than one copy for a phone.
    #[error("a phone gets one copy")]
    Copies,
    /// What is ordered cannot be issued to this holder: for whatever reason (domain rule 7).
    #[error("what is ordered is not available")]
    NotAvailable,
    /// The fee is not what the resident was shown.
    #[error("the fee is not the one that was shown")]
    FeeChanged,
    /// The register could not be asked or written; or the key was used for another order.
    #[error(transparent)]
    Register(#[from] RegistryError),
    /// Nothing was signed.
    #[error(transparent)]
    Sign(#[from] SignError),
    /// What was recorded cannot be read.
    #[error(transparent)]
    Record(#[from] DamagedRecord),
    /// The page was not made.
    #[error(transparent)]
    Render(#[from] RenderError),
    /// A revocation id of ours was not taken.
    #[error(transparent)]
    RevocationId(#[from] InvalidRevocationId),
    /// The thread that made the page ended before its time.
    #[error("rendering was stopped")]
    Stopped,
}

pub(super) async fn answer(
    service: &Service,
    caller: Caller,
    request: &OrderRequest,
) -> Result<OrderReply, OrderError> {
    let now = service.clock.now();
    let ticket = service
        .tickets
        .open(caller.channel, &caller.id, &request.ticket, now)?;
    let municipality = participating(
        &service.municipalities,
        request.municipality,
        caller.channel,
    )?;
    if caller.channel == Channel::Phone && request.copies.get() != 1 {
        return Err(OrderError::Copies);
    }
    if !service.attempts.count(ticket.application, now) {
        return Err(OrderError::TooMany);
    }
    let issued = recorded(service, caller, municipality, &ticket, request, now).await?;
    let signed = Signed::from_sealed_record(issued.signed.expose())?;
    deliver(service, caller, issued.id, signed).await
}

/// The certificate's record: the one that this order made before, or a new one.
async fn recorded(
    service: &Service,
    caller: Caller,
    municipality: &Municipality,
    ticket: &Ticket,
    request: &OrderRequest,
    now: OffsetDateTime,
) -> Result<Recorded, OrderError> {
    todo!()
}
