//! `register-dose`

use application::ProblemType;
use application::messages::RegisterDoseRequest;
use registry::{
    Actor, AttemptOutcome, DoseReceipt, DoseRegistered, MunicipalityRegister, RegistryError,
    VenueEntry, VoucherSought,
};

use super::{VenueError, Visit};

pub(super) async fn register(
    visit: &Visit<'_>,
    request: &RegisterDoseRequest,
    digest: [u8; 32],
) -> Result<DoseReceipt, VenueError> {
    let own = visit.declared(request.voucher.municipality());
    let for_this_venue = own.is_some();
    let Some(declared) = own.or_else(|| visit.at_home()) else {
        return nowhere(visit).await;
    };
    let dose = visit.checked(&request.dose, &declared)?;
    let voucher = VoucherSought {
        number: request.voucher.number().clone(),
        kind: request.voucher.kind(),
        dose: request.voucher.dose(),
    };
    let name = visit.caller.venue.name.as_str();
    let (birth_date, key) = (request.birth_date, *request.idempotency_key);
    let entry = VenueEntry::new(voucher, birth_date, dose, name, key, digest)?;
    let work = async |register: &MunicipalityRegister| {
        let registered = if for_this_venue {
            register.register_dose(&declared, &entry).await?
        } else {
            register.refuse_dose(&declared, &entry).await?;
            DoseRegistered::Refused
        };
        Ok::<_, RegistryError>((counts_as(registered), registered))
    };
    match visit.counted(&declared, work).await? {
        DoseRegistered::Registered(receipt) | DoseRegistered::Again(receipt) => Ok(receipt),
        DoseRegistered::Refused => Err(VenueError::VoucherNotAccepted),
    }
}

const fn counts_as(registered: DoseRegistered) -> AttemptOutcome {
    match registered {
        DoseRegistered::Registered(_) => AttemptOutcome::Registered,
        DoseRegistered::Again(_) => AttemptOutcome::Other,
        DoseRegistered::Refused => AttemptOutcome::Refused,
    }
}

/// None of the venue's municipalities has venues declared today: the same refusal, and nobody's
/// register to record it in but the system's.
async fn nowhere(visit: &Visit<'_>) -> Result<DoseReceipt, VenueError> {
    let system = visit.service.registry.system(Actor::Venue(visit.caller.id));
    let kind = ProblemType::VoucherNotAccepted;
    system.record_refusal(kind.name()).await?;
    Err(VenueError::VoucherNotAccepted)
}
