//! Staff's and auditors' reading of the record: searched, exported, reported. That it was read is
//! recorded in it.

use std::io::Write;

use declaration::{Declared, Reports};
use time::OffsetDateTime;

use crate::access::Act;
use crate::approval::{ApprovalId, ApprovalScope, ApprovalSubject};
use crate::audit::{
    self, AuditArea, AuditEvent, AuditQuery, AuditReport, AuditSigner, ChainName, ExportSummary,
    ExportWriter, FoundEntry, SubjectId,
};
use crate::dossier_reading::moment_of;
use crate::error::RegistryError;
use crate::keys::RowId;
use crate::municipality_register::MunicipalityRegister;
use crate::resident_directory::Whom;
use crate::resident_flags::{FlagRefused, open_flagged};
use crate::storage::{self, Transaction};
use crate::system::SystemRegister;

/// Whom staff mean: the row, the name in the record, and the resident number for a second person.
struct Meant {
    resident: RowId,
    subject: SubjectId,
    number: String,
}

/// Most entries found at once.
pub const MOST_FOUND: u32 = 10_000;

impl MunicipalityRegister {
    /// The entries wanted, oldest first, at most `limit` (and [`MOST_FOUND`]); about a person where
    /// one is meant. That they were searched, and about whom, is recorded.
    ///
    /// # Errors
    /// [`RegistryError::Flag`] where nobody of that number is registered;
    /// [`RegistryError::NotForThisPurpose`] (also where the actor is not staff),
    /// [`RegistryError::LookupUnavailable`], [`RegistryError::DamagedRow`].
    pub async fn search_audit(
        &self,
        query: &AuditQuery,
        whom: Option<&Whom>,
        limit: u32,
    ) -> Result<Vec<FoundEntry>, RegistryError> {
        self.permit(Act::ReadAudit)?;
        self.permit_staff_only()?;
        let mut transaction = self.begin().await?;
        let person = self.meant(&mut transaction, whom).await?;
        let subject = person.map(|person| person.subject);
        let filter = query.filter(subject);
        let keys = &self.municipality.keys;
        let found = audit::find(&mut transaction, keys, &filter, limit.min(MOST_FOUND)).await?;
        let mut entry = self.entry(AuditEvent::AuditSearched);
        entry.subject = subject;
        entry.detail = Some(format!(
            "{}: {} found",
            query.criteria(subject.is_some()),
            found.len()
        ));
        self.append(&mut transaction, entry).await?;
        transaction.commit().await?;
        Ok(found)
    }

    /// What has to be approved before entries are exported to these recipients; that somebody was
    /// looked up for it is recorded.
    ///
    /// # Errors
    /// As [`MunicipalityRegister::search_audit`].
    pub async fn audit_export_scope(
        &self,
        query: &AuditQuery,
        whom: Option<&Whom>,
        recipients: &[String],
    ) -> Result<ApprovalScope, RegistryError> {
        self.permit(Act::ReadAudit)?;
        self.permit_staff_only()?;
        let mut transaction = self.begin().await?;
        let person = self.meant(&mut transaction, whom).await?;
        if let Some(Meant { subject, .. }) = &person {
            let mut entry = self.entry(AuditEvent::AuditSearched);
            entry.subject = Some(*subject);
            entry.detail = Some("export asked for".to_owned());
            self.append(&mut transaction, entry).await?;
            transaction.commit().await?;
        }
        Ok(export_scope(query, person.as_ref(), recipients))
    }

    /// Writes entries out as a file that can be verified alone, as a second person approved; what
    /// was not asked for is in it as digests. What is not signed and anchored yet is left out:
    /// anchor first. The approval is spent and the export recorded when everything is written; the
    /// file counts only then.
    ///
    /// # Errors
    /// [`RegistryError::Approval`], [`RegistryError::UnwritableFile`]; as
    /// [`MunicipalityRegister::search_audit`].
    pub async fn export_audit(
        &self,
        query: &AuditQuery,
        whom: Option<&Whom>,
        recipients: &[String],
        approval: ApprovalId,
        signer: &AuditSigner,
        output: impl Write + Send,
    ) -> Result<ExportSummary, RegistryError> {
        self.permit(Act::ReadAudit)?;
        self.permit_staff_only()?;
        let mut reading = self.read().await?;
        let person = self.meant(&mut reading, whom).await?;
        let scope = export_scope(query, person.as_ref(), recipients);
        let subject = person.map(|person| person.subject);
        let filter = query.filter(subject);
        let now = self.shared.clock.now().unix_timestamp();
        let area = AuditArea::Municipality(self.code());
        let what = query.in_words(subject.map(|_| "(withheld)"));
        let mut file = ExportWriter::begin(output, area, now, &what)?;
        for writer in audit::writers(&mut reading).await? {
            let chain = ChainName { area, writer };
            let keys = &self.municipality.keys;
            file.chain(&mut reading, keys, &chain, &filter).await?;
        }
        let summary = file.end(signer)?;
        let mut transaction = self.begin().await?;
        self.use_approval(&mut transaction, approval, &scope)
            .await?;
        let mut entry = self.entry(AuditEvent::AuditExported);
        entry.subject = subject;
        entry.detail = Some(format!(
            "{} entries, {} withheld, {approval}",
            summary.entries, summary.withheld
        ));
        self.append(&mut transaction, entry).await?;
        transaction.commit().await?;
        Ok(summary)
    }

