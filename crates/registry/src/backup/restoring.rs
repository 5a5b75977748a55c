//! Putting a checked backup into an empty register: each area in one transaction, read again and
//! compared before it lasts.

use std::io::Read;
use std::sync::Arc;

use crypto::SecureRandom;
use domain::Clock;
use tokio::sync::mpsc;

use super::checking::{AreaContents, BackupContents};
use super::error::BackupError;
use super::format::{MOST_ROWS, Part, Parts, TableDigest};
use super::writing::Pages;
use super::{BackupId, BackupProgress};
use crate::access::{Actor, Purpose};
use crate::audit::{self, AuditArea, AuditEvent, AuditVerdict, AuditWriter, ChainName, NewEntry};
use crate::error::{RegistryError, StorageFault};
use crate::keys::{MasterKey, RegisterKeys, Secrets};
use crate::storage::{self, Place, RegisterPlace, Store, StoredColumn, StoredRow, Transaction};
use crate::tables::{self, StoredTable};

/// Parts that are read ahead of the database.
const AHEAD: usize = 16;

/// Where a backup is restored to, and by whom.
pub struct Restoring {
    /// The empty register.
    pub place: RegisterPlace,
    /// The master key under which it was written.
    pub master: MasterKey,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub random: Arc<dyn SecureRandom>,
    /// This installation, in the audit record.
    pub writer: AuditWriter,
    /// Who restores.
    pub actor: Actor,
}

/// An area that was restored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RestoredArea {
    /// Whose.
    pub area: AuditArea,
    /// The number of its rows.
    pub rows: u64,
    /// Whether it was restored from this very backup before, and left as it is.
    pub before: bool,
}

/// Restores what [`check_backup`](super::check_backup) found in the same file. Every area is
/// looked at before the first is written; one that this backup was restored to before, by a call
/// that was interrupted, is left as it is.
///
/// # Errors
/// [`BackupError`]. Areas that were complete by then stay; of the others nothing does.
pub async fn restore_backup<R: Read + Send + 'static>(
    restoring: &Restoring,
    contents: &BackupContents,
    input: R,
    mut progress: impl FnMut(BackupProgress) + Send,
) -> Result<Vec<RestoredArea>, BackupError> {
    let place = Place::open(restoring.place.clone()).await?;
    let mut there = Vec::with_capacity(contents.areas.len());
    for area in &contents.areas {
        there.push(restoring.is_there(&place, area.area, contents.id).await?);
    }
    let mut file = Backup::read(input);
    let mut state = BackupProgress {
        done: 0,
        of: contents.rows(),
    };
    let mut restored = Vec::with_capacity(contents.areas.len());
    for (area, before) in contents.areas.iter().zip(there) {
        let mut advance = |rows: usize| {
            state.done += rows as u64;
            progress(state);
        };
        file.skip_to_area().await?;
        if before {
            file.skip_area(&mut advance).await?;
        } else {
            let store = open_area(&place, area.area).await?;
            let done = restoring.area(&store, area, contents.id, &mut file, &mut advance);
            let done = done.await;
            store.close().await;
            done?;
        }
        restored.push(RestoredArea {
            area: area.area,
            rows: area.tables.iter().map(|table| table.rows).sum(),
            before,
        });
    }
    place.close().await;
    Ok(restored)
}

impl Restoring {
    /// Whether the area was restored from this backup before. Refused where there is anything
    /// else.
    async fn is_there(
        &self,
        place: &Place,
        area: AuditArea,
        id: BackupId,
    ) -> Result<bool, BackupError> {
        let store = match area {
            AuditArea::System => Some(place.system().await?),
            AuditArea::Municipality(code) => place.municipality(code).await?,
        };
        let Some(store) = store else {
            return Ok(false);
        };
        let mut transaction = store.read().await?;
        let empty = storage::wrapped_keys(&mut transaction).await?.is_empty();
        let event = AuditEvent::Restored.as_str();
        let before = storage::has_audit(&mut transaction, event, &id.to_string()).await?;
        drop(transaction);
        store.close().await;
        match (empty, before) {
            (true, _) => Ok(false),
            (false, true) => Ok(true),
            (false, false) => Err(BackupError::NotEmpty(area)),
        }
    }

    async fn area(
        &self,
        store: &Store,
        area: &AreaContents,
        id: BackupId,
        file: &mut Backup,
        advance: &mut (dyn FnMut(usize) + Send),
    ) -> Result<(), BackupError> {
        let mut transaction = store.begin().await?;
        // Since it was looked at somebody may have made it.
        if !storage::wrapped_keys(&mut transaction).await?.is_empty() {
            return Err(BackupError::NotEmpty(area.area));
        }
        let tables = tables_of(area.area);
        for table in tables {
            let columns = storage::columns(&mut transaction, table).await?;
            file.table(&mut transaction, table, &columns, advance)
                .await?;
        }
        compare(&mut transaction, area, tables).await?;
        let name = area.area.to_string();
        let rows = storage::wrapped_keys(&mut transaction).await?;
        let secrets = Secrets::unwrap(&self.master, &name, &rows)?;
        let keys = secrets
            .ok_or(BackupError::NotOfThisKey(area.area))?
            .keys()?;
        verify_record(&mut transaction, &keys, area.area).await?;
        self.record(&mut transaction, &keys, id).await?;
        Ok(transaction.commit().await?)
    }

