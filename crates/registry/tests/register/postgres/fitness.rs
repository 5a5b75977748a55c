//! A database that would not keep municipalities apart is refused before anything is read (C11).

use registry::{PostgresAddress, RegistryError, UnfitDatabase};
use sqlx::{AssertSqlSafe, Executor};

use super::support::*;
use crate::databases::{PostgresDatabase, prepare};

/// Opens the register as this role.
async fn open_as(database: &PostgresDatabase, role: &str) -> Result<(), RegistryError> {
    let place = PostgresDatabase::place_of(&database.address(role));
    let clock = std::sync::Arc::new(domain::SystemClock);
    let random = std::sync::Arc::new(crypto::SystemRandom);
    let master = registry::MasterKey::new(&[7; 32]);
    let registry = registry::Registry::open(place, master, clock, random).await?;
    registry.close().await;
    Ok(())
}

async fn administrate(database: &PostgresDatabase, statements: &str) {
    let mut administrator = database.administrator().await;
    let done = sqlx::raw_sql(AssertSqlSafe(statements))
        .execute(&mut administrator)
        .await;
    done.unwrap();
}

#[tokio::test]
async fn a_role_that_reaches_around_the_policies_is_refused() {
    let test = TestRegistry::empty().await;
    let database = &test.database;
    assert_eq!(open_as(database, "akashi_server").await, Ok(()));
    for (powers, unfit) in [
        ("SUPERUSER", UnfitDatabase::Superuser),
        ("BYPASSRLS", UnfitDatabase::BypassesRowSecurity),
        ("CREATEROLE", UnfitDatabase::Privileged),
        ("REPLICATION", UnfitDatabase::Privileged),
        ("IN ROLE akashi_owner", UnfitDatabase::Owner),
        ("NOINHERIT IN ROLE akashi_owner", UnfitDatabase::Owner),
    ] {
        let role = format!("{}_role", database.name);
        let make = format!("CREATE ROLE {role} LOGIN {powers} IN ROLE akashi_server");
        let make = match powers.split_once("IN ROLE ") {
            Some((how, owner)) => {
                format!("CREATE ROLE {role} LOGIN {how} IN ROLE akashi_server, {owner}")
            }
            None => make,
        };
        administrate(database, &make).await;
        let refused = open_as(database, &role).await;
        administrate(database, &format!("DROP ROLE {role}")).await;
        let unfit = Err(RegistryError::UnfitDatabase(unfit));
        assert_eq!(refused, unfit, "{powers}");
    }
    let owner = open_as(database, "akashi_owner").await;
    let unfit = RegistryError::UnfitDatabase(UnfitDatabase::Owner);
    assert_eq!(owner, Err(unfit));
}

#[tokio::test]
async fn tables_without_their_policy_are_refused() {
    for statement in [
        "ALTER TABLE municipality.dose NO FORCE ROW LEVEL SECURITY",
        "ALTER TABLE municipality.dose DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE municipality.dose_07 DISABLE ROW LEVEL SECURITY",
        "DROP POLICY own_municipality ON municipality.dose",
        "CREATE POLICY anybody ON municipality.dose USING (true)",
        "ALTER POLICY own_municipality ON municipality.dose WITH CHECK (true)",
        "CREATE TABLE municipality.plain (id BIGINT)",
    ] {
        let test = TestRegistry::empty().await;
        administrate(&test.database, statement).await;
        let refused = open_as(&test.database, "akashi_server").await;
        let unfit = RegistryError::UnfitDatabase(UnfitDatabase::RowSecurityOff);
        assert_eq!(refused, Err(unfit), "{statement}");
    }
}

