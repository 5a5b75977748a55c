//! Inquiries made here, as staff see them, with what was received by them.

use domain::MunicipalityCode;
use time::OffsetDateTime;

use super::forms::{Asked, DoseFrom};
use super::question::{Diseases, Inquiry, InquiryId, InquiryState};
use super::refusal::InquiryRefused;
use crate::access::Act;
use crate::approval::{ApprovalScope, ApprovalSubject};
use crate::audit::{AuditEvent, SubjectId};
use crate::dossier_reading::moment_of;
use crate::error::{RegistryError, not_this_schema};
use crate::keys::RowId;
use crate::model::{Dose, NumberedResident, Resident, ResidentNumber, SealedForm as _};
use crate::municipality_register::MunicipalityRegister;
use crate::resident_directory::ResidentKey;
use crate::resident_flags::open_flagged;
use crate::storage::{self, InquiryRow, ReceivedDoseRow, Transaction};
use crate::table::Table;

/// Most inquiries listed.
const MOST_LISTED: u32 = 1000;

/// A dose as received by inquiry: shown to staff, never certified (domain rule 3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceivedDose {
    /// By which inquiry.
    pub inquiry: InquiryId,
    /// From whom.
    pub from: MunicipalityCode,
    /// When.
    pub received_at: OffsetDateTime,
    /// The dose, as the other register had it.
    pub dose: Dose,
}

/// An inquiry as staff see it, with whom it is about and what was received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InquiryShown {
    /// The inquiry.
    pub inquiry: Inquiry,
    /// Whom it is about; `None` where the resident is not in the register any more.
    pub resident: Option<ResidentNumber>,
    /// What was received by it.
    pub received: Vec<ReceivedDose>,
}

impl MunicipalityRegister {
    /// The inquiries made here, newest first, at most 1000. Nothing in them says about whom.
    ///
    /// # Errors
    /// [`RegistryError::NotForThisPurpose`], [`RegistryError::LookupUnavailable`],
    /// [`RegistryError::DamagedRow`].
    pub async fn inquiries(&self) -> Result<Vec<Inquiry>, RegistryError> {
        self.permit(Act::Inquire)?;
        self.permit_staff_only()?;
        let mut transaction = self.read().await?;
        let rows = storage::inquiries(&mut transaction, MOST_LISTED).await?;
        rows.iter().map(|row| self.opened_inquiry(row)).collect()
    }

    /// One inquiry with whom it is about and what was received by it; that staff read it is
    /// recorded.
    ///
    /// # Errors
    /// As [`MunicipalityRegister::inquiries`].
    pub async fn inquiry(&self, id: InquiryId) -> Result<Option<InquiryShown>, RegistryError> {
        self.permit(Act::Inquire)?;
        self.permit_staff_only()?;
        let mut transaction = self.begin().await?;
        let Some(row) = storage::inquiry(&mut transaction, &id.0).await? else {
            return Ok(None);
        };
        let person = self.person_of(&mut transaction, &row).await?;
        let received = self
            .received_doses(&mut transaction, resident_of(&row)?)
            .await?;
        let mut entry = self.entry(AuditEvent::ReceivedDosesRead);
        entry.subject = person.as_ref().map(|(subject, _)| *subject);
        self.append(&mut transaction, entry).await?;
        transaction.commit().await?;
        Ok(Some(InquiryShown {
            inquiry: self.opened_inquiry(&row)?,
            resident: person.map(|(_, person)| person.resident.number.clone()),
            received: received
                .into_iter()
                .filter(|dose| dose.inquiry == id)
                .collect(),
        }))
    }

    /// Who is asked by an inquiry, and about what.
    pub(super) async fn inquiry_to(
        &self,
        id: InquiryId,
    ) -> Result<Option<(MunicipalityCode, Diseases)>, RegistryError> {
        self.permit(Act::Inquire)?;
        let mut transaction = self.read().await?;
        match storage::inquiry(&mut transaction, &id.0).await? {
            Some(row) => {
                let asked = self.asked(&row)?;
                Ok(Some((asked.to, asked.diseases)))
            }
            None => Ok(None),
        }
    }

    /// What a superior approves before an inquiry is sent; `None`: no such inquiry.
    ///
    /// # Errors
    /// As [`MunicipalityRegister::inquiries`].
    pub async fn inquiry_scope(
        &self,
        id: InquiryId,
    ) -> Result<Option<ApprovalScope>, RegistryError> {
        self.permit(Act::Inquire)?;
        self.permit_staff_only()?;
        let mut transaction = self.read().await?;
        let Some(row) = storage::inquiry(&mut transaction, &id.0).await? else {
            return Ok(None);
        };
        let person = self.person_of(&mut transaction, &row).await?;
        let (_, person) = person.ok_or(InquiryRefused::NotRegistered)?;
        self.scope_of(&row, &person.resident).map(Some)
    }

