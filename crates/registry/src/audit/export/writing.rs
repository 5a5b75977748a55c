//! Writing an export.

use std::io::Write;

use crypto::Sha256;

use super::{EntryForm, ExportSummary, LineForm, end_message};
use crate::audit::chain::{entry_digest, open_note};
use crate::audit::head::{AuditSigner, HeadForm};
use crate::audit::verify::head_of;
use crate::audit::writer::{AuditArea, ChainName};
use crate::error::{RegistryError, WriteFault, not_this_schema, unwritable};
use crate::keys::RegisterKeys;
use crate::storage::{self, AuditFilter, AuditRow, Transaction};

/// Number of entries read at once.
const PAGE: u32 = 1000;

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
