//! What a venue can change no longer, and what came with an import, staff change: one asks, a second
//! one agrees (C30, C34).

use super::changing::{Asked, Change};
use super::registering::row_id;
use super::{CheckedDose, DoseChanged, DoseReceipt};
use crate::access::Act;
use crate::approval::{ApprovalId, ApprovalScope, ApprovalSubject};
use crate::error::RegistryError;
use crate::municipality_register::MunicipalityRegister;
use crate::storage;

/// What staff make of a dose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DoseCorrection {
    /// It says this instead.
    Correct(CheckedDose),
    /// It stands no longer.
    Cancel,
}

impl DoseCorrection {
    /// Exactly what the second person approves: which entry, and what becomes of it.
    #[must_use]
    pub fn scope(&self, receipt: DoseReceipt) -> ApprovalScope {
        let words = match self {
            Self::Correct(dose) => {
                format!(
                    "correct the dose of receipt {receipt} to: {}",
                    dose.in_words()
                )
            }
            Self::Cancel => format!("cancel the dose of receipt {receipt}"),
        };
        ApprovalScope::new(ApprovalSubject::VenueCorrection, words)
    }
}

impl MunicipalityRegister {
    /// What a second person approves before a dose is changed: [`DoseCorrection::scope`], whose words
    /// go with the resident.
    ///
    /// # Errors
    /// [`RegistryError::NotForThisPurpose`] (also where the actor is not staff),
    /// [`RegistryError::LookupUnavailable`].
    pub async fn dose_change_scope(
        &self,
        receipt: DoseReceipt,
        correction: &DoseCorrection,
    ) -> Result<ApprovalScope, RegistryError> {
        self.permit(Act::ChangeDose)?;
        self.permit_staff_only()?;
        let mut transaction = self.read().await?;
        let row = storage::venue_dose(&mut transaction, &receipt.0).await?;
        let scope = correction.scope(receipt);
        Ok(match row {
            Some(row) => scope.about(row_id(&row.resident)?),
            None => scope,
        })
    }

    /// Corrects or cancels a dose, as a second person approved it. Where it is
    /// refused, which is recorded, the approval stays good.
    ///
    /// # Errors
    /// [`RegistryError::Approval`], [`RegistryError::NotForThisPurpose`] (also where the actor is
    /// not staff), [`RegistryError::LookupUnavailable`], [`RegistryError::DamagedRow`].
    pub async fn change_dose_as_staff(
        &self,
        receipt: DoseReceipt,
        correction: &DoseCorrection,
        approval: ApprovalId,
    ) -> Result<DoseChanged, RegistryError> {
        self.permit(Act::ChangeDose)?;
        self.permit_staff_only()?;
        let mut transaction = self.begin().await?;
        let scope = correction.scope(receipt);
        let spent = self
            .use_approval(&mut transaction, approval, &scope)
            .await?;
        let reason = format!(
            "approval {}, asked for by {} and given by {}",
            spent.id,
            spent.requested_by.as_str(),
            spent.approved_by.as_str()
        );
        let asked = Asked {
            receipt,
            change: match correction {
                DoseCorrection::Correct(dose) => Change::Correct(dose),
                DoseCorrection::Cancel => Change::Cancel,
            },
            reason: &reason,
            key: None,
        };
        let changed = self.change(&mut transaction, &asked, None).await?;
        match &changed {
            DoseChanged::Changed { .. } => transaction.commit().await?,
            DoseChanged::Again => {}
            DoseChanged::Refused(refused) => {
                // What spent the approval is undone; that it was tried is recorded.
                drop(transaction);
                let mut transaction = self.begin().await?;
                self.record_change_refused(&mut transaction, *refused, None)
                    .await?;
                transaction.commit().await?;
            }
        }
        Ok(changed)
    }
}
