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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::head::{AuditKeys, AuditSigner, DigestedHead};
    use crate::audit::writer::{AuditArea, AuditWriter, ChainName};
    use crypto::Es256SigningKey;
    use time::macros::datetime;

    /// A file of one entry's digest that somebody with the audit key signed as a whole, between
    /// the start and a head over this digest.
    fn file(shown: [u8; 32], covered: [u8; 32]) -> (Vec<u8>, AuditKeys) {
        let signer = AuditSigner::new(Es256SigningKey::generate().unwrap().0);
        let chain = ChainName {
            area: AuditArea::System,
            writer: AuditWriter::default(),
        };
        let end = DigestedHead::start(&chain).with([1; 32], &covered);
        let at = datetime!(2026-01-01 00:00 UTC);
        let head = signer.sign(&chain, end, at).unwrap();
        let mut text = Vec::new();
        for line in [
            LineForm::Export {
                version: 1,
                area: "system".to_owned(),
                at: 0,
                what: String::new(),
            },
            LineForm::Start {
                area: "system".to_owned(),
                writer: "main".to_owned(),
            },
            LineForm::Withheld(shown),
            LineForm::Until(HeadForm::from(&head)),
        ] {
            text.extend_from_slice(&serde_json::to_vec(&line).unwrap());
            text.push(b'\n');
        }
        let summary = ExportSummary {
            entries: 0,
            withheld: 1,
        };
        let mut sum = Sha256::new();
        sum.update(&text);
        let signature = signer.sign_message(&end_message(sum, &summary)).unwrap();
        let end = LineForm::End { summary, signature };
        text.extend_from_slice(&serde_json::to_vec(&end).unwrap());
        text.push(b'\n');
        (text, AuditKeys::new(vec![signer.public_key().clone()]))
    }

    #[test]
    fn entries_lead_to_the_head_also_where_the_file_is_signed() {
        let (good, keys) = file([2; 32], [2; 32]);
        assert!(verify_audit_export(&good[..], &keys).is_ok());
        let (bad, keys) = file([3; 32], [2; 32]);
        let refused = verify_audit_export(&bad[..], &keys);
        assert_eq!(refused, Err(ExportFault::OtherEntries(4)));
    }
}
