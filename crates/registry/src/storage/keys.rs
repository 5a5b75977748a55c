//! The register's own keys, each wrapped by the master key.

use sqlx::FromRow;

use super::Transaction;
use crate::error::RegistryError;

/// A wrapped key as stored.
#[derive(Debug, Clone, FromRow)]
pub(crate) struct WrappedKeyRow {
    /// `index`, `data`, or `unversioned`: what a register had before keys had versions.
    pub(crate) purpose: String,
    pub(crate) version: i64,
    /// `None`: destroyed.
    pub(crate) wrapped: Option<Vec<u8>>,
    /// Seconds since 1970.
    pub(crate) made_at: i64,
    pub(crate) destroyed_at: Option<i64>,
}

/// The versions of the data keys that are there, in order.
pub(crate) async fn data_key_versions(
    transaction: &mut Transaction,
) -> Result<Vec<i64>, RegistryError> {
    run!(
        transaction,
        fetch_all,
        sqlx::query_scalar(
            "SELECT version FROM wrapped_key \
             WHERE purpose = 'data' AND wrapped IS NOT NULL ORDER BY version"
        )
    )
}

/// Every key, destroyed ones included; none where the register was not completely made.
pub(crate) async fn wrapped_keys(
    transaction: &mut Transaction,
) -> Result<Vec<WrappedKeyRow>, RegistryError> {
    run!(
        transaction,
        fetch_all,
        sqlx::query_as(
            "SELECT purpose, version, wrapped, made_at, destroyed_at FROM wrapped_key \
             ORDER BY purpose, version"
        )
    )
}

/// Stores a new key; `false` where there is one of that version.
pub(crate) async fn insert_wrapped_key(
    transaction: &mut Transaction,
    row: &WrappedKeyRow,
) -> Result<bool, RegistryError> {
    let done = run!(
        transaction,
        execute,
        sqlx::query(
            "INSERT INTO wrapped_key (purpose, version, wrapped, made_at) VALUES ($1, $2, $3, $4) \
             ON CONFLICT DO NOTHING"
        )
        .bind(&row.purpose)
        .bind(row.version)
        .bind(&row.wrapped)
        .bind(row.made_at)
    )?;
    Ok(done == 1)
}

/// Stores a key wrapped anew in the place of the same key.
pub(crate) async fn replace_wrapped_key(
    transaction: &mut Transaction,
    purpose: &str,
    version: i64,
    wrapped: &[u8],
) -> Result<(), RegistryError> {
    run!(
        transaction,
        execute,
        sqlx::query(
            "UPDATE wrapped_key SET wrapped = $1 \
             WHERE purpose = $2 AND version = $3 AND wrapped IS NOT NULL"
        )
        .bind(wrapped)
        .bind(purpose)
        .bind(version)
    )?;
    Ok(())
}

/// Destroys a data key: what was stored of it is overwritten, its row says when.
pub(crate) async fn destroy_data_key(
    transaction: &mut Transaction,
    version: i64,
    at: i64,
) -> Result<(), RegistryError> {
    run!(
        transaction,
        execute,
        sqlx::query(
            "UPDATE wrapped_key SET wrapped = NULL, destroyed_at = $1 \
             WHERE purpose = 'data' AND version = $2 AND wrapped IS NOT NULL"
        )
        .bind(at)
        .bind(version)
    )?;
    Ok(())
}

/// Removes the secret of before, once it is taken apart.
pub(crate) async fn remove_unversioned_key(
    transaction: &mut Transaction,
) -> Result<(), RegistryError> {
    run!(
        transaction,
        execute,
        sqlx::query("DELETE FROM wrapped_key WHERE purpose = 'unversioned'")
    )?;
    Ok(())
}
