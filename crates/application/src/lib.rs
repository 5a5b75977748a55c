//! What kiosk, phone and server say to each other: messages, problem types, sealing and
//! channel signatures. `docs/PROTOCOL.md` describes it for readers of other languages.
//!
//! Nothing here does I/O. The channel's side is [`client`], the server's is [`server`]; whoever
//! passes sealed messages on unread needs no more than [`outer`].

mod binary_http;
mod bytes;
mod call;
mod channel_signature;
pub mod client;
mod json;
pub mod messages;
pub mod outer;
mod problem;
mod sealing_configuration;
pub mod server;
#[cfg(test)]
mod test_parties;

pub use bytes::{Bytes, FixedBytes};
pub use call::{Call, REQUEST_LENGTH};
pub use channel_signature::{ChannelSignatureRefused, FRESHNESS_SECONDS};
pub use json::MalformedMessage;
pub use problem::{LONGEST_PROBLEM, MalformedProblem, Problem, ProblemType, ReportedProblem};
pub use sealing_configuration::{LONGEST_VALIDITY_SECONDS, SignedSealingConfiguration};

// A logger that takes everything must not get the keys of replies, which ohttp writes at `trace`.
const _: () = assert!(
    (log::STATIC_MAX_LEVEL as usize) < (log::LevelFilter::Trace as usize),
    "trace! must be compiled out"
);
