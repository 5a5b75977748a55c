//! What became of a batch: counts, and the rows that were not taken as they are, without what is
//! in them.

use std::collections::BTreeMap;

use super::ImportFile;
use super::sorting::Place;
use crate::model::{DoseFault, TextFault};

/// Rows that a report keeps; the rest are counted.
const ROWS_KEPT: usize = 200_000;
/// Of them, rows that land all the same: so many of each thread.
const NOTED_ROWS_KEPT: u64 = 250;

/// What became of a batch.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImportReport {
    /// Each file, in the order given.
    pub files: Vec<FileReport>,
    /// The first 200,000 rows with a fault, by file and line.
    pub rows: Vec<ReportedRow>,
    /// How many rows have each fault, by its code.
    pub reasons: BTreeMap<&'static str, u64>,
}

/// What became of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileReport {
    /// What is in it.
    pub file: ImportFile,
    /// SHA-256 of the file as it lies on its medium.
    pub digest: [u8; 32],
    /// Its length there.
    pub bytes: u64,
    /// Rows that are new.
    pub added: u64,
    /// Rows that were there with another content.
    pub changed: u64,
    /// Rows that were there as they are.
    pub unchanged: u64,
    /// Rows that did not land.
    pub rejected: u64,
    /// Rows that land and yet want looking at.
    pub noted: u64,
}

/// A row with a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ReportedRow {
    /// Which file of the batch, 1 for the first.
    pub file: u16,
    /// Its line in the file, 1 for the header.
    pub line: u64,
    /// The column at fault, where it is one column's.
    pub column: Option<&'static str>,
    /// Why.
    pub fault: RowFault,
}

/// What is wrong with a row. Holds lengths and counts, never content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum RowFault {
    /// Longer than 16 KiB.
    #[error("the line is longer than 16 KiB")]
    LineTooLong,
    /// Not text in the file's encoding.
    #[error("byte {0} of the line is no text in the file's encoding")]
    Encoding(usize),
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
    /// Before the person's birth.
    #[error("the date is before the person's birth")]
    BeforeBirth,
    /// The dose's number and date do not fit the person's other doses.
    #[error(
        "number and date do not fit the person's other doses against this disease, in these files \
         or in the register; where the registered one is wrong, `server dose list` shows it, and two \
         people correct or cancel it before the row is brought in again"
    )]
    OutOfOrder,
    /// None of the words the column knows.
    #[error("the word is none of those the column knows")]
    Word,
    /// Outside the numbers the column knows.
    #[error("the number is outside the column's range")]
    Range,
    /// Another municipality's.
    #[error("it is another municipality's")]
    OtherMunicipality,
    /// A row of the same key stands earlier in the files.
    #[error("a row of the same key stands earlier in the files")]
    Duplicate,
    /// More rows of one resident than anybody has.
    #[error("the files have more than {0} such rows of one resident")]
    TooMany(usize),
    /// The individual number is another resident's.
    #[error("the individual number is another resident's, in these files or in the register")]
    IndividualNumberTaken,
    /// The voucher is another resident's.
    #[error("the voucher is another resident's, in these files or in the register")]
    VoucherTaken,
    /// No resident of this number is registered.
    #[error("no resident of this number is registered")]
    ResidentUnknown,
    /// The product is against another disease than the row says.
    #[error("the product is not against this disease")]
    DiseaseOfAnotherProduct,
    /// No certificate can name this product. The row lands: without it a certificate would show
    /// fewer doses than there were, with it the counter is asked (domain rule 9).
    #[error(
        "it lands, but no certificate can name this product: the person is sent to the counter"
    )]
    ProductUnknown,
}

impl RowFault {
    /// Whether the row lands all the same.
    #[must_use]
    pub fn lands(self) -> bool {
        self == Self::ProductUnknown
    }

    /// The stable name in report files.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::LineTooLong => "line-too-long",
            Self::Encoding(_) => "encoding",
            Self::QuoteNotClosed => "quote-not-closed",
            Self::FieldCount(_) => "field-count",
            Self::Missing => "missing",
            Self::TooLong(_) => "too-long",
            Self::ControlCharacter => "control-character",
            Self::Form => "form",
            Self::CheckDigit => "check-digit",
            Self::Date => "no-such-date",
            Self::InFuture => "in-future",
            Self::BeforeBirth => "before-birth",
            Self::OutOfOrder => "out-of-order",
            Self::Word => "unknown-word",
            Self::Range => "out-of-range",
            Self::OtherMunicipality => "other-municipality",
            Self::Duplicate => "duplicate",
            Self::TooMany(_) => "too-many-rows",
            Self::IndividualNumberTaken => "individual-number-taken",
            Self::VoucherTaken => "voucher-taken",
            Self::ResidentUnknown => "resident-unknown",
            Self::DiseaseOfAnotherProduct => "disease-of-another-product",
            Self::ProductUnknown => "product-unknown",
        }
    }
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

