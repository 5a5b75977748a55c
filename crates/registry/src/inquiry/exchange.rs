//! Where two municipalities' handles meet: the only such place (C11).
//!
//! ```text
//! Registry::inquiry_exchange ─ InquiryExchange ─ prepare ─ (a superior approves) ─ send
//!   ─ SentInquiry ─ ask ─ AnsweredInquiry ─ receive ─ InquiryAnswer
//! ```
//!
//! Each step is a transaction of its own on one side, and each may be the last one before the
//! server is killed. Sending the same inquiry again goes on from where it stopped: the approval is
//! spent once, the other side answers once and gives the same answer again, and what is received
//! is kept once. The other side forgets what it provided only when this side has it.
//!
//! What passes is a question (number, birth date, sex, names, diseases) and the doses of an answer.
//! Neither side keeps the question, and the two sides' rows bear different ids: without both
//! municipalities' keys nothing ties them together.

use std::fmt;
use std::sync::Arc;

use declaration::Declared;
use domain::{MunicipalityCode, MyNumber, japan_date};

use super::answering::Answer;
use super::asking::InquiryAnswer;
use super::judging::Question;
use super::question::{Diseases, InquiryId, NewInquiry};
use super::refusal::InquiryRefused;
use crate::access::{Actor, Purpose, StaffId};
use crate::approval::ApprovalId;
use crate::error::RegistryError;
use crate::municipality_register::MunicipalityRegister;
use crate::registry::Registry;
use crate::system::SystemRegister;

/// A municipality that asks and one that is asked, both of which declare it for today.
pub struct InquiryExchange {
    asking: Side,
    asked: Side,
}

/// One municipality's handle with its declaration.
struct Side {
    register: MunicipalityRegister,
    declared: Declared<declaration::Inquiry>,
}

impl Registry {
    /// Lets staff of one municipality ask another.
    ///
    /// # Errors
    /// [`RegistryError::Inquiry`] where they are the same or one of the declarations does not hold
    /// today; as [`Registry::municipality`].
    pub async fn inquiry_exchange(
        &self,
        asking: Declared<declaration::Inquiry>,
        asked: Declared<declaration::Inquiry>,
        staff: StaffId,
    ) -> Result<InquiryExchange, RegistryError> {
        let from = asking.municipality();
        if from == asked.municipality() {
            return Err(InquiryRefused::SameMunicipality.into());
        }
        let side = async |declared: Declared<declaration::Inquiry>, purpose, actor| {
            let code = declared.municipality();
            let register = self.municipality(code, purpose, actor).await?;
            Ok::<_, RegistryError>(Side { register, declared })
        };
        let exchange = InquiryExchange {
            asking: side(asking, Purpose::Inquiry, Actor::Staff(staff)).await?,
            asked: side(asked, Purpose::Provision, Actor::Municipality(from)).await?,
        };
        exchange.permit_today()?;
        Ok(exchange)
    }
}

impl InquiryExchange {
    /// Prepares an inquiry about the asking side's resident of this number. Nothing reaches the
    /// other side.
    ///
    /// # Errors
    /// [`RegistryError::Inquiry`], [`RegistryError::LookupUnavailable`],
    /// [`RegistryError::DamagedRow`].
    pub async fn prepare(
        &self,
        number: &MyNumber,
        inquiry: NewInquiry,
    ) -> Result<InquiryId, RegistryError> {
        self.permit_today()?;
        self.permit_diseases(&inquiry.diseases)?;
        let to = self.asked.declared.municipality();
        self.asking
            .register
            .prepare_inquiry(number, to, inquiry)
            .await
    }

