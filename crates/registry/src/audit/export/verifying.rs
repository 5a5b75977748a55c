//! Verifying an export, with public keys alone.

use std::io::{self, BufRead as _, Read as _};

use crypto::Sha256;

use super::{EntryForm, ExportSummary, LineForm, end_message};
use crate::audit::chain::entry_digest;
use crate::audit::head::{AuditKeys, DigestedHead, HeadForm, SignedHead};
use crate::audit::writer::{AuditArea, AuditWriter, ChainName};
use crate::storage::AuditRow;

/// No line is longer, its end included.
const LONGEST_LINE: u64 = 16 * 1024;

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
