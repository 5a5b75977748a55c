//! What was erased is gone from the files, its ciphertext too (C26).

use super::retention_whole::{found_in, sealed_texts_of_an_erased_resident};
use super::support::*;

#[tokio::test]
async fn of_what_was_erased_not_even_the_ciphertext_is_left() {
    let test = TestRegistry::with_residents(3).await;
    let before = test.database.everything().await;
    let gone = sealed_texts_of_an_erased_resident(&test).await;
    assert!(
        found_in(&before, &gone).is_some(),
        "the search finds what is there"
    );
    // While the register is open, with its write-ahead log, and after it was closed.
    let open = test.database.everything().await;
    assert_eq!(found_in(&open, &gone), None);
    test.registry.close().await;
    let closed = test.database.everything().await;
    assert_eq!(found_in(&closed, &gone), None);
}

/// Erasure goes through a list of tables: a table that names residents and is not on it would
/// keep what it holds.
#[tokio::test]
async fn every_table_that_names_a_resident_is_erased() {
    let test = TestRegistry::with_residents(2).await;
    let statement = "SELECT CAST(tables.name AS BLOB) FROM sqlite_master AS tables \
         JOIN pragma_table_info(tables.name) AS columns \
         WHERE tables.type = 'table' AND columns.name = 'resident' ORDER BY tables.name";
    let named = test.database.bytes(Some(setagaya()), statement).await;
    let mut named: Vec<String> = named
        .into_iter()
        .map(|name| String::from_utf8(name).unwrap())
        .collect();
    // The record of provision to others is kept for seven years whatever else goes; of an approval
    // the words go, and whom it was about.
    named.retain(|name| !["disclosure_record", "approval"].contains(&name.as_str()));
    let mut erased = super::retention_whole::tables_of_a_resident(&test).await;
    erased.sort_unstable();
    assert_eq!(erased, named);
}
