//! What was under the seal.

use crypto::Es256PublicKey;
use domain::ChannelId;

use super::{Opened, ReplySealer};
use crate::binary_http::{self, MalformedBinaryHttp};
use crate::call::Call;
use crate::channel_signature::{self, ChannelSignatureRefused};
use crate::json::MalformedMessage;
use crate::messages::{
    ApplyRequest, ChallengeRequest, ExtendRequest, OfferRequest, OpenRequest, OrderRequest,
    OutcomeReport, Request, RequestMessage,
};
use crate::problem::ProblemType;

/// A request that its channel signed, fresh and whole.
#[derive(Debug)]
pub struct OpenedRequest {
    /// Who signed it. Not yet whether that channel is registered.
    pub channel: ChannelId,
    /// The channel's public key.
    pub channel_key: Es256PublicKey,
    /// SHA-256 of the request's content: the same for the same request sent again.
    pub content_digest: [u8; 32],
    /// What it asks.
    pub request: Request,
}

/// Why what was under the seal is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RequestRefused {
    /// Not the binary HTTP of the protocol.
    #[error(transparent)]
    BinaryHttp(#[from] MalformedBinaryHttp),
    /// No call: another method, scheme, authority or path.
    #[error("no such call")]
    NoSuchCall,
    /// The channel's signature was not taken.
    #[error(transparent)]
    ChannelSignature(#[from] ChannelSignatureRefused),
    /// Not the message of the call.
    #[error(transparent)]
    Message(#[from] MalformedMessage),
}

impl RequestRefused {
    /// What the channel is told.
    #[must_use]
    pub const fn problem(self) -> ProblemType {
        match self {
            Self::BinaryHttp(_) | Self::NoSuchCall | Self::Message(_) => {
                ProblemType::MalformedRequest
            }
            Self::ChannelSignature(ChannelSignatureRefused::Expired { .. }) => {
                ProblemType::RequestExpired
            }
            Self::ChannelSignature(
                ChannelSignatureRefused::Fields
                | ChannelSignatureRefused::ContentType
                | ChannelSignatureRefused::Spelling
                | ChannelSignatureRefused::Key
                | ChannelSignatureRefused::KeyId
                | ChannelSignatureRefused::ContentDigest
                | ChannelSignatureRefused::Signature,
            ) => ProblemType::ChannelSignatureInvalid,
        }
    }
}

/// Reads what was under the seal: who signs comes before what is said.
pub(super) fn read(plain: &[u8], response: ohttp::ServerResponse, now: i64) -> Opened {
    let called = called(plain);
    let reply = ReplySealer::new(response, called.as_ref().ok().map(|(call, _)| *call));
    let request = called.and_then(|(call, message)| verified(call, &message, now));
    Opened { request, reply }
}

fn called(plain: &[u8]) -> Result<(Call, bhttp::Message), RequestRefused> {
    let message = binary_http::read_request(plain)?;
    let control = message.control();
    let ours = control.method() == Some(b"POST")
        && control.scheme() == Some(b"https")
        && control.authority().is_none();
    let call = control
        .path()
        .filter(|_| ours)
        .and_then(Call::from_path)
        .ok_or(RequestRefused::NoSuchCall)?;
    Ok((call, message))
}

fn verified(
    call: Call,
    message: &bhttp::Message,
    now: i64,
) -> Result<OpenedRequest, RequestRefused> {
    let by = channel_signature::verify(message, call, now)?;
    Ok(OpenedRequest {
        channel: by.id,
        channel_key: by.key,
        content_digest: by.content_digest,
        request: parse(call, message.content())?,
    })
}

fn parse(call: Call, json: &[u8]) -> Result<Request, MalformedMessage> {
    match call {
        Call::Open => message::<OpenRequest>(json),
        Call::Challenge => message::<ChallengeRequest>(json),
        Call::Apply => message::<ApplyRequest>(json),
        Call::Extend => message::<ExtendRequest>(json),
        Call::Offer => message::<OfferRequest>(json),
        Call::Order => message::<OrderRequest>(json),
        Call::Outcome => message::<OutcomeReport>(json),
    }
}

fn message<R: RequestMessage>(json: &[u8]) -> Result<Request, MalformedMessage> {
    crate::json::read::<R>(json).map(R::into_request)
}
