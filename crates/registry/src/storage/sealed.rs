//! Sealed columns, whichever table they are in: found by the key they are sealed under, and
//! replaced.

use sqlx::{AssertSqlSafe, Database, QueryBuilder, Row};

use super::Transaction;
use crate::error::RegistryError;
use crate::keys::KeyVersion;
use crate::table::SealedColumn;
use crate::tables::{Value, ValueKind};

/// A sealed text, with the key of its row.
#[derive(Debug, Clone)]
pub(crate) struct SealedCell {
    pub(crate) key: Vec<Value>,
    pub(crate) sealed: Vec<u8>,
}

/// A sealed text and what is to stand in its place.
#[derive(Debug, Clone)]
pub(crate) struct ResealedCell {
    pub(crate) old: SealedCell,
    pub(crate) new: Vec<u8>,
}

/// How many texts of a column are sealed under which version.
pub(crate) async fn count_by_version(
    transaction: &mut Transaction,
    place: SealedColumn,
) -> Result<Vec<(Vec<u8>, i64)>, RegistryError> {
    let SealedColumn { table, column } = place;
    let text = format!(
        "SELECT substr({column}, 1, 2) AS version, COUNT(*) FROM {table} \
         WHERE {column} IS NOT NULL GROUP BY version ORDER BY version"
    );
    run!(transaction, fetch_all, sqlx::query_as(AssertSqlSafe(text)))
}

/// Texts of a column that are sealed under another key than this, after a row, in the order of
/// their keys, at most `limit`.
pub(crate) async fn sealed_otherwise(
    transaction: &mut Transaction,
    place: SealedColumn,
    version: KeyVersion,
    after: Option<&[Value]>,
    limit: u32,
) -> Result<Vec<SealedCell>, RegistryError> {
    let (SealedColumn { table, column }, key) = (place, place.key());
    let names: Vec<&str> = key.iter().map(|(name, _)| *name).collect();
    let names = names.join(", ");
    on_either!(transaction, |connection| {
        let mut query = QueryBuilder::new(format!(
            "SELECT {names}, {column} FROM {table} WHERE substr({column}, 1, 2) <> "
        ));
        query.push_bind(version.to_bytes().to_vec());
        if let Some(after) = after {
            query.push(format!(" AND ({names}) > ("));
            push_values(&mut query, after);
            query.push(")");
        }
        query.push(format!(" ORDER BY {names} LIMIT "));
        query.push_bind(i64::from(limit));
        query.build().fetch_all(connection).await.and_then(|rows| {
            let cell = |row: &_| cell(row, key);
            rows.iter().map(cell).collect::<Result<Vec<_>, _>>()
        })
    })
}

/// Puts texts in the place of others, where those are still there; the number that were.
pub(crate) async fn replace_sealed(
    transaction: &mut Transaction,
    place: SealedColumn,
    cells: &[ResealedCell],
) -> Result<u64, RegistryError> {
    let (SealedColumn { table, column }, key) = (place, place.key());
    if cells.is_empty() {
        return Ok(0);
    }
    // The columns of VALUES are called column1, column2 … by both databases: the new text, the old
    // one, the key.
    let mut same_row = format!("{table}.{column} = cells.column2");
    for (at, (name, _)) in key.iter().enumerate() {
        same_row += &format!(" AND {table}.{name} = cells.column{}", at + 3);
    }
    on_either!(transaction, |connection| {
        let mut query = QueryBuilder::new(format!(
            "UPDATE {table} SET {column} = cells.column1 FROM (VALUES "
        ));
        for (at, cell) in cells.iter().enumerate() {
            query.push(if at == 0 { "(" } else { ", (" });
            query.push_bind(&cell.new).push(", ");
            query.push_bind(&cell.old.sealed).push(", ");
            push_values(&mut query, &cell.old.key);
            query.push(")");
        }
        query.push(format!(") AS cells WHERE {same_row}"));
        let done = query.build().execute(connection).await;
        done.map(|done| done.rows_affected())
    })
}

pub(super) fn push_values<DB>(query: &mut QueryBuilder<DB>, key: &[Value])
where
    DB: Database,
    Vec<u8>: sqlx::Type<DB> + for<'a> sqlx::Encode<'a, DB>,
    String: sqlx::Type<DB> + for<'a> sqlx::Encode<'a, DB>,
    i64: sqlx::Type<DB> + for<'a> sqlx::Encode<'a, DB>,
{
    for (at, value) in key.iter().enumerate() {
        if at > 0 {
            query.push(", ");
        }
        match value {
            Value::Bytes(bytes) => query.push_bind(bytes.clone()),
            Value::Text(text) => query.push_bind(text.clone()),
            Value::Number(number) => query.push_bind(*number),
        };
    }
}

pub(super) fn cell<R>(row: &R, key: &[(&str, ValueKind)]) -> Result<SealedCell, sqlx::Error>
where
    R: Row,
    usize: sqlx::ColumnIndex<R>,
    Vec<u8>: sqlx::Type<R::Database> + for<'a> sqlx::Decode<'a, R::Database>,
    String: sqlx::Type<R::Database> + for<'a> sqlx::Decode<'a, R::Database>,
    i64: sqlx::Type<R::Database> + for<'a> sqlx::Decode<'a, R::Database>,
{
    let value = |(at, (_, kind)): (usize, &(&str, ValueKind))| {
        Ok(match kind {
            ValueKind::Bytes => Value::Bytes(row.try_get(at)?),
            ValueKind::Text => Value::Text(row.try_get(at)?),
            ValueKind::Number => Value::Number(row.try_get(at)?),
        })
    };
    Ok(SealedCell {
        key: key
            .iter()
            .enumerate()
            .map(value)
            .collect::<Result<_, sqlx::Error>>()?,
        sealed: row.try_get(key.len())?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storage::{MUNICIPALITY_SCHEMA, Store};
    use crate::table::Table;

    #[tokio::test]
    async fn what_somebody_else_put_there_meanwhile_stays() {
        let store = Store::open_in_memory(&MUNICIPALITY_SCHEMA).await.unwrap();
        let mut transaction = store.begin().await.unwrap();
        let statement = "INSERT INTO resident (id, subject, sealed) VALUES ($1, $2, $3)";
        run!(
            &mut transaction,
            execute,
            sqlx::query(statement)
                .bind(vec![1; 16])
                .bind(vec![0, 1, 7])
                .bind(vec![0, 1, 8])
        )
        .unwrap();
        let place = Table::Resident.place();
        let first = KeyVersion::FIRST;
        let second = first.next().unwrap();
        let others = async |transaction: &mut Transaction, version| -> Vec<SealedCell> {
            let cells = sealed_otherwise(transaction, place, version, None, 10);
            cells.await.unwrap()
        };
        assert!(others(&mut transaction, first).await.is_empty());
        let [read] = &others(&mut transaction, second).await[..] else {
            panic!("one text is under another key")
        };
        assert_eq!(read.sealed, [0, 1, 8]);
        let stale = SealedCell {
            sealed: vec![0, 1, 9],
            ..read.clone()
        };
        for (old, replaced) in [(stale, 0), (read.clone(), 1)] {
            let new = vec![0, 2, 8];
            let cells = [ResealedCell { old, new }];
            let done = replace_sealed(&mut transaction, place, &cells).await;
            assert_eq!(done, Ok(replaced));
        }
        assert!(others(&mut transaction, second).await.is_empty());
    }
}
