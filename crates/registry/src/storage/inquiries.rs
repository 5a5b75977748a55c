//! Inquiries made here, and what was received by them.

use sqlx::FromRow;

use super::Transaction;
use crate::error::RegistryError;

/// An inquiry made here.
#[derive(Debug, Clone, FromRow)]
pub(crate) struct InquiryRow {
    pub(crate) id: Vec<u8>,
    pub(crate) resident: Vec<u8>,
    pub(crate) state: String,
    pub(crate) prepared_at: i64,
    pub(crate) prepared_by: String,
    pub(crate) sent_at: Option<i64>,
    pub(crate) sealed: Vec<u8>,
}

/// A dose received by inquiry.
#[derive(Debug, Clone, FromRow)]
pub(crate) struct ReceivedDoseRow {
    pub(crate) inquiry: Vec<u8>,
    pub(crate) position: i64,
    pub(crate) resident: Vec<u8>,
    pub(crate) received_at: i64,
    pub(crate) sealed: Vec<u8>,
}

macro_rules! select_inquiry {
    ($condition:literal) => {
        concat!(
            "SELECT id, resident, state, prepared_at, prepared_by, sent_at, sealed FROM inquiry ",
            $condition
        )
    };
}

/// Stores an inquiry that was prepared.
pub(crate) async fn insert_inquiry(
    transaction: &mut Transaction,
    row: &InquiryRow,
) -> Result<(), RegistryError> {
    run!(
        transaction,
        execute,
        sqlx::query(
            "INSERT INTO inquiry (id, resident, state, prepared_at, prepared_by, sealed) \
             VALUES ($1, $2, $3, $4, $5, $6)"
        )
        .bind(&row.id)
        .bind(&row.resident)
        .bind(&row.state)
        .bind(row.prepared_at)
        .bind(&row.prepared_by)
        .bind(&row.sealed)
    )?;
    Ok(())
}

/// The inquiry of this id.
pub(crate) async fn inquiry(
    transaction: &mut Transaction,
    id: &[u8],
) -> Result<Option<InquiryRow>, RegistryError> {
    run!(
        transaction,
        fetch_optional,
        sqlx::query_as(select_inquiry!("WHERE id = $1")).bind(id)
    )
}

/// The newest inquiries, at most `limit`, newest first.
pub(crate) async fn inquiries(
    transaction: &mut Transaction,
    limit: u32,
) -> Result<Vec<InquiryRow>, RegistryError> {
    run!(
        transaction,
        fetch_all,
        sqlx::query_as(select_inquiry!("ORDER BY prepared_at DESC, id LIMIT $1"))
            .bind(i64::from(limit))
    )
}

/// Marks an inquiry as sent; `false` where it was not in the state of being prepared.
pub(crate) async fn mark_inquiry_sent(
    transaction: &mut Transaction,
    id: &[u8],
    at: i64,
    by: &str,
) -> Result<bool, RegistryError> {
    let changed = run!(
        transaction,
        execute,
        sqlx::query(
            "UPDATE inquiry SET state = 'sent', sent_at = $2, sent_by = $3 \
             WHERE id = $1 AND state = 'prepared'"
        )
        .bind(id)
        .bind(at)
        .bind(by)
    )?;
    Ok(changed == 1)
}

/// Marks an inquiry as one that doses were provided on; `false` where it was not sent, or was
/// answered before.
pub(crate) async fn mark_inquiry_provided(
    transaction: &mut Transaction,
    id: &[u8],
) -> Result<bool, RegistryError> {
    let changed = run!(
        transaction,
        execute,
        sqlx::query("UPDATE inquiry SET state = 'provided' WHERE id = $1 AND state = 'sent'")
            .bind(id)
    )?;
    Ok(changed == 1)
}

/// How many inquiries somebody prepared, and how many they sent, since a moment.
pub(crate) async fn inquiries_since(
    transaction: &mut Transaction,
    by: &str,
    since: i64,
) -> Result<(i64, i64), RegistryError> {
    run!(
        transaction,
        fetch_one,
        sqlx::query_as(
            "SELECT (SELECT COUNT(*) FROM inquiry WHERE prepared_by = $1 AND prepared_at >= $2), \
             (SELECT COUNT(*) FROM inquiry WHERE sent_by = $1 AND sent_at >= $2)"
        )
        .bind(by)
        .bind(since)
    )
}

/// Stores a dose received.
pub(crate) async fn insert_received_dose(
    transaction: &mut Transaction,
    row: &ReceivedDoseRow,
) -> Result<(), RegistryError> {
    run!(
        transaction,
        execute,
        sqlx::query(
            "INSERT INTO received_dose (inquiry, position, resident, received_at, sealed) \
             VALUES ($1, $2, $3, $4, $5)"
        )
        .bind(&row.inquiry)
        .bind(row.position)
        .bind(&row.resident)
        .bind(row.received_at)
        .bind(&row.sealed)
    )?;
    Ok(())
}

/// The doses received about a resident, in the order in which they came.
pub(crate) async fn received_doses(
    transaction: &mut Transaction,
    resident: &[u8],
) -> Result<Vec<ReceivedDoseRow>, RegistryError> {
    run!(
        transaction,
        fetch_all,
        sqlx::query_as(
            "SELECT inquiry, position, resident, received_at, sealed FROM received_dose \
             WHERE resident = $1 ORDER BY received_at, inquiry, position"
        )
        .bind(resident)
    )
}
