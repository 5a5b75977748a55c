//! The disclosure record: appended to, never changed.

use sqlx::FromRow;

use super::Transaction;
use crate::error::RegistryError;

/// A record of a provision or of its refusal.
#[derive(Debug, Clone, FromRow)]
pub(crate) struct DisclosureRow {
    pub(crate) id: Vec<u8>,
    pub(crate) resident: Vec<u8>,
    pub(crate) recorded_at: i64,
    pub(crate) sealed: Vec<u8>,
}

/// Appends a record.
pub(crate) async fn insert_disclosure(
    transaction: &mut Transaction,
    row: &DisclosureRow,
) -> Result<(), RegistryError> {
    run!(
        transaction,
        execute,
        sqlx::query(
            "INSERT INTO disclosure_record (id, resident, recorded_at, sealed) \
             VALUES ($1, $2, $3, $4)"
        )
        .bind(&row.id)
        .bind(&row.resident)
        .bind(row.recorded_at)
        .bind(&row.sealed)
    )?;
    Ok(())
}

/// The records about a resident, oldest first.
pub(crate) async fn disclosures(
    transaction: &mut Transaction,
    resident: &[u8],
) -> Result<Vec<DisclosureRow>, RegistryError> {
    run!(
        transaction,
        fetch_all,
        sqlx::query_as(
            "SELECT id, resident, recorded_at, sealed FROM disclosure_record \
             WHERE resident = $1 ORDER BY recorded_at, id"
        )
        .bind(resident)
    )
}
