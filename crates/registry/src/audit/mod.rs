//! The audit record (C19): appended to in the same transaction as what it records, chained by a
//! keyed hash, never changed.

mod chain;
mod entry;
mod writer;

pub use chain::{AuditFault, AuditHead, AuditVerdict};
pub(crate) use chain::{append, head, page, refusal_notes, verify};
pub(crate) use entry::NewEntry;
pub use entry::{AuditEntry, AuditEvent, RefusalNote, SubjectId};
pub use writer::{AuditArea, AuditWriter, ChainName, InvalidAuditWriter};
