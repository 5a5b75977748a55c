//! Backups (C32): areas as they stand at one moment, in one form for both databases, so that a
//! register can also move from one to the other. Rows stay sealed in it and keys wrapped; who
//! writes or restores one sees ciphertext. The file itself is encrypted by whoever takes the
//! output (`encrypted-file`). Restored is only into what is empty, after everything was checked.

mod checking;
mod error;
mod format;
mod restoring;
mod writing;

pub use checking::{AreaContents, BackupContents, TableContents, check_backup};
pub use error::BackupError;
pub use restoring::{RestoredArea, Restoring, restore_backup};
pub use writing::write_backup;

use std::fmt;

/// Names a backup: 16 random bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct BackupId([u8; 16]);

/// How far writing or restoring is, in rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BackupProgress {
    /// Rows done.
    pub done: u64,
    /// All of them.
    pub of: u64,
}

impl fmt::Display for BackupId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}
