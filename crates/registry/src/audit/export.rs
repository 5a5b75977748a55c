//! A part of the record as a file that can be verified alone (an auditor, a court): with the audit
//! key's public half and nothing else.
//!
//! Lines of JSON. For each writer a signed head (or the chain's start), the entries behind it up to
//! another signed head, and that head: the digests of the entries lead from one to the other. An
//! entry that was not asked for is there as its digest alone: it covers the entry's keyed hash,
//! which nobody else knows, and so gives nothing away. The last line is signed over the whole file.

use std::io::{self, BufRead, Read as _, Write};

use crypto::Sha256;
use serde::{Deserialize, Serialize};

use super::chain::{entry_digest, open_note};
use super::head::{AuditKeys, AuditSigner, DigestedHead, HeadForm, SignedHead, sum_of};
use super::verify::head_of;
use super::writer::{AuditArea, AuditWriter, ChainName};
use crate::error::{RegistryError, WriteFault, not_this_schema, unwritable};
use crate::keys::RegisterKeys;
use crate::storage::{self, AuditFilter, AuditRow, Transaction};

/// No line is longer, its end included.
const LONGEST_LINE: u64 = 16 * 1024;
/// Number of entries read at once.
const PAGE: u32 = 1000;

/// What an export holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportSummary {
    /// Entries shown.
    pub entries: u64,
    /// Entries of which only the digest is there.
    pub withheld: u64,
}

/// Why an exported file is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ExportFault {
    /// It cannot be read.
    #[error("the file cannot be read")]
    Unreadable,
    /// A line is not one of such a file.
    #[error("line {0} is no line of an audit export")]
    Form(u64),
    /// A head is not signed by a trusted key.
    #[error("the head in line {0} is not signed by a key that is trusted")]
    ForgedHead(u64),
    /// The entries do not lead to the head: changed, removed, moved or put in.
    #[error("the entries before line {0} are not those that were recorded")]
    OtherEntries(u64),
    /// The end is missing, or not signed over what stands before it.
    #[error("the file was cut or changed: its end is not signed over the rest")]
    End,
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

/// Writes lines, and sums them up for the signature.
pub(crate) struct ExportWriter<W> {
    output: W,
    sum: Sha256,
    summary: ExportSummary,
}

impl<W: Write> ExportWriter<W> {
    /// Begins a file.
    pub(crate) fn begin(
        output: W,
        area: AuditArea,
        at: i64,
        what: &str,
    ) -> Result<Self, RegistryError> {
        let mut writer = Self {
            output,
            sum: Sha256::new(),
            summary: ExportSummary::default(),
        };
        writer.line(&LineForm::Export {
            version: 1,
            area: area.as_str().to_owned(),
            at,
            what: what.to_owned(),
        })?;
        Ok(writer)
    }

    /// Writes what a writer recorded within the filter's time; what the filter does not want is
    /// withheld, and what is not signed yet is left out.
    pub(crate) async fn chain(
        &mut self,
        transaction: &mut Transaction,
        keys: &RegisterKeys,
        chain: &ChainName,
        filter: &AuditFilter,
    ) -> Result<(), RegistryError> {
        let writer = chain.writer.as_str();
        let span = storage::audit_span(transaction, writer, filter.from, filter.until).await?;
        let signed = storage::last_audit_head(transaction, writer, i64::MAX).await?;
        let signed = signed.map_or(0, |head| head.sequence);
        // What is not signed yet belongs into the next export.
        let Some((first, last)) = span.filter(|(first, _)| *first <= signed) else {
            return Ok(());
        };
        let area = chain.area;
        let until = storage::next_audit_head(transaction, writer, last.min(signed)).await?;
        let until = head_of(area, &until.ok_or_else(not_this_schema)?)?;
        let after = storage::last_audit_head(transaction, writer, first - 1).await?;
        let mut at = match after {
            Some(row) => {
                let head = head_of(area, &row)?;
                self.line(&LineForm::After(HeadForm::from(&head)))?;
                row.sequence
            }
            None => {
                self.line(&LineForm::Start {
                    area: area.as_str().to_owned(),
                    writer: writer.to_owned(),
                })?;
                0
            }
        };
        while at < until.head.sequence.cast_signed() {
            for row in storage::audit_page(transaction, writer, at, PAGE).await? {
                if row.sequence.unsigned_abs() > until.head.sequence {
                    break;
                }
                at = row.sequence;
                self.entry(keys, filter, &row)?;
            }
        }
        self.line(&LineForm::Until(HeadForm::from(&until)))
    }

