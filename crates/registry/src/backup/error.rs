//! Why a backup cannot be written or restored.

use std::io;

use crate::audit::{AuditArea, AuditFault};
use crate::error::RegistryError;

/// Why a backup cannot be written or restored. Nothing was changed then, in an area that is not
/// said to be restored.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// Reading or writing the file failed; the source says why.
    #[error("the file cannot be read or written: {0}")]
    File(#[source] io::Error),
    /// It does not begin as a backup does, or is one of a later form.
    #[error("this is no backup that this program can read")]
    NotABackup,
    /// It was cut off, or something in it is not what it says itself.
    #[error("the backup is damaged at byte {0} of its content")]
    Damaged(u64),
    /// It has other tables or columns than this program.
    #[error(
        "table {table} of {area} is another one than this program's: restore with the program that \
         wrote the backup, and update it afterwards"
    )]
    OtherTables {
        /// Whose area.
        area: AuditArea,
        /// The first table that differs.
        table: String,
    },
    /// The master key does not open its keys, or something in it is not what this register wrote.
    #[error("{0} in the backup was not written under this master key")]
    NotOfThisKey(AuditArea),
    /// There is something where it would be restored to.
    #[error("{0} is not empty: a backup is restored into an empty register only")]
    NotEmpty(AuditArea),
    /// What was restored is not what the backup holds; it was undone.
    #[error("what was put into {0} is not what the backup holds, and was undone")]
    NotTheSame(AuditArea),
    /// The audit record in the backup does not hold; nothing was restored.
    #[error("the audit record of {area} does not hold: {fault}")]
    BrokenRecord {
        /// Whose area.
        area: AuditArea,
        /// What is wrong with it.
        fault: AuditFault,
    },
    /// The register.
    #[error(transparent)]
    Register(#[from] RegistryError),
}
