//! What waits for a superior on the side that is asked: listed, released, refused (C27).

use declaration::Declared;
use domain::{MunicipalityCode, Redacted, japan_date};
use time::{Duration, OffsetDateTime};

use super::answering::AnswerState;
use super::forms::{Answered, ProvidedDoses};
use super::judging::{WaitReason, asked_for};
use super::question::{AnswerId, Diseases, GroundKind, InquiryId};
use super::refusal::InquiryRefused;
use crate::access::Act;
use crate::approval::{ApprovalId, ApprovalScope, ApprovalSubject};
use crate::audit::{AuditEvent, SubjectId};
use crate::disclosure_record::{DisclosureEvent, DisclosureRecord};
use crate::dossier_reading::{moment_of, open_rows};
use crate::error::{RegistryError, not_this_schema};
use crate::keys::RowId;
use crate::model::{Dose, ResidentNumber, SealedForm as _};
use crate::municipality_register::MunicipalityRegister;
use crate::resident_directory::ResidentKey;
use crate::resident_flags::open_flagged;
use crate::storage::{self, AnsweredRow, Transaction};
use crate::table::Table;

/// For how many days what waits can be released.
pub const RELEASE_WITHIN_DAYS: i64 = 30;
/// Most inquiries listed.
const MOST_LISTED: u32 = 1000;
/// Longest reason, in bytes.
const LONGEST_REASON: usize = 500;

/// An inquiry of another municipality, as staff see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceivedInquiry {
    /// Its id here.
    pub id: AnswerId,
    /// What was answered, or what it became.
    pub state: AnswerState,
    /// Who asks.
    pub from: MunicipalityCode,
    /// The id it has there.
    pub inquiry: InquiryId,
    /// About what.
    pub diseases: Diseases,
    /// On which ground.
    pub ground: GroundKind,
    /// When it came.
    pub asked_at: OffsetDateTime,
    /// Why it waits, or waited.
    pub waits_for: Vec<WaitReason>,
    /// What providing rested on in law when it came, as this municipality declared it.
    pub legal_basis: String,
    /// Whom it is about, where it waits for a decision and the resident is here.
    pub resident: Option<ResidentNumber>,
}

/// Whom an inquiry that waits is about. The row's id outlives the row.
struct PersonWaiting {
    row: RowId,
    subject: Option<SubjectId>,
    number: Option<ResidentNumber>,
}

/// What a superior decided, and how it is recorded.
struct Decision<'a> {
    disclosure: DisclosureEvent,
    audit: AuditEvent,
    doses: usize,
    reason: Option<&'a str>,
}

impl MunicipalityRegister {
    /// What other municipalities asked, newest first, at most 1000. For each that waits, that
    /// staff read whom it is about is recorded.
    ///
    /// # Errors
    /// [`RegistryError::NotForThisPurpose`] (also where the actor is not staff),
    /// [`RegistryError::LookupUnavailable`], [`RegistryError::DamagedRow`].
    pub async fn received_inquiries(&self) -> Result<Vec<ReceivedInquiry>, RegistryError> {
        self.permit(Act::DecideInquiry)?;
        self.permit_staff_only()?;
        let mut transaction = self.begin().await?;
        let rows = storage::answered_inquiries(&mut transaction, MOST_LISTED).await?;
        let mut inquiries = Vec::with_capacity(rows.len());
        for row in &rows {
            let mut inquiry = self.opened_answered(row)?;
            if inquiry.state == AnswerState::Waiting {
                let person = self.person_waiting(&mut transaction, row).await?;
                inquiry.resident = person.number;
                let mut entry = self.entry(AuditEvent::WaitingInquiryRead);
                entry.subject = person.subject;
                self.append(&mut transaction, entry).await?;
            }
            inquiries.push(inquiry);
        }
        transaction.commit().await?;
        Ok(inquiries)
    }

    /// What a superior approves before what waits is released; `None`: no such inquiry.
    ///
    /// # Errors
    /// [`RegistryError::Inquiry`] where it does not wait, and as
    /// [`MunicipalityRegister::received_inquiries`].
    pub async fn release_scope(
        &self,
        id: AnswerId,
    ) -> Result<Option<ApprovalScope>, RegistryError> {
        self.permit(Act::DecideInquiry)?;
        self.permit_staff_only()?;
        let mut transaction = self.read().await?;
        let Some((row, _)) = self.waiting(&mut transaction, id).await? else {
            return Ok(None);
        };
        let person = self.person_waiting(&mut transaction, &row).await?;
        self.scope_of_release(&row, &person).map(Some)
    }

