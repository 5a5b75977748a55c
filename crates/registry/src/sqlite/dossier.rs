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

/// Reads the rows of the resident with this individual number.
pub(crate) async fn dossier(
    executor: impl SqliteExecutor<'_>,
    number: BlindIndex,
) -> Result<DossierRows, RegistryError> {
    let rows: Vec<Row> = sqlx::query_as(
        "WITH found AS MATERIALIZED \
           (SELECT id, subject, sealed FROM resident WHERE individual_number_index = ?) \
         SELECT 0 AS part, id, sealed, subject, '' AS kind, 0 AS issued_at FROM found \
         UNION ALL SELECT 1, dose.id, dose.sealed, x'', '', 0 \
           FROM found JOIN dose ON dose.resident = found.id \
         UNION ALL SELECT 2, passport.id, passport.sealed, x'', '', 0 \
           FROM found JOIN passport ON passport.resident = found.id \
         UNION ALL SELECT * FROM (SELECT 3, CAST(certificate.id AS BLOB), x'', x'', \
             certificate.kind, certificate.issued_at \
           FROM found JOIN certificate ON certificate.resident = found.id \
           WHERE certificate.delivery = 'not-delivered' AND NOT EXISTS \
             (SELECT 1 FROM revocation WHERE revocation.certificate = certificate.id) \
           ORDER BY certificate.issued_at DESC, certificate.rowid DESC)",
    )
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
