//! What kiosk, phone and server say to each other: messages, problem types, sealing and
//! channel signatures. `docs/PROTOCOL.md` describes it for readers of other languages.

mod bytes;
pub mod messages;

pub use bytes::Bytes;
