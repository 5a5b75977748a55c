//! Going through every resident and dose in the order of their ids, a page at a time.

use sqlx::FromRow;

use super::{ChildTable, SealedRow, Transaction};
use crate::error::{RegistryError, not_this_schema};
use crate::keys::RowId;

/// A sealed row of a resident.
#[derive(Debug, FromRow)]
pub(crate) struct OwnedRow {
    pub(crate) resident: Vec<u8>,
    pub(crate) id: Vec<u8>,
    pub(crate) sealed: Vec<u8>,
}

/// How many residents there are.
pub(crate) async fn count_residents(transaction: &mut Transaction) -> Result<i64, RegistryError> {
    run!(
        transaction,
        fetch_one,
        sqlx::query_scalar("SELECT COUNT(*) FROM resident")
    )
}

/// The residents whose ids come after this one, in order, at most `limit`.
pub(crate) async fn residents_after(
    transaction: &mut Transaction,
    after: &[u8],
    limit: i64,
) -> Result<Vec<SealedRow>, RegistryError> {
    let rows: Vec<(Vec<u8>, Vec<u8>)> = run!(
        transaction,
        fetch_all,
        sqlx::query_as("SELECT id, sealed FROM resident WHERE id > $1 ORDER BY id LIMIT $2")
            .bind(after)
            .bind(limit)
    )?;
    rows.into_iter()
        .map(|(id, sealed)| {
            let id = id[..].try_into().map_err(|_| not_this_schema())?;
            Ok(SealedRow {
                id: RowId(id),
                sealed,
            })
        })
        .collect()
}

/// The rows of the residents whose ids lie behind `after`, up to `last`, in the residents' order.
pub(crate) async fn rows_between(
    transaction: &mut Transaction,
    table: ChildTable,
    after: &[u8],
    last: &[u8],
) -> Result<Vec<OwnedRow>, RegistryError> {
    run!(
        transaction,
        fetch_all,
        sqlx::query_as(table.between()).bind(after).bind(last)
    )
}

/// The sealed histories of flags of the residents whose ids lie behind `after`, up to `last`.
pub(crate) async fn flags_between(
    transaction: &mut Transaction,
    after: &[u8],
    last: &[u8],
) -> Result<Vec<(Vec<u8>, Vec<u8>)>, RegistryError> {
    run!(
        transaction,
        fetch_all,
        sqlx::query_as(
            "SELECT resident, sealed FROM resident_flags WHERE resident > $1 AND resident <= $2"
        )
        .bind(after)
        .bind(last)
    )
}

macro_rules! select_between {
    ($table:literal) => {
        concat!(
            "SELECT resident, id, sealed FROM ",
            $table,
            " WHERE resident > $1 AND resident <= $2 ORDER BY resident, id"
        )
    };
}

impl ChildTable {
    const fn between(self) -> &'static str {
        match self {
            Self::Voucher => select_between!("voucher"),
            Self::Dose => select_between!("dose"),
            Self::Passport => select_between!("passport"),
        }
    }
}
