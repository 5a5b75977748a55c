//! Reading the audit table by what staff and auditors ask: by time, event, staff, certificate,
//! subject; and counted, for reports.

use sqlx::FromRow;

use super::Transaction;
use super::audit::AuditRow;
use crate::error::RegistryError;

/// Milliseconds from UTC to Japan.
const JAPAN: &str = "32400000";

/// What entries are wanted; `None`: any.
#[derive(Debug, Clone, Default)]
pub(crate) struct AuditFilter {
    /// Milliseconds since 1970, the first.
    pub(crate) from: i64,
    /// Milliseconds since 1970, behind the last.
    pub(crate) until: i64,
    pub(crate) event: Option<String>,
    pub(crate) staff: Option<String>,
    pub(crate) certificate: Option<String>,
    pub(crate) subject: Option<Vec<u8>>,
}

/// The entries wanted, oldest first, at most `limit`.
pub(crate) async fn find_audit(
    transaction: &mut Transaction,
    filter: &AuditFilter,
    limit: u32,
) -> Result<Vec<AuditRow>, RegistryError> {
    run!(
        transaction,
        fetch_all,
        sqlx::query_as(
            "SELECT audit.writer, audit.sequence, at, actor_kind, actor, purpose, event, subject, \
             certificate, detail, note_digest, audit_note.sealed AS note, hash FROM audit \
             LEFT JOIN audit_note ON audit_note.writer = audit.writer \
             AND audit_note.sequence = audit.sequence \
             WHERE at >= $1 AND at < $2 \
             AND (CAST($3 AS TEXT) IS NULL OR event = $3) \
             AND ($4 = 0 OR (actor_kind = 'staff' AND actor = $5)) \
             AND (CAST($6 AS TEXT) IS NULL OR certificate = $6) \
             AND ($7 = 0 OR subject = $8) \
             ORDER BY at, audit.writer, audit.sequence LIMIT $9",
        )
        .bind(filter.from)
        .bind(filter.until)
        .bind(&filter.event)
        .bind(i64::from(filter.staff.is_some()))
        .bind(filter.staff.as_deref().unwrap_or_default().as_bytes())
        .bind(&filter.certificate)
        .bind(i64::from(filter.subject.is_some()))
        .bind(filter.subject.as_deref().unwrap_or_default())
        .bind(i64::from(limit))
    )
}

/// First and last entry of a writer within a time, by sequence.
pub(crate) async fn audit_span(
    transaction: &mut Transaction,
    writer: &str,
    from: i64,
    until: i64,
) -> Result<Option<(i64, i64)>, RegistryError> {
    let (first, last): (Option<i64>, Option<i64>) = run!(
        transaction,
        fetch_one,
        sqlx::query_as(
            "SELECT MIN(sequence), MAX(sequence) FROM audit \
             WHERE writer = $1 AND at >= $2 AND at < $3"
        )
        .bind(writer)
        .bind(from)
        .bind(until)
    )?;
    Ok(first.zip(last))
}

/// How often somebody did something for a purpose, on a day in Japan.
#[derive(Debug, Clone, FromRow)]
pub(crate) struct DailyRow {
    pub(crate) actor_kind: String,
    pub(crate) actor: Vec<u8>,
    pub(crate) purpose: String,
    /// Days since 1970 in Japan.
    pub(crate) day: i64,
    pub(crate) count: i64,
}

/// Entries counted by actor, purpose and day.
pub(crate) async fn audit_by_day(
    transaction: &mut Transaction,
    from: i64,
    until: i64,
) -> Result<Vec<DailyRow>, RegistryError> {
    let statement = format!(
        "SELECT actor_kind, actor, purpose, (at + {JAPAN}) / 86400000 AS day, \
         COUNT(*) AS count FROM audit WHERE at >= $1 AND at < $2 \
         GROUP BY actor_kind, actor, purpose, day ORDER BY actor_kind, actor, purpose, day"
    );
    run!(
        transaction,
        fetch_all,
        sqlx::query_as(sqlx::AssertSqlSafe(statement.as_str()))
            .bind(from)
            .bind(until)
    )
}

/// What a member of staff did outside office hours, on a day in Japan.
#[derive(Debug, Clone, FromRow)]
pub(crate) struct OffHoursRow {
    pub(crate) actor: Vec<u8>,
    pub(crate) event: String,
    pub(crate) count: i64,
    /// Milliseconds since 1970.
    pub(crate) first: i64,
    pub(crate) last: i64,
}

/// Staff's entries outside these minutes of the day, and on Saturdays and Sundays.
pub(crate) async fn audit_off_hours(
    transaction: &mut Transaction,
    (from, until): (i64, i64),
    (opens, closes): (i64, i64),
) -> Result<Vec<OffHoursRow>, RegistryError> {
    // 1 January 1970 was a Thursday.
    let statement = format!(
        "SELECT actor, event, COUNT(*) AS count, MIN(at) AS first, MAX(at) AS last FROM audit \
         WHERE at >= $1 AND at < $2 AND actor_kind = 'staff' AND ( \
           ((at + {JAPAN}) % 86400000) / 60000 < $3 OR ((at + {JAPAN}) % 86400000) / 60000 > $4 \
           OR ((at + {JAPAN}) / 86400000 + 4) % 7 IN (0, 6)) \
         GROUP BY actor, event, (at + {JAPAN}) / 86400000 ORDER BY first, actor, event"
    );
    run!(
        transaction,
        fetch_all,
        sqlx::query_as(sqlx::AssertSqlSafe(statement.as_str()))
            .bind(from)
            .bind(until)
            .bind(opens)
            .bind(closes)
    )
}

/// How many batches of imports wait for the record of their medium's erasure, and when the oldest
/// landed, in seconds since 1970.
pub(crate) async fn open_batches(
    transaction: &mut Transaction,
) -> Result<(i64, Option<i64>), RegistryError> {
    run!(
        transaction,
        fetch_one,
        sqlx::query_as("SELECT COUNT(*), MIN(landed_at) FROM import_batch WHERE erased_at IS NULL")
    )
}

/// How often something was refused, by code.
#[derive(Debug, Clone, FromRow)]
pub(crate) struct RefusedRow {
    pub(crate) actor_kind: String,
    pub(crate) event: String,
    pub(crate) detail: Option<String>,
    pub(crate) count: i64,
}

/// Refusals counted; what is refused is named so.
pub(crate) async fn audit_refusals(
    transaction: &mut Transaction,
    from: i64,
    until: i64,
) -> Result<Vec<RefusedRow>, RegistryError> {
    run!(
        transaction,
        fetch_all,
        sqlx::query_as(
            "SELECT actor_kind, event, detail, COUNT(*) AS count FROM audit \
             WHERE at >= $1 AND at < $2 AND (event LIKE '%refused' OR event = 'venue-blocked') \
             GROUP BY actor_kind, event, detail ORDER BY count DESC, event, detail LIMIT 200"
        )
        .bind(from)
        .bind(until)
    )
}
