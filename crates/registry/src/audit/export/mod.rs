//! A part of the record as a file that can be verified alone (an auditor, a court): with the audit
//! key's public half and nothing else.
//!
//! Lines of JSON. For each writer a signed head (or the chain's start), the entries behind it up to
//! another signed head, and that head: the digests of the entries lead from one to the other. An
//! entry that was not asked for is there as its digest alone: it covers the entry's keyed hash,
//! which nobody else knows, and so gives nothing away. The last line is signed over the whole file.

mod verifying;
mod writing;

use crypto::Sha256;
use serde::{Deserialize, Serialize};

use super::head::{HeadForm, sum_of};

pub use verifying::{ExportFault, verify_audit_export};
pub(crate) use writing::ExportWriter;

/// What an export holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportSummary {
    /// Entries shown.
    pub entries: u64,
    /// Entries of which only the digest is there.
    pub withheld: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct EntryForm {
    sequence: i64,
    at: i64,
    actor_kind: String,
    #[serde(with = "hex::serde")]
    actor: Vec<u8>,
    purpose: String,
    event: String,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    subject: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    certificate: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    detail: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    note_digest: Option<String>,
    /// What staff wrote: vouched for by the file's signature alone.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    note: Option<String>,
    #[serde(with = "hex::serde")]
    hash: [u8; 32],
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum LineForm {
    Export {
        version: u8,
        area: String,
        at: i64,
        what: String,
    },
    Start {
        area: String,
        writer: String,
    },
    After(HeadForm),
    Entry(Box<EntryForm>),
    #[serde(with = "hex::serde")]
    Withheld([u8; 32]),
    Until(HeadForm),
    End {
        summary: ExportSummary,
        #[serde(with = "hex::serde")]
        signature: [u8; 64],
    },
}

fn end_message(sum: Sha256, summary: &ExportSummary) -> [u8; 32] {
    let (entries, withheld) = (
        summary.entries.to_be_bytes(),
        summary.withheld.to_be_bytes(),
    );
    sum_of(&[
        b"akashi audit export v1",
        &sum.finish(),
        &entries,
        &withheld,
    ])
}
