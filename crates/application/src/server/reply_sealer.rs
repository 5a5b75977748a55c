//! What seals a reply to the one who asked.

use bhttp::StatusCode;

use crate::binary_http;
use crate::call::Call;
use crate::channel_signature::CONTENT_TYPE_JSON;
use crate::messages::ReplyMessage;
use crate::outer::PROBLEM_TYPE;
use crate::problem::Problem;

/// Seals the one reply to a request, so that only its sender can open it, padded so that its
/// length does not tell what it says.
pub struct ReplySealer {
    response: ohttp::ServerResponse,
    call: Option<Call>,
}

/// A reply that takes more than its call's longest reply, or that the library could not seal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the reply to {call:?} does not fit or could not be sealed")]
pub struct ReplyTooLong {
    /// The call, where one was told.
    pub call: Option<Call>,
}

impl ReplySealer {
    pub(super) const fn new(response: ohttp::ServerResponse, call: Option<Call>) -> Self {
        Self { response, call }
    }

    /// The call to be answered; `None` where the request did not tell one.
    #[must_use]
    pub const fn call(&self) -> Option<Call> {
        self.call
    }

    /// Seals a reply.
    ///
    /// # Errors
    /// [`ReplyTooLong`].
    pub fn seal<T: ReplyMessage>(self, reply: &T) -> Result<Vec<u8>, ReplyTooLong> {
        let too_long = ReplyTooLong { call: self.call };
        let longest = self.longest();
        let content = crate::json::write(reply, longest).map_err(|_| too_long)?;
        self.seal_content(StatusCode::OK, CONTENT_TYPE_JSON, &content)
    }

    /// Seals a problem.
    ///
    /// # Errors
    /// [`ReplyTooLong`].
    pub fn seal_problem(self, problem: &Problem) -> Result<Vec<u8>, ReplyTooLong> {
        // The table of problem types holds statuses of 400 to 599 only.
        let status = StatusCode::try_from(problem.kind.status()).unwrap_or(StatusCode::OK);
        self.seal_content(status, PROBLEM_TYPE.as_bytes(), &problem.to_json())
    }

    fn seal_content(
        self,
        status: StatusCode,
        content_type: &[u8],
        content: &[u8],
    ) -> Result<Vec<u8>, ReplyTooLong> {
        let too_long = ReplyTooLong { call: self.call };
        let mut message = binary_http::response(status);
        message.put_header("content-type", content_type);
        message.write_content(content);
        let plain = binary_http::write_padded(&message, self.bucket(), self.longest())
            .map_err(|_| too_long)?;
        self.response.encapsulate(&plain).map_err(|_| too_long)
    }

    /// Seals any bytes, as a broken server would.
    #[cfg(test)]
    pub(crate) fn seal_bytes(self, plain: &[u8]) -> Vec<u8> {
        self.response.encapsulate(plain).unwrap()
    }

    /// A request that tells no call is answered in the smallest bucket.
    fn bucket(&self) -> usize {
        self.call
            .map_or(Call::Challenge.reply_bucket(), Call::reply_bucket)
    }

    fn longest(&self) -> usize {
        self.call
            .map_or(Call::Challenge.longest_reply(), Call::longest_reply)
    }
}

impl std::fmt::Debug for ReplySealer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ReplySealer({:?})", self.call)
    }
}
