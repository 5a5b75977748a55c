//! The audit record (C19): appended to in the same transaction as what it records, chained by a
//! keyed hash for each area and writer, never changed; heads signed and anchored outside.

mod anchor;
mod anchoring;
mod chain;
mod entry;
mod erased;
mod export;
mod head;
mod report;
mod search;
mod verify;
mod writer;

pub use anchor::{AnchorError, AnchorFault, Anchors};
pub use anchoring::{Anchored, Anchoring, AnchoringError};
pub(crate) use anchoring::{anchor, sign_moved, store_heads};
pub(crate) use chain::{append, head, note_place, page, refusal_notes};
pub(crate) use entry::NewEntry;
pub use entry::{AuditEntry, AuditEvent, RefusalNote, SubjectId};
pub(crate) use erased::marks as erasure_marks;
pub(crate) use export::ExportWriter;
pub use export::{ExportFault, ExportSummary, verify_audit_export};
pub use head::{AuditHead, AuditKeys, AuditSigner, NotSigned, SignedHead};
pub(crate) use report::report;
pub use report::{AuditReport, OffHours, RefusalCount, UnusualVolume};
pub use search::{AuditQuery, FoundEntry};
pub(crate) use search::{all_about, find};
pub use verify::{AreaVerdict, AuditFault, AuditVerdict, ChainVerdict};
pub(crate) use verify::{unmatched, verify, verify_area, writers};
pub use writer::{AuditArea, AuditWriter, ChainName, InvalidAuditWriter};
