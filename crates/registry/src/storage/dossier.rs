//! Everything about one resident in one statement: one snapshot, and the same work to begin with
//! whether the resident is found or not.

use sqlx::FromRow;

use super::Transaction;
use crate::error::{RegistryError, not_this_schema};
use crate::keys::{BlindIndex, RowId};
use crate::resident_directory::ResidentKey;

/// A sealed row and the id it is bound to.
#[derive(Debug, Clone)]
pub(crate) struct SealedRow {
    pub(crate) id: RowId,
    pub(crate) sealed: Vec<u8>,
}

/// A kiosk's certificate that was not delivered and still holds.
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
    /// The sealed history of flags, where staff ever set one.
    pub(crate) flags: Option<Vec<u8>>,
    pub(crate) doses: Vec<SealedRow>,
    pub(crate) passports: Vec<SealedRow>,
    /// Latest first.
    pub(crate) undelivered: Vec<UndeliveredRow>,
    /// For whose individual number a directory named the resident.
    pub(crate) asked: Option<BlindIndex>,
}

#[derive(FromRow)]
struct Row {
    part: i64,
    id: Option<Vec<u8>>,
    sealed: Option<Vec<u8>>,
    subject: Option<Vec<u8>>,
    certificate: Option<String>,
    kind: Option<String>,
    issued_at: Option<i64>,
}

/// Each part asks by the one resident's id, so that the planner has no choice but the index.
macro_rules! dossier_by {
    ($column:literal) => {
        concat!(
            "WITH found AS MATERIALIZED (SELECT id, subject, sealed FROM resident WHERE ",
            $column,
            " = $1) \
     SELECT CAST(0 AS BIGINT) AS part, id, sealed, subject, CAST(NULL AS TEXT) AS certificate, \
       CAST(NULL AS TEXT) AS kind, CAST(NULL AS BIGINT) AS issued_at FROM found \
     UNION ALL SELECT 1, id, sealed, NULL, NULL, NULL, NULL \
       FROM dose WHERE resident = (SELECT id FROM found) \
     UNION ALL SELECT 2, id, sealed, NULL, NULL, NULL, NULL \
       FROM passport WHERE resident = (SELECT id FROM found) \
     UNION ALL SELECT 4, resident, sealed, NULL, NULL, NULL, NULL \
       FROM resident_flags WHERE resident = (SELECT id FROM found) \
     UNION ALL SELECT 3, NULL, NULL, NULL, id, kind, issued_at \
       FROM certificate WHERE resident = (SELECT id FROM found) \
       AND delivery = 'not-delivered' AND channel = 'kiosk' AND NOT EXISTS \
         (SELECT 1 FROM revocation WHERE revocation.certificate = certificate.id)"
        )
    };
}

const BY_NUMBER: &str = dossier_by!("individual_number_index");
const BY_ID: &str = dossier_by!("id");

/// Reads the rows of a resident.
pub(crate) async fn dossier(
    transaction: &mut Transaction,
    key: ResidentKey,
) -> Result<DossierRows, RegistryError> {
    let mut dossier = DossierRows {
        asked: key.asked(),
        ..DossierRows::default()
    };
    let (statement, key) = match &key {
        ResidentKey::Number(index) => (BY_NUMBER, &index.0),
        ResidentKey::Row(id) | ResidentKey::Named(id, _) => (BY_ID, &id.0),
    };
    let rows: Vec<Row> = run!(
        transaction,
        fetch_all,
        sqlx::query_as(statement).bind(&key[..])
    )?;
    for row in rows {
        dossier.take(row)?;
    }
    dossier
        .undelivered
        .sort_by(|a, b| (b.issued_at, &b.id).cmp(&(a.issued_at, &a.id)));
    Ok(dossier)
}

impl DossierRows {
    fn take(&mut self, row: Row) -> Result<(), RegistryError> {
        if let (Some(id), Some(kind), Some(issued_at)) = (row.certificate, row.kind, row.issued_at)
        {
            self.undelivered.push(UndeliveredRow {
                id,
                kind,
                issued_at,
            });
            return Ok(());
        }
        let (Some(id), Some(sealed)) = (row.id, row.sealed) else {
            return Err(not_this_schema());
        };
        let id = RowId(id[..].try_into().map_err(|_| not_this_schema())?);
        let sealed = SealedRow { id, sealed };
        match (row.part, row.subject) {
            (0, Some(subject)) => self.resident = Some((sealed, subject)),
            (1, _) => self.doses.push(sealed),
            (2, _) => self.passports.push(sealed),
            (4, _) => self.flags = Some(sealed.sealed),
            _ => return Err(not_this_schema()),
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
        crate::storage::MUNICIPALITY_SCHEMA
            .run(&mut connection)
            .await
            .unwrap();
        for statement in [BY_NUMBER, BY_ID] {
            let plan = sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {statement}"));
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
            for table in [
                "resident",
                "dose",
                "passport",
                "resident_flags",
                "certificate",
                "revocation",
            ] {
                assert!(reads(table), "{table} is not read by its index: {steps:?}");
            }
        }
    }
}
