//! The side that is asked: one answer for each inquiry, recorded with it (C24, C25, C27).

use crate::access::Act;
use crate::audit::AuditEvent;
use crate::disclosure_record::{DisclosureEvent, DisclosureRecord};
use crate::dossier_reading::{Holder, open_dossier};
use crate::error::{RegistryError, not_this_schema};
use crate::inquiry::forms::{Answered, ProvidedDoses};
use crate::inquiry::judging::{Judgement, Question, judge};
use crate::inquiry::question::{AnswerId, InquiryId};
use crate::keys::RegisterKeys;
use crate::model::{Dose, SealedForm};
use crate::municipality_register::MunicipalityRegister;
use crate::storage::{self, AnsweredRow};
use crate::table::Table;
use domain::{MunicipalityCode, Redacted};

/// What was answered, or what the inquiry became.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnswerState {
    /// Nobody has this number here; nothing about the question is kept.
    NoMatch,
    /// Somebody has the number and is not who the other register says.
    Mismatch,
    /// The person is here, without a dose of what was asked.
    NoDoses,
    /// It waits for a superior.
    Waiting,
    /// Doses were provided.
    Provided,
    /// A superior refused.
    Refused,
}

impl AnswerState {
    /// Every state.
    pub const ALL: [Self; 6] = [
        Self::NoMatch,
        Self::Mismatch,
        Self::NoDoses,
        Self::Waiting,
        Self::Provided,
        Self::Refused,
    ];

    /// The stable name in the register.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NoMatch => "no-match",
            Self::Mismatch => "mismatch",
            Self::NoDoses => "no-doses",
            Self::Waiting => "waiting",
            Self::Provided => "provided",
            Self::Refused => "refused",
        }
    }

    /// The state of that name.
    pub(crate) fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }
}

/// What the other side learns. Whatever keeps doses back is the same nothing.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Answer {
    Provided(Vec<Dose>),
    Nothing,
    /// The other side said before that it has the answer; it is kept here no longer.
    AlreadyReceived,
}

/// The id of an inquiry here: tells nothing to who does not have this register's keys.
pub(super) fn answer_id(keys: &RegisterKeys, from: MunicipalityCode, id: InquiryId) -> AnswerId {
    let natural_key = [from.as_str().as_bytes(), &id.0];
    AnswerId(keys.row_id(Table::AnsweredInquiry, &natural_key).0)
}

impl MunicipalityRegister {
    /// Answers an inquiry and records it in one transaction. The same inquiry again gets what it
    /// got before, and looks nobody up.
    pub(super) async fn answer_inquiry(
        &self,
        question: &Question,
        is_suspended: bool,
        legal_basis: &str,
    ) -> Result<Answer, RegistryError> {
        self.permit(Act::AnswerInquiry)?;
        let keys = &self.municipality.keys;
        let id = answer_id(keys, question.from, question.id);
        let mut transaction = self.begin().await?;
        if let Some(row) = storage::answered(&mut transaction, &id.0).await? {
            return stored_answer(keys, &row);
        }
        let key = self.resident_key(&question.number).await?;
        let rows = storage::dossier(&mut transaction, key).await?;
        let opened = open_dossier(&self.municipality, rows)?;
        let dossier = opened.as_ref().map(|(_, dossier)| dossier);
        let judgement = judge(dossier, question, is_suspended);
        let holder = opened.as_ref().map(|(holder, _)| *holder);
        let row = self.answered_row(id, question, holder, &judgement, legal_basis);
        storage::insert_answered(&mut transaction, &row).await?;
        if let (Some(holder), Some(record)) = (
            holder,
            self.answer_record(question, &judgement, legal_basis),
        ) {
            self.append_disclosure(&mut transaction, holder.resident, &record)
                .await?;
        }
        let mut entry = self.entry(AuditEvent::InquiryAnswered);
        entry.subject = holder.map(|holder| holder.subject);
        entry.detail = Some(row.state);
        self.append(&mut transaction, entry).await?;
        transaction.commit().await?;
        Ok(match judgement {
            Judgement::Provides(doses) => Answer::Provided(doses),
            Judgement::NoMatch
            | Judgement::Mismatch(_)
            | Judgement::NoDoses
            | Judgement::Waits(_) => Answer::Nothing,
        })
    }

