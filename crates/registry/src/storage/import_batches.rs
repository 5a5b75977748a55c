//! Batches of files that were brought in, and whether their medium was erased.

use sqlx::FromRow;

use super::Transaction;
use crate::error::RegistryError;

/// A batch as stored.
#[derive(Debug, FromRow)]
pub(crate) struct ImportBatchRow {
    pub(crate) id: String,
    pub(crate) sequence: i64,
    pub(crate) approval: Option<String>,
    pub(crate) landed_at: i64,
    pub(crate) landed_by: String,
    pub(crate) erased_at: Option<i64>,
    pub(crate) erased_by: Option<String>,
    pub(crate) erasure: Option<Vec<u8>>,
}

/// A file of a batch as stored.
#[derive(Debug, FromRow)]
pub(crate) struct ImportFileRow {
    pub(crate) kind: String,
    pub(crate) digest: Vec<u8>,
    pub(crate) bytes: i64,
    pub(crate) added: i64,
    pub(crate) changed: i64,
    pub(crate) unchanged: i64,
    pub(crate) rejected: i64,
}

/// The number of the newest batch.
pub(crate) async fn newest_import_batch(
    transaction: &mut Transaction,
) -> Result<Option<i64>, RegistryError> {
    run!(
        transaction,
        fetch_one,
        sqlx::query_scalar("SELECT max(sequence) FROM import_batch")
    )
}

/// Stores a batch that lands.
pub(crate) async fn insert_import_batch(
    transaction: &mut Transaction,
    row: &ImportBatchRow,
) -> Result<(), RegistryError> {
    run!(
        transaction,
        execute,
        sqlx::query(
            "INSERT INTO import_batch (id, sequence, approval, landed_at, landed_by) \
             VALUES ($1, $2, $3, $4, $5)"
        )
        .bind(&row.id)
        .bind(row.sequence)
        .bind(&row.approval)
        .bind(row.landed_at)
        .bind(&row.landed_by)
    )?;
    Ok(())
}

/// Stores a file of a batch.
pub(crate) async fn insert_import_file(
    transaction: &mut Transaction,
    batch: &str,
    position: i64,
    row: &ImportFileRow,
) -> Result<(), RegistryError> {
    run!(
        transaction,
        execute,
        sqlx::query(
            "INSERT INTO import_file (batch, position, kind, digest, bytes, added, changed, \
             unchanged, rejected) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
        )
        .bind(batch)
        .bind(position)
        .bind(&row.kind)
        .bind(&row.digest)
        .bind(row.bytes)
        .bind(row.added)
        .bind(row.changed)
        .bind(row.unchanged)
        .bind(row.rejected)
    )?;
    Ok(())
}

macro_rules! select_batch {
    ($rest:literal) => {
        concat!(
            "SELECT id, sequence, approval, landed_at, landed_by, erased_at, erased_by, erasure \
             FROM import_batch ",
            $rest
        )
    };
}

/// The batch of this id.
pub(crate) async fn import_batch(
    transaction: &mut Transaction,
    id: &str,
) -> Result<Option<ImportBatchRow>, RegistryError> {
    run!(
        transaction,
        fetch_optional,
        sqlx::query_as(select_batch!("WHERE id = $1")).bind(id)
    )
}

/// The batch that used this approval.
pub(crate) async fn import_batch_of_approval(
    transaction: &mut Transaction,
    approval: &str,
) -> Result<Option<ImportBatchRow>, RegistryError> {
    run!(
        transaction,
        fetch_optional,
        sqlx::query_as(select_batch!("WHERE approval = $1")).bind(approval)
    )
}

/// The newest batches, at most 1000: those that are open, or all.
pub(crate) async fn import_batches(
    transaction: &mut Transaction,
    open_only: bool,
) -> Result<Vec<ImportBatchRow>, RegistryError> {
    run!(
        transaction,
        fetch_all,
        sqlx::query_as(select_batch!(
            "WHERE NOT $1 OR erased_at IS NULL ORDER BY sequence DESC LIMIT 1000"
        ))
        .bind(open_only)
    )
}

/// The files of a batch, in their order.
pub(crate) async fn import_files(
    transaction: &mut Transaction,
    batch: &str,
) -> Result<Vec<ImportFileRow>, RegistryError> {
    run!(
        transaction,
        fetch_all,
        sqlx::query_as(
            "SELECT kind, digest, bytes, added, changed, unchanged, rejected FROM import_file \
             WHERE batch = $1 ORDER BY position"
        )
        .bind(batch)
    )
}

/// Records that a batch's medium was erased.
pub(crate) async fn close_import_batch(
    transaction: &mut Transaction,
    id: &str,
    erased_at: i64,
    erased_by: &str,
    erasure: &[u8],
) -> Result<(), RegistryError> {
    run!(
        transaction,
        execute,
        sqlx::query(
            "UPDATE import_batch SET erased_at = $2, erased_by = $3, erasure = $4 WHERE id = $1"
        )
        .bind(id)
        .bind(erased_at)
        .bind(erased_by)
        .bind(erasure)
    )?;
    Ok(())
}
