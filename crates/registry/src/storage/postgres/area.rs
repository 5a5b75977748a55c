//! One area of the database: a municipality's rows, or the system's tables.

use std::sync::Arc;
use std::time::Duration;

use domain::MunicipalityCode;
use sqlx::postgres::PgPoolOptions;
use sqlx::{AssertSqlSafe, Executor as _, PgPool, Postgres};
use tokio::sync::{Mutex, OwnedMutexGuard};

use super::PostgresAddress;
use crate::error::{RegistryError, StorageFault};

/// How long to wait for a connection, or for another writer, before giving up.
const PATIENCE: Duration = Duration::from_secs(5);
/// Connections of this process to the municipalities' tables, and to the system's.
const CONNECTIONS: u32 = 24;
/// How long a connection that nobody needs stays open.
const IDLE: Duration = Duration::from_secs(60);
/// What holds for every connection of ours. A statement is one chunk of work, and a transaction
/// whose program stopped holds its municipality's turn no longer than that.
const BOUNDS: [(&str, &str); 3] = [
    ("lock_timeout", "5s"),
    ("statement_timeout", "60s"),
    ("idle_in_transaction_session_timeout", "60s"),
];
/// The advisory locks by which writers take turns: this, and the area's number.
const LOCKS: i32 = 0x616b;

/// The connections to one database. Each pool's connections mean one schema's tables: a statement
/// prepared for the one is never run on the other.
#[derive(Debug, Clone)]
pub(crate) struct PostgresPools {
    municipality: PgPool,
    system: PgPool,
}

impl PostgresPools {
    /// Connects when first asked for something.
    pub(crate) fn new(address: &PostgresAddress) -> Self {
        let pool = |schema| {
            PgPoolOptions::new()
                .max_connections(CONNECTIONS)
                .acquire_timeout(PATIENCE)
                .idle_timeout(IDLE)
                // One that died with the database is replaced, not handed out.
                .test_before_acquire(true)
                .connect_lazy_with(address.options(schema).options(BOUNDS))
        };
        Self {
            municipality: pool("municipality"),
            system: pool("system"),
        }
    }

    /// The system's tables.
    pub(crate) fn system(&self) -> PostgresArea {
        PostgresArea {
            pool: self.system.clone(),
            municipality: None,
            turn: Arc::default(),
        }
    }

    /// One municipality's rows.
    pub(crate) fn municipality(&self, code: MunicipalityCode) -> PostgresArea {
        PostgresArea {
            pool: self.municipality.clone(),
            municipality: Some(code),
            turn: Arc::default(),
        }
    }

    /// Closes every connection.
    pub(crate) async fn close(&self) {
        self.municipality.close().await;
        self.system.close().await;
    }

    pub(super) const fn system_pool(&self) -> &PgPool {
        &self.system
    }
}

/// One municipality's rows, or the system's tables.
#[derive(Debug)]
pub(crate) struct PostgresArea {
    pool: PgPool,
    municipality: Option<MunicipalityCode>,
    /// This process's writers of one area queue here, so that they hold one connection and not
    /// all of them.
    turn: Arc<Mutex<()>>,
}

/// A transaction, and the turn of its area where it writes.
#[derive(Debug)]
pub(crate) struct PostgresTransaction {
    pub(crate) open: sqlx::Transaction<'static, Postgres>,
    turn: Option<OwnedMutexGuard<()>>,
}

impl PostgresArea {
    /// Begins a transaction that writes: the area's only one, in this process and any other. It
    /// sees what the one before it committed.
    pub(crate) async fn begin(&self) -> Result<PostgresTransaction, RegistryError> {
        let turn = self.own_turn().await?;
        let mut transaction = self.begin_beside().await?;
        self.lock(&mut transaction).await?;
        transaction.turn = Some(turn);
        Ok(transaction)
    }

    /// Begins a transaction that writes beside the area's others until it takes its turn.
    pub(crate) async fn begin_beside(&self) -> Result<PostgresTransaction, RegistryError> {
        Ok(PostgresTransaction {
            open: self.begin_as("READ COMMITTED").await?,
            turn: None,
        })
    }

    /// Waits for the turn of a transaction that was begun beside others.
    pub(crate) async fn take_turn(
        &self,
        transaction: &mut PostgresTransaction,
    ) -> Result<(), RegistryError> {
        let turn = self.own_turn().await?;
        self.lock(transaction).await?;
        transaction.turn = Some(turn);
        Ok(())
    }

    /// This process's turn in the area.
    async fn own_turn(&self) -> Result<OwnedMutexGuard<()>, RegistryError> {
        let turn = Arc::clone(&self.turn).lock_owned();
        tokio::time::timeout(PATIENCE, turn)
            .await
            .map_err(|_| RegistryError::LookupUnavailable(StorageFault::Busy))
    }

    /// Every process's. What fails within `BEGIN` would leave its connection in a broken
    /// transaction, which the pool would hand out again: so the lock is a statement of its own.
    async fn lock(&self, transaction: &mut PostgresTransaction) -> Result<(), RegistryError> {
        let number = self
            .municipality
            .map_or_else(|| "0".to_owned(), |code| code.to_string());
        let lock = format!("SELECT pg_advisory_xact_lock({LOCKS}, '{number}'::INTEGER)");
        transaction.open.execute(AssertSqlSafe(lock)).await?;
        Ok(())
    }

    /// Begins a transaction that only reads: one snapshot.
    pub(crate) async fn read(&self) -> Result<PostgresTransaction, RegistryError> {
        Ok(PostgresTransaction {
            open: self.begin_as("REPEATABLE READ, READ ONLY").await?,
            turn: None,
        })
    }

    /// Begins with the municipality named until the transaction's end, never for the connection.
    /// Six digits need no quoting.
    async fn begin_as(
        &self,
        mode: &str,
    ) -> Result<sqlx::Transaction<'static, Postgres>, sqlx::Error> {
        let municipality = self.municipality.map_or_else(String::new, |code| {
            format!("SET LOCAL akashi.municipality = '{code}';")
        });
        let begin = format!("BEGIN ISOLATION LEVEL {mode}; {municipality}");
        self.pool.begin_with(AssertSqlSafe(begin)).await
    }
}
