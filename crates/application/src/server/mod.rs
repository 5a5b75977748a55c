//! The server's side, without I/O: [`SealingKeys::open`] takes what was posted to
//! [`crate::outer::GATEWAY_PATH`] and gives the request, and with it what seals its reply.

mod opened_request;
mod reply_sealer;
mod sealing_keys;

pub use opened_request::{OpenedRequest, RequestRefused};
pub use reply_sealer::{ReplySealer, ReplyTooLong};
pub use sealing_keys::{
    CannotOpen, InvalidSealingKeys, InvalidValidity, Opened, SealingKey, SealingKeys,
};
