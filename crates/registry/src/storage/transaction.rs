//! One text of SQL, two databases: a statement is written once and runs on whichever connection
//! the transaction holds (ADR 0011).

use super::postgres::PostgresTransaction;
use crate::error::RegistryError;

/// An open transaction on one area: a municipality's, or the system's. Dropped without `commit`,
/// it leaves nothing.
#[derive(Debug)]
pub(crate) enum Transaction {
    /// On a SQLite file; one that writes holds the file's write lock.
    Sqlite(sqlx::Transaction<'static, sqlx::Sqlite>),
    /// On a PostgreSQL connection that sees one area's rows.
    Postgres(PostgresTransaction),
}

impl Transaction {
    /// Makes what was done last: it is on the disk when this returns.
    pub(crate) async fn commit(self) -> Result<(), RegistryError> {
        match self {
            Self::Sqlite(open) => open.commit().await?,
            Self::Postgres(transaction) => transaction.open.commit().await?,
        }
        Ok(())
    }

    /// The columns of a unique key as `ON CONFLICT` names them, in brackets: in PostgreSQL a
    /// municipality's keys begin with the municipality.
    pub(crate) fn unique_key(&self, columns: &str) -> String {
        match self {
            Self::Sqlite(_) => format!("({columns})"),
            Self::Postgres(_) => format!("(municipality, {columns})"),
        }
    }
}

/// Runs one body on either connection; it ends in sqlx's `Result`. What `run` has no form
/// for.
macro_rules! on_either {
    ($transaction:expr, |$connection:ident| $body:expr) => {
        match $transaction {
            $crate::storage::Transaction::Sqlite(open) => {
                let $connection = &mut **open;
                $body.map_err($crate::error::RegistryError::from)
            }
            $crate::storage::Transaction::Postgres(transaction) => {
                let $connection = &mut *transaction.open;
                $body.map_err($crate::error::RegistryError::from)
            }
        }
    };
}

/// Runs one statement on either connection. Parameters are `$1, $2 …`, as both databases take
/// them.
///
/// ```text
/// run!(transaction, execute, sqlx::query("UPDATE …").bind(id))          → rows affected, u64
/// run!(transaction, fetch_all, sqlx::query_as("SELECT …").bind(id))     → Vec of rows
/// run!(transaction, fetch_optional, sqlx::query_scalar("SELECT …"))     → Option
/// ```
macro_rules! run {
    ($transaction:expr, execute, $statement:expr) => {
        on_either!($transaction, |connection| $statement
            .execute(connection)
            .await
            .map(|done| done.rows_affected()))
    };
    ($transaction:expr, $fetch:ident, $statement:expr) => {
        on_either!($transaction, |connection| $statement
            .$fetch(connection)
            .await)
    };
}
