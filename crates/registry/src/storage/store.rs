//! One area's storage: a municipality's, or the system's.

use std::path::Path;

use sqlx::migrate::Migrator;

use super::Transaction;
use super::postgres::PostgresArea;
use super::sqlite::SqliteFile;
use crate::error::RegistryError;

/// The storage of one area. What is begun here reaches this area alone (C11).
#[derive(Debug)]
pub(crate) enum Store {
    /// A SQLite file of its own.
    Sqlite(SqliteFile),
    /// Its rows, or its schema, of a PostgreSQL database.
    Postgres(PostgresArea),
}

impl Store {
    /// Opens a SQLite file and brings its schema up to date.
    pub(crate) async fn open_sqlite(
        path: &Path,
        migrator: &Migrator,
        create_if_missing: bool,
    ) -> Result<Self, RegistryError> {
        let file = SqliteFile::open(path, migrator, create_if_missing).await?;
        Ok(Self::Sqlite(file))
    }

    /// An empty database in memory, with this schema.
    pub(crate) async fn open_in_memory(migrator: &Migrator) -> Result<Self, RegistryError> {
        SqliteFile::in_memory(migrator).await.map(Self::Sqlite)
    }

    /// Begins a transaction that writes: the only one on this area until it ends.
    pub(crate) async fn begin(&self) -> Result<Transaction, RegistryError> {
        match self {
            Self::Sqlite(file) => file.begin().await.map(Transaction::Sqlite),
            Self::Postgres(area) => area.begin().await.map(Transaction::Postgres),
        }
    }

    /// Begins a transaction that writes many rows beside others, and takes its turn among those
    /// that write only at its end. A SQLite file has one writer: there it is its turn at once.
    pub(crate) async fn begin_beside(&self) -> Result<Transaction, RegistryError> {
        match self {
            Self::Sqlite(file) => file.begin().await.map(Transaction::Sqlite),
            Self::Postgres(area) => area.begin_beside().await.map(Transaction::Postgres),
        }
    }

    /// Takes the turn of a transaction that was begun beside others: from here on it is the only
    /// one that writes, and sees what those before it committed.
    pub(crate) async fn take_turn(
        &self,
        transaction: &mut Transaction,
    ) -> Result<(), RegistryError> {
        match (self, transaction) {
            (Self::Postgres(area), Transaction::Postgres(open)) => area.take_turn(open).await,
            (Self::Sqlite(_), _) | (_, Transaction::Sqlite(_)) => Ok(()),
        }
    }

    /// Begins a transaction that only reads: one snapshot, and nobody waits for it.
    pub(crate) async fn read(&self) -> Result<Transaction, RegistryError> {
        match self {
            Self::Sqlite(file) => file.read().await.map(Transaction::Sqlite),
            Self::Postgres(area) => area.read().await.map(Transaction::Postgres),
        }
    }

    /// Clears what was overwritten out of the file's log, where there is one: after this no copy
    /// of it is left in the folder. Readers of an older state can put it off to the next time
    /// the log is folded in.
    pub(crate) async fn forget_overwritten(&self) -> Result<(), RegistryError> {
        match self {
            Self::Sqlite(file) => file.forget_overwritten().await,
            // The database's own log is its operator's (docs/DEPLOYMENT.md).
            Self::Postgres(_) => Ok(()),
        }
    }

    /// Closes every connection of this area's own; in PostgreSQL the areas share theirs.
    pub(crate) async fn close(&self) {
        match self {
            Self::Sqlite(file) => file.close().await,
            Self::Postgres(_) => {}
        }
    }
}