#[tokio::test]
async fn a_database_of_another_schema_is_refused() {
    let unprepared = PostgresDatabase::empty().await;
    let refused = open_as(&unprepared, "akashi_server").await;
    let unfit = RegistryError::UnfitDatabase(UnfitDatabase::NotPrepared);
    assert_eq!(refused, Err(unfit));
    for (statement, unfit) in [
        (
            "DELETE FROM municipality._sqlx_migrations \
             WHERE version = (SELECT MAX(version) FROM municipality._sqlx_migrations)",
            UnfitDatabase::NotPrepared,
        ),
        (
            "UPDATE system._sqlx_migrations SET checksum = 'x'",
            UnfitDatabase::OtherSchema,
        ),
        (
            "INSERT INTO akashi._sqlx_migrations SELECT 9999, description, installed_on, success, \
             checksum, execution_time FROM akashi._sqlx_migrations LIMIT 1",
            UnfitDatabase::OtherSchema,
        ),
    ] {
        let test = TestRegistry::empty().await;
        administrate(&test.database, statement).await;
        let refused = open_as(&test.database, "akashi_server").await;
        let unfit = RegistryError::UnfitDatabase(unfit);
        assert_eq!(refused, Err(unfit), "{statement}");
    }
}

#[tokio::test]
async fn preparing_is_done_once_and_refuses_a_role_that_the_server_must_not_have() {
    let database = PostgresDatabase::empty().await;
    assert!(prepare(&database.name).await.unwrap().applied > 5);
    assert_eq!(prepare(&database.name).await.unwrap().applied, 0);
    assert_eq!(open_as(&database, "akashi_server").await, Ok(()));
    let owner = PostgresAddress::parse(&database.address("akashi_owner"), None).unwrap();
    for (role, unfit) in [
        ("akashi_owner", UnfitDatabase::Owner),
        ("akashi_administrator", UnfitDatabase::Superuser),
        ("akashi_nobody", UnfitDatabase::NoSuchRole),
    ] {
        let refused = registry::prepare_postgres(&owner, role).await;
        assert_eq!(refused, Err(RegistryError::UnfitDatabase(unfit)), "{role}");
    }
    let server = PostgresAddress::parse(&database.address("akashi_server"), None).unwrap();
    let refused = registry::prepare_postgres(&server, "akashi_server").await;
    let unfit = RegistryError::UnfitDatabase(UnfitDatabase::NotItsOwner);
    assert_eq!(refused, Err(unfit));
}

#[tokio::test]
async fn preparing_that_was_interrupted_goes_on() {
    let database = PostgresDatabase::empty().await;
    let mut interrupted = 0;
    for pause in (0..).map(|n| std::time::Duration::from_millis(n * 15)) {
        // Dropped in the middle, its connection is closed as that of a killed program is.
        match tokio::time::timeout(pause, prepare(&database.name)).await {
            Ok(prepared) => {
                prepared.unwrap();
                break;
            }
            Err(_) => interrupted += 1,
        }
    }
    assert!(interrupted > 1);
    assert_eq!(prepare(&database.name).await.unwrap().applied, 0);
    assert_eq!(open_as(&database, "akashi_server").await, Ok(()));
}

#[tokio::test]
async fn the_server_s_role_changes_no_table() {
    let test = TestRegistry::empty().await;
    let mut server = test.database.server("municipality").await;
    for statement in [
        "CREATE TABLE municipality.mine (id BIGINT)",
        "CREATE TABLE public.mine (id BIGINT)",
        "CREATE SCHEMA mine",
        "ALTER TABLE dose DISABLE ROW LEVEL SECURITY",
        "DROP POLICY own_municipality ON dose",
        "CREATE POLICY anybody ON dose USING (true)",
        "TRUNCATE dose",
        "SELECT akashi.municipality_table('mine', 'id BIGINT')",
        "SELECT akashi.grant_to('akashi_server')",
        "INSERT INTO akashi.server_right VALUES ('municipality', 'dose', 'ALL')",
        "UPDATE akashi._sqlx_migrations SET checksum = 'x'",
    ] {
        let refused = server.execute(statement).await;
        assert!(refused.is_err(), "{statement}");
    }
}
