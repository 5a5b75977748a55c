//! Bringing in many rows at once: a chunk of rows is one statement.

use sqlx::{Database, Encode, QueryBuilder, Type};

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

    const fn insert(self) -> &'static str {
        match self {
            Self::Voucher => "INSERT INTO voucher (resident, id, sealed) ",
            Self::Dose => "INSERT INTO dose (resident, id, sealed) ",
            Self::Passport => "INSERT INTO passport (resident, id, sealed) ",
        }
    }

    /// The columns by which a row is known.
    const fn key(self) -> &'static str {
        match self {
            Self::Voucher => "id",
            Self::Dose | Self::Passport => "resident, id",
        }
    }

    const fn select(self) -> &'static str {
        match self {
            Self::Voucher => "SELECT resident, id, sealed FROM voucher WHERE resident IN (",
            Self::Dose => "SELECT resident, id, sealed FROM dose WHERE resident IN (",
            Self::Passport => "SELECT resident, id, sealed FROM passport WHERE resident IN (",
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
    on_either!(transaction, |connection| {
        let mut query = QueryBuilder::new("SELECT id, sealed FROM resident WHERE id IN (");
        push_list(&mut query, ids.iter().map(|id| &id.0[..]));
        query.build_query_as().fetch_all(connection).await
    })
}

/// Those of these individual numbers that are registered, each with the resident's id.
pub(crate) async fn numbers_taken(
    transaction: &mut Transaction,
    numbers: &[BlindIndex],
) -> Result<Stored, RegistryError> {
    on_either!(transaction, |connection| {
        let mut query = QueryBuilder::new(
            "SELECT individual_number_index, id FROM resident WHERE individual_number_index IN (",
        );
        push_list(&mut query, numbers.iter().map(|number| &number.0[..]));
        query.build_query_as().fetch_all(connection).await
    })
}

/// Stores residents: new ones, and the new text of those there. Who is there keeps the random id.
pub(crate) async fn upsert_residents(
    transaction: &mut Transaction,
    rows: &[ResidentRow],
) -> Result<(), RegistryError> {
    if rows.is_empty() {
        return Ok(());
    }
    let key = transaction.unique_key("id");
    on_either!(transaction, |connection| {
        let mut query = QueryBuilder::new(
            "INSERT INTO resident (id, individual_number_index, subject, sealed) ",
        );
        query.push_values(rows, |mut values, row| {
            values
                .push_bind(&row.id.0[..])
                .push_bind(row.number.as_ref().map(|number| &number.0[..]))
                .push_bind(&row.subject)
                .push_bind(&row.sealed);
        });
        query.push(" ON CONFLICT ").push(&key).push(
            " DO UPDATE SET sealed = excluded.sealed, \
             individual_number_index = excluded.individual_number_index",
        );
        query.build().execute(connection).await.map(|_| ())
    })
}

/// Every row of these residents: resident, id and sealed text.
pub(crate) async fn children_of(
    transaction: &mut Transaction,
    table: ChildTable,
    residents: &[RowId],
) -> Result<Vec<(Vec<u8>, Vec<u8>, Vec<u8>)>, RegistryError> {
    on_either!(transaction, |connection| {
        let mut query = QueryBuilder::new(table.select());
        push_list(&mut query, residents.iter().map(|id| &id.0[..]));
        query.build_query_as().fetch_all(connection).await
    })
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
    let key = transaction.unique_key(table.key());
    on_either!(transaction, |connection| {
        let mut query = QueryBuilder::new(table.insert());
        query.push_values(rows, |mut values, row| {
            values
                .push_bind(&row.resident.0[..])
                .push_bind(&row.id.0[..])
                .push_bind(&row.sealed);
        });
        query
            .push(" ON CONFLICT ")
            .push(&key)
            .push(" DO UPDATE SET sealed = excluded.sealed");
        query.build().execute(connection).await.map(|_| ())
    })
}

fn push_list<'a, DB: Database>(query: &mut QueryBuilder<DB>, items: impl Iterator<Item = &'a [u8]>)
where
    Vec<u8>: Encode<'static, DB> + Type<DB>,
{
    let mut list = query.separated(", ");
    for item in items {
        list.push_bind(item.to_vec());
    }
    query.push(")");
}
