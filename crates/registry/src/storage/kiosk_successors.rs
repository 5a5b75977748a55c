//! Which key follows which, while a kiosk changes its key.

use super::Transaction;
use crate::error::RegistryError;

/// The key that follows another, and until when that one is good.
#[derive(Debug)]
pub(crate) struct SuccessorRow {
    pub(crate) successor: Vec<u8>,
    pub(crate) ends_at: i64,
}

/// What follows this key.
pub(crate) async fn kiosk_successor(
    transaction: &mut Transaction,
    channel_id: &[u8],
) -> Result<Option<SuccessorRow>, RegistryError> {
    let row: Option<(Vec<u8>, i64)> = run!(
        transaction,
        fetch_optional,
        sqlx::query_as("SELECT successor, ends_at FROM kiosk_successor WHERE channel_id = $1")
            .bind(channel_id)
    )?;
    Ok(row.map(|(successor, ends_at)| SuccessorRow { successor, ends_at }))
}

/// The key that this one follows.
pub(crate) async fn kiosk_predecessor(
    transaction: &mut Transaction,
    successor: &[u8],
) -> Result<Option<Vec<u8>>, RegistryError> {
    run!(
        transaction,
        fetch_optional,
        sqlx::query_scalar("SELECT channel_id FROM kiosk_successor WHERE successor = $1")
            .bind(successor)
    )
}

/// Sets what follows a key, instead of what was set before.
pub(crate) async fn set_kiosk_successor(
    transaction: &mut Transaction,
    channel_id: &[u8],
    row: &SuccessorRow,
) -> Result<(), RegistryError> {
    run!(
        transaction,
        execute,
        sqlx::query("DELETE FROM kiosk_successor WHERE channel_id = $1").bind(channel_id)
    )?;
    run!(
        transaction,
        execute,
        sqlx::query(
            "INSERT INTO kiosk_successor (channel_id, successor, ends_at) VALUES ($1, $2, $3)"
        )
        .bind(channel_id)
        .bind(&row.successor)
        .bind(row.ends_at)
    )?;
    Ok(())
}