    /// Forgets what was provided on an inquiry: the other side has it.
    pub(super) async fn forget_answer(
        &self,
        from: MunicipalityCode,
        id: InquiryId,
    ) -> Result<(), RegistryError> {
        self.permit(Act::AnswerInquiry)?;
        let id = answer_id(&self.municipality.keys, from, id);
        let mut transaction = self.begin().await?;
        storage::forget_answer(&mut transaction, &id.0).await?;
        transaction.commit().await
    }

    fn answered_row(
        &self,
        id: AnswerId,
        question: &Question,
        holder: Option<Holder>,
        judgement: &Judgement,
        legal_basis: &str,
    ) -> AnsweredRow {
        let keys = &self.municipality.keys;
        let (waits_for, doses) = match judgement {
            Judgement::Waits(reasons) => (reasons.clone(), None),
            Judgement::Provides(doses) => (Vec::new(), Some(ProvidedDoses(doses.clone()))),
            Judgement::NoMatch | Judgement::Mismatch(_) | Judgement::NoDoses => (Vec::new(), None),
        };
        let asked = Answered {
            from: question.from,
            inquiry: question.id,
            diseases: question.diseases.clone(),
            ground: question.ground,
            legal_basis: legal_basis.to_owned(),
            waits_for,
        };
        AnsweredRow {
            id: id.0.to_vec(),
            resident: holder.map(|holder| holder.resident.0.to_vec()),
            state: state_of(judgement).as_str().to_owned(),
            asked_at: self.shared.clock.now().unix_timestamp(),
            sealed: keys.seal_row(Table::AnsweredInquiry, &id.0, asked.to_text()),
            answer: doses.map(|doses| {
                let text = doses.to_text();
                keys.seal_row(Table::ProvidedDoses, &id.0, text)
            }),
        }
    }

    /// What is to be told to the person; nothing where nobody was found.
    fn answer_record(
        &self,
        question: &Question,
        judgement: &Judgement,
        legal_basis: &str,
    ) -> Option<DisclosureRecord> {
        let (event, doses, reason) = match judgement {
            Judgement::NoMatch => return None,
            Judgement::Mismatch(disagreement) => {
                let reason = format!("the registers disagree: {disagreement}");
                (DisclosureEvent::Refused, 0, Some(reason))
            }
            Judgement::NoDoses => {
                let reason = "no dose of what was asked".to_owned();
                (DisclosureEvent::Refused, 0, Some(reason))
            }
            Judgement::Waits(_) => (DisclosureEvent::Waiting, 0, None),
            Judgement::Provides(doses) => (DisclosureEvent::Provided, doses.len(), None),
        };
        Some(DisclosureRecord {
            recorded_at: self.shared.clock.now(),
            event,
            other: question.from.as_str().to_owned(),
            inquiry: question.id.to_string(),
            diseases: question.diseases.as_slice().to_vec(),
            doses: u32::try_from(doses).unwrap_or(u32::MAX),
            ground: question.ground.as_str().to_owned(),
            legal_basis: legal_basis.to_owned(),
            reason: reason.map(Redacted::new),
        })
    }
}

const fn state_of(judgement: &Judgement) -> AnswerState {
    match judgement {
        Judgement::NoMatch => AnswerState::NoMatch,
        Judgement::Mismatch(_) => AnswerState::Mismatch,
        Judgement::NoDoses => AnswerState::NoDoses,
        Judgement::Waits(_) => AnswerState::Waiting,
        Judgement::Provides(_) => AnswerState::Provided,
    }
}

fn stored_answer(keys: &RegisterKeys, row: &AnsweredRow) -> Result<Answer, RegistryError> {
    match AnswerState::of_name(&row.state).ok_or(not_this_schema())? {
        AnswerState::NoMatch
        | AnswerState::Mismatch
        | AnswerState::NoDoses
        | AnswerState::Waiting
        | AnswerState::Refused => Ok(Answer::Nothing),
        AnswerState::Provided => {
            let Some(sealed) = &row.answer else {
                return Ok(Answer::AlreadyReceived);
            };
            let text = keys.open(Table::ProvidedDoses, &row.id, sealed)?;
            ProvidedDoses::from_text(&text)
                .map(|doses| Answer::Provided(doses.0))
                .ok_or(Table::ProvidedDoses.damaged())
        }
    }
}
