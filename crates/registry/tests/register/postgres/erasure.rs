//! What was erased in PostgreSQL (C26): out of reach at once, out of the tables' files when they
//! are rewritten, and out of the log when it expires (docs/SECURITY.md).

use sqlx::Executor as _;

use super::retention_whole::{found_in, sealed_texts_of_an_erased_resident, tables_of_a_resident};
use super::support::*;

#[tokio::test]
async fn what_was_erased_is_gone_from_the_tables_when_they_are_rewritten() {
    let test = TestRegistry::with_residents(3).await;
    let gone = sealed_texts_of_an_erased_resident(&test).await;
    let tables = async || {
        let mut files = test.database.everything().await;
        files.retain(|(file, _)| !file.contains("pg_wal"));
        files
    };
    assert!(
        found_in(&tables().await, &gone).is_some(),
        "the search finds what is there"
    );
    let mut administrator = test.database.administrator().await;
    administrator.execute("VACUUM FULL").await.unwrap();
    assert_eq!(found_in(&tables().await, &gone), None);
}

/// Erasure goes through a list of tables: a table that names residents and is not on it would
/// keep what it holds.
#[tokio::test]
async fn every_table_that_names_a_resident_is_erased() {
    let test = TestRegistry::with_residents(1).await;
    let mut administrator = test.database.administrator().await;
    let mut named: Vec<String> = sqlx::query_scalar(
        "SELECT pg_class.relname::TEXT FROM pg_attribute \
         JOIN pg_class ON pg_class.oid = attrelid \
         WHERE relkind = 'p' AND relnamespace = 'municipality'::REGNAMESPACE \
         AND attname = 'resident'",
    )
    .fetch_all(&mut administrator)
    .await
    .unwrap();
    // The record of provision to others is kept for seven years whatever else goes; of an approval
    // the words go, and whom it was about.
    named.retain(|name| !["disclosure_record", "approval"].contains(&name.as_str()));
    named.sort_unstable();
    let mut erased = tables_of_a_resident(&test).await;
    erased.sort_unstable();
    assert_eq!(erased, named);
}
