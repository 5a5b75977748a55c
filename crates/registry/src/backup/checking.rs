//! Reading a whole backup before anything of it is used.

use std::io::Read;

use time::OffsetDateTime;

use super::BackupId;
use super::error::BackupError;
use super::format::{
    AreaDigest, AreaEnd, Begin, Part, Parts, TableDigest, TableEnd, TableHead, seal_of,
};
use crate::audit::AuditArea;
use crate::error::RegistryError;
use crate::keys::{MasterKey, Secrets};
use crate::storage::{self, Store, StoredRow, WrappedKeyRow};
use crate::tables::{self, StoredTable, Value};

/// What a backup holds, as it was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackupContents {
    /// Its name.
    pub id: BackupId,
    /// When it was made.
    pub made_at: OffsetDateTime,
    /// What it holds, in its order.
    pub areas: Vec<AreaContents>,
}

/// One area of a backup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AreaContents {
    /// Whose.
    pub area: AuditArea,
    /// Its tables, in their order.
    pub tables: Vec<TableContents>,
}

/// One table of a backup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableContents {
    /// Its name.
    pub name: String,
    /// The number of its rows.
    pub rows: u64,
    /// SHA-256 over its rows in the order of their keys.
    pub digest: [u8; 32],
}

impl BackupContents {
    /// The number of all rows.
    #[must_use]
    pub fn rows(&self) -> u64 {
        let tables = self.areas.iter().flat_map(|area| &area.tables);
        tables.map(|table| table.rows).sum()
    }
}

/// Reads a whole backup and checks that it is complete, has this program's tables, and was
/// written under this master key. In constant memory; writes nothing.
///
/// # Errors
/// [`BackupError`].
pub async fn check_backup<R: Read + Send + 'static>(
    input: R,
    master: &MasterKey,
) -> Result<BackupContents, BackupError> {
    let known = Known {
        municipality: known_tables(&tables::OF_MUNICIPALITY, &storage::MUNICIPALITY_SCHEMA).await?,
        system: known_tables(&tables::OF_SYSTEM, &storage::SYSTEM_SCHEMA).await?,
    };
    let read = tokio::task::spawn_blocking(move || read(input, &known)).await;
    let (begin, areas) = read
        .map_err(|_| BackupError::File(std::io::Error::other("reading the file was given up")))??;
    for area in &areas {
        area.check_seal(&begin, master)?;
    }
    let at = OffsetDateTime::from_unix_timestamp(begin.made_at);
    Ok(BackupContents {
        id: BackupId(begin.id),
        made_at: at.map_err(|_| BackupError::NotABackup)?,
        areas: areas.into_iter().map(|read| read.contents).collect(),
    })
}

/// The tables of this program.
struct Known {
    municipality: Vec<TableHead>,
    system: Vec<TableHead>,
}

/// The columns of this program's tables: those that both databases have.
async fn known_tables(
    tables: &[StoredTable],
    schema: &sqlx::migrate::Migrator,
) -> Result<Vec<TableHead>, RegistryError> {
    let store = Store::open_in_memory(schema).await?;
    let mut transaction = store.begin().await?;
    let mut known = Vec::with_capacity(tables.len());
    for table in tables {
        let columns = storage::columns(&mut transaction, table).await?;
        known.push(TableHead::of(table.name, &columns));
    }
    drop(transaction);
    store.close().await;
    Ok(known)
}

/// An area as read, with what its seal is checked by.
struct AreaRead {
    contents: AreaContents,
    keys: Vec<WrappedKeyRow>,
    end: AreaEnd,
}

impl AreaRead {
    /// The keys in the backup open under the master key, and the seal is theirs.
    fn check_seal(&self, begin: &Begin, master: &MasterKey) -> Result<(), BackupError> {
        let area = self.contents.area;
        let foreign = || BackupError::NotOfThisKey(area);
        let name = area.to_string();
        let secrets = Secrets::unwrap(master, &name, &self.keys).map_err(|_| foreign())?;
        let keys = secrets.ok_or_else(foreign)?.keys()?;
        let seal = seal_of(&keys, begin, &name, &self.end.digest);
        if crypto::constant_time_eq(&seal, &self.end.seal) {
            Ok(())
        } else {
            Err(foreign())
        }
    }
}

