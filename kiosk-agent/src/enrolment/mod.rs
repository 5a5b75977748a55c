//! How a kiosk comes by its key and its certificate, and how it changes them.
//!
//! The key is made on the kiosk and never leaves it. What leaves is a signing request (PKCS #10) and
//! a fingerprint that somebody who stands before the kiosk reads out; what comes back is a
//! certificate. [`IdentityStore`] holds both, so that the pair in use changes in one step and the
//! one before can be gone back to.
//!
//! ```text
//! make_pending ─ request, fingerprint ─ CA signs, server registers ─ Candidate ─ tried at the server ─ take_in_use
//! ```

mod candidate;
mod request;
mod store;

pub use candidate::{Candidate, CandidateRefused};
pub use request::{InvalidKioskName, KioskName, NewKey, RequestFailed};
pub use store::{IdentityStore, Pending, StoreRefused};
