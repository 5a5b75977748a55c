//! What can go wrong with the register. Knows nothing of HTTP, and never holds a value.

use domain::MunicipalityCode;
use sqlx::postgres::PgDatabaseError;

use crate::access::Purpose;
use crate::approval::ApprovalRefused;
use crate::counts::CountsRefused;
use crate::disclosure::DisclosureRefused;
use crate::inquiry::InquiryRefused;
use crate::resident_directory::DirectoryUnavailable;
use crate::resident_flags::FlagRefused;
use crate::retention::ErasureRefused;
use crate::storage::UnfitDatabase;

/// Why the register gives no answer. Not found is `Ok(None)` and never one of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RegistryError {
    /// It cannot be read or written now; trying again may help. Never to be shown as "no doses"
    /// (domain rule 9).
    #[error("the register cannot be used now: {0}")]
    LookupUnavailable(StorageFault),
    /// What is stored does not open or does not parse: changed, or of another key.
    #[error("a row of table {table} does not open or does not parse")]
    DamagedRow {
        /// The table it lies in.
        table: &'static str,
    },
    /// The master key does not open this register's key.
    #[error("the master key is not this register's")]
    WrongMasterKey,
    /// The database is not one that the register works with.
    #[error("the database cannot be used: {0}")]
    UnfitDatabase(#[from] UnfitDatabase),
    /// A register has had as many data keys as have a number.
    #[error("no number is left for another data key")]
    TooManyKeys,
    /// No register exists for this municipality.
    #[error("no register for municipality {0}")]
    NoSuchMunicipality(MunicipalityCode),
    /// The handle was opened for a purpose that does not include this.
    #[error("purpose {} does not include this", .0.as_str())]
    NotForThisPurpose(Purpose),
    /// The idempotency key was used for another order.
    #[error("the order key was used for another order")]
    OrderKeyReused,
    /// A certificate is recorded for the dossier read in the same transaction, and none was read.
    #[error("no dossier was read in this transaction")]
    NoDossierRead,
    /// The certificate to be replaced is not one of this holder and kind that was reported as
    /// not delivered and still holds, or the replacement has a fee.
    #[error("that certificate cannot be replaced by this one")]
    NotReplaceable,
    /// The municipality has not declared this, or not for today.
    #[error(transparent)]
    NotDeclared(#[from] declaration::NotDeclared),
    /// Nothing is erased.
    #[error(transparent)]
    Erasure(#[from] ErasureRefused),
    /// A file cannot be written; nothing of it may stay.
    #[error("the file cannot be written: {0}")]
    UnwritableFile(WriteFault),
    /// A file to be imported cannot be read; nothing of its batch has landed.
    #[error("file {file} of the batch: {fault}")]
    UnreadableFile {
        /// Which file of the batch, 1 for the first.
        file: u16,
        /// Why.
        fault: FileFault,
    },
    /// What is brought in cannot be sorted on its way; nothing of it has landed.
    #[error("the folder in which files are sorted on their way in cannot be used: {0}")]
    SpillUnavailable(StorageFault),
    /// Another batch landed, or the keys changed, each time this one was about to; nothing of it
    /// has landed.
    #[error("the register changed each time the batch was about to land: begin again")]
    RegisterChanged,
    /// An approval is not recorded, not given, or not good for this act.
    #[error(transparent)]
    Approval(#[from] ApprovalRefused),
    /// Nothing is counted.
    #[error(transparent)]
    Counts(#[from] CountsRefused),
    /// An inquiry between municipalities goes no further.
    #[error(transparent)]
    Inquiry(#[from] InquiryRefused),
    /// Nothing is disclosed.
    #[error(transparent)]
    Disclosure(#[from] DisclosureRefused),
    /// A flag was not set or lifted.
    #[error(transparent)]
    Flag(#[from] FlagRefused),
    /// As many challenges are open as may be, for this channel or altogether.
    #[error("too many challenges are open")]
    TooManyChallenges,
}

/// Why a whole file cannot be read. Names columns of ours, never a word of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FileFault {
    /// A batch has at least one file, and at most so many.
    #[error("a batch has 1 to {0} files")]
    Count(usize),
    /// There is nothing in it.
    #[error("it is empty")]
    Empty,
    /// The first line has none of the columns of such a file.
    #[error("the first line is not the header of such a file")]
    Header,
    /// A column is missing.
    #[error("the header has no column {0}")]
    ColumnMissing(&'static str),
    /// A column stands there more than once.
    #[error("the header has the column {0} more than once")]
    ColumnTwice(&'static str),
    /// A column is none of such a file.
    #[error("column {0} of the header is none of such a file")]
    UnknownColumn(usize),
    /// Most lines are no text in the encoding that was named, or in any known one.
    #[error(
        "from byte {byte} of the file, in line {line}, it is no text in the encoding that it \
         should have: UTF-8 and CP932 are known"
    )]
    Encoding {
        /// The first such line, 1 for the header.
        line: u64,
        /// Where in the file, 1 for its first byte.
        byte: u64,
    },
    /// It is not the encrypted file that it should be.
    #[error(transparent)]
    Encrypted(encrypted_file::Fault),
    /// Reading failed.
    #[error("input or output failed")]
    InputOutput,
}

/// Why a file cannot be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WriteFault {
    /// No place is left, or none for this user.
    #[error("the disk is full")]
    Full,
    /// Its end could not be signed.
    #[error("it could not be signed")]
    Unsigned,
    /// Anything else.
    #[error("input or output failed")]
    InputOutput,
}

/// What writing a file says.
#[allow(clippy::wildcard_enum_match_arm)] // the library's enum is open
pub(crate) fn unwritable(error: std::io::Error) -> RegistryError {
    RegistryError::UnwritableFile(match error.kind() {
        std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => WriteFault::Full,
        _ => WriteFault::InputOutput,
    })
}

impl FileFault {
    pub(crate) fn of(error: &std::io::Error) -> Self {
        encrypted_file::Fault::of(error).map_or(Self::InputOutput, Self::Encrypted)
    }
}

/// What kept the storage from answering. The database's own text is dropped: it can hold values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StorageFault {
    /// Somebody else held it for too long.
    #[error("busy")]
    Busy,
    /// The disk is full.
    #[error("the disk is full")]
    Full,
    /// A file cannot be read or written.
    #[error("input or output failed")]
    InputOutput,
    /// The municipality's own directory of residents does not answer.
    #[error("the municipality's directory of residents does not answer")]
    Directory,
    /// A rule of the schema was broken: an error of ours.
    #[error("a constraint of the schema was broken")]
    Constraint,
    /// The schema is not the one this program knows.
    #[error("the schema is not the one this program knows")]
    Schema,
    /// The role may not do this: an error of ours, or rights were taken away.
    #[error("the database's role may not do this")]
    Forbidden,
    /// Anything else, with SQLite's extended result code where it gave one.
    #[error("database code {0:?}")]
    Other(Option<i32>),
    /// Anything else that PostgreSQL says, by its five characters.
    #[error("database state {}", String::from_utf8_lossy(.0))]
    OtherState([u8; 5]),
}

impl From<DirectoryUnavailable> for RegistryError {
    fn from(_: DirectoryUnavailable) -> Self {
        Self::LookupUnavailable(StorageFault::Directory)
    }
}

impl From<sqlx::Error> for RegistryError {
    fn from(error: sqlx::Error) -> Self {
        Self::LookupUnavailable(StorageFault::from(&error))
    }
}

impl From<sqlx::migrate::MigrateError> for RegistryError {
    #[allow(clippy::wildcard_enum_match_arm)] // the library's enum is open
    fn from(error: sqlx::migrate::MigrateError) -> Self {
        Self::LookupUnavailable(match error {
            sqlx::migrate::MigrateError::Execute(error)
            | sqlx::migrate::MigrateError::ExecuteMigration(error, _) => StorageFault::from(&error),
            // Whatever else it says, the schema is not ours.
            _ => StorageFault::Schema,
        })
    }
}

impl From<&sqlx::Error> for StorageFault {
    #[allow(clippy::wildcard_enum_match_arm)] // the library's enum is open
    fn from(error: &sqlx::Error) -> Self {
        match error {
            sqlx::Error::Database(error) => {
                let code = error.code();
                match error.try_downcast_ref::<PgDatabaseError>() {
                    Some(error) => Self::of_state(error.code()),
                    None => Self::of_result_code(code.and_then(|code| code.parse().ok())),
                }
            }
            sqlx::Error::Io(_) | sqlx::Error::Tls(_) => Self::InputOutput,
            sqlx::Error::PoolTimedOut => Self::Busy,
            // The rest has no code.
            _ => Self::Other(None),
        }
    }
}

impl StorageFault {
    /// Extended result codes of SQLite (<https://www.sqlite.org/rescode.html>); the low byte is
    /// the primary code.
    fn of_result_code(code: Option<i32>) -> Self {
        match code.map(|code| code & 0xff) {
            Some(5 | 6) => Self::Busy,
            Some(13) => Self::Full,
            Some(10 | 14) => Self::InputOutput,
            Some(19) => Self::Constraint,
            Some(_) | None => Self::Other(code),
        }
    }

    /// States of PostgreSQL (<https://www.postgresql.org/docs/current/errcodes-appendix.html>); the
    /// first two characters are the class.
    fn of_state(state: &str) -> Self {
        match state {
            "53100" => Self::Full,
            // Waited too long for a lock, or for the statement; a deadlock; too many connections.
            "55P03" | "57014" | "40001" | "40P01" | "53300" => Self::Busy,
            "42501" => Self::Forbidden,
            "42P01" | "42703" | "3F000" => Self::Schema,
            _ => match state.get(..2) {
                // Gone, going, or not there yet.
                Some("08" | "57" | "58") => Self::InputOutput,
                Some("23") => Self::Constraint,
                _ => Self::OtherState(state.as_bytes().try_into().unwrap_or(*b"?????")),
            },
        }
    }
}

/// A stored value that the schema's own checks make impossible.
pub(crate) const fn not_this_schema() -> RegistryError {
    RegistryError::LookupUnavailable(StorageFault::Schema)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_become_kinds_of_fault() {
        // SQLITE_BUSY_SNAPSHOT, SQLITE_FULL, SQLITE_IOERR_WRITE, SQLITE_CONSTRAINT_UNIQUE
        assert_eq!(StorageFault::of_result_code(Some(517)), StorageFault::Busy);
        assert_eq!(StorageFault::of_result_code(Some(13)), StorageFault::Full);
        assert_eq!(
            StorageFault::of_result_code(Some(778)),
            StorageFault::InputOutput
        );
        assert_eq!(
            StorageFault::of_result_code(Some(2067)),
            StorageFault::Constraint
        );
        assert_eq!(
            StorageFault::of_result_code(Some(1)),
            StorageFault::Other(Some(1))
        );
    }

    #[test]
    fn states_become_kinds_of_fault() {
        for (state, fault) in [
            ("55P03", StorageFault::Busy),
            ("53100", StorageFault::Full),
            ("57P01", StorageFault::InputOutput),
            ("08006", StorageFault::InputOutput),
            ("23505", StorageFault::Constraint),
            ("42501", StorageFault::Forbidden),
            ("42P01", StorageFault::Schema),
            ("22012", StorageFault::OtherState(*b"22012")),
        ] {
            assert_eq!(StorageFault::of_state(state), fault, "{state}");
        }
    }
}
