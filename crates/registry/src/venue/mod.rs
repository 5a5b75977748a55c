//! Doses from venues (接種会場), by voucher and birth date together, without an individual number
//! (C15); and how they are corrected and cancelled, with everything that was before (C30).
//!
//! ```text
//! Purpose::Venue            register_dose · refuse_dose · correct_dose · cancel_dose · receipts_of_today
//! Purpose::DoseCorrection   doses_with_receipts · change_dose_as_staff · dose_history · changed_doses
//! ```
//!
//! A dose as it stands is a row of `dose` like any other: certificates know no difference. What a
//! venue registered has a receipt besides; what came with an import gets one when staff look for what
//! is wrong with it. Each change keeps the dose as it stood before.

mod changing;
mod entry;
mod history;
mod receipts;
mod registering;
mod sealed;
mod staff;

use std::fmt;
use std::str::FromStr;

pub use changing::{ChangeRefused, DoseChanged};
pub use entry::{CheckedDose, DoseDraft, VenueEntry, VoucherSought};
pub use history::{ChangedDose, DoseChangeKind, DoseHistory, DoseVersion, ReceiptState};
pub use receipts::ReceiptedDose;
pub use registering::DoseRegistered;
pub(crate) use sealed::DoseBefore;
pub use staff::DoseCorrection;

/// By what an entry of a venue is known, to the venue and to staff: 16 random bytes.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct DoseReceipt(pub [u8; 16]);

/// Not 32 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a receipt is 32 digits 0–9, a–f")]
pub struct InvalidDoseReceipt;

impl fmt::Display for DoseReceipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        crate::written_id::write(&self.0, f)
    }
}

impl fmt::Debug for DoseReceipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DoseReceipt({self})")
    }
}

impl FromStr for DoseReceipt {
    type Err = InvalidDoseReceipt;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        crate::written_id::read(text)
            .map(Self)
            .ok_or(InvalidDoseReceipt)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_receipt_is_written_and_read_the_same() {
        let receipt = DoseReceipt([0x0a; 16]);
        assert_eq!(receipt.to_string().parse(), Ok(receipt));
        for bad in ["", "0a", &"0A".repeat(16), &"+".repeat(32)] {
            assert_eq!(bad.parse::<DoseReceipt>(), Err(InvalidDoseReceipt));
        }
    }
}
