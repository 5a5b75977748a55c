//! Approvals: asked for, decided once, spent once.

use sqlx::FromRow;

use super::Transaction;
use crate::error::RegistryError;

/// An approval as stored.
#[derive(Debug, FromRow)]
pub(crate) struct ApprovalRow {
    pub(crate) id: String,
    pub(crate) subject: String,
    pub(crate) digest: Vec<u8>,
    /// Whom it is about; nobody, or nobody any more.
    pub(crate) resident: Option<Vec<u8>>,
    pub(crate) requested_by: String,
    pub(crate) requested_at: i64,
    pub(crate) expires_at: i64,
    pub(crate) decision: Option<String>,
    pub(crate) decided_by: Option<String>,
    pub(crate) decided_at: Option<i64>,
    pub(crate) used_at: Option<i64>,
    /// `None`: erased, with its period or with whom it was about.
    pub(crate) sealed: Option<Vec<u8>>,
}

/// Stores what is asked for.
pub(crate) async fn insert_approval(
    transaction: &mut Transaction,
    row: &ApprovalRow,
) -> Result<(), RegistryError> {
    run!(
        transaction,
        execute,
        sqlx::query(
            "INSERT INTO approval (id, subject, digest, requested_by, requested_at, expires_at, \
             sealed, resident) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
        )
        .bind(&row.id)
        .bind(&row.subject)
        .bind(&row.digest)
        .bind(&row.requested_by)
        .bind(row.requested_at)
        .bind(row.expires_at)
        .bind(&row.sealed)
        .bind(&row.resident)
    )?;
    Ok(())
}

macro_rules! select_approval {
    ($rest:literal) => {
        concat!(
            "SELECT id, subject, digest, requested_by, requested_at, expires_at, decision, \
             decided_by, decided_at, used_at, sealed, resident FROM approval ",
            $rest
        )
    };
}

/// The approval of this id.
pub(crate) async fn approval(
    transaction: &mut Transaction,
    id: &str,
) -> Result<Option<ApprovalRow>, RegistryError> {
    run!(
        transaction,
        fetch_optional,
        sqlx::query_as(select_approval!("WHERE id = $1")).bind(id)
    )
}

/// The newest approvals, at most `limit`, newest first; only those that wait for a decision or
/// for their use at `now`, or all.
pub(crate) async fn approvals(
    transaction: &mut Transaction,
    open_at: Option<i64>,
    limit: i64,
) -> Result<Vec<ApprovalRow>, RegistryError> {
    run!(
        transaction,
        fetch_all,
        sqlx::query_as(select_approval!(
            "WHERE $1 OR (expires_at > $2 AND used_at IS NULL \
             AND (decision IS NULL OR decision = 'approved')) \
             ORDER BY requested_at DESC, id LIMIT $3"
        ))
        .bind(open_at.is_none())
        .bind(open_at.unwrap_or_default())
        .bind(limit)
    )
}

/// Records a decision, once; `false` where there is one already.
pub(crate) async fn decide_approval(
    transaction: &mut Transaction,
    id: &str,
    decision: &str,
    decided_by: &str,
    decided_at: i64,
) -> Result<bool, RegistryError> {
    let done = run!(
        transaction,
        execute,
        sqlx::query(
            "UPDATE approval SET decision = $1, decided_by = $2, decided_at = $3 \
             WHERE id = $4 AND decision IS NULL"
        )
        .bind(decision)
        .bind(decided_by)
        .bind(decided_at)
        .bind(id)
    )?;
    Ok(done == 1)
}

/// Spends an approval, once; `false` where it was spent already or was never given. Of two at
/// once one waits for the other and then finds it spent.
pub(crate) async fn spend_approval(
    transaction: &mut Transaction,
    id: &str,
    used_at: i64,
) -> Result<bool, RegistryError> {
    let done = run!(
        transaction,
        execute,
        sqlx::query(
            "UPDATE approval SET used_at = $1 \
             WHERE id = $2 AND decision = 'approved' AND used_at IS NULL"
        )
        .bind(used_at)
        .bind(id)
    )?;
    Ok(done == 1)
}
