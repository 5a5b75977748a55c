//! Inquiries of other municipalities, as answered here.

use sqlx::FromRow;

use super::{SealedRow, Transaction};
use crate::error::{RegistryError, not_this_schema};
use crate::keys::RowId;

/// An inquiry of another municipality.
#[derive(Debug, Clone, FromRow)]
pub(crate) struct AnsweredRow {
    pub(crate) id: Vec<u8>,
    /// `None`: nobody of that number.
    pub(crate) resident: Option<Vec<u8>>,
    pub(crate) state: String,
    pub(crate) asked_at: i64,
    pub(crate) sealed: Vec<u8>,
    /// What is provided, sealed, until the other side has it.
    pub(crate) answer: Option<Vec<u8>>,
}

macro_rules! select_answered {
    ($condition:literal) => {
        concat!(
            "SELECT id, resident, state, asked_at, sealed, answer FROM answered_inquiry ",
            $condition
        )
    };
}

/// Stores an inquiry with its answer.
pub(crate) async fn insert_answered(
    transaction: &mut Transaction,
    row: &AnsweredRow,
) -> Result<(), RegistryError> {
    run!(
        transaction,
        execute,
        sqlx::query(
            "INSERT INTO answered_inquiry (id, resident, state, asked_at, sealed, answer) \
             VALUES ($1, $2, $3, $4, $5, $6)"
        )
        .bind(&row.id)
        .bind(&row.resident)
        .bind(&row.state)
        .bind(row.asked_at)
        .bind(&row.sealed)
        .bind(&row.answer)
    )?;
    Ok(())
}

/// The inquiry of this id.
pub(crate) async fn answered(
    transaction: &mut Transaction,
    id: &[u8],
) -> Result<Option<AnsweredRow>, RegistryError> {
    run!(
        transaction,
        fetch_optional,
        sqlx::query_as(select_answered!("WHERE id = $1")).bind(id)
    )
}

/// The newest inquiries, at most `limit`, newest first.
pub(crate) async fn answered_inquiries(
    transaction: &mut Transaction,
    limit: u32,
) -> Result<Vec<AnsweredRow>, RegistryError> {
    run!(
        transaction,
        fetch_all,
        sqlx::query_as(select_answered!("ORDER BY asked_at DESC, id LIMIT $1"))
            .bind(i64::from(limit))
    )
}

/// Stores the decision on an inquiry that waits; `false` where it waits no longer.
pub(crate) async fn decide_answered(
    transaction: &mut Transaction,
    row: &AnsweredRow,
) -> Result<bool, RegistryError> {
    let changed = run!(
        transaction,
        execute,
        sqlx::query(
            "UPDATE answered_inquiry SET state = $2, sealed = $3, answer = $4 \
             WHERE id = $1 AND state = 'waiting'"
        )
        .bind(&row.id)
        .bind(&row.state)
        .bind(&row.sealed)
        .bind(&row.answer)
    )?;
    Ok(changed == 1)
}

/// Forgets what was provided: the other side has it.
pub(crate) async fn forget_answer(
    transaction: &mut Transaction,
    id: &[u8],
) -> Result<(), RegistryError> {
    run!(
        transaction,
        execute,
        sqlx::query(
            "UPDATE answered_inquiry SET answer = NULL WHERE id = $1 AND answer IS NOT NULL"
        )
        .bind(id)
    )?;
    Ok(())
}

/// A resident's doses, by the resident's row id.
pub(crate) async fn doses_of_id(
    transaction: &mut Transaction,
    resident: RowId,
) -> Result<Vec<SealedRow>, RegistryError> {
    let rows: Vec<(Vec<u8>, Vec<u8>)> = run!(
        transaction,
        fetch_all,
        sqlx::query_as("SELECT id, sealed FROM dose WHERE resident = $1").bind(&resident.0[..])
    )?;
    let row = |(id, sealed): (Vec<u8>, Vec<u8>)| {
        let id = id[..].try_into().map_err(|_| not_this_schema())?;
        let id = RowId(id);
        Ok(SealedRow { id, sealed })
    };
    rows.into_iter().map(row).collect()
}