    async fn record(
        &self,
        transaction: &mut Transaction,
        keys: &RegisterKeys,
        id: BackupId,
    ) -> Result<(), RegistryError> {
        let (now, event) = (self.clock.now(), AuditEvent::Restored);
        let mut entry = NewEntry::new(now, &self.actor, Purpose::Upkeep, event);
        entry.detail = Some(id.to_string());
        audit::append(transaction, keys, &*self.random, &self.writer, entry).await
    }
}

const fn tables_of(area: AuditArea) -> &'static [StoredTable] {
    match area {
        AuditArea::System => &tables::OF_SYSTEM,
        AuditArea::Municipality(_) => &tables::OF_MUNICIPALITY,
    }
}

async fn open_area(place: &Place, area: AuditArea) -> Result<Store, RegistryError> {
    match area {
        AuditArea::System => place.system().await,
        AuditArea::Municipality(code) => place.make_municipality(code).await,
    }
}

/// Reads every table again: what is in it is what the backup holds.
async fn compare(
    transaction: &mut Transaction,
    area: &AreaContents,
    tables: &[StoredTable],
) -> Result<(), BackupError> {
    for (table, expected) in tables.iter().zip(&area.tables) {
        let columns = storage::columns(transaction, table).await?;
        let mut pages = Pages::of(*table, columns);
        let mut digest = TableDigest::new();
        while let Some(rows) = pages.next(transaction).await? {
            digest.add(&rows);
        }
        let found = digest.end();
        if (found.rows, found.digest) != (expected.rows, expected.digest) {
            return Err(BackupError::NotTheSame(area.area));
        }
    }
    Ok(())
}

async fn verify_record(
    transaction: &mut Transaction,
    keys: &RegisterKeys,
    area: AuditArea,
) -> Result<(), BackupError> {
    for writer in audit::writers(transaction).await? {
        let chain = ChainName { area, writer };
        let verdict = audit::verify(transaction, keys, &chain, None).await?;
        if let AuditVerdict::Broken(fault) = verdict {
            return Err(BackupError::BrokenRecord { area, fault });
        }
    }
    Ok(())
}

/// The parts of the file, read on a thread of their own. They were checked: what is not as it was
/// then, somebody changed in between.
struct Backup {
    parts: mpsc::Receiver<Result<Part, BackupError>>,
}

impl Backup {
    fn read<R: Read + Send + 'static>(input: R) -> Self {
        let (sender, parts) = mpsc::channel(AHEAD);
        tokio::task::spawn_blocking(move || {
            let mut parts = match Parts::of(input) {
                Ok(parts) => parts,
                Err(error) => return drop(sender.blocking_send(Err(error))),
            };
            loop {
                let part = parts.next();
                let last = matches!(part, Ok(Part::End(_)) | Err(_));
                if sender.blocking_send(part).is_err() || last {
                    return;
                }
            }
        });
        Self { parts }
    }

    async fn next(&mut self) -> Result<Part, BackupError> {
        let changed =
            BackupError::Register(RegistryError::LookupUnavailable(StorageFault::InputOutput));
        self.parts.recv().await.unwrap_or(Err(changed))
    }

    async fn skip_to_area(&mut self) -> Result<(), BackupError> {
        while !matches!(self.next().await?, Part::Area(_)) {}
        Ok(())
    }

    async fn skip_area(
        &mut self,
        advance: &mut (dyn FnMut(usize) + Send),
    ) -> Result<(), BackupError> {
        loop {
            match self.next().await? {
                Part::Rows(rows) => advance(rows.len()),
                Part::AreaEnd(_) => return Ok(()),
                Part::Begin(_)
                | Part::Area(_)
                | Part::Table(_)
                | Part::TableEnd(_)
                | Part::End(_) => {}
            }
        }
    }

    /// Puts the next table's rows into this one.
    async fn table(
        &mut self,
        transaction: &mut Transaction,
        table: &StoredTable,
        columns: &[StoredColumn],
        advance: &mut (dyn FnMut(usize) + Send),
    ) -> Result<(), BackupError> {
        loop {
            match self.next().await? {
                Part::Rows(rows) => {
                    insert(transaction, table, columns, &rows).await?;
                    advance(rows.len());
                }
                Part::TableEnd(_) => return Ok(()),
                Part::Begin(_)
                | Part::Area(_)
                | Part::Table(_)
                | Part::AreaEnd(_)
                | Part::End(_) => {}
            }
        }
    }
}

async fn insert(
    transaction: &mut Transaction,
    table: &StoredTable,
    columns: &[StoredColumn],
    rows: &[StoredRow],
) -> Result<(), RegistryError> {
    // A page at a time stays below what either database takes as parameters of one statement.
    debug_assert!(rows.len() <= MOST_ROWS && columns.len() < 100);
    storage::insert_rows(transaction, table, columns, rows).await
}
