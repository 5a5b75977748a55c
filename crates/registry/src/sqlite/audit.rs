//! The audit table: appended to, read in order, never changed.

use sqlx::{FromRow, SqliteExecutor};

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
    executor: impl SqliteExecutor<'_>,
) -> Result<Option<(i64, Vec<u8>)>, RegistryError> {
    Ok(
        sqlx::query_as("SELECT sequence, hash FROM audit ORDER BY sequence DESC LIMIT 1")
            .fetch_optional(executor)
            .await?,
    )
}

/// Appends an entry.
pub(crate) async fn append_audit(
    transaction: &mut Transaction,
    row: &AuditRow,
) -> Result<(), RegistryError> {
    sqlx::query(
        "INSERT INTO audit (sequence, at, actor_kind, actor, purpose, event, subject, certificate, \
         detail, note, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
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
    .bind(&row.hash)
    .execute(&mut **transaction)
    .await?;
    Ok(())
}

/// The entries after a sequence number, in order, at most `limit`.
pub(crate) async fn audit_page(
    executor: impl SqliteExecutor<'_>,
    after: i64,
    limit: u32,
) -> Result<Vec<AuditRow>, RegistryError> {
    Ok(sqlx::query_as(
        "SELECT sequence, at, actor_kind, actor, purpose, event, subject, certificate, detail, \
         note, hash FROM audit WHERE sequence > ? ORDER BY sequence LIMIT ?",
    )
    .bind(after)
    .bind(limit)
    .fetch_all(executor)
    .await?)
}

/// The newest entries of these events that have a note, at most `limit`, newest first.
pub(crate) async fn noted_audit(
    executor: impl SqliteExecutor<'_>,
    events: [&str; 2],
    limit: u32,
) -> Result<Vec<AuditRow>, RegistryError> {
    Ok(sqlx::query_as(
        "SELECT sequence, at, actor_kind, actor, purpose, event, subject, certificate, detail, \
         note, hash FROM audit WHERE event IN (?, ?) AND note IS NOT NULL \
         ORDER BY sequence DESC LIMIT ?",
    )
    .bind(events[0])
    .bind(events[1])
    .bind(limit)
    .fetch_all(executor)
    .await?)
}

/// A certificate recorded without exactly one entry of its issue, or an entry of an issue without
/// its certificate; `None` where each has the other.
pub(crate) async fn unmatched_certificates(
    executor: impl SqliteExecutor<'_>,
    issued: &str,
) -> Result<Option<String>, RegistryError> {
    Ok(sqlx::query_scalar(
        "SELECT certificate.id FROM certificate WHERE 1 <> (SELECT COUNT(*) FROM audit \
         WHERE audit.certificate = certificate.id AND audit.event = ?1) \
         UNION ALL SELECT audit.certificate FROM audit WHERE audit.event = ?1 \
         AND NOT EXISTS (SELECT 1 FROM certificate WHERE certificate.id = audit.certificate) \
         LIMIT 1",
    )
    .bind(issued)
    .fetch_optional(executor)
    .await?)
}
