//! The third step: what is news is stored, in one transaction, in the order of its keys.

use std::sync::Arc;

use super::ImportFile;
use super::checking::{Checked, file_of};
use super::gathering::Gathered;
use super::progress::{ImportProgress, ImportStep};
use super::sorting::Record;
use super::streaming::{self, Stream};
use crate::error::RegistryError;
use crate::storage::{self, ChildTable, Transaction};

/// Up to so many rows are fetched out of the spill before the write lock is taken: what a usual
/// delivery changes is then written in an instant.
const MOST_AT_HAND: u64 = 20_000;

/// The rows that land, as chunks of each kind.
pub(super) struct Landing {
    kinds: [Chunks; ImportFile::ALL.len()],
    rows: u64,
}

/// The chunks of one kind.
enum Chunks {
    AtHand(std::vec::IntoIter<Vec<Record>>),
    Merged(Stream<Record>),
}

impl Chunks {
    async fn next(&mut self) -> Result<Option<Vec<Record>>, RegistryError> {
        match self {
            Self::AtHand(chunks) => Ok(chunks.next()),
            Self::Merged(stream) => stream.next().await,
        }
    }
}

impl Landing {
    /// Prepares what is news: to be merged while it is stored, or, where it is little, at hand.
    pub(super) async fn of(
        gathered: &Arc<Gathered>,
        checked: &Checked,
    ) -> Result<Self, RegistryError> {
        let rows = checked.news.iter().map(|news| news.count()).sum();
        let mut kinds =
            [(); ImportFile::ALL.len()].map(|()| Chunks::AtHand(Vec::new().into_iter()));
        for file in ImportFile::ALL {
            let news = &checked.news[file as usize];
            if news.count() == 0 {
                continue;
            }
            let mut stream = streaming::landing(gathered, file, news);
            kinds[file as usize] = if rows > MOST_AT_HAND {
                Chunks::Merged(stream)
            } else {
                let mut chunks = Vec::new();
                while let Some(chunk) = stream.next().await? {
                    chunks.push(chunk);
                }
                Chunks::AtHand(chunks.into_iter())
            };
        }
        Ok(Self { kinds, rows })
    }

    /// Stores every row; residents first.
    pub(super) async fn store(
        mut self,
        transaction: &mut Transaction,
        progress: &dyn ImportProgress,
    ) -> Result<(), RegistryError> {
        progress.begin(ImportStep::Landing, self.rows);
        let chunks = &mut self.kinds[ImportFile::Residents as usize];
        while let Some(chunk) = chunks.next().await? {
            let residents = chunk.iter().map(|record| Ok(record.to_resident()?.0));
            let residents = residents.collect::<Result<Vec<_>, RegistryError>>()?;
            storage::upsert_residents(transaction, &residents).await?;
            progress.advance(residents.len() as u64);
        }
        for table in ChildTable::ALL {
            let chunks = &mut self.kinds[file_of(table) as usize];
            while let Some(chunk) = chunks.next().await? {
                let rows = chunk.iter().map(|record| Ok(record.to_child()?.row));
                let rows = rows.collect::<Result<Vec<_>, RegistryError>>()?;
                storage::upsert_children(transaction, table, &rows).await?;
                progress.advance(rows.len() as u64);
            }
        }
        Ok(())
    }
}
