//! One SQLite file: one connection that writes, few that read.

use std::path::Path;
use std::time::Duration;

use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Sqlite, SqlitePool};

use crate::error::RegistryError;

/// A transaction on a file.
type Transaction = sqlx::Transaction<'static, Sqlite>;

/// How long to wait for another writer, of this process or another, before giving up.
const PATIENCE: Duration = Duration::from_secs(5);
/// Connections for reading, each a thread; opened when needed, closed when idle.
const READERS: u32 = 4;
/// How long a connection that nobody needs stays open.
const IDLE: Duration = Duration::from_secs(60);

/// An open file of the register.
#[derive(Debug)]
pub(crate) struct SqliteFile {
    readers: SqlitePool,
    writer: SqlitePool,
}

impl SqliteFile {
    /// Opens a file and brings its schema up to date.
    pub(crate) async fn open(
        path: &Path,
        migrator: &Migrator,
        create_if_missing: bool,
    ) -> Result<Self, RegistryError> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(create_if_missing)
            .journal_mode(SqliteJournalMode::Wal)
            // A commit is on the disk before anybody is told of it.
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(PATIENCE)
            // Removed rows are overwritten, and sorting leaves no temporary file (C26).
            .pragma("secure_delete", "ON")
            .pragma("temp_store", "MEMORY")
            .disable_statement_logging();
        let pool = |connections| {
            SqlitePoolOptions::new()
                .max_connections(connections)
                .acquire_timeout(PATIENCE)
                .idle_timeout(IDLE)
                .test_before_acquire(false)
        };
        // The writers of this process queue for the one connection, first come, first served,
        // instead of each polling the file's lock.
        let writer = pool(1).connect_with(options.clone()).await?;
        migrator.run(&writer).await?;
        let readers = pool(READERS).connect_lazy_with(options.pragma("query_only", "ON"));
        Ok(Self { readers, writer })
    }

    /// An empty database in memory: what is asked of it is its schema.
    pub(crate) async fn in_memory(migrator: &Migrator) -> Result<Self, RegistryError> {
        let pool = SqlitePoolOptions::new()
            .max_connections(1)
            .connect("sqlite::memory:")
            .await?;
        migrator.run(&pool).await?;
        let readers = pool.clone();
        Ok(Self {
            readers,
            writer: pool,
        })
    }

    /// Begins a transaction that writes; it holds the file's write lock.
    pub(crate) async fn begin(&self) -> Result<Transaction, RegistryError> {
        Ok(self.writer.begin_with("BEGIN IMMEDIATE").await?)
    }

    /// Begins a transaction that reads: one snapshot from its first statement on.
    pub(crate) async fn read(&self) -> Result<Transaction, RegistryError> {
        Ok(self.readers.begin().await?)
    }

    /// Folds the write-ahead log into the file and cuts it to nothing.
    pub(crate) async fn forget_overwritten(&self) -> Result<(), RegistryError> {
        sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)")
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    /// Closes every connection; the last one folds the write-ahead log into the file.
    pub(crate) async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}