    /// Everything received by inquiry about a resident: for showing it, and for telling it to the
    /// person.
    pub(crate) async fn received_doses(
        &self,
        transaction: &mut Transaction,
        resident: RowId,
    ) -> Result<Vec<ReceivedDose>, RegistryError> {
        let rows = storage::received_doses(transaction, &resident.0).await?;
        rows.into_iter()
            .map(|row| self.opened_received(row))
            .collect()
    }

    /// Whom an inquiry is about; `None` where the resident is not here any more.
    pub(super) async fn person_of(
        &self,
        transaction: &mut Transaction,
        row: &InquiryRow,
    ) -> Result<Option<(SubjectId, NumberedResident)>, RegistryError> {
        let keys = &self.municipality.keys;
        let id = resident_of(row)?;
        let Some(row) = storage::resident(transaction, ResidentKey::Row(id)).await? else {
            return Ok(None);
        };
        let found = open_flagged(keys, &row)?;
        let person = NumberedResident {
            individual_number: found.individual_number,
            resident: found.resident,
        };
        Ok(Some((found.subject, person)))
    }

    pub(super) fn asked(&self, row: &InquiryRow) -> Result<Asked, RegistryError> {
        let keys = &self.municipality.keys;
        let text = keys.open(Table::Inquiry, &row.id, &row.sealed)?;
        Asked::from_text(&text).ok_or(Table::Inquiry.damaged())
    }

    /// Who is asked, about what, on which ground; the content is the row itself, so that it is
    /// this inquiry about this resident and no other.
    pub(super) fn scope_of(
        &self,
        row: &InquiryRow,
        resident: &Resident,
    ) -> Result<ApprovalScope, RegistryError> {
        let Asked {
            to,
            diseases,
            ground,
        } = self.asked(row)?;
        let protected = match resident.protected_since {
            Some(_) => " (protected)",
            None => "",
        };
        let words = format!(
            "inquiry {} to {to} about resident {}{}, {}; ground: {}, {}",
            id_of(&row.id)?,
            resident.number.expose(),
            protected,
            diseases.as_slice().join(", "),
            ground.kind().as_str(),
            ground.how().expose()
        );
        let content = [&row.id[..], &row.resident].concat();
        let subject = ApprovalSubject::Inquiry;
        Ok(ApprovalScope::with_content(subject, words, &content).about(resident_of(row)?))
    }

    fn opened_inquiry(&self, row: &InquiryRow) -> Result<Inquiry, RegistryError> {
        let Asked {
            to,
            diseases,
            ground,
        } = self.asked(row)?;
        let sent_at = match row.sent_at {
            Some(at) => Some(moment_of(at)?),
            None => None,
        };
        Ok(Inquiry {
            id: id_of(&row.id)?,
            state: state_of(row)?,
            to,
            diseases,
            ground,
            prepared_at: moment_of(row.prepared_at)?,
            prepared_by: row.prepared_by.clone(),
            sent_at,
        })
    }

    fn opened_received(&self, row: ReceivedDoseRow) -> Result<ReceivedDose, RegistryError> {
        let keys = &self.municipality.keys;
        let inquiry = id_of(&row.inquiry)?;
        let place = received_place(&inquiry.0, row.position);
        let text = keys.open(Table::ReceivedDose, &place, &row.sealed)?;
        let DoseFrom { from, dose } =
            DoseFrom::from_text(&text).ok_or(Table::ReceivedDose.damaged())?;
        Ok(ReceivedDose {
            inquiry,
            from,
            received_at: moment_of(row.received_at)?,
            dose,
        })
    }
}

/// What a received dose's text is bound to: the inquiry, and which of its doses.
pub(super) fn received_place(inquiry: &[u8; 16], position: i64) -> Vec<u8> {
    [&inquiry[..], &position.to_be_bytes()].concat()
}

pub(super) fn id_of(bytes: &[u8]) -> Result<InquiryId, RegistryError> {
    let id = bytes.try_into().map_err(|_| not_this_schema())?;
    Ok(InquiryId(id))
}

pub(super) fn resident_of(row: &InquiryRow) -> Result<RowId, RegistryError> {
    let id = row.resident[..].try_into().map_err(|_| not_this_schema())?;
    Ok(RowId(id))
}

pub(super) fn state_of(row: &InquiryRow) -> Result<InquiryState, RegistryError> {
    InquiryState::of_name(&row.state).ok_or(not_this_schema())
}
