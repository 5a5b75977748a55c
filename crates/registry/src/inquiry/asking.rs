//! The side that asks: prepared, sent, received, shown to staff (C24).

use domain::{JAPAN, MunicipalityCode, MyNumber};
use time::Time;

use super::answering::Answer;
use super::forms::{Asked, DoseFrom};
use super::judging::{ClaimedPerson, Question};
use super::made::{received_place, resident_of, state_of};
use super::question::{GroundKind, InquiryId, InquiryState, NewInquiry};
use super::refusal::InquiryRefused;
use crate::access::{Act, Actor};
use crate::approval::ApprovalId;
use crate::audit::AuditEvent;
use crate::disclosure_record::{DisclosureEvent, DisclosureRecord};
use crate::dossier_reading::open_dossier;
use crate::error::RegistryError;
use crate::keys::RowId;
use crate::model::{Dose, NumberedResident, SealedForm as _};
use crate::municipality_register::MunicipalityRegister;
use crate::storage::{self, InquiryRow, ReceivedDoseRow, Transaction};
use crate::table::Table;

/// How many inquiries one person may prepare on one day, and how many send.
pub const INQUIRIES_PER_STAFF_AND_DAY: u32 = 20;

/// What became of an inquiry, as far as who asks may know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InquiryAnswer {
    /// So many doses were provided, now or before.
    Provided(usize),
    /// Nothing was provided so far: see [`InquiryState::Sent`].
    NothingProvided,
}

impl MunicipalityRegister {
    /// Prepares an inquiry about the resident of this number. The number is not kept: the inquiry
    /// names the resident's row.
    pub(super) async fn prepare_inquiry(
        &self,
        number: &MyNumber,
        to: MunicipalityCode,
        new: NewInquiry,
    ) -> Result<InquiryId, RegistryError> {
        let staff = self.inquiring_staff()?;
        let keys = &self.municipality.keys;
        let mut transaction = self.begin().await?;
        let today = self.start_of_day();
        let (prepared, _) = storage::inquiries_since(&mut transaction, &staff, today).await?;
        if prepared >= i64::from(INQUIRIES_PER_STAFF_AND_DAY) {
            return Err(InquiryRefused::DailyLimit.into());
        }
        let key = self.resident_key(number).await?;
        let rows = storage::dossier(&mut transaction, key).await?;
        let mut entry = self.entry(AuditEvent::InquiryPrepared);
        let Some((holder, dossier)) = open_dossier(&self.municipality, rows)? else {
            entry.detail = Some("not-registered".to_owned());
            self.append(&mut transaction, entry).await?;
            transaction.commit().await?;
            return Err(InquiryRefused::NotRegistered.into());
        };
        entry.subject = Some(holder.subject);
        let protected = dossier.resident.protected_since.is_some();
        if protected && new.ground.kind() != GroundKind::Consent {
            entry.detail = Some("protected-without-consent".to_owned());
            self.append(&mut transaction, entry).await?;
            transaction.commit().await?;
            return Err(InquiryRefused::ProtectedWithoutConsent.into());
        }
        let mut id = InquiryId([0; 16]);
        self.shared.random.fill(&mut id.0);
        let asked = Asked {
            to,
            diseases: new.diseases,
            ground: new.ground,
        };
        let row = InquiryRow {
            id: id.0.to_vec(),
            resident: holder.resident.0.to_vec(),
            state: InquiryState::Prepared.as_str().to_owned(),
            prepared_at: self.shared.clock.now().unix_timestamp(),
            prepared_by: staff,
            sent_at: None,
            sealed: keys.seal_row(Table::Inquiry, &id.0, asked.to_text()),
        };
        storage::insert_inquiry(&mut transaction, &row).await?;
        entry.detail = Some("prepared".to_owned());
        self.append(&mut transaction, entry).await?;
        transaction.commit().await?;
        Ok(id)
    }

    /// Sends an inquiry: spends its approval, once. One that was sent before asks for the answer
    /// again, and needs no approval for that.
    pub(super) async fn send_inquiry(
        &self,
        id: InquiryId,
        approval: Option<ApprovalId>,
        legal_basis: &str,
    ) -> Result<Question, RegistryError> {
        let staff = self.inquiring_staff()?;
        let mut transaction = self.begin().await?;
        let row = storage::inquiry(&mut transaction, &id.0)
            .await?
            .ok_or(InquiryRefused::Unknown)?;
        let (subject, person) = self
            .person_of(&mut transaction, &row)
            .await?
            .ok_or(InquiryRefused::NotRegistered)?;
        let asked = self.asked(&row)?;
        if state_of(&row)? == InquiryState::Prepared {
            let approval = approval.ok_or(InquiryRefused::NotApproved)?;
            let (_, sent) =
                storage::inquiries_since(&mut transaction, &staff, self.start_of_day()).await?;
            if sent >= i64::from(INQUIRIES_PER_STAFF_AND_DAY) {
                return Err(InquiryRefused::DailyLimit.into());
            }
            let scope = self.scope_of(&row, &person.resident)?;
            self.use_approval(&mut transaction, approval, &scope)
                .await?;
            let now = self.shared.clock.now().unix_timestamp();
            if !storage::mark_inquiry_sent(&mut transaction, &id.0, now, &staff).await? {
                return Err(InquiryRefused::NotApproved.into());
            }
            let record = self.asking_record(DisclosureEvent::Asked, id, &asked, legal_basis, 0);
            let resident = resident_of(&row)?;
            self.append_disclosure(&mut transaction, resident, &record)
                .await?;
        }
        let mut entry = self.entry(AuditEvent::InquirySent);
        entry.subject = Some(subject);
        self.append(&mut transaction, entry).await?;
        transaction.commit().await?;
        let NumberedResident {
            individual_number,
            resident,
        } = person;
        Ok(Question {
            id,
            from: self.code(),
            number: individual_number.ok_or(InquiryRefused::NotRegistered)?,
            person: ClaimedPerson::of(&resident),
            diseases: asked.diseases,
            ground: asked.ground.kind(),
        })
    }

