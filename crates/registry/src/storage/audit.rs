//! The audit table: appended to, read in order, never changed.

use sqlx::FromRow;

use super::Transaction;
use crate::error::RegistryError;

/// An audit entry as stored.
#[derive(Debug, Clone, FromRow)]
pub(crate) struct AuditRow {
    pub(crate) writer: String,
    pub(crate) sequence: i64,
    pub(crate) at: i64,
    pub(crate) actor_kind: String,
    pub(crate) actor: Vec<u8>,
    pub(crate) purpose: String,
    pub(crate) event: String,
    pub(crate) subject: Option<Vec<u8>>,
    pub(crate) certificate: Option<String>,
    pub(crate) detail: Option<String>,
    /// What the chain covers of the note.
    pub(crate) note_digest: Option<Vec<u8>>,
    /// The note itself, sealed.
    pub(crate) note: Option<Vec<u8>>,
    pub(crate) hash: Vec<u8>,
}

/// A signed head as stored.
#[derive(Debug, Clone, FromRow)]
pub(crate) struct AuditHeadRow {
    pub(crate) writer: String,
    pub(crate) sequence: i64,
    pub(crate) hash: Vec<u8>,
    pub(crate) digest: Vec<u8>,
    pub(crate) at: i64,
    pub(crate) signature: Vec<u8>,
}

/// Sequence and hash of a writer's last entry, if there is one.
pub(crate) async fn audit_head(
    transaction: &mut Transaction,
    writer: &str,
) -> Result<Option<(i64, Vec<u8>)>, RegistryError> {
    run!(
        transaction,
        fetch_optional,
        sqlx::query_as(
            "SELECT sequence, hash FROM audit WHERE writer = $1 ORDER BY sequence DESC LIMIT 1"
        )
        .bind(writer)
    )
}

/// The writer whose name comes next; each is one step in the index.
pub(crate) async fn next_audit_writer(
    transaction: &mut Transaction,
    after: &str,
) -> Result<Option<String>, RegistryError> {
    run!(
        transaction,
        fetch_one,
        sqlx::query_scalar("SELECT MIN(writer) FROM audit WHERE writer > $1").bind(after)
    )
}

