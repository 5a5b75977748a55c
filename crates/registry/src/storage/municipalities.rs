//! Which municipalities have a register, where no folder of files says it: in PostgreSQL.

use super::Transaction;
use crate::error::RegistryError;

/// The codes of all municipalities, in order.
pub(crate) async fn municipalities(
    transaction: &mut Transaction,
) -> Result<Vec<String>, RegistryError> {
    run!(
        transaction,
        fetch_all,
        sqlx::query_scalar("SELECT code FROM municipality ORDER BY code")
    )
}

/// Adds a municipality; nothing changes where it is there.
pub(crate) async fn insert_municipality(
    transaction: &mut Transaction,
    code: &str,
) -> Result<(), RegistryError> {
    let statement = "INSERT INTO municipality (code) VALUES ($1) ON CONFLICT DO NOTHING";
    run!(transaction, execute, sqlx::query(statement).bind(code))?;
    Ok(())
}
