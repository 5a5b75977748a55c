//! Removing rows for good. What SQLite removes it overwrites (`secure_delete`); in PostgreSQL a
//! removed row lies in the file until VACUUM (docs/SECURITY.md).

use sqlx::{AssertSqlSafe, Database, Encode, QueryBuilder, Type};

use super::{ChildTable, Transaction};
use crate::error::RegistryError;
use crate::keys::RowId;

/// Rows removed in one statement.
const CHUNK: usize = 400;

/// What is known by the moment it was stored: statements that take the last second, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dated {
    /// Records of certificates. Revocations stay: the paper may still be shown to somebody.
    Certificates,
    /// Notes in the audit record, and the words of approvals.
    AuditNotes,
    /// Doses that a venue registered and took back, with what they were.
    CancelledDoses,
    /// Doses received by inquiry.
    ReceivedDoses,
    /// Records of imported files whose medium was erased.
    ImportBatches,
    /// The record of provision to others, and the inquiries behind it.
    ProvisionRecords,
}

impl Dated {
    const fn statements(self) -> &'static [&'static str] {
        match self {
            Self::Certificates => &["DELETE FROM certificate WHERE issued_at <= $1"],
            Self::AuditNotes => &[
                "DELETE FROM audit_note WHERE EXISTS (SELECT 1 FROM audit \
                 WHERE audit.writer = audit_note.writer \
                 AND audit.sequence = audit_note.sequence AND audit.at < ($1 + 1) * 1000)",
                "UPDATE approval SET sealed = NULL, resident = NULL \
                 WHERE sealed IS NOT NULL AND requested_at <= $1",
            ],
            Self::CancelledDoses => &[
                "DELETE FROM dose_change WHERE receipt IN (SELECT receipt FROM venue_dose \
                 WHERE state = 'cancelled' AND registered_at <= $1)",
                "DELETE FROM venue_dose WHERE state = 'cancelled' AND registered_at <= $1",
            ],
            Self::ReceivedDoses => &["DELETE FROM received_dose WHERE received_at <= $1"],
            Self::ImportBatches => &[
                "DELETE FROM import_file WHERE batch IN (SELECT id FROM import_batch \
                 WHERE landed_at <= $1 AND erased_at IS NOT NULL)",
                "DELETE FROM import_batch WHERE landed_at <= $1 AND erased_at IS NOT NULL",
            ],
            Self::ProvisionRecords => &[
                "DELETE FROM disclosure_record WHERE recorded_at <= $1",
                "DELETE FROM answered_inquiry WHERE asked_at <= $1",
                "DELETE FROM inquiry WHERE prepared_at <= $1 AND NOT EXISTS \
                 (SELECT 1 FROM received_dose WHERE received_dose.inquiry = inquiry.id)",
            ],
        }
    }
}

/// Every table that names a resident's row, in the order in which rows can go, with the column
/// that names it. A test compares this with the schema; the record of provision stays, and of an
/// approval the row without its words.
pub(crate) const OF_RESIDENT: [(&str, &str); 10] = [
    ("resident_flags", "resident"),
    ("dose_change", "resident"),
    ("venue_dose", "resident"),
    ("dose", "resident"),
    ("voucher", "resident"),
    ("passport", "resident"),
    ("certificate", "resident"),
    ("received_dose", "resident"),
    ("inquiry", "resident"),
    ("answered_inquiry", "resident"),
];

/// Removes what was stored up to this second (since 1970); how many rows went.
pub(crate) async fn erase_dated(
    transaction: &mut Transaction,
    what: Dated,
    until: i64,
) -> Result<u64, RegistryError> {
    let mut gone = 0;
    for statement in what.statements() {
        gone += run!(transaction, execute, sqlx::query(*statement).bind(until))?;
    }
    Ok(gone)
}

/// Removes rows of residents, by resident and id, and what hangs on them; how many went.
pub(crate) async fn erase_rows(
    transaction: &mut Transaction,
    table: ChildTable,
    rows: &[(RowId, RowId)],
) -> Result<u64, RegistryError> {
    let mut gone = 0;
    for chunk in rows.chunks(CHUNK) {
        for (statement, end) in table.erase() {
            let removed = on_either!(&mut *transaction, |connection| {
                let mut query = QueryBuilder::new(*statement);
                let mut list = query.separated(", ");
                for (resident, id) in chunk {
                    list.push("(")
                        .push_bind_unseparated(&resident.0[..])
                        .push_unseparated(", ")
                        .push_bind_unseparated(&id.0[..])
                        .push_unseparated(")");
                }
                query.push(end);
                query
                    .build()
                    .execute(connection)
                    .await
                    .map(|done| done.rows_affected())
            })?;
            gone += removed;
        }
    }
    Ok(gone)
}

