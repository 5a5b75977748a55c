//! Bringing in many rows at once: a chunk of rows is one statement.

use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, FromRow, QueryBuilder, Sqlite};

use super::Transaction;
use crate::error::RegistryError;
use crate::keys::{BlindIndex, RowId};
use crate::table::Table;

/// A resident to be stored.
#[derive(Debug)]
pub(crate) struct ResidentRow {
    pub(crate) id: RowId,
    pub(crate) number: Option<BlindIndex>,
    /// The sealed random id for the audit record, for a resident who is new.
    pub(crate) subject: Vec<u8>,
    pub(crate) sealed: Vec<u8>,
}

/// A row that belongs to a resident.
#[derive(Debug)]
pub(crate) struct ChildRow {
    pub(crate) id: RowId,
    pub(crate) resident: RowId,
    pub(crate) sealed: Vec<u8>,
}

/// The tables of rows that belong to a resident.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ChildTable {
    /// Vouchers.
    Voucher,
    /// Doses.
    Dose,
    /// Passports.
    Passport,
}

impl ChildTable {
    /// Every such table.
    pub(crate) const ALL: [Self; 3] = [Self::Voucher, Self::Dose, Self::Passport];

    /// The table as sealed texts know it.
    pub(crate) const fn table(self) -> Table {
        match self {
            Self::Voucher => Table::Voucher,
            Self::Dose => Table::Dose,
            Self::Passport => Table::Passport,
        }
    }

    /// Stores a row in a SQLite file, behind whose `VALUES` this stands, or changes its text.
    const fn upsert_sqlite(self) -> (&'static str, &'static str) {
        match self {
            Self::Voucher => (
                "INSERT INTO voucher (resident, id, sealed) ",
                " ON CONFLICT (id) DO UPDATE SET sealed = excluded.sealed",
            ),
            Self::Dose => (
                "INSERT INTO dose (resident, id, sealed) ",
                " ON CONFLICT (resident, id) DO UPDATE SET sealed = excluded.sealed",
            ),
            Self::Passport => (
                "INSERT INTO passport (resident, id, sealed) ",
                " ON CONFLICT (resident, id) DO UPDATE SET sealed = excluded.sealed",
            ),
        }
    }

    /// The same in PostgreSQL, a list for each column: a statement of thousands of parameters
    /// takes it longer to read than to do.
    const fn upsert_postgres(self) -> &'static str {
        match self {
            Self::Voucher => {
                "INSERT INTO voucher (resident, id, sealed) \
                 SELECT * FROM UNNEST($1::BYTEA[], $2::BYTEA[], $3::BYTEA[]) \
                 ON CONFLICT (municipality, id) DO UPDATE SET sealed = excluded.sealed"
            }
            Self::Dose => {
                "INSERT INTO dose (resident, id, sealed) \
                 SELECT * FROM UNNEST($1::BYTEA[], $2::BYTEA[], $3::BYTEA[]) \
                 ON CONFLICT (municipality, resident, id) DO UPDATE SET sealed = excluded.sealed"
            }
            Self::Passport => {
                "INSERT INTO passport (resident, id, sealed) \
                 SELECT * FROM UNNEST($1::BYTEA[], $2::BYTEA[], $3::BYTEA[]) \
                 ON CONFLICT (municipality, resident, id) DO UPDATE SET sealed = excluded.sealed"
            }
        }
    }

    const fn select(self) -> (&'static str, &'static str) {
        match self {
            Self::Voucher => (
                "SELECT resident, id, sealed FROM voucher WHERE resident IN (",
                "SELECT resident, id, sealed FROM voucher WHERE resident = ANY ($1)",
            ),
            Self::Dose => (
                "SELECT resident, id, sealed FROM dose WHERE resident IN (",
                "SELECT resident, id, sealed FROM dose WHERE resident = ANY ($1)",
            ),
            Self::Passport => (
                "SELECT resident, id, sealed FROM passport WHERE resident IN (",
                "SELECT resident, id, sealed FROM passport WHERE resident = ANY ($1)",
            ),
        }
    }
}

/// A row as stored: its id, and what it is compared by.
pub(crate) type Stored = Vec<(Vec<u8>, Vec<u8>)>;

/// Ids and sealed texts of those of these residents who are there.
pub(crate) async fn existing_residents(
    transaction: &mut Transaction,
    ids: &[RowId],
) -> Result<Stored, RegistryError> {
    let ids = ids.iter().map(|id| &id.0[..]).collect();
    let text = (
        "SELECT id, sealed FROM resident WHERE id IN (",
        "SELECT id, sealed FROM resident WHERE id = ANY ($1)",
    );
    select(transaction, text, ids).await
}

/// Those of these individual numbers that are registered, each with the resident's id.
pub(crate) async fn numbers_taken(
    transaction: &mut Transaction,
    numbers: &[BlindIndex],
) -> Result<Stored, RegistryError> {
    let numbers = numbers.iter().map(|number| &number.0[..]).collect();
    let text = (
        "SELECT individual_number_index, id FROM resident WHERE individual_number_index IN (",
        "SELECT individual_number_index, id FROM resident \
         WHERE individual_number_index = ANY ($1)",
    );
    select(transaction, text, numbers).await
}

