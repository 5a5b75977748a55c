//! The third step: what is news is stored, in one transaction, in the order of its keys.

use std::sync::Arc;

use super::ImportFile;
use super::bits::Bits;
use super::checking::{Checked, file_of};
use super::gathering::Gathered;
use super::progress::{ImportProgress, ImportStep};
use super::streaming;
use crate::error::RegistryError;
use crate::storage::{self, ChildTable, Transaction};

/// Stores every row that is news; residents first.
pub(super) async fn land(
    transaction: &mut Transaction,
    gathered: &Arc<Gathered>,
    checked: &Checked,
    progress: &dyn ImportProgress,
) -> Result<(), RegistryError> {
    let rows = checked.news.iter().map(|news| news.count()).sum();
    progress.begin(ImportStep::Landing, rows);
    let news = |file: ImportFile| -> &Arc<Bits> { &checked.news[file as usize] };
    let file = ImportFile::Residents;
    let mut chunks = streaming::landing(gathered, file, news(file));
    while let Some(chunk) = chunks.next().await? {
        let residents = chunk.iter().map(|record| Ok(record.to_resident()?.0));
        let residents = residents.collect::<Result<Vec<_>, RegistryError>>()?;
        storage::upsert_residents(transaction, &residents).await?;
        progress.advance(residents.len() as u64);
    }
    for table in ChildTable::ALL {
        let file = file_of(table);
        let mut chunks = streaming::landing(gathered, file, news(file));
        while let Some(chunk) = chunks.next().await? {
            let rows = chunk.iter().map(|record| Ok(record.to_child()?.row));
            let rows = rows.collect::<Result<Vec<_>, RegistryError>>()?;
            storage::upsert_children(transaction, table, &rows).await?;
            progress.advance(rows.len() as u64);
        }
    }
    Ok(())
}
