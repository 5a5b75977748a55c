//! `receipts`: what the venue itself registered today, by receipt alone.

use application::messages::{EntryState, Receipt, Receipts, ReceiptsRequest};
use domain::JAPAN;
use registry::{DoseReceipt, ReceiptState};
use time::Time;

use super::{VenueError, Visit};

pub(super) async fn of_today(
    visit: &Visit<'_>,
    request: &ReceiptsRequest,
) -> Result<Receipts, VenueError> {
    let declared = visit
        .declared(request.municipality)
        .ok_or(VenueError::ReceiptNotAccepted)?;
    let register = visit.register(&declared).await?;
    let now = visit.service.clock.now().to_offset(JAPAN);
    let midnight = now.replace_time(Time::MIDNIGHT);
    let after = request.after.as_ref().map(|receipt| DoseReceipt(**receipt));
    let receipts = register
        .receipts_since(&declared, midnight, after, Receipts::MOST)
        .await?;
    let shown = receipts.into_iter().map(|(receipt, state)| Receipt {
        receipt: receipt.0.into(),
        state: match state {
            ReceiptState::Registered => EntryState::Registered,
            ReceiptState::Corrected => EntryState::Corrected,
            ReceiptState::Cancelled => EntryState::Cancelled,
        },
    });
    Ok(Receipts {
        receipts: shown.collect(),
    })
}