    /// Keeps what was provided, once. The same answer again changes nothing.
    pub(super) async fn receive_answer(
        &self,
        id: InquiryId,
        answer: &Answer,
        legal_basis: &str,
    ) -> Result<InquiryAnswer, RegistryError> {
        self.permit(Act::Inquire)?;
        let mut transaction = self.begin().await?;
        let row = storage::inquiry(&mut transaction, &id.0)
            .await?
            .ok_or(InquiryRefused::Unknown)?;
        let resident = resident_of(&row)?;
        let doses = match answer {
            Answer::Provided(doses) => doses,
            Answer::Nothing => return Ok(InquiryAnswer::NothingProvided),
            Answer::AlreadyReceived => {
                let received = self.received_doses(&mut transaction, resident).await?;
                let received = received.iter().filter(|dose| dose.inquiry == id).count();
                return match state_of(&row)? {
                    InquiryState::Provided => Ok(InquiryAnswer::Provided(received)),
                    InquiryState::Prepared | InquiryState::Sent => {
                        Err(InquiryRefused::AnswerGone.into())
                    }
                };
            }
        };
        if !storage::mark_inquiry_provided(&mut transaction, &id.0).await? {
            return Ok(InquiryAnswer::Provided(doses.len()));
        }
        let asked = self.asked(&row)?;
        self.insert_received(&mut transaction, id, resident, asked.to, doses)
            .await?;
        let event = DisclosureEvent::Received;
        let record = self.asking_record(event, id, &asked, legal_basis, doses.len());
        self.append_disclosure(&mut transaction, resident, &record)
            .await?;
        let person = self.person_of(&mut transaction, &row).await?;
        let mut entry = self.entry(AuditEvent::DosesReceived);
        entry.subject = person.map(|(subject, _)| subject);
        entry.detail = Some(doses.len().to_string());
        self.append(&mut transaction, entry).await?;
        transaction.commit().await?;
        Ok(InquiryAnswer::Provided(doses.len()))
    }

    async fn insert_received(
        &self,
        transaction: &mut Transaction,
        id: InquiryId,
        resident: RowId,
        from: MunicipalityCode,
        doses: &[Dose],
    ) -> Result<(), RegistryError> {
        for (position, dose) in (0..).zip(doses) {
            let received = DoseFrom {
                from,
                dose: dose.clone(),
            };
            let place = received_place(&id.0, position);
            let keys = &self.municipality.keys;
            let row = ReceivedDoseRow {
                inquiry: id.0.to_vec(),
                position,
                resident: resident.0.to_vec(),
                received_at: self.shared.clock.now().unix_timestamp(),
                sealed: keys.seal_row(Table::ReceivedDose, &place, received.to_text()),
            };
            storage::insert_received_dose(transaction, &row).await?;
        }
        Ok(())
    }

    /// The name of this handle's actor, who must be staff of a municipality that asks.
    fn inquiring_staff(&self) -> Result<String, RegistryError> {
        self.permit(Act::Inquire)?;
        let Actor::Staff(staff) = &self.actor else {
            return Err(RegistryError::NotForThisPurpose(self.purpose));
        };
        Ok(staff.as_str().to_owned())
    }

    /// The first second of today in Japan.
    fn start_of_day(&self) -> i64 {
        let now = self.shared.clock.now().to_offset(JAPAN);
        now.replace_time(Time::MIDNIGHT).unix_timestamp()
    }

    fn asking_record(
        &self,
        event: DisclosureEvent,
        id: InquiryId,
        asked: &Asked,
        legal_basis: &str,
        doses: usize,
    ) -> DisclosureRecord {
        DisclosureRecord {
            recorded_at: self.shared.clock.now(),
            event,
            other: asked.to.as_str().to_owned(),
            inquiry: id.to_string(),
            diseases: asked.diseases.as_slice().to_vec(),
            doses: u32::try_from(doses).unwrap_or(u32::MAX),
            ground: asked.ground.kind().as_str().to_owned(),
            legal_basis: legal_basis.to_owned(),
            reason: None,
        }
    }
}
