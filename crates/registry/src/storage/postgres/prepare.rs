//! Making and updating the tables, as their owner; the server's role cannot.

use sqlx::migrate::Migrator;
use sqlx::{AssertSqlSafe, ConnectOptions, PgConnection};

use super::{PostgresAddress, PostgresPools, UnfitDatabase, check_policies, check_role};
use crate::error::RegistryError;

/// The schemas in the order in which they are made, each with its migrations.
static SCHEMAS: [(&str, Migrator); 3] = [
    ("akashi", sqlx::migrate!("migrations/postgres/foundation")),
    (
        "municipality",
        sqlx::migrate!("migrations/postgres/municipality"),
    ),
    ("system", sqlx::migrate!("migrations/postgres/system")),
];

/// What preparing a database did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Preparation {
    /// Number of migrations applied now; 0 where everything was up to date.
    pub applied: usize,
}

/// Makes the register's tables in a database or brings them up to date, and grants the server's
/// role what it needs. `owner` is the role that the tables belong to. Interrupted at any moment,
/// the same again goes on where it stopped: each migration is one transaction.
///
/// # Errors
/// [`RegistryError::UnfitDatabase`] for a role the server must not have;
/// [`RegistryError::LookupUnavailable`].
pub async fn prepare_postgres(
    owner: &PostgresAddress,
    server_role: &str,
) -> Result<Preparation, RegistryError> {
    let mut connection = owner.options("public").connect().await?;
    let may_make: bool =
        sqlx::query_scalar("SELECT has_database_privilege(current_database(), 'CREATE')")
            .fetch_one(&mut connection)
            .await?;
    if !may_make {
        return Err(UnfitDatabase::NotItsOwner.into());
    }
    for (schema, _) in &SCHEMAS {
        let statement = format!("CREATE SCHEMA IF NOT EXISTS {schema}");
        sqlx::query(AssertSqlSafe(statement))
            .execute(&mut connection)
            .await?;
    }
    let mut applied = 0;
    for (schema, migrator) in &SCHEMAS {
        let mut connection = owner.options(schema).connect().await?;
        let before = applied_migrations(&mut connection, schema).await?.len();
        migrator.run(&mut connection).await?;
        applied += migrator.iter().len().saturating_sub(before);
    }
    check_role(&mut connection, Some(server_role)).await?;
    check_policies(&mut connection).await?;
    sqlx::query("SELECT akashi.grant_to($1)")
        .bind(server_role)
        .execute(&mut connection)
        .await?;
    Ok(Preparation { applied })
}

/// Refuses a role that must not be the server's, and tables that are not exactly those that this
/// program knows, with their policies.
pub(crate) async fn check_schema(pools: &PostgresPools) -> Result<(), RegistryError> {
    let mut connection = pools.system_pool().acquire().await?;
    check_role(&mut connection, None).await?;
    for (schema, migrator) in &SCHEMAS {
        let applied = applied_migrations(&mut connection, schema).await?;
        let known: Vec<(i64, Vec<u8>)> = migrator
            .iter()
            .map(|migration| (migration.version, migration.checksum.to_vec()))
            .collect();
        if applied.len() < known.len() && known.starts_with(&applied) {
            return Err(UnfitDatabase::NotPrepared.into());
        }
        if applied != known {
            return Err(UnfitDatabase::OtherSchema.into());
        }
    }
    check_policies(&mut connection).await
}

/// Version and checksum of what was applied; nothing where the schema was never made.
async fn applied_migrations(
    connection: &mut PgConnection,
    schema: &str,
) -> Result<Vec<(i64, Vec<u8>)>, RegistryError> {
    let table = format!("{schema}._sqlx_migrations");
    let there: bool = sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM pg_class JOIN pg_namespace AS schema \
         ON schema.oid = relnamespace WHERE nspname = $1 AND relname = '_sqlx_migrations')",
    )
    .bind(schema)
    .fetch_one(&mut *connection)
    .await?;
    if !there {
        return Ok(Vec::new());
    }
    let statement = format!("SELECT version, checksum FROM {table} WHERE success ORDER BY version");
    Ok(sqlx::query_as(AssertSqlSafe(statement))
        .fetch_all(connection)
        .await?)
}
