//! The register's own wrapped secret.

use sqlx::SqlitePool;

use super::Transaction;
use crate::error::RegistryError;

/// The wrapped secret, where the register was completely made.
pub(crate) async fn wrapped_key(readers: &SqlitePool) -> Result<Option<Vec<u8>>, RegistryError> {
    Ok(sqlx::query_scalar("SELECT wrapped FROM register_key")
        .fetch_optional(readers)
        .await?)
}

/// Stores the wrapped secret of a new register; `false` where it has one already.
pub(crate) async fn insert_wrapped_key(
    transaction: &mut Transaction,
    wrapped: &[u8],
) -> Result<bool, RegistryError> {
    let done =
        sqlx::query("INSERT INTO register_key (id, wrapped) VALUES (1, ?) ON CONFLICT DO NOTHING")
            .bind(wrapped)
            .execute(&mut **transaction)
            .await?;
    Ok(done.rows_affected() == 1)
}