    /// Ends the file.
    pub(crate) fn end(mut self, signer: &AuditSigner) -> Result<ExportSummary, RegistryError> {
        let message = end_message(self.sum.clone(), &self.summary);
        let signature = signer
            .sign_message(&message)
            .map_err(|_| RegistryError::UnwritableFile(WriteFault::Unsigned))?;
        let summary = self.summary;
        self.line(&LineForm::End { summary, signature })?;
        Ok(summary)
    }

    fn entry(
        &mut self,
        keys: &RegisterKeys,
        filter: &AuditFilter,
        row: &AuditRow,
    ) -> Result<(), RegistryError> {
        if !wants(filter, row) {
            self.summary.withheld += 1;
            return self.line(&LineForm::Withheld(entry_digest(row)));
        }
        self.summary.entries += 1;
        let note = open_note(keys, row)?;
        let form = EntryForm {
            sequence: row.sequence,
            at: row.at,
            actor_kind: row.actor_kind.clone(),
            actor: row.actor.clone(),
            purpose: row.purpose.clone(),
            event: row.event.clone(),
            subject: row.subject.as_ref().map(hex::encode),
            certificate: row.certificate.clone(),
            detail: row.detail.clone(),
            note_digest: row.note_digest.as_ref().map(hex::encode),
            note: note.map(|note| note.expose().clone()),
            hash: row.hash[..].try_into().map_err(|_| not_this_schema())?,
        };
        self.line(&LineForm::Entry(Box::new(form)))
    }

