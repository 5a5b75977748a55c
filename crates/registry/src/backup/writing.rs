//! Writing a backup: each area in one read transaction, page by page, while others work.

use std::io::Write;

use tokio::sync::mpsc;

use super::error::BackupError;
use super::format::{
    AreaDigest, AreaEnd, Begin, MOST_ROWS, Part, TableDigest, TableHead, seal_of, write_magic,
};
use super::{BackupId, BackupProgress};
use crate::error::RegistryError;
use crate::storage::{self, StoredColumn, StoredRow, Transaction};
use crate::tables::{StoredTable, Value};
use crate::upkeep::Upkeep;

/// Parts that are read ahead of the file.
const AHEAD: usize = 16;

/// Writes a backup of these areas, each as it stands at one moment; that it is written is recorded
/// in each of them first. Gives `output` back, which is not flushed.
///
/// # Errors
/// [`BackupError::File`], [`BackupError::Register`]; what was written is no backup then.
pub async fn write_backup<W: Write + Send + 'static>(
    areas: &[Upkeep],
    output: W,
    mut progress: impl FnMut(BackupProgress) + Send,
) -> Result<(BackupId, W), BackupError> {
    let (sender, parts) = mpsc::channel(AHEAD);
    let writing = tokio::task::spawn_blocking(move || write(output, parts));
    let read = Reader {
        sender,
        progress: &mut progress,
        state: BackupProgress { done: 0, of: 0 },
    }
    .read(areas)
    .await;
    // Where writing failed there is nobody to read for: its error is the reason.
    let output = writing
        .await
        .map_err(|_| BackupError::File(std::io::Error::other("writing the file was given up")))?;
    let output = output.map_err(BackupError::File)?;
    Ok((read?, output))
}

/// Writes parts as they come, to the end part.
fn write<W: Write>(mut output: W, mut parts: mpsc::Receiver<Vec<u8>>) -> std::io::Result<W> {
    write_magic(&mut output)?;
    while let Some(part) = parts.blocking_recv() {
        output.write_all(&part)?;
    }
    Ok(output)
}

struct Reader<'a> {
    sender: mpsc::Sender<Vec<u8>>,
    progress: &'a mut (dyn FnMut(BackupProgress) + Send),
    state: BackupProgress,
}

impl Reader<'_> {
    async fn read(mut self, areas: &[Upkeep]) -> Result<BackupId, BackupError> {
        let Some(first) = areas.first() else {
            return Err(BackupError::NotABackup);
        };
        let (mut id, clock) = ([0; 16], &first.shared().clock);
        first.shared().random.fill(&mut id);
        let begin = Begin {
            id,
            made_at: clock.now().unix_timestamp(),
        };
        for area in areas {
            area.record_backup(BackupId(id)).await?;
        }
        self.send(&Part::Begin(begin.clone())).await?;
        for area in areas {
            self.area(&begin, area).await?;
        }
        let count = u32::try_from(areas.len()).unwrap_or(u32::MAX);
        self.send(&Part::End(count)).await?;
        Ok(BackupId(id))
    }

    async fn area(&mut self, begin: &Begin, upkeep: &Upkeep) -> Result<(), BackupError> {
        let name = upkeep.area_name().to_string();
        let mut transaction = upkeep.area().read().await?;
        for table in upkeep.stored_tables() {
            self.state.of += storage::count_rows(&mut transaction, table).await?;
        }
        self.send(&Part::Area(name.clone())).await?;
        let mut digest = AreaDigest::new();
        for table in upkeep.stored_tables() {
            self.table(&mut transaction, table, &mut digest).await?;
        }
        let digest = digest.end();
        let seal = seal_of(upkeep.area().keys(), begin, &name, &digest);
        self.send(&Part::AreaEnd(AreaEnd { digest, seal })).await
    }

    async fn table(
        &mut self,
        transaction: &mut Transaction,
        table: &StoredTable,
        area: &mut AreaDigest,
    ) -> Result<(), BackupError> {
        let columns = storage::columns(transaction, table).await?;
        let head = TableHead::of(table.name, &columns);
        self.send(&Part::Table(head.clone())).await?;
        let mut digest = TableDigest::new();
        let mut pages = Pages::of(*table, columns);
        while let Some(rows) = pages.next(transaction).await? {
            digest.add(&rows);
            self.state.done += rows.len() as u64;
            self.send(&Part::Rows(rows)).await?;
            (self.progress)(self.state);
        }
        let end = digest.end();
        area.add(&head, &end);
        self.send(&Part::TableEnd(end)).await
    }

    async fn send(&mut self, part: &Part) -> Result<(), BackupError> {
        let sent = self.sender.send(part.to_bytes()).await;
        sent.map_err(|_| BackupError::File(std::io::Error::other("the file cannot be written")))
    }
}

/// The pages of a table, in the order of its key.
pub(super) struct Pages {
    table: StoredTable,
    columns: Vec<StoredColumn>,
    after: Option<Vec<Value>>,
}

impl Pages {
    pub(super) const fn of(table: StoredTable, columns: Vec<StoredColumn>) -> Self {
        let after = None;
        Self {
            table,
            columns,
            after,
        }
    }

    /// The next page; `None` behind the last.
    pub(super) async fn next(
        &mut self,
        transaction: &mut Transaction,
    ) -> Result<Option<Vec<StoredRow>>, RegistryError> {
        let limit = u32::try_from(MOST_ROWS).unwrap_or(u32::MAX);
        let (after, columns) = (self.after.as_deref(), &self.columns);
        let rows = storage::rows_after(transaction, &self.table, columns, after, limit).await?;
        let Some(last) = rows.last() else {
            return Ok(None);
        };
        self.after = Some(self.key_of(last));
        Ok(Some(rows))
    }

    fn key_of(&self, row: &StoredRow) -> Vec<Value> {
        let part = |(name, _): &(&str, _)| {
            let at = self.columns.iter().position(|column| column.name == *name);
            at.and_then(|at| row[at].clone())
        };
        self.table.key.iter().filter_map(part).collect()
    }
}