    /// Sends an inquiry with its superior's approval, which is spent; one that was sent before is
    /// sent again without.
    ///
    /// # Errors
    /// [`RegistryError::Inquiry`], [`RegistryError::Approval`],
    /// [`RegistryError::LookupUnavailable`], [`RegistryError::DamagedRow`].
    pub async fn send(
        &self,
        id: InquiryId,
        approval: Option<ApprovalId>,
    ) -> Result<SentInquiry<'_>, RegistryError> {
        self.permit_today()?;
        let shown = self.asking.register.inquiry_to(id).await?;
        let (to, diseases) = shown.ok_or(InquiryRefused::Unknown)?;
        if to != self.asked.declared.municipality() {
            return Err(InquiryRefused::OtherMunicipality.into());
        }
        self.permit_diseases(&diseases)?;
        let basis = self.asking.declared.legal_basis();
        let question = self
            .asking
            .register
            .send_inquiry(id, approval, basis)
            .await?;
        Ok(SentInquiry {
            exchange: self,
            question,
        })
    }

    /// Whether both declarations hold today: an exchange that is kept is asked again.
    fn permit_today(&self) -> Result<(), InquiryRefused> {
        for side in [&self.asking, &self.asked] {
            let today = japan_date(side.register.shared.clock.now());
            side.declared.holds_on(today)?;
        }
        Ok(())
    }

    fn permit_diseases(&self, diseases: &Diseases) -> Result<(), InquiryRefused> {
        let declare = |side: &Side, disease| {
            let declared = &side.declared.function().diseases;
            declared.contains(disease)
        };
        let all = diseases.as_slice().iter();
        if { all }.all(|one| declare(&self.asking, one) && declare(&self.asked, one)) {
            Ok(())
        } else {
            Err(InquiryRefused::DiseaseNotDeclared)
        }
    }

    fn from(&self) -> MunicipalityCode {
        self.asking.declared.municipality()
    }
}

/// An inquiry that was sent: what is asked is in memory alone.
pub struct SentInquiry<'a> {
    exchange: &'a InquiryExchange,
    question: Question,
}

impl<'a> SentInquiry<'a> {
    /// Has it answered and recorded by the other side.
    ///
    /// # Errors
    /// [`RegistryError::LookupUnavailable`], [`RegistryError::DamagedRow`]; then it can be sent
    /// again.
    pub async fn ask(self) -> Result<AnsweredInquiry<'a>, RegistryError> {
        let Self { exchange, question } = self;
        let asked = &exchange.asked;
        let system = SystemRegister::new(Arc::clone(&asked.register.shared), Actor::Server);
        let is_suspended = system.is_suspended_card(&question.number).await?;
        let answer = asked
            .register
            .answer_inquiry(&question, is_suspended, asked.declared.legal_basis())
            .await?;
        Ok(AnsweredInquiry {
            exchange,
            id: question.id,
            answer,
        })
    }
}

/// An inquiry that the other side has answered. Not received yet.
pub struct AnsweredInquiry<'a> {
    exchange: &'a InquiryExchange,
    id: InquiryId,
    answer: Answer,
}

impl AnsweredInquiry<'_> {
    /// Keeps what was provided, and lets the other side forget it.
    ///
    /// # Errors
    /// [`RegistryError::Inquiry`], [`RegistryError::LookupUnavailable`],
    /// [`RegistryError::DamagedRow`]; then it can be sent again.
    pub async fn receive(self) -> Result<InquiryAnswer, RegistryError> {
        let InquiryExchange { asking, asked, .. } = self.exchange;
        let basis = asking.declared.legal_basis();
        let received = asking
            .register
            .receive_answer(self.id, &self.answer, basis)
            .await?;
        if let Answer::Provided(_) = self.answer {
            let from = self.exchange.from();
            asked.register.forget_answer(from, self.id).await?;
        }
        Ok(received)
    }
}

impl fmt::Debug for InquiryExchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "InquiryExchange({:?}, {:?})",
            self.asking.register, self.asked.register
        )
    }
}

impl fmt::Debug for SentInquiry<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SentInquiry([redacted])")
    }
}

impl fmt::Debug for AnsweredInquiry<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AnsweredInquiry([redacted])")
    }
}