/// Every row of these residents: resident, id and sealed text.
pub(crate) async fn children_of(
    transaction: &mut Transaction,
    table: ChildTable,
    residents: &[RowId],
) -> Result<Vec<(Vec<u8>, Vec<u8>, Vec<u8>)>, RegistryError> {
    let residents = residents.iter().map(|id| &id.0[..]).collect();
    select(transaction, table.select(), residents).await
}

/// Rows that are found by a list: the statement up to the list in SQLite, the whole one in
/// PostgreSQL.
async fn select<T>(
    transaction: &mut Transaction,
    (sqlite, postgres): (&'static str, &'static str),
    list: Vec<&[u8]>,
) -> Result<Vec<T>, RegistryError>
where
    T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin,
{
    let rows = match transaction {
        Transaction::Sqlite(open) => {
            let mut query: QueryBuilder<Sqlite> = QueryBuilder::new(sqlite);
            let mut items = query.separated(", ");
            for item in list {
                items.push_bind(item.to_vec());
            }
            query.push(")");
            query.build_query_as().fetch_all(&mut **open).await?
        }
        Transaction::Postgres(transaction) => {
            let query = sqlx::query_as(postgres).bind(list);
            query.fetch_all(&mut *transaction.open).await?
        }
    };
    Ok(rows)
}

/// Stores residents: new ones, and the new text of those there. Who is there keeps the random id.
pub(crate) async fn upsert_residents(
    transaction: &mut Transaction,
    rows: &[ResidentRow],
) -> Result<(), RegistryError> {
    if rows.is_empty() {
        return Ok(());
    }
    match transaction {
        Transaction::Sqlite(open) => {
            let mut query: QueryBuilder<Sqlite> = QueryBuilder::new(
                "INSERT INTO resident (id, individual_number_index, subject, sealed) ",
            );
            query.push_values(rows, |mut values, row| {
                values
                    .push_bind(&row.id.0[..])
                    .push_bind(row.number.as_ref().map(|number| &number.0[..]))
                    .push_bind(&row.subject)
                    .push_bind(&row.sealed);
            });
            query.push(
                " ON CONFLICT (id) DO UPDATE SET sealed = excluded.sealed, \
                 individual_number_index = excluded.individual_number_index",
            );
            query.build().execute(&mut **open).await?;
        }
        Transaction::Postgres(transaction) => {
            let number = |row: &ResidentRow| row.number.map(|number| number.0.to_vec());
            sqlx::query(
                "INSERT INTO resident (id, individual_number_index, subject, sealed) \
                 SELECT * FROM UNNEST($1::BYTEA[], $2::BYTEA[], $3::BYTEA[], $4::BYTEA[]) \
                 ON CONFLICT (municipality, id) DO UPDATE SET sealed = excluded.sealed, \
                 individual_number_index = excluded.individual_number_index",
            )
            .bind(column(rows, |row| &row.id.0))
            .bind(rows.iter().map(number).collect::<Vec<_>>())
            .bind(column(rows, |row| &row.subject))
            .bind(column(rows, |row| &row.sealed))
            .execute(&mut *transaction.open)
            .await?;
        }
    }
    Ok(())
}

/// Stores rows of residents who are there: new rows, and the new text of those there.
pub(crate) async fn upsert_children(
    transaction: &mut Transaction,
    table: ChildTable,
    rows: &[ChildRow],
) -> Result<(), RegistryError> {
    if rows.is_empty() {
        return Ok(());
    }
    match transaction {
        Transaction::Sqlite(open) => {
            let (insert, update) = table.upsert_sqlite();
            let mut query: QueryBuilder<Sqlite> = QueryBuilder::new(insert);
            query.push_values(rows, |mut values, row| {
                values
                    .push_bind(&row.resident.0[..])
                    .push_bind(&row.id.0[..])
                    .push_bind(&row.sealed);
            });
            query.push(update).build().execute(&mut **open).await?;
        }
        Transaction::Postgres(transaction) => {
            sqlx::query(table.upsert_postgres())
                .bind(column(rows, |row| &row.resident.0))
                .bind(column(rows, |row| &row.id.0))
                .bind(column(rows, |row| &row.sealed))
                .execute(&mut *transaction.open)
                .await?;
        }
    }
    Ok(())
}

/// One column of some rows.
fn column<T>(rows: &[T], of: impl Fn(&T) -> &[u8]) -> Vec<&[u8]> {
    rows.iter().map(of).collect()
}

/// Memory for what a transaction of many rows changes, in KiB: with the usual 2 MiB, each row's
/// place in an index of random order would be written to the log again and again.
const PAGES_IN_MEMORY: i64 = 64 * 1024;

/// Prepares for many rows, or goes back to what is usual.
pub(crate) async fn expect_many_rows(
    transaction: &mut Transaction,
    many: bool,
) -> Result<(), RegistryError> {
    match transaction {
        Transaction::Sqlite(open) => {
            let kibibytes = if many { PAGES_IN_MEMORY } else { 2000 };
            let pragma = format!("PRAGMA cache_size = -{kibibytes}");
            sqlx::query(AssertSqlSafe(pragma))
                .execute(&mut **open)
                .await?;
        }
        // There it is the server's own affair.
        Transaction::Postgres(_) => {}
    }
    Ok(())
}
