//! The audit record (C19): appended to in the same transaction as what it records, chained by a
//! keyed hash for each area and writer, never changed; heads signed and anchored outside.

mod anchor;
mod anchoring;
mod chain;
mod entry;
mod head;
mod verify;
mod writer;

pub use anchor::{AnchorError, AnchorFault, Anchors};
pub use anchoring::{Anchored, Anchoring, AnchoringError};
pub(crate) use anchoring::{anchor, sign_moved, store_heads};
pub(crate) use chain::{append, head, note_place, page, refusal_notes};
pub(crate) use entry::NewEntry;
pub use entry::{AuditEntry, AuditEvent, RefusalNote, SubjectId};
pub use head::{AuditHead, AuditKeys, AuditSigner, NotSigned, SignedHead};
pub use verify::{AuditFault, AuditVerdict, ChainVerdict};
pub(crate) use verify::{verify, verify_area};
pub use writer::{AuditArea, AuditWriter, ChainName, InvalidAuditWriter};
