//! The audit table: appended to, read in order, never changed.

use sqlx::FromRow;

use super::Transaction;
use crate::error::RegistryError;

/// An audit entry as stored.
#[derive(Debug, Clone, FromRow)]
pub(crate) struct AuditRow {
    pub(crate) sequence: i64,
    pub(crate) at: i64,
    pub(crate) actor_kind: String,
    pub(crate) actor: Vec<u8>,
    pub(crate) purpose: String,
    pub(crate) event: String,
    pub(crate) subject: Option<Vec<u8>>,
    pub(crate) certificate: Option<String>,
    pub(crate) detail: Option<String>,
    pub(crate) note: Option<Vec<u8>>,
    pub(crate) hash: Vec<u8>,
}

/// Sequence and hash of the last entry, if there is one.
pub(crate) async fn audit_head(
    transaction: &mut Transaction,
) -> Result<Option<(i64, Vec<u8>)>, RegistryError> {
    run!(
        transaction,
        fetch_optional,
        sqlx::query_as("SELECT sequence, hash FROM audit ORDER BY sequence DESC LIMIT 1")
    )
}

/// Appends an entry.
pub(crate) async fn append_audit(
    transaction: &mut Transaction,
    row: &AuditRow,
) -> Result<(), RegistryError> {
    run!(transaction, execute, sqlx::query(
        "INSERT INTO audit (sequence, at, actor_kind, actor, purpose, event, subject, certificate, \
         detail, note, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(row.sequence)
    .bind(row.at)
    .bind(&row.actor_kind)
    .bind(&row.actor)
    .bind(&row.purpose)
    .bind(&row.event)
    .bind(&row.subject)
    .bind(&row.certificate)
    .bind(&row.detail)
    .bind(&row.note)
    .bind(&row.hash))?;
    Ok(())
}

/// The entries after a sequence number, in order, at most `limit`.
pub(crate) async fn audit_page(
    transaction: &mut Transaction,
    after: i64,
    limit: u32,
) -> Result<Vec<AuditRow>, RegistryError> {
    run!(
        transaction,
        fetch_all,
        sqlx::query_as(
            "SELECT sequence, at, actor_kind, actor, purpose, event, subject, certificate, detail, \
         note, hash FROM audit WHERE sequence > $1 ORDER BY sequence LIMIT $2",
        )
        .bind(after)
        .bind(i64::from(limit))
    )
}

/// The newest entries of these events that have a note, at most `limit`, newest first.
pub(crate) async fn noted_audit(
    transaction: &mut Transaction,
    events: [&str; 2],
    limit: u32,
) -> Result<Vec<AuditRow>, RegistryError> {
    run!(
        transaction,
        fetch_all,
        sqlx::query_as(
            "SELECT sequence, at, actor_kind, actor, purpose, event, subject, certificate, detail, \
         note, hash FROM audit WHERE event IN ($1, $2) AND note IS NOT NULL \
         ORDER BY sequence DESC LIMIT $3",
        )
        .bind(events[0])
        .bind(events[1])
        .bind(i64::from(limit))
    )
}

/// A certificate recorded without exactly one entry of its issue, or an entry of an issue without
/// its certificate; `None` where each has the other.
pub(crate) async fn unmatched_certificates(
    transaction: &mut Transaction,
    issued: &str,
) -> Result<Option<String>, RegistryError> {
    run!(
        transaction,
        fetch_optional,
        sqlx::query_scalar(
            "SELECT certificate.id FROM certificate WHERE 1 <> (SELECT COUNT(*) FROM audit \
         WHERE audit.certificate = certificate.id AND audit.event = $1) \
         UNION ALL SELECT audit.certificate FROM audit WHERE audit.event = $1 \
         AND NOT EXISTS (SELECT 1 FROM certificate WHERE certificate.id = audit.certificate) \
         LIMIT 1",
        )
        .bind(issued)
    )
}
