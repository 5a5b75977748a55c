//! One person's rows, whichever table they are in: for telling them to the person.

use sqlx::{AssertSqlSafe, Row};

use super::Transaction;
use crate::error::RegistryError;
use crate::keys::RowId;
use crate::table::SealedColumn;
use crate::tables::{Value, ValueKind};

/// A table's rows about one resident: which condition ties them to the resident (`$1`, the row id),
/// and which columns are read as they are.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RowsAbout {
    pub(crate) table: &'static str,
    pub(crate) condition: &'static str,
    pub(crate) plain: &'static [&'static str],
    pub(crate) sealed: Option<SealedColumn>,
}

/// A row: its plain columns as text, and its sealed text with the key it is bound to.
#[derive(Debug, Clone)]
pub(crate) struct DisclosedRow {
    pub(crate) plain: Vec<Option<String>>,
    pub(crate) sealed: Option<(Vec<Value>, Vec<u8>)>,
}

/// Reads them, in the order of the first plain column and the key.
pub(crate) async fn rows_about(
    transaction: &mut Transaction,
    about: RowsAbout,
    resident: RowId,
) -> Result<Vec<DisclosedRow>, RegistryError> {
    let key: &[(&str, ValueKind)] = about.sealed.map_or(&[], |place| place.key());
    let mut columns: Vec<String> = key.iter().map(|(name, _)| (*name).to_owned()).collect();
    columns.extend(about.sealed.map(|place| place.column.to_owned()));
    let text = |column: &&str| format!("CAST({column} AS TEXT)");
    columns.extend(about.plain.iter().map(text));
    let order: Vec<&str> = about
        .plain
        .iter()
        .take(1)
        .copied()
        .chain(key.iter().map(|(name, _)| *name))
        .collect();
    let statement = format!(
        "SELECT {} FROM {} WHERE {} ORDER BY {}",
        columns.join(", "),
        about.table,
        about.condition,
        order.join(", ")
    );
    on_either!(transaction, |connection| {
        sqlx::query(AssertSqlSafe(statement))
            .bind(&resident.0[..])
            .fetch_all(connection)
            .await
            .and_then(|rows| rows.iter().map(|row| disclosed(row, about)).collect())
    })
}

fn disclosed<R>(row: &R, about: RowsAbout) -> Result<DisclosedRow, sqlx::Error>
where
    R: Row,
    usize: sqlx::ColumnIndex<R>,
    Vec<u8>: sqlx::Type<R::Database> + for<'a> sqlx::Decode<'a, R::Database>,
    String: sqlx::Type<R::Database> + for<'a> sqlx::Decode<'a, R::Database>,
    i64: sqlx::Type<R::Database> + for<'a> sqlx::Decode<'a, R::Database>,
{
    let (mut behind, mut sealed) = (0, None);
    if let Some(place) = about.sealed {
        let cell = super::sealed::cell(row, place.key())?;
        behind = place.key().len() + 1;
        sealed = Some((cell.key, cell.sealed));
    }
    let plain = (behind..behind + about.plain.len()).map(|at| row.try_get(at));
    Ok(DisclosedRow {
        plain: plain.collect::<Result<_, _>>()?,
        sealed,
    })
}
