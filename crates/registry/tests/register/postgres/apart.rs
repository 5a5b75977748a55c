//! Rows are apart in the database itself: whatever SQL the server's role runs, it reaches the
//! municipality that its transaction names, and none where none is named (C11).

use sqlx::{AssertSqlSafe, Executor, PgConnection};

use super::support::*;
use crate::databases::connect;

/// What PostgreSQL says where a right was not granted; a trigger would say something else.
const INSUFFICIENT_PRIVILEGE: &str = "42501";

async fn tables(connection: &mut PgConnection) -> Vec<String> {
    sqlx::query_scalar(
        "SELECT relname::text FROM pg_class WHERE relnamespace = 'municipality'::regnamespace \
         AND relkind = 'p' ORDER BY relname",
    )
    .fetch_all(connection)
    .await
    .unwrap()
}

/// Setagaya with a resident who was issued a certificate, revoked since.
async fn used() -> TestRegistry {
    let test = TestRegistry::with_residents(1).await;
    let id = issue(&test.issuing().await, 1, &order(1)).await.unwrap();
    let counter = test
        .handle(registry::Purpose::CounterReissue, staff())
        .await;
    counter.revoke(id, "wrong").await.unwrap();
    test
}

async fn count(connection: &mut PgConnection, table: &str, condition: &str) -> i64 {
    let statement = format!("SELECT COUNT(*) FROM municipality.{table} WHERE {condition}");
    sqlx::query_scalar(AssertSqlSafe(statement))
        .fetch_one(connection)
        .await
        .unwrap()
}

async fn run(connection: &mut PgConnection, statement: &str) -> Result<u64, sqlx::Error> {
    let done = connection.execute(AssertSqlSafe(statement)).await?;
    Ok(done.rows_affected())
}

#[tokio::test]
async fn the_server_s_role_reads_its_transaction_s_municipality_and_no_other() {
    let test = used().await;
    let mut server = test.database.server("municipality").await;
    let tables = tables(&mut server).await;
    assert!(tables.len() > 8);
    let mut filled = 0;
    for table in &tables {
        // None named, in a connection that never named one and in one that did.
        assert_eq!(count(&mut server, table, "true").await, 0, "{table}");
        run(&mut server, "BEGIN").await.unwrap();
        run(&mut server, "SET LOCAL akashi.municipality = '131121'")
            .await
            .unwrap();
        filled += i64::from(count(&mut server, table, "true").await > 0);
        run(&mut server, "COMMIT").await.unwrap();
        assert_eq!(count(&mut server, table, "true").await, 0, "{table}");
        // Another one named.
        run(&mut server, "BEGIN").await.unwrap();
        run(&mut server, "SET LOCAL akashi.municipality = '122271'")
            .await
            .unwrap();
        let others = count(&mut server, table, "municipality <> '122271'").await;
        assert_eq!(others, 0, "{table}");
        run(&mut server, "ROLLBACK").await.unwrap();
    }
    assert!(filled >= 8, "only {filled} tables had rows to show");
}

#[tokio::test]
async fn the_server_s_role_writes_its_transaction_s_municipality_and_no_other() {
    let test = used().await;
    let mut administrator = test.database.administrator().await;
    let mut server = test.database.server("municipality").await;
    for table in tables(&mut administrator).await {
        let before = count(&mut administrator, &table, "municipality = '131121'").await;
        for named in ["", "SET akashi.municipality = '122271'"] {
            run(&mut server, named).await.unwrap();
            for statement in [
                format!("DELETE FROM {table} WHERE municipality = '131121'"),
                format!("UPDATE {table} SET municipality = '122271' WHERE municipality = '131121'"),
            ] {
                // Nothing there to be changed, or no right to.
                let changed = run(&mut server, &statement).await.unwrap_or(0);
                assert_eq!(changed, 0, "{statement}");
            }
        }
        run(&mut server, "RESET akashi.municipality").await.unwrap();
        let after = count(&mut administrator, &table, "municipality = '131121'").await;
        assert_eq!(after, before, "{table}");
    }
    for named in ["", "SET akashi.municipality = '122271'"] {
        run(&mut server, named).await.unwrap();
        let row = "decode(repeat('00', 16), 'hex'), 'x', 'x'";
        for statement in [
            format!(
                "INSERT INTO resident (municipality, id, subject, sealed) VALUES ('131121', {row})"
            ),
            format!("INSERT INTO resident (municipality, id, subject, sealed) VALUES ('', {row})"),
            "UPDATE wrapped_key SET municipality = '131121'".to_owned(),
        ] {
            let written = run(&mut server, &statement).await;
            assert!(!matches!(written, Ok(1..)), "{statement}");
        }
    }
    // Without a municipality there is no default either.
    run(&mut server, "RESET akashi.municipality").await.unwrap();
    let row = "INSERT INTO resident (id, subject, sealed) \
               VALUES (decode(repeat('00', 16), 'hex'), 'x', 'x')";
    assert!(run(&mut server, row).await.is_err());
}

#[tokio::test]
async fn there_is_no_way_around_for_the_server_s_role() {
    let test = used().await;
    let mut server = test.database.server("municipality").await;
    for statement in [
        "SET ROLE akashi_owner",
        "SET ROLE akashi_administrator",
        "SET SESSION AUTHORIZATION akashi_administrator",
        "SET session_replication_role = replica",
        "SELECT * FROM resident_00",
        "COPY resident TO PROGRAM 'cat'",
    ] {
        let refused = run(&mut server, statement).await;
        assert!(refused.is_err(), "{statement}");
    }
    // With row security off, PostgreSQL refuses what a policy would have to filter.
    run(&mut server, "SET row_security = off").await.unwrap();
    let refused = run(&mut server, "SELECT * FROM resident").await;
    assert!(refused.is_err());
    // What is never changed is not even granted.
    run(&mut server, "SET row_security = on").await.unwrap();
    run(&mut server, "SET akashi.municipality = '131121'")
        .await
        .unwrap();
    for table in ["audit", "audit_head", "revocation"] {
        for statement in [
            format!("DELETE FROM {table}"),
            format!("UPDATE {table} SET sequence = 0"),
        ] {
            let refused = run(&mut server, &statement).await.unwrap_err();
            let code = refused.as_database_error().unwrap().code();
            assert_eq!(code.as_deref(), Some(INSUFFICIENT_PRIVILEGE), "{statement}");
        }
    }
}

#[tokio::test]
async fn policies_hold_for_the_owner_too() {
    let test = used().await;
    let mut owner = connect(&test.database.address("akashi_owner")).await;
    for table in tables(&mut owner).await {
        assert_eq!(count(&mut owner, &table, "true").await, 0, "{table}");
    }
    run(&mut owner, "SET akashi.municipality = '131121'")
        .await
        .unwrap();
    assert_eq!(count(&mut owner, "resident", "true").await, 1);
}
