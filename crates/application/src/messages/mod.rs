//! The messages inside the seal, one pair for each call. JSON; binary fields base64url without
//! padding; every text and list bounded by the message's length ([`Call::request_length`],
//! [`Call::longest_reply`]). Unknown and doubled members are refused.

mod applying;
mod issuing;
mod opening;

pub use applying::{
    ApplyRequest, Consent, ExtendRequest, HolderTicket, SignedBasicInformationFiles,
};
pub use issuing::{
    Availability, Copies, Credentials, OfferReply, OfferRequest, OfferedKind, OrderReply,
    OrderRequest, Outcome, OutcomeRecorded, OutcomeReport,
};
pub use opening::{
    ChallengeReply, ChallengeRequest, OpenReply, OpenRequest, ParticipatingMunicipality, Terms,
    TermsText,
};

use serde::Serialize;

use crate::call::Call;

/// A request: what it asks for, and what the answer is.
pub trait RequestMessage: Serialize + serde::de::DeserializeOwned {
    /// The call.
    const CALL: Call;
    /// What answers it.
    type Reply: ReplyMessage;

    /// The request as the enum of all requests, by which the server tells them apart.
    fn into_request(self) -> Request;
}

/// A reply, inside the seal.
pub trait ReplyMessage: Serialize + serde::de::DeserializeOwned {}

/// Any request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// [`OpenRequest`].
    Open,
    /// [`ChallengeRequest`].
    Challenge,
    /// [`ApplyRequest`].
    Apply(Box<ApplyRequest>),
    /// [`ExtendRequest`].
    Extend(ExtendRequest),
    /// [`OfferRequest`].
    Offer(OfferRequest),
    /// [`OrderRequest`].
    Order(OrderRequest),
    /// [`OutcomeReport`].
    Outcome(OutcomeReport),
}

impl Request {
    /// Its call.
    #[must_use]
    pub const fn call(&self) -> Call {
        match self {
            Self::Open => Call::Open,
            Self::Challenge => Call::Challenge,
            Self::Apply(_) => Call::Apply,
            Self::Extend(_) => Call::Extend,
            Self::Offer(_) => Call::Offer,
            Self::Order(_) => Call::Order,
            Self::Outcome(_) => Call::Outcome,
        }
    }
}

macro_rules! requests {
    ($($message:ident => $call:ident, $reply:ident, $into:expr;)+) => {
        $(impl RequestMessage for $message {
            const CALL: Call = Call::$call;
            type Reply = $reply;

            fn into_request(self) -> Request {
                $into(self)
            }
        })+
    };
}

requests! {
    OpenRequest => Open, OpenReply, |_| Request::Open;
    ChallengeRequest => Challenge, ChallengeReply, |_| Request::Challenge;
    ApplyRequest => Apply, HolderTicket, |request| Request::Apply(Box::new(request));
    ExtendRequest => Extend, HolderTicket, Request::Extend;
    OfferRequest => Offer, OfferReply, Request::Offer;
    OrderRequest => Order, OrderReply, Request::Order;
    OutcomeReport => Outcome, OutcomeRecorded, Request::Outcome;
}

impl ReplyMessage for OpenReply {}
impl ReplyMessage for ChallengeReply {}
impl ReplyMessage for HolderTicket {}
impl ReplyMessage for OfferReply {}
impl ReplyMessage for OrderReply {}
impl ReplyMessage for OutcomeRecorded {}
