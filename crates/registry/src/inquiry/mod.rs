//! Inquiries between municipalities (照会・提供): asked, answered, received (C24, C25, C27).
//!
//! Off until both municipalities declare it with legal basis, kinds of disease and a period. The
//! handle that asks and the handle that answers meet in one place.

mod question;

pub use question::{
    AnswerId, Diseases, Ground, GroundKind, Inquiry, InquiryId, InquiryState, InvalidDiseases,
    InvalidGround, InvalidInquiryId, NewInquiry,
};
