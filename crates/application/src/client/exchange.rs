//! One request and its reply.

use std::marker::PhantomData;

use zeroize::Zeroizing;

use super::{ChannelKey, SealingConfiguration};
use crate::binary_http::{self, MalformedBinaryHttp};
use crate::call::Call;
use crate::channel_signature::{self, CONTENT_TYPE_JSON};
use crate::messages::{ReplyMessage, RequestMessage};
use crate::outer::{PROBLEM_TYPE, REPLY_OVERHEAD, SEALED_REPLY_TYPE};
use crate::problem::ReportedProblem;

/// A sealed request, and what opens its reply.
pub struct Exchange<R> {
    /// What to post to [`crate::outer::GATEWAY_PATH`] as
    /// [`crate::outer::SEALED_REQUEST_TYPE`]; always
    /// [`crate::outer::SEALED_REQUEST_LENGTH`] bytes.
    pub sealed_request: Vec<u8>,
    /// What opens the reply, once.
    pub pending: PendingReply<R>,
}

/// Opens the one reply to a request. Without it nobody can, the relay included.
pub struct PendingReply<R> {
    response: ohttp::ClientResponse,
    request: PhantomData<fn() -> R>,
}

/// What HTTP gave as answer to a sealed request.
#[derive(Debug, Clone, Copy)]
pub struct Answer<'a> {
    /// The status.
    pub status: u16,
    /// The `Content-Type`, if any.
    pub content_type: Option<&'a str>,
    /// The body; reading it may stop at [`crate::outer::LONGEST_SEALED_REPLY`].
    pub body: &'a [u8],
}

/// Why there is no reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ExchangeError {
    /// The server's own word, out of the seal.
    #[error("the server refused: {0}")]
    Refused(ReportedProblem),
    /// Somebody's word from outside the seal: relay, or server before it could open anything.
    /// Nobody vouches for it; nothing about a person can depend on it.
    #[error("refused outside the seal: {0}")]
    RefusedOutside(ReportedProblem),
    /// The answer is not one of the protocol.
    #[error("the peer misbehaved: {0}")]
    PeerMisbehaved(#[from] PeerMisbehaved),
}

/// How an answer was not one of the protocol: relay or server is broken or hostile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PeerMisbehaved {
    /// Neither a sealed reply nor a problem.
    #[error("neither a sealed reply nor a problem, status {0}")]
    UnexpectedAnswer(u16),
    /// Not a whole number of the call's buckets, or more than its longest reply.
    #[error("a sealed reply of {0} bytes")]
    ReplyLength(usize),
    /// Not sealed for this request.
    #[error("the reply does not open")]
    ReplyDoesNotOpen,
    /// Inside the seal, not the binary HTTP of the protocol.
    #[error("inside the seal: {0}")]
    BinaryHttp(#[from] MalformedBinaryHttp),
    /// Inside the seal, a status that is neither success nor a problem.
    #[error("status {0} inside the seal")]
    UnexpectedStatus(u16),
    /// Inside the seal, not the message that answers the request.
    #[error("not the reply to the request: {0}")]
    Reply(#[from] crate::MalformedMessage),
    /// A problem that is none.
    #[error("not a problem: {0}")]
    Problem(#[from] crate::MalformedProblem),
}

/// What the channel itself did wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LocalMisuse {
    /// The message takes more than [`crate::REQUEST_LENGTH`] bytes.
    #[error("the request does not fit its length")]
    RequestTooLong,
    /// The configuration's time is over: get it again.
    #[error("the sealing configuration has expired")]
    ConfigurationExpired,
    /// The library could not sign.
    #[error("the channel's key could not sign")]
    Signing,
    /// The library could not seal.
    #[error("sealing failed")]
    Sealing,
}

impl<R: RequestMessage> Exchange<R> {
    /// Signs and seals a request. `now` in seconds since 1970, by the channel's clock.
    ///
    /// # Errors
    /// [`LocalMisuse`].
    pub fn new(
        configuration: &SealingConfiguration,
        channel: &ChannelKey,
        request: &R,
        now: i64,
    ) -> Result<Self, LocalMisuse> {
        if now > configuration.not_after() {
            return Err(LocalMisuse::ConfigurationExpired);
        }
        let plain = signed_request(channel, request, now)?;
        let (sealed_request, response) =
            ohttp::ClientRequest::from_encoded_config(configuration.encoded())
                .and_then(|client| client.encapsulate(&plain))
                .map_err(|_| LocalMisuse::Sealing)?;
        Ok(Self {
            sealed_request,
            pending: PendingReply {
                response,
                request: PhantomData,
            },
        })
    }
}

fn signed_request<R: RequestMessage>(
    channel: &ChannelKey,
    request: &R,
    now: i64,
) -> Result<Zeroizing<Vec<u8>>, LocalMisuse> {
    let length = R::CALL.request_length();
    let content = crate::json::write(request, length).map_err(|_| LocalMisuse::RequestTooLong)?;
    let mut message = binary_http::request(R::CALL);
    channel_signature::sign(&mut message, R::CALL, &content, channel.signing_key(), now)
        .map_err(|_| LocalMisuse::Signing)?;
    binary_http::write_padded(&message, length, length).map_err(|_| LocalMisuse::RequestTooLong)
}

impl<R: RequestMessage> PendingReply<R> {
    /// Opens the answer.
    ///
    /// # Errors
    /// [`ExchangeError`].
    pub fn open(self, answer: &Answer<'_>) -> Result<R::Reply, ExchangeError> {
        if answer.content_type == Some(PROBLEM_TYPE) {
            let problem = ReportedProblem::parse(answer.body).map_err(PeerMisbehaved::from)?;
            return Err(ExchangeError::RefusedOutside(problem));
        }
        if answer.status != 200 || answer.content_type != Some(SEALED_REPLY_TYPE) {
            return Err(PeerMisbehaved::UnexpectedAnswer(answer.status).into());
        }
        check_length(R::CALL, answer.body.len())?;
        let plain = self
            .response
            .decapsulate(answer.body)
            .map(Zeroizing::new)
            .map_err(|_| PeerMisbehaved::ReplyDoesNotOpen)?;
        read_reply::<R::Reply>(&plain)
    }
}

fn check_length(call: Call, sealed: usize) -> Result<(), PeerMisbehaved> {
    sealed
        .checked_sub(REPLY_OVERHEAD)
        .filter(|length| (1..=call.longest_reply()).contains(length))
        .filter(|length| length.is_multiple_of(call.reply_bucket()))
        .map(drop)
        .ok_or(PeerMisbehaved::ReplyLength(sealed))
}

fn read_reply<T: ReplyMessage>(plain: &[u8]) -> Result<T, ExchangeError> {
    let message = binary_http::read_response(plain).map_err(PeerMisbehaved::from)?;
    let status = message.control().status().map_or(0, |status| status.code());
    let [content_type] =
        binary_http::exact_fields(&message, ["content-type"]).map_err(PeerMisbehaved::from)?;
    if content_type == PROBLEM_TYPE.as_bytes() {
        let problem = ReportedProblem::parse(message.content()).map_err(PeerMisbehaved::from)?;
        return Err(ExchangeError::Refused(problem));
    }
    if status != 200 || content_type != CONTENT_TYPE_JSON {
        return Err(PeerMisbehaved::UnexpectedStatus(status).into());
    }
    Ok(crate::json::read(message.content()).map_err(PeerMisbehaved::from)?)
}
