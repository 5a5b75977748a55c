//! The disclosure record (情報提供等の記録): what was asked of others about a person, provided to
//! them, refused to them (C25). Kept for seven years, whatever is erased earlier, and told to the
//! person who asks.

use domain::Redacted;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use zeroize::Zeroizing;

use crate::access::Act;
use crate::audit::AuditEvent;
use crate::dossier_reading::{moment_of, open_subject};
use crate::error::RegistryError;
use crate::keys::RowId;
use crate::model::{ResidentNumber, text_of};
use crate::municipality_register::MunicipalityRegister;
use crate::resident_directory::ResidentKey;
use crate::storage::{self, DisclosureRow, Transaction};
use crate::table::Table;

/// What happened between this municipality and another body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DisclosureEvent {
    /// This municipality asked the other about the person.
    Asked,
    /// The other's answer was received here.
    Received,
    /// The other asked; nothing is answered before a superior has decided.
    Waiting,
    /// The person's doses were provided to the other.
    Provided,
    /// The other asked, and nothing was provided.
    Refused,
}

impl DisclosureEvent {
    /// Every event.
    pub const ALL: [Self; 5] = [
        Self::Asked,
        Self::Received,
        Self::Waiting,
        Self::Provided,
        Self::Refused,
    ];

    /// The stable name in the record.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Received => "received",
            Self::Waiting => "waiting",
            Self::Provided => "provided",
            Self::Refused => "refused",
        }
    }

    fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|event| event.as_str() == name)
    }
}

/// One entry of the disclosure record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisclosureRecord {
    /// When, to the second.
    pub recorded_at: OffsetDateTime,
    /// What happened.
    pub event: DisclosureEvent,
    /// With whom: a municipality's code.
    pub other: String,
    /// By which inquiry: the id it has where it was made.
    pub inquiry: String,
    /// About which diseases (疾病).
    pub diseases: Vec<String>,
    /// How many doses were provided or received.
    pub doses: u32,
    /// On which ground was asked: `consent`, `resident-register`.
    pub ground: String,
    /// On what it rests in law, as this municipality declared it.
    pub legal_basis: String,
    /// Why nothing was provided, where staff or the register said.
    pub reason: Option<Redacted<String>>,
}

#[derive(Serialize, Deserialize)]
struct DisclosureForm {
    event: String,
    other: String,
    inquiry: String,
    diseases: Vec<String>,
    doses: u32,
    ground: String,
    legal_basis: String,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    reason: Option<String>,
}

impl DisclosureRecord {
    pub(crate) fn to_text(&self) -> Zeroizing<Vec<u8>> {
        text_of(&DisclosureForm {
            event: self.event.as_str().to_owned(),
            other: self.other.clone(),
            inquiry: self.inquiry.clone(),
            diseases: self.diseases.clone(),
            doses: self.doses,
            ground: self.ground.clone(),
            legal_basis: self.legal_basis.clone(),
            reason: self.reason.as_ref().map(|reason| reason.expose().clone()),
        })
    }

    pub(crate) fn of_text(text: &[u8], recorded_at: OffsetDateTime) -> Option<Self> {
        let form: DisclosureForm = serde_json::from_slice(text).ok()?;
        Some(Self {
            recorded_at,
            event: DisclosureEvent::of_name(&form.event)?,
            other: form.other,
            inquiry: form.inquiry,
            diseases: form.diseases,
            doses: form.doses,
            ground: form.ground,
            legal_basis: form.legal_basis,
            reason: form.reason.map(Redacted::new),
        })
    }
}

impl MunicipalityRegister {
    /// Appends a record about a resident, in the transaction of what it records.
    pub(crate) async fn append_disclosure(
        &self,
        transaction: &mut Transaction,
        resident: RowId,
        record: &DisclosureRecord,
    ) -> Result<(), RegistryError> {
        let mut id = [0; 16];
        self.shared.random.fill(&mut id);
        let keys = &self.municipality.keys;
        let row = DisclosureRow {
            id: id.to_vec(),
            resident: resident.0.to_vec(),
            recorded_at: record.recorded_at.unix_timestamp(),
            sealed: keys.seal_row(Table::DisclosureRecord, &id, record.to_text()),
        };
        storage::insert_disclosure(transaction, &row).await
    }

    /// Everything recorded about the person of a resident number, oldest first, also where the
    /// resident's own row was erased: for telling it to the person. That it was read is recorded.
    ///
    /// # Errors
    /// [`RegistryError::NotForThisPurpose`] (also where the actor is not staff),
    /// [`RegistryError::LookupUnavailable`], [`RegistryError::DamagedRow`].
    pub async fn disclosure_records(
        &self,
        number: &ResidentNumber,
    ) -> Result<Vec<DisclosureRecord>, RegistryError> {
        self.permit(Act::Disclose)?;
        self.permit_staff_only()?;
        let keys = &self.municipality.keys;
        let resident = keys.row_id(Table::Resident, &[number.expose().as_bytes()]);
        let mut transaction = self.begin().await?;
        let records = self
            .disclosure_records_of(&mut transaction, resident)
            .await?;
        let row = storage::resident(&mut transaction, ResidentKey::Row(resident)).await?;
        let mut entry = self.entry(AuditEvent::Disclosed);
        entry.subject = match row {
            Some(row) => Some(open_subject(keys, resident, &row.subject)?),
            None => None,
        };
        entry.detail = Some("disclosure-records".to_owned());
        self.append(&mut transaction, entry).await?;
        transaction.commit().await?;
        Ok(records)
    }

    /// Everything recorded about a resident's row, oldest first.
    pub(crate) async fn disclosure_records_of(
        &self,
        transaction: &mut Transaction,
        resident: RowId,
    ) -> Result<Vec<DisclosureRecord>, RegistryError> {
        let keys = &self.municipality.keys;
        let rows = storage::disclosures(transaction, &resident.0).await?;
        let record = |row: DisclosureRow| {
            let text = keys.open(Table::DisclosureRecord, &row.id, &row.sealed)?;
            DisclosureRecord::of_text(&text, moment_of(row.recorded_at)?)
                .ok_or(Table::DisclosureRecord.damaged())
        };
        rows.into_iter().map(record).collect()
    }
}
