//! Inquiries between municipalities (照会・提供): asked, answered, received (C24, C25, C27).
//!
//! Off until both municipalities declare it with legal basis, kinds of disease and a period. The
//! handle that asks (`asking`, `made`) and the handle that answers (`answering`, `deciding`) meet
//! in `exchange` alone.

mod answering;
mod asking;
mod deciding;
mod exchange;
mod forms;
mod judging;
mod made;
mod question;
mod refusal;
#[cfg(test)]
pub(crate) mod samples;

pub use answering::AnswerState;
pub use asking::{INQUIRIES_PER_STAFF_AND_DAY, InquiryAnswer};
pub use deciding::{RELEASE_WITHIN_DAYS, ReceivedInquiry};
pub use exchange::{AnsweredInquiry, InquiryExchange, SentInquiry};
#[cfg(test)]
pub(crate) use forms::{DoseFrom, ProvidedDoses};
pub use judging::WaitReason;
pub use made::{InquiryShown, ReceivedDose};
pub use question::{
    AnswerId, Diseases, Ground, GroundKind, Inquiry, InquiryId, InquiryState, InvalidDiseases,
    InvalidGround, InvalidInquiryId, NewInquiry,
};
pub use refusal::InquiryRefused;
