//! From sealed rows to a dossier.

use domain::{CertificateId, CertificateKind};
use time::OffsetDateTime;

use crate::audit::SubjectId;
use crate::error::{RegistryError, not_this_schema};
use crate::keys::{RegisterKeys, RowId};
use crate::model::{
    Dose, Dossier, NumberedResident, RegisteredPassport, SealedForm, UndeliveredCertificate,
};
use crate::registry::OpenMunicipality;
use crate::resident_directory::check_named;
use crate::resident_flags::open_flags;
use crate::storage::{DossierRows, SealedRow, UndeliveredRow};
use crate::table::Table;

/// Whose dossier it is: the row, and the name in the audit record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Holder {
    pub(crate) resident: RowId,
    pub(crate) subject: SubjectId,
}

/// Opens the rows of a resident, and makes up with decoys for those that are not there.
pub(crate) fn open_dossier(
    municipality: &OpenMunicipality,
    rows: DossierRows,
) -> Result<Option<(Holder, Dossier)>, RegistryError> {
    let keys = &municipality.keys;
    municipality.decoy.make_up(keys, &rows);
    let Some((resident, subject)) = rows.resident else {
        return Ok(None);
    };
    let holder = Holder {
        resident: resident.id,
        subject: open_subject(keys, resident.id, &subject)?,
    };
    let flags = open_flags(keys, resident.id, rows.flags.as_deref())?;
    let NumberedResident {
        individual_number,
        resident,
    } = open_row(keys, Table::Resident, &resident)?;
    check_named(keys, rows.asked, individual_number.as_ref())?;
    let mut doses: Vec<Dose> = open_rows(keys, Table::Dose, &rows.doses)?;
    doses.sort_by(|a, b| (a.date, a.number, &a.disease).cmp(&(b.date, b.number, &b.disease)));
    let passports: Vec<RegisteredPassport> = open_rows(keys, Table::Passport, &rows.passports)?;
    let dossier = Dossier {
        resident: resident.flagged(&flags),
        doses,
        passport: passports
            .into_iter()
            .max_by_key(|passport| passport.registered_at),
        undelivered: last_of_each_kind(rows.undelivered)?,
    };
    Ok(Some((holder, dossier)))
}

/// Opens the random id by which the audit record names a resident.
pub(crate) fn open_subject(
    keys: &RegisterKeys,
    resident: RowId,
    sealed: &[u8],
) -> Result<SubjectId, RegistryError> {
    let text = keys.open(Table::ResidentSubject, &resident.0, sealed)?;
    let id = text
        .get(..16)
        .and_then(|id| id.try_into().ok())
        .ok_or(Table::ResidentSubject.damaged())?;
    Ok(SubjectId(id))
}

/// Opens rows of one table.
pub(crate) fn open_rows<T: SealedForm>(
    keys: &RegisterKeys,
    table: Table,
    rows: &[SealedRow],
) -> Result<Vec<T>, RegistryError> {
    rows.iter().map(|row| open_row(keys, table, row)).collect()
}

/// Opens a row.
pub(crate) fn open_row<T: SealedForm>(
    keys: &RegisterKeys,
    table: Table,
    row: &SealedRow,
) -> Result<T, RegistryError> {
    let text = keys.open(table, &row.id.0, &row.sealed)?;
    T::from_text(&text).ok_or(table.damaged())
}

/// The rows come latest first.
fn last_of_each_kind(
    rows: Vec<UndeliveredRow>,
) -> Result<Vec<UndeliveredCertificate>, RegistryError> {
    let mut last: Vec<UndeliveredCertificate> = Vec::new();
    for row in rows {
        let kind = kind_of(&row.kind)?;
        if last.iter().all(|other| other.kind != kind) {
            last.push(UndeliveredCertificate {
                id: CertificateId::parse(&row.id).map_err(|_| not_this_schema())?,
                kind,
                issued_at: moment_of(row.issued_at)?,
            });
        }
    }
    Ok(last)
}

/// The kind of that stored name.
pub(crate) fn kind_of(name: &str) -> Result<CertificateKind, RegistryError> {
    CertificateKind::ALL
        .into_iter()
        .find(|kind| kind.as_str() == name)
        .ok_or(not_this_schema())
}

/// The moment of a stored number of seconds.
pub(crate) fn moment_of(seconds: i64) -> Result<OffsetDateTime, RegistryError> {
    OffsetDateTime::from_unix_timestamp(seconds).map_err(|_| not_this_schema())
}