impl ChildTable {
    /// Statements that remove rows by resident and id, each with its end: first what hangs on
    /// them.
    const fn erase(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Voucher => &[("DELETE FROM voucher WHERE (resident, id) IN (VALUES ", ")")],
            Self::Dose => &[
                (
                    "DELETE FROM dose_change WHERE receipt IN (SELECT receipt FROM venue_dose \
                     WHERE (resident, dose) IN (VALUES ",
                    "))",
                ),
                (
                    "DELETE FROM venue_dose WHERE (resident, dose) IN (VALUES ",
                    ")",
                ),
                ("DELETE FROM dose WHERE (resident, id) IN (VALUES ", ")"),
            ],
            Self::Passport => &[("DELETE FROM passport WHERE (resident, id) IN (VALUES ", ")")],
        }
    }
}

/// Removes those of these residents of whom nothing else is kept; how many went.
pub(crate) async fn erase_bare_residents(
    transaction: &mut Transaction,
    residents: &[RowId],
) -> Result<u64, RegistryError> {
    let mut gone = 0;
    for chunk in residents.chunks(CHUNK) {
        for (table, column) in [("resident_flags", "resident"), ("resident", "id")] {
            let removed = on_either!(&mut *transaction, |connection| {
                let mut query =
                    QueryBuilder::new(format!("DELETE FROM {table} WHERE {column} IN ("));
                push_ids(&mut query, chunk);
                query.push(")");
                for (other, name) in OF_RESIDENT {
                    if other != "resident_flags" {
                        query.push(format!(
                            " AND NOT EXISTS (SELECT 1 FROM {other} \
                             WHERE {other}.{name} = {table}.{column})"
                        ));
                    }
                }
                query
                    .build()
                    .execute(connection)
                    .await
                    .map(|done| done.rows_affected())
            })?;
            if table == "resident" {
                gone += removed;
            }
        }
    }
    Ok(gone)
}

/// Removes everything that names a resident, and the resident; how many rows of each table.
pub(crate) async fn erase_resident(
    transaction: &mut Transaction,
    resident: RowId,
) -> Result<Vec<(&'static str, u64)>, RegistryError> {
    let mut gone = Vec::with_capacity(OF_RESIDENT.len() + 1);
    for (table, column) in OF_RESIDENT.into_iter().chain([("resident", "id")]) {
        let text = format!("DELETE FROM {table} WHERE {column} = $1");
        let rows = run!(
            transaction,
            execute,
            sqlx::query(AssertSqlSafe(text)).bind(&resident.0[..])
        )?;
        gone.push((table, rows));
    }
    Ok(gone)
}

/// Removes the notes of entries about somebody; how many went.
pub(crate) async fn erase_notes_about(
    transaction: &mut Transaction,
    subject: &[u8],
) -> Result<u64, RegistryError> {
    run!(
        transaction,
        execute,
        sqlx::query(
            "DELETE FROM audit_note WHERE EXISTS (SELECT 1 FROM audit \
             WHERE audit.writer = audit_note.writer \
             AND audit.sequence = audit_note.sequence AND audit.subject = $1)"
        )
        .bind(subject)
    )
}

/// Removes the words of the approvals that were asked for about a resident, whatever became of
/// them; what is left names nobody.
pub(crate) async fn erase_approval_words(
    transaction: &mut Transaction,
    resident: RowId,
) -> Result<u64, RegistryError> {
    run!(
        transaction,
        execute,
        sqlx::query("UPDATE approval SET sealed = NULL, resident = NULL WHERE resident = $1")
            .bind(&resident.0[..])
    )
}

/// A resident's row: the sealed random id for the audit record, and the sealed text.
pub(crate) async fn resident_row(
    transaction: &mut Transaction,
    resident: RowId,
) -> Result<Option<(Vec<u8>, Vec<u8>)>, RegistryError> {
    run!(
        transaction,
        fetch_optional,
        sqlx::query_as("SELECT subject, sealed FROM resident WHERE id = $1").bind(&resident.0[..])
    )
}

fn push_ids<DB: Database>(query: &mut QueryBuilder<DB>, ids: &[RowId])
where
    Vec<u8>: Encode<'static, DB> + Type<DB>,
{
    let mut list = query.separated(", ");
    for id in ids {
        list.push_bind(id.0.to_vec());
    }
}
