//! The spill's rows in their order, merged on a thread of its own ahead of the database.

use std::sync::Arc;

use time::Date;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::ImportFile;
use super::bits::Bits;
use super::gathering::Gathered;
use super::sorting::{Merge, Place, Record, Runs};
use crate::error::{RegistryError, StorageFault};
use crate::keys::RowId;

/// Rows that go to the database at once, about.
pub(super) const CHUNK: usize = 512;
/// Chunks that are merged ahead of the database.
const READ_AHEAD: usize = 4;
/// Most rows of one kind that anybody has in a batch.
pub(super) const MOST_ROWS_OF_ONE: usize = 200;

/// A row and its number in the order of all.
pub(super) type Numbered = (usize, Record);

/// One resident's rows of a kind.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) resident: RowId,
    /// The birth date, where the resident is brought in by the same batch.
    pub(super) brought_in: Option<Date>,
    pub(super) rows: Vec<Numbered>,
    /// Rows beyond what anybody has.
    pub(super) surplus: Vec<Place>,
}

/// Chunks as they are merged; none is empty.
pub(super) struct Stream<T> {
    chunks: mpsc::Receiver<Vec<T>>,
    merging: JoinHandle<Result<(), RegistryError>>,
}

impl<T: Send + 'static> Stream<T> {
    fn of(
        merge: impl FnOnce(&mut dyn FnMut(Vec<T>) -> bool) -> Result<(), RegistryError> + Send + 'static,
    ) -> Self {
        let (sender, chunks) = mpsc::channel(READ_AHEAD);
        let merging = tokio::task::spawn_blocking(move || {
            merge(&mut |chunk: Vec<T>| chunk.is_empty() || sender.blocking_send(chunk).is_ok())
        });
        Self { chunks, merging }
    }

    /// The next chunk; `None` at the end.
    pub(super) async fn next(&mut self) -> Result<Option<Vec<T>>, RegistryError> {
        if let Some(chunk) = self.chunks.recv().await {
            return Ok(Some(chunk));
        }
        let merged = (&mut self.merging).await;
        // Where merging panicked, nothing lands.
        merged.map_err(|_| RegistryError::SpillUnavailable(StorageFault::InputOutput))??;
        Ok(None)
    }
}

/// The claims of a kind, each with who claims and where, in the order of what is claimed.
pub(super) fn claims(gathered: &Arc<Gathered>, file: ImportFile) -> Stream<(RowId, RowId, Place)> {
    let gathered = Arc::clone(gathered);
    Stream::of(move |give| {
        let mut merge = Merge::of(&gathered.kind(file).claims, &gathered.spill)?;
        let mut chunk = Vec::with_capacity(CHUNK);
        while let Some(record) = merge.next()? {
            let (what, owner) = record.to_claim()?;
            chunk.push((what, owner, record.place));
            if chunk.len() == CHUNK
                && !give(std::mem::replace(&mut chunk, Vec::with_capacity(CHUNK)))
            {
                return Ok(());
            }
        }
        give(chunk);
        Ok(())
    })
}

/// The rows of a kind, resident by resident; `residents` says which residents of the same batch
/// are good.
pub(super) fn groups(
    gathered: &Arc<Gathered>,
    file: ImportFile,
    residents: Option<Arc<Bits>>,
) -> Stream<Group> {
    let gathered = Arc::clone(gathered);
    Stream::of(move |give| {
        let mut rows = Merge::of(&gathered.kind(file).rows, &gathered.spill)?;
        let known = &gathered.kind(ImportFile::Residents).rows;
        let mut births = match &residents {
            Some(good) => Some(Births::of(known, &gathered, good)?),
            None => None,
        };
        let (mut chunk, mut length, mut number) = (Vec::new(), 0, 0);
        while let Some(key) = rows.next_key() {
            let mut group = Group::of_key(key);
            if let Some(births) = &mut births {
                group.brought_in = births.of_resident(group.resident)?;
            }
            group.read(&mut rows, &mut number)?;
            length += group.rows.len();
            chunk.push(group);
            if length >= CHUNK {
                length = 0;
                if !give(std::mem::take(&mut chunk)) {
                    return Ok(());
                }
            }
        }
        give(chunk);
        Ok(())
    })
}

/// The rows of a kind that land.
pub(super) fn landing(
    gathered: &Arc<Gathered>,
    file: ImportFile,
    news: &Arc<Bits>,
) -> Stream<Record> {
    let (gathered, news) = (Arc::clone(gathered), Arc::clone(news));
    Stream::of(move |give| {
        let mut merge = Merge::of(&gathered.kind(file).rows, &gathered.spill)?;
        let mut chunk = Vec::with_capacity(CHUNK);
        let mut number = 0;
        while let Some(record) = merge.next()? {
            if news.get(number) {
                chunk.push(record);
            }
            number += 1;
            if chunk.len() == CHUNK
                && !give(std::mem::replace(&mut chunk, Vec::with_capacity(CHUNK)))
            {
                return Ok(());
            }
        }
        give(chunk);
        Ok(())
    })
}

impl Group {
    fn of_key(key: &[u8; 32]) -> Self {
        let mut resident = [0; 16];
        resident.copy_from_slice(&key[..16]);
        Self {
            resident: RowId(resident),
            brought_in: None,
            rows: Vec::new(),
            surplus: Vec::new(),
        }
    }

    fn read(&mut self, rows: &mut Merge<'_>, number: &mut usize) -> Result<(), RegistryError> {
        let own = self.resident.0;
        while rows.next_key().is_some_and(|key| key[..16] == own) {
            let Some(record) = rows.next()? else { break };
            if self.rows.len() < MOST_ROWS_OF_ONE {
                self.rows.push((*number, record));
            } else {
                self.surplus.push(record.place);
            }
            *number += 1;
        }
        Ok(())
    }
}

/// The birth dates of the batch's own residents, asked for in their order.
struct Births<'a> {
    residents: Merge<'a>,
    good: &'a Bits,
    number: usize,
}

impl<'a> Births<'a> {
    fn of(
        residents: &'a Runs,
        gathered: &'a Gathered,
        good: &'a Bits,
    ) -> Result<Self, RegistryError> {
        Ok(Self {
            residents: Merge::of(residents, &gathered.spill)?,
            good,
            number: 0,
        })
    }

    fn of_resident(&mut self, id: RowId) -> Result<Option<Date>, RegistryError> {
        let mut birth = None;
        while self
            .residents
            .next_key()
            .is_some_and(|key| key[..16] <= id.0[..])
        {
            let Some(record) = self.residents.next()? else {
                break;
            };
            if record.resident() == id && self.good.get(self.number) {
                birth = Some(record.to_resident()?.1);
            }
            self.number += 1;
        }
        Ok(birth)
    }
}
