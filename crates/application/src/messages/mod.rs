//! The messages inside the seal, one pair for each call. JSON; binary fields base64url without
//! padding; every text and list bounded by the message's length ([`Call::request_length`],
//! [`Call::longest_reply`]). Unknown and doubled members are refused.

mod applying;
mod birth_date;
mod issuing;
mod opening;
mod preview;
mod venue;

pub use applying::{
    ApplyRequest, Consent, ExtendRequest, HolderTicket, LONGEST_TICKET_SECONDS,
    SignedBasicInformationFiles,
};
pub use issuing::{
    Availability, Copies, Credentials, OfferReply, OfferRequest, OfferedKind, OrderReply,
    OrderRequest, Outcome, OutcomeRecorded, OutcomeReport,
};
pub use opening::{
    ChallengeReply, ChallengeRequest, OpenReply, OpenRequest, ParticipatingMunicipality, Terms,
    TermsText,
};
pub use preview::{PreviewReply, PreviewRequest, PreviewedHolder};

pub use venue::{
    CancelDoseRequest, ChangeReason, CorrectDoseRequest, DoseEntry, DoseReceipt, EntryState,
    Receipt, ReceiptId, Receipts, ReceiptsRequest, RegisterDoseRequest, VoucherEntry,
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
    /// [`PreviewRequest`].
    Preview(PreviewRequest),
    /// [`OrderRequest`].
    Order(OrderRequest),
    /// [`OutcomeReport`].
    Outcome(OutcomeReport),
    /// What only a venue asks.
    Venue(VenueRequest),
}

/// Any request of a venue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VenueRequest {
    /// [`RegisterDoseRequest`].
    RegisterDose(Box<RegisterDoseRequest>),
    /// [`CorrectDoseRequest`].
    CorrectDose(Box<CorrectDoseRequest>),
    /// [`CancelDoseRequest`].
    CancelDose(CancelDoseRequest),
    /// [`ReceiptsRequest`].
    Receipts(ReceiptsRequest),
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
            Self::Preview(_) => Call::Preview,
            Self::Order(_) => Call::Order,
            Self::Outcome(_) => Call::Outcome,
            Self::Venue(VenueRequest::RegisterDose(_)) => Call::RegisterDose,
            Self::Venue(VenueRequest::CorrectDose(_)) => Call::CorrectDose,
            Self::Venue(VenueRequest::CancelDose(_)) => Call::CancelDose,
            Self::Venue(VenueRequest::Receipts(_)) => Call::Receipts,
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
    PreviewRequest => Preview, PreviewReply, Request::Preview;
    OrderRequest => Order, OrderReply, Request::Order;
    OutcomeReport => Outcome, OutcomeRecorded, Request::Outcome;
    RegisterDoseRequest => RegisterDose, DoseReceipt,
        |request| Request::Venue(VenueRequest::RegisterDose(Box::new(request)));
    CorrectDoseRequest => CorrectDose, DoseReceipt,
        |request| Request::Venue(VenueRequest::CorrectDose(Box::new(request)));
    CancelDoseRequest => CancelDose, DoseReceipt,
        |request| Request::Venue(VenueRequest::CancelDose(request));
    ReceiptsRequest => Receipts, Receipts,
        |request| Request::Venue(VenueRequest::Receipts(request));
}

impl ReplyMessage for OpenReply {}
impl ReplyMessage for ChallengeReply {}
impl ReplyMessage for HolderTicket {}
impl ReplyMessage for OfferReply {}
impl ReplyMessage for PreviewReply {}
impl ReplyMessage for OrderReply {}
impl ReplyMessage for OutcomeRecorded {}
impl ReplyMessage for DoseReceipt {}
impl ReplyMessage for Receipts {}

/// [`domain::exposed`] for optional fields.
mod exposed_option {
    use domain::Redacted;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<T: Serialize, S: Serializer>(
        value: &Option<Redacted<T>>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        value.as_ref().map(Redacted::expose).serialize(serializer)
    }

    pub(super) fn deserialize<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Redacted<T>>, D::Error> {
        Option::<T>::deserialize(deserializer).map(|value| value.map(Redacted::new))
    }
}
