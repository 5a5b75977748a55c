//! Erasing everything held on one resident, on the municipality's own demand.

use std::fmt;

use declaration::{Declared, Retention};
use domain::Redacted;

use super::ErasureRefused;
use crate::access::Act;
use crate::approval::{ApprovalId, ApprovalScope, ApprovalSubject};
use crate::audit::{AuditEvent, SubjectId};
use crate::dossier_reading::open_subject;
use crate::error::RegistryError;
use crate::keys::RowId;
use crate::model::ResidentNumber;
use crate::municipality_register::MunicipalityRegister;
use crate::storage::{self, Transaction};

/// What is held on a resident and goes: counts by table.
#[derive(Clone, PartialEq, Eq)]
pub struct ResidentErasure {
    resident: RowId,
    number: Redacted<String>,
    rows: Vec<(&'static str, u64)>,
}

impl ResidentErasure {
    /// How many rows of each table go.
    #[must_use]
    pub fn rows(&self) -> &[(&'static str, u64)] {
        &self.rows
    }

    /// Exactly what a second person approves: who, and how much is held on them. The words go
    /// with the resident.
    #[must_use]
    pub fn approval_scope(&self) -> ApprovalScope {
        let words = format!(
            "erase everything held on the resident of number {}: {}",
            self.number.expose(),
            self.counts(", ")
        );
        ApprovalScope::new(ApprovalSubject::Erasure, words).about(self.resident)
    }

    fn counts(&self, between: &str) -> String {
        let counts = self.rows.iter().filter(|(_, rows)| *rows > 0);
        let counts: Vec<String> = counts
            .map(|(table, rows)| format!("{table}={rows}"))
            .collect();
        counts.join(between)
    }
}

impl fmt::Debug for ResidentErasure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ResidentErasure({})", self.counts(" "))
    }
}

impl MunicipalityRegister {
    /// Counts everything held on a resident: the erasure itself, not committed. That it was
    /// counted is recorded.
    ///
    /// # Errors
    /// [`RegistryError::NotForThisPurpose`] (also where the actor is not staff),
    /// [`RegistryError::NotDeclared`], [`RegistryError::Erasure`],
    /// [`RegistryError::LookupUnavailable`], [`RegistryError::DamagedRow`].
    pub async fn plan_resident_erasure(
        &self,
        declared: &Declared<Retention>,
        number: &ResidentNumber,
    ) -> Result<ResidentErasure, RegistryError> {
        let (subject, erasure, uncommitted) = self.resident_erased(declared, number).await?;
        drop(uncommitted);
        let mut transaction = self.begin().await?;
        let mut entry = self.entry(AuditEvent::ErasurePlanned);
        entry.subject = Some(subject);
        self.append(&mut transaction, entry).await?;
        transaction.commit().await?;
        Ok(erasure)
    }

    /// Erases everything held on a resident, if a second person approved exactly that. What stays:
    /// revocations, the record of provision to others for its seven years, and entries in the audit
    /// record with a random id that nothing ties to anybody any more; of approvals about the
    /// resident, who asked and who decided, without a word of what.
    ///
    /// # Errors
    /// As [`MunicipalityRegister::plan_resident_erasure`], and [`RegistryError::Approval`]; then
    /// nothing was erased.
    pub async fn erase_resident(
        &self,
        declared: &Declared<Retention>,
        number: &ResidentNumber,
        approval: ApprovalId,
    ) -> Result<ResidentErasure, RegistryError> {
        let (subject, erasure, mut transaction) = self.resident_erased(declared, number).await?;
        let scope = erasure.approval_scope();
        self.use_approval(&mut transaction, approval, &scope)
            .await?;
        storage::erase_approval_words(&mut transaction, erasure.resident).await?;
        let mut entry = self.entry(AuditEvent::ResidentErased);
        entry.subject = Some(subject);
        entry.detail = Some(format!("approval={approval} {}", erasure.counts(" ")));
        self.append(&mut transaction, entry).await?;
        transaction.commit().await?;
        self.municipality.area.forget_overwritten().await?;
        Ok(erasure)
    }

    async fn resident_erased(
        &self,
        declared: &Declared<Retention>,
        number: &ResidentNumber,
    ) -> Result<(SubjectId, ResidentErasure, Transaction), RegistryError> {
        self.permit(Act::Erase)?;
        self.permit_staff_only()?;
        self.permit_declared(declared)?;
        let keys = &self.municipality.keys;
        let resident = keys.resident_id(number);
        let mut transaction = self.begin().await?;
        let Some((sealed, _)) = storage::resident_row(&mut transaction, resident).await? else {
            return Err(ErasureRefused::UnknownResident.into());
        };
        let subject = open_subject(keys, resident, &sealed)?;
        let notes = storage::erase_notes_about(&mut transaction, &subject.0).await?;
        let mut rows = storage::erase_resident(&mut transaction, resident).await?;
        rows.push(("audit_note", notes));
        let erasure = ResidentErasure {
            resident,
            number: Redacted::new(number.expose().to_owned()),
            rows,
        };
        Ok((subject, erasure, transaction))
    }
}
