//! A dose as a venue's message and a command's input spell it, for the register.

use application::messages::DoseEntry;
use registry::DoseDraft;

/// What was entered, unchecked.
pub(crate) fn draft(entry: &DoseEntry) -> DoseDraft {
    DoseDraft {
        date: entry.date,
        disease: entry.disease.clone(),
        manufacturer: entry.manufacturer.clone(),
        product: entry.product.clone(),
        lot: entry.lot.clone(),
        physician: entry.physician.clone(),
        amount_microlitres: entry.amount_microlitres,
    }
}
