//! Both databases have the same tables and columns, so that `docs/DATA.md` speaks of both.

use std::collections::BTreeSet;
use std::path::Path;

use sqlx::{ConnectOptions, SqliteConnection};

use super::support::*;
use crate::databases::{PostgresDatabase, SqliteFolder};

type Column = (String, String, String, bool);

async fn sqlite_columns(file: &Path) -> BTreeSet<Column> {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(file);
    let mut connection: SqliteConnection = options.connect().await.unwrap();
    let columns: Vec<Column> = sqlx::query_as(
        "SELECT tables.name, columns.name, CASE columns.type WHEN 'INTEGER' THEN 'bigint' \
         WHEN 'BLOB' THEN 'bytea' ELSE lower(columns.type) END, \
         columns.\"notnull\" <> 0 OR columns.pk <> 0 FROM sqlite_master AS tables \
         JOIN pragma_table_info(tables.name) AS columns WHERE tables.type = 'table' \
         AND tables.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND tables.name <> '_sqlx_migrations'",
    )
    .fetch_all(&mut connection)
    .await
    .unwrap();
    columns.into_iter().collect()
}

async fn postgres_columns(database: &PostgresDatabase, schema: &str) -> BTreeSet<Column> {
    let columns: Vec<Column> = sqlx::query_as(
        "SELECT relname::text, attname::text, format_type(atttypid, NULL), attnotnull \
         FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid \
         WHERE relnamespace = $1::regnamespace AND relkind IN ('r', 'p') \
         AND NOT relispartition AND attnum > 0 AND NOT attisdropped \
         AND relname <> '_sqlx_migrations'",
    )
    .bind(schema)
    .fetch_all(&mut database.administrator().await)
    .await
    .unwrap();
    columns.into_iter().collect()
}

fn not_null(table: &str, column: &str) -> Column {
    (table.into(), column.into(), "text".into(), true)
}

#[tokio::test]
async fn postgresql_has_the_columns_of_sqlite_and_the_municipality_in_front() {
    let postgres = TestRegistry::empty().await.database;
    let sqlite = crate::support::TestRegistry::<SqliteFolder>::empty().await;

    let mut expected = sqlite_columns(&sqlite.database.file(Some(setagaya()))).await;
    let tables: BTreeSet<String> = expected.iter().map(|column| column.0.clone()).collect();
    assert!(tables.len() > 8);
    expected.extend(tables.iter().map(|table| not_null(table, "municipality")));
    let found = postgres_columns(&postgres, "municipality").await;
    assert_eq!(found, expected);

    let mut expected = sqlite_columns(&sqlite.database.file(None)).await;
    expected.insert(not_null("municipality", "code"));
    assert_eq!(postgres_columns(&postgres, "system").await, expected);
}
