//! Everything about one resident in one statement: one snapshot, and the same work to begin with
//! whether the resident is found or not.

use sqlx::{FromRow, SqliteExecutor};

use crate::error::{RegistryError, not_this_schema};
use crate::keys::{BlindIndex, RowId};

/// A sealed row and the id it is bound to.
#[derive(Debug, Clone)]
pub(crate) struct SealedRow {
    pub(crate) id: RowId,
    pub(crate) sealed: Vec<u8>,
}

/// A certificate that was not delivered and still holds.
#[derive(Debug, Clone)]
pub(crate) struct UndeliveredRow {
    pub(crate) id: String,
    pub(crate) kind: String,
    pub(crate) issued_at: i64,
}

/// The rows of one resident.
#[derive(Debug, Clone, Default)]
pub(crate) struct DossierRows {
    /// The resident and the sealed random id for the audit record.
    pub(crate) resident: Option<(SealedRow, Vec<u8>)>,
    pub(crate) doses: Vec<SealedRow>,
    pub(crate) passports: Vec<SealedRow>,
    /// Latest first.
    pub(crate) undelivered: Vec<UndeliveredRow>,
}

#[derive(FromRow)]
struct Row {
    part: i64,
    id: Vec<u8>,
    sealed: Vec<u8>,
    subject: Vec<u8>,
    kind: String,
    issued_at: i64,
}

/// Each part asks by the one resident's id, so that the planner has no choice but the index.
const DOSSIER: &str = "WITH found AS MATERIALIZED \
       (SELECT id, subject, sealed FROM resident WHERE individual_number_index = ?) \
     SELECT 0 AS part, id, sealed, subject, '' AS kind, 0 AS issued_at FROM found \
     UNION ALL SELECT 1, id, sealed, x'', '', 0 \
       FROM dose WHERE resident = (SELECT id FROM found) \
     UNION ALL SELECT 2, id, sealed, x'', '', 0 \
       FROM passport WHERE resident = (SELECT id FROM found) \
     UNION ALL SELECT * FROM (SELECT 3, CAST(id AS BLOB), x'', x'', kind, issued_at \
       FROM certificate WHERE resident = (SELECT id FROM found) \
       AND delivery = 'not-delivered' AND NOT EXISTS \
         (SELECT 1 FROM revocation WHERE revocation.certificate = certificate.id) \
       ORDER BY issued_at DESC, certificate.rowid DESC)";

/// Reads the rows of the resident with this individual number.
pub(crate) async fn dossier(
    executor: impl SqliteExecutor<'_>,
    number: BlindIndex,
) -> Result<DossierRows, RegistryError> {
    let rows: Vec<Row> = sqlx::query_as(DOSSIER)
        .bind(&number.0[..])
        .fetch_all(executor)
        .await?;
    let mut dossier = DossierRows::default();
    for row in rows {
        dossier.take(row)?;
    }
    Ok(dossier)
}

impl DossierRows {
    fn take(&mut self, row: Row) -> Result<(), RegistryError> {
        if row.part == 3 {
            let id = String::from_utf8(row.id).map_err(|_| not_this_schema())?;
            self.undelivered.push(UndeliveredRow {
                id,
                kind: row.kind,
                issued_at: row.issued_at,
            });
            return Ok(());
        }
        let id = row.id[..].try_into().map_err(|_| not_this_schema())?;
        let sealed = SealedRow {
            id: RowId(id),
            sealed: row.sealed,
        };
        match row.part {
            0 => self.resident = Some((sealed, row.subject)),
            1 => self.doses.push(sealed),
            _ => self.passports.push(sealed),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sqlx::{Connection, SqliteConnection};

    #[tokio::test]
    async fn no_table_is_read_from_end_to_end() {
        let mut connection = SqliteConnection::connect("sqlite::memory:").await.unwrap();
        crate::registry::MUNICIPALITY_SCHEMA
            .run(&mut connection)
            .await
            .unwrap();
        let plan = sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {DOSSIER}"));
        let steps: Vec<(i64, i64, i64, String)> = sqlx::query_as(plan)
            .bind(&[0_u8; 16][..])
            .fetch_all(&mut connection)
            .await
            .unwrap();
        let reads = |table: &str| {
            let read = |step: &&str| step.split(' ').nth(1) == Some(table);
            let steps: Vec<&str> = steps
                .iter()
                .map(|step| step.3.as_str())
                .filter(read)
                .collect();
            assert!(!steps.is_empty(), "{table} is read");
            steps
                .iter()
                .all(|step| step.starts_with("SEARCH") && step.contains(" INDEX "))
        };
        for table in ["resident", "dose", "passport", "certificate", "revocation"] {
            assert!(reads(table), "{table} is not read by its index: {steps:?}");
        }
    }
}
