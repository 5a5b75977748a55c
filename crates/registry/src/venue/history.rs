//! What became of a venue's dose, for staff: as it stands, as it stood, and the certificates that
//! may list it as it stood.

use domain::{CertificateId, Redacted};
use time::OffsetDateTime;

use super::registering::receipt_of;
use super::{DoseBefore, DoseReceipt};
use crate::access::Act;
use crate::audit::AuditEvent;
use crate::dossier_reading::{moment_of, open_dossier, open_row};
use crate::error::{RegistryError, not_this_schema};
use crate::keys::RowId;
use crate::model::{Dose, SealedForm as _};
use crate::municipality_register::MunicipalityRegister;
use crate::resident_directory::ResidentKey;
use crate::storage::{self, DoseChangeRow};
use crate::table::Table;

/// Most changes shown at once.
const MOST_CHANGES: u32 = 1000;

/// What became of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReceiptState {
    /// It stands as it was made.
    Registered,
    /// It was corrected.
    Corrected,
    /// It was cancelled.
    Cancelled,
}

impl ReceiptState {
    /// The stable name in records.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Registered => "registered",
            Self::Corrected => "corrected",
            Self::Cancelled => "cancelled",
        }
    }

    pub(super) fn of_name(name: &str) -> Result<Self, RegistryError> {
        [Self::Registered, Self::Corrected, Self::Cancelled]
            .into_iter()
            .find(|state| state.as_str() == name)
            .ok_or_else(not_this_schema)
    }
}

/// What was done to an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DoseChangeKind {
    /// It was corrected.
    Corrected,
    /// It was cancelled.
    Cancelled,
}

impl DoseChangeKind {
    /// The stable name in records.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Corrected => ReceiptState::Corrected.as_str(),
            Self::Cancelled => ReceiptState::Cancelled.as_str(),
        }
    }

    fn of_name(name: &str) -> Result<Self, RegistryError> {
        [Self::Corrected, Self::Cancelled]
            .into_iter()
            .find(|kind| kind.as_str() == name)
            .ok_or_else(not_this_schema)
    }
}

/// A dose that a venue registered, with everything it ever said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DoseHistory {
    /// When it was registered.
    pub registered_at: OffsetDateTime,
    /// What became of it.
    pub state: ReceiptState,
    /// As it stands; `None`: cancelled, or not there any more.
    pub standing: Option<Dose>,
    /// What it said before, oldest first.
    pub before: Vec<DoseVersion>,
    /// Certificates of the person that were issued since it was registered and still hold.
    pub certificates: Vec<CertificateId>,
}

/// What a dose said, until it was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DoseVersion {
    /// When it was changed.
    pub changed_at: OffsetDateTime,
    /// How.
    pub change: DoseChangeKind,
    /// By whom: a member of staff by name, a venue by its id.
    pub by: String,
    /// Why.
    pub reason: Redacted<String>,
    /// What it said until then.
    pub dose: Dose,
}

/// A change, for the list that staff look through: nothing of what the dose says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedDose {
    /// Which entry.
    pub receipt: DoseReceipt,
    /// When it was changed.
    pub changed_at: OffsetDateTime,
    /// How.
    pub change: DoseChangeKind,
    /// By whom: a member of staff by name, a venue by its id.
    pub by: String,
    /// Certificates of the person that were issued since the dose was registered and still hold.
    pub certificates: Vec<CertificateId>,
}

