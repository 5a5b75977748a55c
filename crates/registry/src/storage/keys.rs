//! The register's own wrapped secret.

use super::Transaction;
use crate::error::RegistryError;

/// The wrapped secret, where the register was completely made.
pub(crate) async fn wrapped_key(
    transaction: &mut Transaction,
) -> Result<Option<Vec<u8>>, RegistryError> {
    run!(
        transaction,
        fetch_optional,
        sqlx::query_scalar("SELECT wrapped FROM register_key")
    )
}

/// Stores the wrapped secret of a new register; `false` where it has one already.
pub(crate) async fn insert_wrapped_key(
    transaction: &mut Transaction,
    wrapped: &[u8],
) -> Result<bool, RegistryError> {
    let done = run!(
        transaction,
        execute,
        sqlx::query("INSERT INTO register_key (id, wrapped) VALUES (1, $1) ON CONFLICT DO NOTHING")
            .bind(wrapped)
    )?;
    Ok(done == 1)
}
