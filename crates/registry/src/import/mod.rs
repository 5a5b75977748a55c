//! Bringing in a municipality's files: CSV, UTF-8 or CP932, each row checked; bad rows reported
//! without what is in them, good rows landed; all of a batch or nothing of it (ADR 0017).
//!
//! ```text
//! files ─ blocks of lines ─ checked by themselves and sealed, on every core ─ sorted in a spill
//!                                                                               │
//!           one transaction, in the order of keys ─ news ─ compared with the register
//! ```
//!
//! Only the last step holds the register's write lock, and it stores what is new or changed alone.
//! A row is a line: no field of these files can hold a line end, so a quote left open spoils its
//! own line and no other.

mod batch;
mod batches;
mod bits;
mod blocks;
mod checking;
mod columns;
mod encoding;
mod gathering;
mod handle;
mod landing;
mod lines;
mod parsing;
mod progress;
mod records;
mod registered;
mod report;
mod rows;
mod sorting;
mod source;
mod spill;
mod streaming;

pub use batch::{
    BatchFile, BatchId, ErasureRecorded, ImportBatch, InvalidBatchId, LandedBatch, MediumErased,
    SecondPerson,
};
pub use encoding::CsvEncoding;
pub use gathering::check_rows;
pub use handle::CheckedBatch;
pub use progress::{ImportProgress, ImportStep, Unwatched};
pub use report::{FileReport, ImportReport, ReportedRow, RowFault};
pub use source::{ImportSource, MediumReader};

/// A kind of file that is brought in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportFile {
    /// `residents.csv`
    Residents,
    /// `vouchers.csv`
    Vouchers,
    /// `doses.csv`
    Doses,
    /// `passports.csv`
    Passports,
}

impl ImportFile {
    /// Every kind, in the order in which they are brought in: residents first.
    pub const ALL: [Self; 4] = [
        Self::Residents,
        Self::Vouchers,
        Self::Doses,
        Self::Passports,
    ];

    /// The stable name, on the command line and in records.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Residents => "residents",
            Self::Vouchers => "vouchers",
            Self::Doses => "doses",
            Self::Passports => "passports",
        }
    }

    /// The kind of that name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|file| file.as_str() == name)
    }

    /// The file's name in a municipality's folder.
    #[must_use]
    pub const fn file_name(self) -> &'static str {
        match self {
            Self::Residents => "residents.csv",
            Self::Vouchers => "vouchers.csv",
            Self::Doses => "doses.csv",
            Self::Passports => "passports.csv",
        }
    }
}