    /// Releases what waits: the doses there are now are provided when the other side asks for the
    /// answer again. Spends a superior's approval. Gives how many doses.
    ///
    /// # Errors
    /// [`RegistryError::Inquiry`], [`RegistryError::Approval`] and as
    /// [`MunicipalityRegister::received_inquiries`].
    pub async fn release_inquiry(
        &self,
        declared: &Declared<declaration::Inquiry>,
        id: AnswerId,
        approval: ApprovalId,
    ) -> Result<usize, RegistryError> {
        self.permit(Act::DecideInquiry)?;
        self.permit_staff_only()?;
        let now = self.shared.clock.now();
        if declared.municipality() != self.code() {
            return Err(InquiryRefused::OtherMunicipality.into());
        }
        let today = japan_date(now);
        declared.holds_on(today).map_err(InquiryRefused::from)?;
        let mut transaction = self.begin().await?;
        let found = self.waiting(&mut transaction, id).await?;
        let (mut row, inquiry) = found.ok_or(InquiryRefused::Unknown)?;
        if now - inquiry.asked_at > Duration::days(RELEASE_WITHIN_DAYS) {
            return Err(InquiryRefused::TooLate.into());
        }
        let person = self.person_waiting(&mut transaction, &row).await?;
        let doses = match person.subject {
            Some(_) => {
                self.doses_to_release(&mut transaction, &person, &inquiry)
                    .await?
            }
            None => Vec::new(),
        };
        if doses.is_empty() {
            return Err(InquiryRefused::NothingLeft.into());
        }
        let count = doses.len();
        let scope = self.scope_of_release(&row, &person)?;
        self.use_approval(&mut transaction, approval, &scope)
            .await?;
        let text = ProvidedDoses(doses).to_text();
        let keys = &self.municipality.keys;
        row.answer = Some(keys.seal_row(Table::ProvidedDoses, &row.id, text));
        row.state = AnswerState::Provided.as_str().to_owned();
        let decision = Decision {
            disclosure: DisclosureEvent::Provided,
            audit: AuditEvent::InquiryReleased,
            doses: count,
            reason: None,
        };
        self.decide_inquiry(transaction, &row, &person, &inquiry, decision)
            .await?;
        Ok(count)
    }

    /// Refuses what waits. Who asks sees what it saw before: nothing provided. `reason` is 1 to
    /// 500 bytes, recorded sealed and told to the person who asks for it.
    ///
    /// # Errors
    /// [`RegistryError::Inquiry`] and as [`MunicipalityRegister::received_inquiries`].
    pub async fn refuse_inquiry(&self, id: AnswerId, reason: &str) -> Result<(), RegistryError> {
        self.permit(Act::DecideInquiry)?;
        self.permit_staff_only()?;
        if reason.trim().is_empty() || reason.len() > LONGEST_REASON {
            return Err(InquiryRefused::ReasonMissing.into());
        }
        let mut transaction = self.begin().await?;
        let found = self.waiting(&mut transaction, id).await?;
        let (mut row, inquiry) = found.ok_or(InquiryRefused::Unknown)?;
        row.state = AnswerState::Refused.as_str().to_owned();
        let person = self.person_waiting(&mut transaction, &row).await?;
        let decision = Decision {
            disclosure: DisclosureEvent::Refused,
            audit: AuditEvent::InquiryRefused,
            doses: 0,
            reason: Some(reason),
        };
        self.decide_inquiry(transaction, &row, &person, &inquiry, decision)
            .await
    }

