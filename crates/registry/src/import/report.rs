//! What became of a file: counts, and the rows that did not land, without what is in them.

use super::ImportFile;
use crate::model::TextFault;

/// Rejected rows that a report keeps; the rest are counted.
const ROWS_KEPT: usize = 10_000;

/// What became of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImportReport {
    /// Rows that are new.
    pub added: u64,
    /// Rows that were there with another content.
    pub changed: u64,
    /// Rows that were there as they are.
    pub unchanged: u64,
    /// Rows that did not land.
    pub rejected: u64,
    /// The first 10,000 of them, in the order of the file.
    pub rejected_rows: Vec<RejectedRow>,
}

/// A row that did not land.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct RejectedRow {
    /// Its line in the file, 1 for the header.
    pub line: u64,
    /// The column at fault, where it is one column's.
    pub column: Option<&'static str>,
    /// Why.
    pub fault: RowFault,
}

/// Why a row did not land. Holds lengths and counts, never content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum RowFault {
    /// Longer than 16 KiB.
    #[error("the line is longer than 16 KiB")]
    LineTooLong,
    /// Not text in the file's encoding.
    #[error("the line is no text in the file's encoding")]
    Encoding,
    /// A quote is not closed on its line.
    #[error("a quote is not closed on its line")]
    QuoteNotClosed,
    /// Not as many fields as the header.
    #[error("the line has {0} fields, the header another number")]
    FieldCount(usize),
    /// Empty where something must be.
    #[error("the field is empty")]
    Missing,
    /// Longer than the column holds.
    #[error("the field is longer than {0} characters")]
    TooLong(usize),
    /// A control character.
    #[error("the field has a control character")]
    ControlCharacter,
    /// Not of the column's form.
    #[error("the field is not of the column's form")]
    Form,
    /// The check digit does not match.
    #[error("the check digit does not match")]
    CheckDigit,
    /// No day of the calendar, or no time of the day.
    #[error("no such date or time")]
    Date,
    /// After today.
    #[error("the date is after today")]
    InFuture,
    /// None of the words the column knows.
    #[error("the word is none of those the column knows")]
    Word,
    /// Outside the numbers the column knows.
    #[error("the number is outside the column's range")]
    Range,
    /// A row of the same key stands earlier in the file.
    #[error("a row of the same key stands earlier in the file")]
    Duplicate,
    /// The individual number is another resident's.
    #[error("the individual number is registered for another resident")]
    IndividualNumberTaken,
    /// The voucher is another resident's.
    #[error("the voucher is registered for another resident")]
    VoucherTaken,
    /// No resident of this number is registered.
    #[error("no resident of this number is registered")]
    ResidentUnknown,
}

impl From<TextFault> for RowFault {
    fn from(fault: TextFault) -> Self {
        match fault {
            TextFault::Missing => Self::Missing,
            TextFault::TooLong(longest) => Self::TooLong(longest),
            TextFault::ControlCharacter => Self::ControlCharacter,
        }
    }
}

impl ImportReport {
    pub(super) fn reject(&mut self, row: RejectedRow) {
        self.rejected += 1;
        if self.rejected_rows.len() < ROWS_KEPT {
            self.rejected_rows.push(row);
        }
    }

    /// The counts, for the audit record.
    pub(super) fn summary(&self, file: ImportFile) -> String {
        format!(
            "{}: {} added, {} changed, {} unchanged, {} rejected",
            file.file_name(),
            self.added,
            self.changed,
            self.unchanged,
            self.rejected
        )
    }
}
