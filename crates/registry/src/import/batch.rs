//! A batch: the files that were brought in at once, kept open until somebody records that their
//! medium was erased (C22).

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use domain::Redacted;
use time::OffsetDateTime;

use super::{ImportFile, ImportSource};
use crate::approval::ApprovalId;

/// Most files of a batch: their names and digests are read by the second person.
pub(super) const MOST_FILES: usize = 24;

/// What is to be brought in at once: all of it lands, or nothing.
#[derive(Debug)]
pub struct ImportBatch {
    /// The files, 1 to 24, in any order.
    pub sources: Vec<ImportSource>,
    /// A folder for what is sorted on its way in; nobody can read what lies there.
    pub spill: PathBuf,
}

/// Who agreed to a batch besides whoever brings it in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecondPerson {
    /// Somebody approved exactly these files.
    Approved(ApprovalId),
    /// Nobody was asked: for invented data, with a TEST issuer. The record says so.
    NotAsked,
}

/// A batch's id: 16 hexadecimal digits, random.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct BatchId([u8; 8]);

/// Not 16 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a batch's id is 16 digits 0–9, a–f, as the import printed it")]
pub struct InvalidBatchId;

/// A batch that landed.
#[derive(Debug, Clone)]
pub struct LandedBatch {
    /// Its id.
    pub id: BatchId,
    /// When it landed.
    pub landed_at: OffsetDateTime,
    /// Who brought it in: a name for signing in, or `server`.
    pub landed_by: String,
    /// The approval it used; `None`: nobody was asked.
    pub approval: Option<String>,
    /// Its files.
    pub files: Vec<BatchFile>,
    /// The erasure of its medium, where it is recorded.
    pub erased: Option<MediumErased>,
}

/// A file of a batch that landed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchFile {
    /// What was in it.
    pub file: ImportFile,
    /// SHA-256 of the file as it lay on its medium.
    pub digest: [u8; 32],
    /// Its length there.
    pub bytes: u64,
    /// Rows that were new.
    pub added: u64,
    /// Rows that were there with another content.
    pub changed: u64,
    /// Rows that were there as they are.
    pub unchanged: u64,
    /// Rows that did not land.
    pub rejected: u64,
}

/// That a batch's medium was erased.
#[derive(Debug, Clone)]
pub struct MediumErased {
    /// When that was recorded.
    pub at: OffsetDateTime,
    /// Who recorded it.
    pub by: String,
    /// How it was erased, in their words.
    pub how: Redacted<String>,
}

/// What became of recording an erasure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErasureRecorded {
    /// It is recorded, and the batch closed.
    Recorded,
    /// There is no such batch.
    UnknownBatch,
    /// It was recorded before.
    AlreadyRecorded,
    /// How is missing, or longer than 500 bytes.
    HowMissing,
}

impl BatchId {
    pub(super) const fn from_random(random: [u8; 8]) -> Self {
        Self(random)
    }
}

impl FromStr for BatchId {
    type Err = InvalidBatchId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        crate::written_id::read(text)
            .map(Self)
            .ok_or(InvalidBatchId)
    }
}

impl fmt::Display for BatchId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        crate::written_id::write(&self.0, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_written_and_read_the_same() {
        let id = BatchId::from_random([0, 1, 2, 3, 0xfc, 0xfd, 0xfe, 0xff]);
        assert_eq!(id.to_string(), "00010203fcfdfeff");
        assert_eq!("00010203fcfdfeff".parse(), Ok(id));
        for bad in [
            "",
            "00010203FCFDFEFF",
            "00010203fcfdfef",
            "+0010203fcfdfeff",
        ] {
            assert_eq!(bad.parse::<BatchId>(), Err(InvalidBatchId));
        }
    }
}
