//! `correct-dose`, `cancel-dose`: only by the venue that registered it, within the declared days.

use application::messages::{CancelDoseRequest, CorrectDoseRequest};
use declaration::{Declared, Venues};
use registry::{AttemptOutcome, DoseChanged, DoseReceipt, MunicipalityRegister, RegistryError};

use super::{VenueError, Visit};

pub(super) async fn correct(
    visit: &Visit<'_>,
    request: &CorrectDoseRequest,
) -> Result<DoseReceipt, VenueError> {
    let receipt = DoseReceipt(*request.receipt);
    let declared = visit
        .declared(request.municipality)
        .ok_or(VenueError::ReceiptNotAccepted)?;
    let dose = visit.checked(&request.dose, &declared)?;
    let (reason, key) = (request.reason.as_str(), *request.idempotency_key);
    let work = async |register: &MunicipalityRegister| {
        register
            .correct_dose(&declared, receipt, &dose, reason, key)
            .await
    };
    change(visit, &declared, receipt, work).await
}

pub(super) async fn cancel(
    visit: &Visit<'_>,
    request: &CancelDoseRequest,
) -> Result<DoseReceipt, VenueError> {
    let receipt = DoseReceipt(*request.receipt);
    let declared = visit
        .declared(request.municipality)
        .ok_or(VenueError::ReceiptNotAccepted)?;
    let reason = request.reason.as_str();
    let work = async |register: &MunicipalityRegister| {
        register.cancel_dose(&declared, receipt, reason).await
    };
    change(visit, &declared, receipt, work).await
}

async fn change(
    visit: &Visit<'_>,
    declared: &Declared<Venues>,
    receipt: DoseReceipt,
    work: impl AsyncFnOnce(&MunicipalityRegister) -> Result<DoseChanged, RegistryError>,
) -> Result<DoseReceipt, VenueError> {
    let work = async |register: &MunicipalityRegister| {
        let changed = work(register).await?;
        let outcome = match changed {
            DoseChanged::Changed { .. } | DoseChanged::Again => AttemptOutcome::Other,
            DoseChanged::Refused(_) => AttemptOutcome::Refused,
        };
        Ok((outcome, changed))
    };
    match visit.counted(declared, work).await? {
        DoseChanged::Changed { .. } | DoseChanged::Again => Ok(receipt),
        DoseChanged::Refused(_) => Err(VenueError::ReceiptNotAccepted),
    }
}