impl MunicipalityRegister {
    /// Everything about a dose that a venue registered; that staff read it is recorded. `None`: no
    /// such receipt here.
    ///
    /// # Errors
    /// [`RegistryError::NotForThisPurpose`] (also where the actor is not staff),
    /// [`RegistryError::LookupUnavailable`], [`RegistryError::DamagedRow`].
    pub async fn dose_history(
        &self,
        receipt: DoseReceipt,
    ) -> Result<Option<DoseHistory>, RegistryError> {
        self.permit(Act::ChangeDose)?;
        self.permit_staff_only()?;
        let mut transaction = self.begin().await?;
        let Some(row) = storage::venue_dose(&mut transaction, &receipt.0).await? else {
            return Ok(None);
        };
        let resident = RowId(row.resident[..].try_into().map_err(|_| not_this_schema())?);
        let rows = storage::dossier(&mut transaction, ResidentKey::Row(resident)).await?;
        let standing = rows.doses.iter().find(|dose| dose.id.0[..] == row.dose);
        let keys = &self.municipality.keys;
        let standing = standing
            .map(|row| open_row(keys, Table::Dose, row))
            .transpose()?;
        let (holder, _) = open_dossier(&self.municipality, rows)?.ok_or_else(not_this_schema)?;
        let changes = storage::dose_changes(&mut transaction, &receipt.0).await?;
        let before = changes.iter().map(|change| self.version(change));
        let history = DoseHistory {
            registered_at: moment_of(row.registered_at)?,
            state: ReceiptState::of_name(&row.state)?,
            standing,
            before: before.collect::<Result<_, _>>()?,
            certificates: self
                .certificates_since(&mut transaction, &resident.0, row.registered_at)
                .await?,
        };
        let mut entry = self.entry(AuditEvent::DoseHistoryRead);
        entry.subject = Some(holder.subject);
        entry.detail = Some(receipt.to_string());
        self.append(&mut transaction, entry).await?;
        transaction.commit().await?;
        Ok(Some(history))
    }

    /// What was corrected or cancelled since a moment, by venues and staff, newest first, at most
    /// 1000; with the certificates that may list it as it was. That staff read it is recorded.
    ///
    /// # Errors
    /// As [`MunicipalityRegister::dose_history`].
    pub async fn changed_doses(
        &self,
        since: OffsetDateTime,
    ) -> Result<Vec<ChangedDose>, RegistryError> {
        self.permit(Act::ChangeDose)?;
        self.permit_staff_only()?;
        let mut transaction = self.begin().await?;
        let since = since.unix_timestamp();
        let rows =
            storage::dose_changes_since(&mut transaction, since, MOST_CHANGES.into()).await?;
        let mut changed = Vec::with_capacity(rows.len());
        for row in rows {
            let entry = storage::venue_dose(&mut transaction, &row.receipt).await?;
            let registered_at = entry.ok_or_else(not_this_schema)?.registered_at;
            changed.push(ChangedDose {
                receipt: receipt_of(&row.receipt)?,
                changed_at: moment_of(row.changed_at)?,
                change: DoseChangeKind::of_name(&row.change)?,
                by: by(&row),
                certificates: self
                    .certificates_since(&mut transaction, &row.resident, registered_at)
                    .await?,
            });
        }
        let mut entry = self.entry(AuditEvent::DoseHistoryRead);
        entry.detail = Some(changed.len().to_string());
        self.append(&mut transaction, entry).await?;
        transaction.commit().await?;
        Ok(changed)
    }

    fn version(&self, row: &DoseChangeRow) -> Result<DoseVersion, RegistryError> {
        let keys = &self.municipality.keys;
        let text = keys.open(Table::DoseChange, &row.id, &row.sealed)?;
        let before = DoseBefore::from_text(&text).ok_or(Table::DoseChange.damaged())?;
        Ok(DoseVersion {
            changed_at: moment_of(row.changed_at)?,
            change: DoseChangeKind::of_name(&row.change)?,
            by: by(row),
            reason: before.reason,
            dose: before.before,
        })
    }
}

/// Staff by name, a venue by its id.
fn by(row: &DoseChangeRow) -> String {
    let named = std::str::from_utf8(&row.actor).ok();
    match named.filter(|_| row.actor_kind == "staff") {
        Some(name) => format!("staff {name}"),
        None => {
            let id: String = row.actor.iter().map(|byte| format!("{byte:02x}")).collect();
            format!("{} {id}", row.actor_kind)
        }
    }
}
