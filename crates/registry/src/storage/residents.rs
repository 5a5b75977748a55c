//! One resident's own row, and the flags that staff set.

use sqlx::FromRow;

use super::Transaction;
use super::dossier::SealedRow;
use crate::error::{RegistryError, not_this_schema};
use crate::keys::{BlindIndex, RowId};
use crate::resident_directory::ResidentKey;

/// A resident's row, with the flags that staff set.
#[derive(Debug, Clone)]
pub(crate) struct FlaggedRow {
    pub(crate) resident: SealedRow,
    /// The sealed random id for the audit record.
    pub(crate) subject: Vec<u8>,
    /// The sealed history of flags, where staff ever set one.
    pub(crate) flags: Option<Vec<u8>>,
    /// For whose individual number a directory named this row.
    pub(crate) asked: Option<BlindIndex>,
}

#[derive(FromRow)]
struct Row {
    id: Vec<u8>,
    subject: Vec<u8>,
    sealed: Vec<u8>,
    flags: Option<Vec<u8>>,
}

macro_rules! resident_by {
    ($column:literal) => {
        concat!(
            "SELECT resident.id, resident.subject, resident.sealed, resident_flags.sealed AS flags \
             FROM resident LEFT JOIN resident_flags ON resident_flags.resident = resident.id \
             WHERE resident.",
            $column,
            " = $1"
        )
    };
}

/// A resident's row.
pub(crate) async fn resident(
    transaction: &mut Transaction,
    key: ResidentKey,
) -> Result<Option<FlaggedRow>, RegistryError> {
    let asked = key.asked();
    let (statement, key) = match &key {
        ResidentKey::Number(index) => (resident_by!("individual_number_index"), &index.0),
        ResidentKey::Row(id) | ResidentKey::Named(id, _) => (resident_by!("id"), &id.0),
    };
    let row: Option<Row> = run!(
        transaction,
        fetch_optional,
        sqlx::query_as(statement).bind(&key[..])
    )?;
    let Some(row) = row else {
        return Ok(None);
    };
    let id = RowId(row.id[..].try_into().map_err(|_| not_this_schema())?);
    let sealed = row.sealed;
    Ok(Some(FlaggedRow {
        resident: SealedRow { id, sealed },
        subject: row.subject,
        flags: row.flags,
        asked,
    }))
}

/// Stores a resident's history of flags in place of the one before.
pub(crate) async fn put_resident_flags(
    transaction: &mut Transaction,
    resident: RowId,
    sealed: &[u8],
) -> Result<(), RegistryError> {
    let statement = format!(
        "INSERT INTO resident_flags (resident, sealed) VALUES ($1, $2) \
         ON CONFLICT {} DO UPDATE SET sealed = excluded.sealed",
        transaction.unique_key("resident")
    );
    run!(
        transaction,
        execute,
        sqlx::query(sqlx::AssertSqlSafe(statement.as_str()))
            .bind(&resident.0[..])
            .bind(sealed)
    )?;
    Ok(())
}
