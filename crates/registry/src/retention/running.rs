//! Planning and running the erasure of what is kept no longer.

use declaration::{Declared, Retained, Retention};
use domain::japan_date;
use time::{Date, Duration};

use super::scan::{self, Over};
use super::{ErasureRefused, RetentionPlan, end_of, last_days};
use crate::access::Act;
use crate::approval::ApprovalId;
use crate::audit::{self, AuditEvent};
use crate::error::RegistryError;
use crate::municipality_register::MunicipalityRegister;
use crate::storage::{self, ChildTable, Dated, Transaction};

impl MunicipalityRegister {
    /// Counts what is kept no longer on a day, today's or an earlier one: the erasure itself, not
    /// committed. That it was counted is recorded. `progress` is told how many residents were
    /// gone through.
    ///
    /// # Errors
    /// [`RegistryError::NotForThisPurpose`] (also where the actor is not staff),
    /// [`RegistryError::NotDeclared`], [`RegistryError::Erasure`],
    /// [`RegistryError::LookupUnavailable`], [`RegistryError::DamagedRow`].
    pub async fn plan_retention(
        &self,
        declared: &Declared<Retention>,
        as_of: Date,
        progress: impl FnMut(u64),
    ) -> Result<RetentionPlan, RegistryError> {
        let (plan, uncommitted) = self.erased(declared, as_of, progress).await?;
        drop(uncommitted);
        let mut transaction = self.begin().await?;
        let mut entry = self.entry(AuditEvent::ErasurePlanned);
        entry.detail = Some(detail(&plan));
        self.append(&mut transaction, entry).await?;
        transaction.commit().await?;
        Ok(plan)
    }

    /// Erases what is kept no longer on a day, in one transaction, if a second person approved
    /// exactly that: the same day and the same counts. Other writers wait while rows go.
    ///
    /// # Errors
    /// As [`MunicipalityRegister::plan_retention`], and [`RegistryError::Approval`]; then nothing
    /// was erased.
    pub async fn erase_retained(
        &self,
        declared: &Declared<Retention>,
        as_of: Date,
        approval: ApprovalId,
        progress: impl FnMut(u64),
    ) -> Result<RetentionPlan, RegistryError> {
        let (plan, mut transaction) = self.erased(declared, as_of, progress).await?;
        let scope = plan.approval_scope(declared);
        self.use_approval(&mut transaction, approval, &scope)
            .await?;
        let mut entry = self.entry(AuditEvent::Erased);
        // A certificate is recorded some moments after it is dated.
        let of_certificates = plan.until(Retained::Certificates).map(end_of);
        let marks = audit::erasure_marks(
            plan.until(Retained::AuditNotes).map(end_of),
            of_certificates.map(|until| until + Duration::HOUR),
        );
        entry.detail = Some(format!("approval={approval} {}{marks}", detail(&plan)));
        self.append(&mut transaction, entry).await?;
        transaction.commit().await?;
        self.municipality.area.forget_overwritten().await?;
        Ok(plan)
    }

    /// Everything that is kept no longer erased, in a transaction that is not committed yet.
    async fn erased(
        &self,
        declared: &Declared<Retention>,
        as_of: Date,
        progress: impl FnMut(u64),
    ) -> Result<(RetentionPlan, Transaction), RegistryError> {
        self.permit(Act::Erase)?;
        self.permit_staff_only()?;
        self.permit_declared(declared)?;
        if as_of > japan_date(self.shared.clock.now()) {
            return Err(ErasureRefused::DayToCome.into());
        }
        let mut plan = last_days(declared, as_of);
        let keys = &self.municipality.keys;
        let over = scan::over(&mut self.read().await?, keys, &plan, progress).await?;
        let mut transaction = self.begin().await?;
        for planned in &mut plan.kinds {
            let until = end_of(planned.until).unix_timestamp();
            planned.rows = erase_kind(&mut transaction, planned.kind, until, &over).await?;
        }
        Ok((plan, transaction))
    }
}

/// Erases one kind; residents come last of those that belong to them.
async fn erase_kind(
    transaction: &mut Transaction,
    kind: Retained,
    until: i64,
    over: &Over,
) -> Result<u64, RegistryError> {
    match kind {
        Retained::Doses => {
            let doses = storage::erase_rows(transaction, ChildTable::Dose, &over.doses).await?;
            let cancelled = storage::erase_dated(transaction, Dated::CancelledDoses, until).await?;
            Ok(doses + cancelled)
        }
        Retained::Vouchers => {
            storage::erase_rows(transaction, ChildTable::Voucher, &over.vouchers).await
        }
        Retained::Passports => {
            storage::erase_rows(transaction, ChildTable::Passport, &over.passports).await
        }
        Retained::Certificates => {
            storage::erase_dated(transaction, Dated::Certificates, until).await
        }
        Retained::AuditNotes => storage::erase_dated(transaction, Dated::AuditNotes, until).await,
        Retained::ReceivedDoses => {
            storage::erase_dated(transaction, Dated::ReceivedDoses, until).await
        }
        Retained::ImportBatches => {
            storage::erase_dated(transaction, Dated::ImportBatches, until).await
        }
        Retained::ProvisionRecords => {
            storage::erase_dated(transaction, Dated::ProvisionRecords, until).await
        }
        Retained::Residents => storage::erase_bare_residents(transaction, &over.residents).await,
    }
}

/// The counts, for the record: never about a person.
fn detail(plan: &RetentionPlan) -> String {
    let mut text = format!("as-of={}", plan.as_of);
    for planned in &plan.kinds {
        text += &format!(" {}={}", planned.kind.as_str(), planned.rows);
    }
    text
}