    /// Stores a decision with its disclosure record and its audit entry.
    async fn decide_inquiry(
        &self,
        mut transaction: Transaction,
        row: &AnsweredRow,
        person: &PersonWaiting,
        inquiry: &ReceivedInquiry,
        decision: Decision<'_>,
    ) -> Result<(), RegistryError> {
        if !storage::decide_answered(&mut transaction, row).await? {
            return Err(InquiryRefused::NotWaiting.into());
        }
        let record = DisclosureRecord {
            recorded_at: self.shared.clock.now(),
            event: decision.disclosure,
            other: inquiry.from.as_str().to_owned(),
            inquiry: inquiry.inquiry.to_string(),
            diseases: inquiry.diseases.as_slice().to_vec(),
            doses: u32::try_from(decision.doses).unwrap_or(u32::MAX),
            ground: inquiry.ground.as_str().to_owned(),
            legal_basis: inquiry.legal_basis.clone(),
            reason: decision.reason.map(|text| Redacted::new(text.to_owned())),
        };
        self.append_disclosure(&mut transaction, person.row, &record)
            .await?;
        let mut entry = self.entry(decision.audit);
        entry.subject = person.subject;
        entry.note = decision.reason;
        self.append(&mut transaction, entry).await?;
        transaction.commit().await
    }

    /// An inquiry that waits: only then is there somebody it is about.
    async fn waiting(
        &self,
        transaction: &mut Transaction,
        id: AnswerId,
    ) -> Result<Option<(AnsweredRow, ReceivedInquiry)>, RegistryError> {
        let Some(row) = storage::answered(transaction, &id.0).await? else {
            return Ok(None);
        };
        let inquiry = self.opened_answered(&row)?;
        if inquiry.state != AnswerState::Waiting {
            return Err(InquiryRefused::NotWaiting.into());
        }
        Ok(Some((row, inquiry)))
    }

    /// Whom an inquiry is about.
    async fn person_waiting(
        &self,
        transaction: &mut Transaction,
        row: &AnsweredRow,
    ) -> Result<PersonWaiting, RegistryError> {
        let id = row.resident.as_deref().and_then(|id| id.try_into().ok());
        let id = RowId(id.ok_or(not_this_schema())?);
        let mut person = PersonWaiting {
            row: id,
            subject: None,
            number: None,
        };
        if let Some(row) = storage::resident(transaction, ResidentKey::Row(id)).await? {
            let found = open_flagged(&self.municipality.keys, &row)?;
            person.subject = Some(found.subject);
            person.number = Some(found.resident.number);
        }
        Ok(person)
    }

    async fn doses_to_release(
        &self,
        transaction: &mut Transaction,
        person: &PersonWaiting,
        inquiry: &ReceivedInquiry,
    ) -> Result<Vec<Dose>, RegistryError> {
        let rows = storage::doses_of_id(transaction, person.row).await?;
        let doses: Vec<Dose> = open_rows(&self.municipality.keys, Table::Dose, &rows)?;
        Ok(asked_for(&doses, &inquiry.diseases))
    }

    fn scope_of_release(
        &self,
        row: &AnsweredRow,
        person: &PersonWaiting,
    ) -> Result<ApprovalScope, RegistryError> {
        let inquiry = self.opened_answered(row)?;
        let reasons: Vec<_> = inquiry.waits_for.iter().map(|one| one.as_str()).collect();
        let words = format!(
            "release of inquiry {} of {} about resident {}, {}; ground: {}; waits because: {}",
            inquiry.id,
            inquiry.from,
            person.number.as_ref().map_or("-", ResidentNumber::expose),
            inquiry.diseases.as_slice().join(", "),
            inquiry.ground.as_str(),
            reasons.join(", ")
        );
        let content = [&row.id[..], &person.row.0].concat();
        let subject = ApprovalSubject::Release;
        Ok(ApprovalScope::with_content(subject, words, &content).about(person.row))
    }

    fn opened_answered(&self, row: &AnsweredRow) -> Result<ReceivedInquiry, RegistryError> {
        let keys = &self.municipality.keys;
        let text = keys.open(Table::AnsweredInquiry, &row.id, &row.sealed)?;
        let asked = Answered::from_text(&text).ok_or(Table::AnsweredInquiry.damaged())?;
        let id = row.id[..].try_into().map_err(|_| not_this_schema())?;
        Ok(ReceivedInquiry {
            id: AnswerId(id),
            state: AnswerState::of_name(&row.state).ok_or(not_this_schema())?,
            from: asked.from,
            inquiry: asked.inquiry,
            diseases: asked.diseases,
            ground: asked.ground,
            legal_basis: asked.legal_basis,
            asked_at: moment_of(row.asked_at)?,
            waits_for: asked.waits_for,
            resident: None,
        })
    }
}
