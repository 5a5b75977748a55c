//! A disk that is full, as SQLite says it: a file that may not grow.

use super::{ResidentRow, Store, Transaction, existing_residents, upsert_residents};
use crate::error::{RegistryError, StorageFault};
use crate::keys::RowId;

async fn may_have_pages(store: &Store, pages: u32) {
    let mut transaction = store.begin().await.unwrap();
    let pragma = format!("PRAGMA max_page_count = {pages}");
    let statement = || sqlx::AssertSqlSafe(pragma.clone());
    let done = run!(&mut transaction, execute, sqlx::query(statement()));
    done.unwrap();
    transaction.commit().await.unwrap();
}

fn residents() -> Vec<ResidentRow> {
    (0_u128..500)
        .map(|n| ResidentRow {
            id: RowId(n.to_be_bytes()),
            number: None,
            subject: vec![0; 48],
            sealed: vec![0; 500],
        })
        .collect()
}

async fn store_them(transaction: &mut Transaction) -> Result<(), RegistryError> {
    for chunk in residents().chunks(100) {
        upsert_residents(transaction, chunk).await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_full_disk_leaves_nothing_and_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("register.db");
    let store = Store::open_sqlite(&path, &super::MUNICIPALITY_SCHEMA, true).await;
    let store = store.unwrap();
    may_have_pages(&store, 100).await;
    let mut transaction = store.begin().await.unwrap();
    let full = RegistryError::LookupUnavailable(StorageFault::Full);
    assert_eq!(store_them(&mut transaction).await, Err(full));
    drop(transaction);

    let ids: Vec<RowId> = residents().iter().map(|row| row.id).collect();
    let mut transaction = store.begin().await.unwrap();
    let there = existing_residents(&mut transaction, &ids).await.unwrap();
    assert!(there.is_empty(), "what landed before it was full is gone");
    drop(transaction);

    may_have_pages(&store, 100_000).await;
    let mut transaction = store.begin().await.unwrap();
    store_them(&mut transaction).await.unwrap();
    transaction.commit().await.unwrap();
}
