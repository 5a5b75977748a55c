//! The ledger export (C21): doses written out for the municipality's own ledger (予防接種台帳),
//! in the VRS layout, encrypted to declared recipients, after a second person's approval.
//!
//! ```text
//! write_ledger(declared, scope, approval, output) ─ rows, streamed ─ WrittenLedger
//!                                                    └ record(): approval spent, entry appended
//! ```
//!
//! A file gets its name only after [`WrittenLedger::record`]: what is there was recorded.

mod digest;
mod encoding;
mod layout;
mod writing;

use std::fmt;

use declaration::{Declared, Export};
use time::Date;

use crate::approval::{ApprovalScope, ApprovalSubject};
use crate::model::ResidentNumber;

pub use encoding::LedgerEncoding;
pub use layout::{LedgerColumn, LedgerFault};
pub use writing::WrittenLedger;

/// What is exported: doses against one disease, given in a period. The VRS layout has no column
/// for the disease, so that a file is about one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerScope {
    /// The first day (接種日).
    pub from: Date,
    /// The last day.
    pub until: Date,
    /// Against what (疾病), in the register's word.
    pub disease: String,
    /// How the file's text is encoded.
    pub encoding: LedgerEncoding,
}

impl LedgerScope {
    /// Exactly what a second person approves: municipality, period, disease, layout, encoding and
    /// whom the file is encrypted to.
    #[must_use]
    pub fn approval_scope(&self, declared: &Declared<Export>) -> ApprovalScope {
        let recipients: Vec<String> = declared.function().recipients.names().collect();
        let words = format!(
            "ledger of {} in the VRS layout, {}: doses against {} given {} to {}, encrypted to {}",
            declared.municipality(),
            self.encoding.as_str(),
            self.disease,
            self.from,
            self.until,
            recipients.join(", ")
        );
        ApprovalScope::new(ApprovalSubject::LedgerExport, words)
    }
}

/// What was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LedgerSummary {
    /// Rows in the file: residents with a dose in the period.
    pub residents: u64,
    /// Their doses.
    pub doses: u64,
    /// Residents whose row was not written: see [`WrittenLedger::write_refused`].
    pub refused: u64,
    /// SHA-256 of the encrypted file.
    pub digest: [u8; 32],
}

/// A resident whose row was not written, and why. For the encrypted report only.
#[derive(Clone, PartialEq, Eq)]
pub struct RefusedRow {
    /// Whose.
    pub resident: ResidentNumber,
    /// The day of the dose at fault, or `None` where it is the resident number.
    pub dose: Option<Date>,
    /// Which column.
    pub column: LedgerColumn,
    /// Why.
    pub fault: LedgerFault,
}

impl fmt::Debug for RefusedRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RefusedRow({:?}, {:?})", self.column, self.fault)
    }
}
