//! `outcome`: what became of a certificate, told once by the channel that ordered it.

use application::messages::{Outcome, OutcomeRecorded, OutcomeReport};
use registry::{Delivery, Purpose, RegistryError};

use super::{Caller, ParticipationError, participating};
use crate::service::Service;
use crate::ticket::TicketError;

/// Why an outcome is not recorded.
#[derive(Debug, thiserror::Error)]
pub enum OutcomeError {
    /// The ticket is not taken.
    #[error(transparent)]
    Ticket(#[from] TicketError),
    /// The municipality does not take part.
    #[error(transparent)]
    Participation(#[from] ParticipationError),
    /// This channel ordered no such certificate, or told another outcome of it before.
    #[error("no such certificate of this channel without an outcome")]
    CertificateUnknown,
    /// The register could not be written.
    #[error(transparent)]
    Register(#[from] RegistryError),
}

pub(super) async fn answer(
    service: &Service,
    caller: &Caller,
    report: &OutcomeReport,
) -> Result<OutcomeRecorded, OutcomeError> {
    // A jam may take longer to clear than a ticket lasts, and closing time may pass: neither may
    // cost the resident the print that is owed. The ticket proves the sitting, whenever it was.
    service
        .tickets
        .open_whenever(caller.channel, &caller.id, &report.ticket)?;
    participating(service, caller, report.municipality)?;
    let register = service
        .registry
        .municipality(report.municipality, Purpose::Issuing, caller.actor())
        .await?;
    let delivery = match report.outcome {
        Outcome::Delivered => Delivery::Delivered,
        Outcome::NotDelivered => Delivery::NotDelivered,
    };
    let recorded = register
        .record_outcome(report.certificate_id, delivery)
        .await?;
    match recorded {
        registry::OutcomeRecorded::Recorded | registry::OutcomeRecorded::AlreadyRecorded => {
            Ok(OutcomeRecorded {})
        }
        registry::OutcomeRecorded::Contradicts | registry::OutcomeRecorded::UnknownCertificate => {
            Err(OutcomeError::CertificateUnknown)
        }
    }
}