fn read<R: Read>(input: R, known: &Known) -> Result<(Begin, Vec<AreaRead>), BackupError> {
    let mut parts = Parts::of(input)?;
    let Part::Begin(begin) = parts.next()? else {
        return Err(parts.damaged());
    };
    let mut areas: Vec<AreaRead> = Vec::new();
    loop {
        match parts.next()? {
            Part::Area(name) => {
                let area = AuditArea::parse(&name).ok_or(parts.damaged())?;
                if areas.iter().any(|read| read.contents.area == area) {
                    return Err(parts.damaged());
                }
                areas.push(read_area(&mut parts, area, known)?);
            }
            Part::End(count) if count as usize == areas.len() && count > 0 => {
                return Ok((begin, areas));
            }
            Part::Begin(_)
            | Part::Table(_)
            | Part::Rows(_)
            | Part::TableEnd(_)
            | Part::AreaEnd(_)
            | Part::End(_) => return Err(parts.damaged()),
        }
    }
}

fn read_area<R: Read>(
    parts: &mut Parts<R>,
    area: AuditArea,
    known: &Known,
) -> Result<AreaRead, BackupError> {
    let known = match area {
        AuditArea::System => &known.system,
        AuditArea::Municipality(_) => &known.municipality,
    };
    let mut digest = AreaDigest::new();
    let mut contents = Vec::with_capacity(known.len());
    let mut keys = Vec::new();
    for expected in known {
        let Part::Table(head) = parts.next()? else {
            return Err(parts.damaged());
        };
        if head.name != expected.name || head.columns != expected.columns {
            let table = expected.name.clone();
            return Err(BackupError::OtherTables { area, table });
        }
        let end = read_table(parts, &head, &mut keys)?;
        digest.add(&head, &end);
        contents.push(TableContents {
            name: head.name,
            rows: end.rows,
            digest: end.digest,
        });
    }
    let last = parts.next()?;
    if let Part::Table(head) = last {
        let table = head.name;
        return Err(BackupError::OtherTables { area, table });
    }
    let Part::AreaEnd(end) = last else {
        return Err(parts.damaged());
    };
    if end.digest != digest.end() {
        return Err(parts.damaged());
    }
    let tables = contents;
    Ok(AreaRead {
        contents: AreaContents { area, tables },
        keys,
        end,
    })
}

/// Reads a table's rows; those of keys are kept.
fn read_table<R: Read>(
    parts: &mut Parts<R>,
    head: &TableHead,
    keys: &mut Vec<WrappedKeyRow>,
) -> Result<TableEnd, BackupError> {
    let mut digest = TableDigest::new();
    loop {
        let rows = match parts.next()? {
            Part::Rows(rows) => rows,
            Part::TableEnd(end) if end == digest.end() => return Ok(end),
            Part::Begin(_)
            | Part::Area(_)
            | Part::Table(_)
            | Part::TableEnd(_)
            | Part::AreaEnd(_)
            | Part::End(_) => return Err(parts.damaged()),
        };
        if rows.iter().any(|row| row.len() != head.columns.len()) {
            return Err(parts.damaged());
        }
        digest.add(&rows);
        if head.name == "wrapped_key" && keys.len() < MOST_KEYS {
            keys.extend(rows.iter().filter_map(|row| key_of(head, row)));
        }
    }
}

/// Most wrapped keys looked at.
const MOST_KEYS: usize = 70_000;

fn key_of(head: &TableHead, row: &StoredRow) -> Option<WrappedKeyRow> {
    let value = |name: &str| {
        let at = head.columns.iter().position(|(column, _)| column == name)?;
        row[at].as_ref()
    };
    let number = |name: &str| match value(name) {
        Some(Value::Number(number)) => Some(*number),
        Some(Value::Text(_) | Value::Bytes(_)) | None => None,
    };
    let Some(Value::Text(purpose)) = value("purpose") else {
        return None;
    };
    Some(WrappedKeyRow {
        purpose: purpose.clone(),
        version: number("version")?,
        wrapped: match value("wrapped") {
            Some(Value::Bytes(wrapped)) => Some(wrapped.clone()),
            Some(Value::Text(_) | Value::Number(_)) | None => None,
        },
        made_at: number("made_at")?,
        destroyed_at: number("destroyed_at"),
    })
}