impl From<DoseFault> for RowFault {
    fn from(fault: DoseFault) -> Self {
        match fault {
            DoseFault::Text(fault) => fault.into(),
            DoseFault::Amount | DoseFault::Disease => Self::Range,
            DoseFault::DiseaseOfAnotherProduct => Self::DiseaseOfAnotherProduct,
            DoseFault::UnknownProduct => Self::ProductUnknown,
            DoseFault::InFuture => Self::InFuture,
            DoseFault::BeforeBirth => Self::BeforeBirth,
            DoseFault::NumberTaken | DoseFault::DayTaken | DoseFault::OutOfOrder => {
                Self::OutOfOrder
            }
        }
    }
}

/// Faults found in one file, in bounded memory.
#[derive(Default)]
pub(super) struct Faults {
    rejected: u64,
    noted: u64,
    reasons: BTreeMap<&'static str, u64>,
    rows: Vec<ReportedRow>,
}

impl Faults {
    pub(super) fn add(&mut self, at: Place, column: Option<&'static str>, fault: RowFault) {
        *self.reasons.entry(fault.code()).or_default() += 1;
        if fault.lands() {
            self.noted += 1;
        } else {
            self.rejected += 1;
        }
        let kept = !fault.lands() || self.noted <= NOTED_ROWS_KEPT;
        if kept && self.rows.len() < ROWS_KEPT {
            self.rows.push(ReportedRow {
                file: at.file,
                line: at.line,
                column,
                fault,
            });
        }
    }
}

/// How a row that lands stands to what is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum News {
    Added,
    Changed,
    Unchanged,
}

impl ImportReport {
    /// Rows that are new, over all files.
    #[must_use]
    pub fn added(&self) -> u64 {
        self.files.iter().map(|file| file.added).sum()
    }

    /// Rows that were there with another content, over all files.
    #[must_use]
    pub fn changed(&self) -> u64 {
        self.files.iter().map(|file| file.changed).sum()
    }

    /// Rows that were there as they are, over all files.
    #[must_use]
    pub fn unchanged(&self) -> u64 {
        self.files.iter().map(|file| file.unchanged).sum()
    }

    /// Rows that did not land, over all files.
    #[must_use]
    pub fn rejected(&self) -> u64 {
        self.files.iter().map(|file| file.rejected).sum()
    }

    /// Rows that land and want looking at, over all files.
    #[must_use]
    pub fn noted(&self) -> u64 {
        self.files.iter().map(|file| file.noted).sum()
    }

    pub(super) fn report(&mut self, at: Place, column: Option<&'static str>, fault: RowFault) {
        let mut faults = Faults::default();
        faults.add(at, column, fault);
        self.absorb(at.file, faults);
    }

    /// Takes the faults that were found in one file.
    pub(super) fn absorb(&mut self, file: u16, faults: Faults) {
        let report = &mut self.files[usize::from(file) - 1];
        report.rejected += faults.rejected;
        report.noted += faults.noted;
        for (code, count) in faults.reasons {
            *self.reasons.entry(code).or_default() += count;
        }
        let room = ROWS_KEPT.saturating_sub(self.rows.len());
        self.rows.extend(faults.rows.into_iter().take(room));
    }

    pub(super) fn count(&mut self, at: Place, news: News) {
        let file = &mut self.files[usize::from(at.file) - 1];
        match news {
            News::Added => file.added += 1,
            News::Changed => file.changed += 1,
            News::Unchanged => file.unchanged += 1,
        }
    }
}

impl FileReport {
    pub(super) const fn of(file: ImportFile) -> Self {
        Self {
            file,
            digest: [0; 32],
            bytes: 0,
            added: 0,
            changed: 0,
            unchanged: 0,
            rejected: 0,
            noted: 0,
        }
    }

    /// The counts, for the audit record.
    pub(super) fn summary(&self) -> String {
        format!(
            "{}: {} added, {} changed, {} unchanged, {} rejected",
            self.file.file_name(),
            self.added,
            self.changed,
            self.unchanged,
            self.rejected
        )
    }
}