    /// The security officer's report of a time; that it was made is recorded.
    ///
    /// # Errors
    /// [`RegistryError::NotDeclared`], [`RegistryError::NotForThisPurpose`] (also where the actor
    /// is not staff), [`RegistryError::LookupUnavailable`].
    pub async fn audit_report(
        &self,
        declared: &Declared<Reports>,
        from: OffsetDateTime,
        until: OffsetDateTime,
    ) -> Result<AuditReport, RegistryError> {
        self.permit(Act::ReadAudit)?;
        self.permit_staff_only()?;
        self.permit_declared(declared)?;
        let reports = declared.function();
        let office = (
            reports.office_opens_at.of_day(),
            reports.office_closes_at.of_day(),
        );
        let mut transaction = self.begin().await?;
        let mut report = audit::report(&mut transaction, from, until, Some(office)).await?;
        let (open, oldest) = storage::open_batches(&mut transaction).await?;
        report.open_batches = open.unsigned_abs();
        report.oldest_batch = oldest.map(moment_of).transpose()?;
        let entry = self.entry(AuditEvent::AuditReported);
        self.append(&mut transaction, entry).await?;
        transaction.commit().await?;
        Ok(report)
    }

    /// Whom staff mean.
    async fn meant(
        &self,
        transaction: &mut Transaction,
        whom: Option<&Whom>,
    ) -> Result<Option<Meant>, RegistryError> {
        let Some(whom) = whom else {
            return Ok(None);
        };
        let key = self.key_of_whom(whom).await?;
        let row = storage::resident(transaction, key)
            .await?
            .ok_or(FlagRefused::UnknownResident)?;
        let found = open_flagged(&self.municipality.keys, &row)?;
        Ok(Some(Meant {
            resident: found.id,
            subject: found.subject,
            number: found.resident.number.expose().to_owned(),
        }))
    }
}

fn export_scope(
    query: &AuditQuery,
    person: Option<&Meant>,
    recipients: &[String],
) -> ApprovalScope {
    let whom = person.map(|person| person.number.as_str());
    let words = format!(
        "audit entries {}, encrypted to {}",
        query.in_words(whom),
        recipients.join(", ")
    );
    let scope = ApprovalScope::new(ApprovalSubject::AuditExport, words);
    match person {
        Some(person) => scope.about(person.resident),
        None => scope,
    }
}

impl SystemRegister {
    /// The entries wanted, as [`MunicipalityRegister::search_audit`]. Nobody is named in them.
    ///
    /// # Errors
    /// [`RegistryError::LookupUnavailable`], [`RegistryError::DamagedRow`].
    pub async fn search_audit(
        &self,
        query: &AuditQuery,
        limit: u32,
    ) -> Result<Vec<FoundEntry>, RegistryError> {
        let mut transaction = self.begin().await?;
        let filter = query.filter(None);
        let keys = &self.shared.system.keys;
        let found = audit::find(&mut transaction, keys, &filter, limit.min(MOST_FOUND)).await?;
        let detail = format!("{}: {} found", query.criteria(false), found.len());
        self.append(&mut transaction, AuditEvent::AuditSearched, Some(detail))
            .await?;
        transaction.commit().await?;
        Ok(found)
    }

    /// What belongs to no municipality, reported as [`MunicipalityRegister::audit_report`] does;
    /// nobody has office hours there.
    ///
    /// # Errors
    /// [`RegistryError::LookupUnavailable`].
    pub async fn audit_report(
        &self,
        from: OffsetDateTime,
        until: OffsetDateTime,
    ) -> Result<AuditReport, RegistryError> {
        let mut transaction = self.begin().await?;
        let report = audit::report(&mut transaction, from, until, None).await?;
        self.append(&mut transaction, AuditEvent::AuditReported, None)
            .await?;
        transaction.commit().await?;
        Ok(report)
    }
}
