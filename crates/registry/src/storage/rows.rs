//! Whole tables, row by row, whatever is in them: for backups.

use sqlx::{AssertSqlSafe, QueryBuilder, Row};

use super::Transaction;
use super::sealed::push_values;
use crate::error::{RegistryError, not_this_schema};
use crate::tables::{StoredTable, Value, ValueKind};

/// A row: the value of each column, in the order of the columns' names.
pub(crate) type StoredRow = Vec<Option<Value>>;

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StoredColumn {
    pub(crate) name: String,
    pub(crate) kind: ValueKind,
}

/// The columns of a table, in the order of their names. What PostgreSQL keeps municipalities apart
/// by is none of them.
pub(crate) async fn columns(
    transaction: &mut Transaction,
    table: &StoredTable,
) -> Result<Vec<StoredColumn>, RegistryError> {
    let text = match transaction {
        Transaction::Sqlite(_) => "SELECT name, type FROM pragma_table_info($1) ORDER BY name",
        Transaction::Postgres(_) => {
            "SELECT column_name::text, data_type::text FROM information_schema.columns \
             WHERE table_schema = current_schema() AND table_name = $1 \
             AND NOT (table_schema = 'municipality' AND column_name = 'municipality') \
             ORDER BY column_name COLLATE \"C\""
        }
    };
    let rows: Vec<(String, String)> = run!(
        transaction,
        fetch_all,
        sqlx::query_as(text).bind(table.name)
    )?;
    let columns = rows.into_iter().map(|(name, kind)| {
        let kind = match kind.to_ascii_lowercase().as_str() {
            "blob" | "bytea" => ValueKind::Bytes,
            "text" => ValueKind::Text,
            "integer" | "bigint" => ValueKind::Number,
            _ => return Err(not_this_schema()),
        };
        Ok(StoredColumn { name, kind })
    });
    columns.collect()
}

/// The number of a table's rows.
pub(crate) async fn count_rows(
    transaction: &mut Transaction,
    table: &StoredTable,
) -> Result<u64, RegistryError> {
    let text = format!("SELECT COUNT(*) FROM {}", table.name);
    let count: i64 = run!(
        transaction,
        fetch_one,
        sqlx::query_scalar(AssertSqlSafe(text))
    )?;
    Ok(count.unsigned_abs())
}

/// Rows after the one with this key, in the order of their keys, at most `limit`.
pub(crate) async fn rows_after(
    transaction: &mut Transaction,
    table: &StoredTable,
    columns: &[StoredColumn],
    after: Option<&[Value]>,
    limit: u32,
) -> Result<Vec<StoredRow>, RegistryError> {
    let key: Vec<&str> = table.key.iter().map(|(name, _)| *name).collect();
    let key = key.join(", ");
    on_either!(transaction, |connection| {
        let names = names_of(columns);
        let mut query = QueryBuilder::new(format!("SELECT {names} FROM {}", table.name));
        if let Some(after) = after {
            query.push(format!(" WHERE ({key}) > ("));
            push_values(&mut query, after);
            query.push(")");
        }
        query.push(format!(" ORDER BY {key} LIMIT "));
        query.push_bind(i64::from(limit));
        query.build().fetch_all(connection).await.and_then(|rows| {
            let stored = |row: &_| stored_row(row, columns);
            rows.iter().map(stored).collect::<Result<Vec<_>, _>>()
        })
    })
}

/// Puts rows into a table.
pub(crate) async fn insert_rows(
    transaction: &mut Transaction,
    table: &StoredTable,
    columns: &[StoredColumn],
    rows: &[StoredRow],
) -> Result<(), RegistryError> {
    if rows.is_empty() {
        return Ok(());
    }
    on_either!(transaction, |connection| {
        let names = names_of(columns);
        let mut query = QueryBuilder::new(format!("INSERT INTO {} ({names}) ", table.name));
        query.push_values(rows, |mut list, row| {
            for (value, column) in row.iter().zip(columns) {
                match (value, column.kind) {
                    (Some(Value::Bytes(bytes)), _) => list.push_bind(bytes.clone()),
                    (Some(Value::Text(text)), _) => list.push_bind(text.clone()),
                    (Some(Value::Number(number)), _) => list.push_bind(*number),
                    (None, ValueKind::Bytes) => list.push_bind(None::<Vec<u8>>),
                    (None, ValueKind::Text) => list.push_bind(None::<String>),
                    (None, ValueKind::Number) => list.push_bind(None::<i64>),
                };
            }
        });
        query.build().execute(connection).await.map(|_| ())
    })
}

fn names_of(columns: &[StoredColumn]) -> String {
    let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    names.join(", ")
}

fn stored_row<R>(row: &R, columns: &[StoredColumn]) -> Result<StoredRow, sqlx::Error>
where
    R: Row,
    usize: sqlx::ColumnIndex<R>,
    Vec<u8>: sqlx::Type<R::Database> + for<'a> sqlx::Decode<'a, R::Database>,
    String: sqlx::Type<R::Database> + for<'a> sqlx::Decode<'a, R::Database>,
    i64: sqlx::Type<R::Database> + for<'a> sqlx::Decode<'a, R::Database>,
{
    let value = |(at, column): (usize, &StoredColumn)| {
        Ok(match column.kind {
            ValueKind::Bytes => row.try_get::<Option<_>, _>(at)?.map(Value::Bytes),
            ValueKind::Text => row.try_get::<Option<_>, _>(at)?.map(Value::Text),
            ValueKind::Number => row.try_get::<Option<_>, _>(at)?.map(Value::Number),
        })
    };
    columns.iter().enumerate().map(value).collect()
}