    fn line(&mut self, line: &LineForm) -> Result<(), RegistryError> {
        let text = serde_json::to_vec(line).map_err(|error| unwritable(error.into()));
        let mut text = text?;
        text.push(b'\n');
        self.sum.update(&text);
        self.output.write_all(&text).map_err(unwritable)
    }
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

/// The same question that the storage answers by its index, for one row.
fn wants(filter: &AuditFilter, row: &AuditRow) -> bool {
    let is = |wanted: &Option<String>, found: Option<&str>| {
        wanted.as_deref().is_none_or(|wanted| found == Some(wanted))
    };
    let by_staff = filter
        .staff
        .as_deref()
        .is_none_or(|staff| row.actor_kind == "staff" && row.actor == staff.as_bytes());
    (filter.from..filter.until).contains(&row.at)
        && is(&filter.event, Some(&row.event))
        && is(&filter.certificate, row.certificate.as_deref())
        && by_staff
        && filter
            .subject
            .as_ref()
            .is_none_or(|subject| row.subject.as_ref() == Some(subject))
}

/// Verifies an exported file with public keys alone.
///
/// # Errors
/// [`ExportFault`]: the first one.
pub fn verify_audit_export(
    input: impl io::Read,
    keys: &AuditKeys,
) -> Result<ExportSummary, ExportFault> {
    let mut reading = Reading {
        sum: Sha256::new(),
        summary: ExportSummary::default(),
        chain: None,
    };
    let mut reader = io::BufReader::new(input);
    let mut line = Vec::new();
    let mut number = 0;
    loop {
        line.clear();
        let mut bounded = reader.by_ref().take(LONGEST_LINE);
        let read = bounded.read_until(b'\n', &mut line);
        if read.map_err(|_| ExportFault::Unreadable)? == 0 {
            return Err(ExportFault::End);
        }
        number += 1;
        let text = line.strip_suffix(b"\n").ok_or(ExportFault::Form(number))?;
        let form: LineForm = serde_json::from_slice(text).map_err(|_| ExportFault::Form(number))?;
        let before = reading.sum.clone();
        reading.sum.update(&line);
        if let Some(summary) = reading.take(number, form, keys, before)? {
            // Nothing comes behind the end.
            let mut rest = [0];
            let more = reader
                .read(&mut rest)
                .map_err(|_| ExportFault::Unreadable)?;
            return if more == 0 {
                Ok(summary)
            } else {
                Err(ExportFault::End)
            };
        }
    }
}

/// Where verifying a file is.
struct Reading {
    sum: Sha256,
    summary: ExportSummary,
    /// The chain that is being led through.
    chain: Option<(ChainName, DigestedHead)>,
}

impl Reading {
    fn take(
        &mut self,
        number: u64,
        line: LineForm,
        keys: &AuditKeys,
        before: Sha256,
    ) -> Result<Option<ExportSummary>, ExportFault> {
        let form = ExportFault::Form(number);
        match line {
            LineForm::Export { version: 1, .. } if number == 1 => {}
            LineForm::Start { area, writer } if number > 1 && self.chain.is_none() => {
                let chain = ChainName {
                    area: AuditArea::parse(&area).ok_or(form)?,
                    writer: AuditWriter::parse(&writer).map_err(|_| form)?,
                };
                let start = DigestedHead::start(&chain);
                self.chain = Some((chain, start));
            }
            LineForm::After(head) if number > 1 && self.chain.is_none() => {
                let head = signed(&head, keys, number)?;
                self.chain = Some((head.chain.clone(), head.digested()));
            }
            LineForm::Entry(entry) => {
                let row = row_of(*entry).ok_or(form)?;
                self.step(row.sequence.unsigned_abs(), &entry_digest(&row), number)?;
                self.summary.entries += 1;
            }
            LineForm::Withheld(digest) => {
                let (_, end) = self.chain.as_ref().ok_or(form)?;
                self.step(end.head.sequence + 1, &digest, number)?;
                self.summary.withheld += 1;
            }
            LineForm::Until(head) => {
                let head = signed(&head, keys, number)?;
                let (chain, end) = self.chain.take().ok_or(form)?;
                let same = chain == head.chain
                    && end.head.sequence == head.head.sequence
                    && end.digest == head.digest;
                if !same {
                    return Err(ExportFault::OtherEntries(number));
                }
            }
            LineForm::End { summary, signature } if self.chain.is_none() => {
                let message = end_message(before, &summary);
                let signed = keys.check(&message, &signature).is_ok();
                if !signed || summary != self.summary {
                    return Err(ExportFault::End);
                }
                return Ok(Some(summary));
            }
            LineForm::Export { .. }
            | LineForm::Start { .. }
            | LineForm::After(_)
            | LineForm::End { .. } => return Err(form),
        }
        Ok(None)
    }

    fn step(&mut self, sequence: u64, digest: &[u8; 32], number: u64) -> Result<(), ExportFault> {
        let (_, end) = self.chain.as_mut().ok_or(ExportFault::Form(number))?;
        if sequence != end.head.sequence + 1 {
            return Err(ExportFault::OtherEntries(number));
        }
        // The keyed hash is inside the digest; nobody can check it by itself.
        *end = end.with([0; 32], digest);
        Ok(())
    }
}

fn signed(form: &HeadForm, keys: &AuditKeys, number: u64) -> Result<SignedHead, ExportFault> {
    let head = form.head().ok_or(ExportFault::Form(number))?;
    head.check(keys)
        .map_err(|_| ExportFault::ForgedHead(number))?;
    Ok(head)
}

fn row_of(form: EntryForm) -> Option<AuditRow> {
    let bytes = |text: Option<String>| match text {
        Some(text) => hex::decode(text).ok().map(Some),
        None => Some(None),
    };
    Some(AuditRow {
        writer: String::new(),
        sequence: form.sequence,
        at: form.at,
        actor_kind: form.actor_kind,
        actor: form.actor,
        purpose: form.purpose,
        event: form.event,
        subject: bytes(form.subject)?,
        certificate: form.certificate,
        detail: form.detail,
        note_digest: bytes(form.note_digest)?,
        note: None,
        hash: form.hash.to_vec(),
    })
}