/// Appends an entry.
pub(crate) async fn append_audit(
    transaction: &mut Transaction,
    row: &AuditRow,
) -> Result<(), RegistryError> {
    run!(
        transaction,
        execute,
        sqlx::query(
            "INSERT INTO audit (writer, sequence, at, actor_kind, actor, purpose, event, subject, \
         certificate, detail, note_digest, hash) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        )
        .bind(&row.writer)
        .bind(row.sequence)
        .bind(row.at)
        .bind(&row.actor_kind)
        .bind(&row.actor)
        .bind(&row.purpose)
        .bind(&row.event)
        .bind(&row.subject)
        .bind(&row.certificate)
        .bind(&row.detail)
        .bind(&row.note_digest)
        .bind(&row.hash)
    )?;
    if let Some(note) = &row.note {
        run!(
            transaction,
            execute,
            sqlx::query("INSERT INTO audit_note (writer, sequence, sealed) VALUES ($1, $2, $3)")
                .bind(&row.writer)
                .bind(row.sequence)
                .bind(note)
        )?;
    }
    Ok(())
}

/// An entry with its note.
macro_rules! select_audit {
    ($rest:literal) => {
        concat!(
            "SELECT audit.writer, audit.sequence, at, actor_kind, actor, purpose, event, subject, \
             certificate, detail, note_digest, audit_note.sealed AS note, hash FROM audit \
             LEFT JOIN audit_note ON audit_note.writer = audit.writer \
             AND audit_note.sequence = audit.sequence ",
            $rest
        )
    };
}

/// A writer's entries after a sequence number, in order, at most `limit`.
pub(crate) async fn audit_page(
    transaction: &mut Transaction,
    writer: &str,
    after: i64,
    limit: u32,
) -> Result<Vec<AuditRow>, RegistryError> {
    run!(
        transaction,
        fetch_all,
        sqlx::query_as(select_audit!(
            "WHERE audit.writer = $1 AND audit.sequence > $2 ORDER BY audit.sequence LIMIT $3"
        ))
        .bind(writer)
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
        sqlx::query_as(select_audit!(
            "WHERE event IN ($1, $2) AND audit_note.sealed IS NOT NULL \
             ORDER BY at DESC, audit.writer, audit.sequence DESC LIMIT $3"
        ))
        .bind(events[0])
        .bind(events[1])
        .bind(i64::from(limit))
    )
}

/// Stores a signed head; one that is there stays.
pub(crate) async fn insert_audit_head(
    transaction: &mut Transaction,
    row: &AuditHeadRow,
) -> Result<(), RegistryError> {
    run!(
        transaction,
        execute,
        sqlx::query(
            "INSERT INTO audit_head (writer, sequence, hash, digest, at, signature) \
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
        )
        .bind(&row.writer)
        .bind(row.sequence)
        .bind(&row.hash)
        .bind(&row.digest)
        .bind(row.at)
        .bind(&row.signature)
    )?;
    Ok(())
}

/// A writer's last signed head that covers no more than `up_to`.
pub(crate) async fn last_audit_head(
    transaction: &mut Transaction,
    writer: &str,
    up_to: i64,
) -> Result<Option<AuditHeadRow>, RegistryError> {
    run!(
        transaction,
        fetch_optional,
        sqlx::query_as(
            "SELECT writer, sequence, hash, digest, at, signature FROM audit_head \
             WHERE writer = $1 AND sequence <= $2 ORDER BY sequence DESC LIMIT 1",
        )
        .bind(writer)
        .bind(up_to)
    )
}

/// A writer's first signed head that covers at least `from`.
pub(crate) async fn next_audit_head(
    transaction: &mut Transaction,
    writer: &str,
    from: i64,
) -> Result<Option<AuditHeadRow>, RegistryError> {
    run!(
        transaction,
        fetch_optional,
        sqlx::query_as(
            "SELECT writer, sequence, hash, digest, at, signature FROM audit_head \
             WHERE writer = $1 AND sequence >= $2 ORDER BY sequence LIMIT 1",
        )
        .bind(writer)
        .bind(from)
    )
}

/// Every signed head, by writer and sequence.
pub(crate) async fn audit_heads(
    transaction: &mut Transaction,
) -> Result<Vec<AuditHeadRow>, RegistryError> {
    run!(
        transaction,
        fetch_all,
        sqlx::query_as(
            "SELECT writer, sequence, hash, digest, at, signature FROM audit_head \
             ORDER BY writer, sequence",
        )
    )
}

/// Whether there is an entry of this event with this detail, by any writer.
pub(crate) async fn has_audit(
    transaction: &mut Transaction,
    event: &str,
    detail: &str,
) -> Result<bool, RegistryError> {
    run!(
        transaction,
        fetch_one,
        sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM audit WHERE event = $1 AND detail = $2)")
            .bind(event)
            .bind(detail)
    )
}

/// A certificate recorded without exactly one entry of its issue, or an entry of an issue without
/// its certificate; `None` where each has the other. An entry that was made up to `erased_until`
/// (milliseconds), or about a resident who was erased, has lost its certificate by right.
pub(crate) async fn unmatched_certificates(
    transaction: &mut Transaction,
    issued: &str,
    resident_erased: &str,
    erased_until: i64,
) -> Result<Option<String>, RegistryError> {
    run!(
        transaction,
        fetch_optional,
        sqlx::query_scalar(
            "SELECT certificate.id FROM certificate WHERE 1 <> (SELECT COUNT(*) FROM audit \
         WHERE audit.certificate = certificate.id AND audit.event = $1) \
         UNION ALL SELECT audit.certificate FROM audit WHERE audit.event = $1 \
         AND NOT EXISTS (SELECT 1 FROM certificate WHERE certificate.id = audit.certificate) \
         AND audit.at > $2 AND NOT EXISTS (SELECT 1 FROM audit AS erased \
         WHERE erased.event = $3 AND erased.subject = audit.subject) \
         LIMIT 1",
        )
        .bind(issued)
        .bind(erased_until)
        .bind(resident_erased)
    )
}

/// The entries of these events, with what erasure wrote into them.
pub(crate) async fn erasures(
    transaction: &mut Transaction,
    events: [&str; 2],
) -> Result<Vec<(String, Option<String>, Option<Vec<u8>>)>, RegistryError> {
    run!(
        transaction,
        fetch_all,
        sqlx::query_as("SELECT event, detail, subject FROM audit WHERE event IN ($1, $2)")
            .bind(events[0])
            .bind(events[1])
    )
}
