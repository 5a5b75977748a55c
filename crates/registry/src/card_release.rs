//! Ending a card's suspension (一時停止の解除): by staff of the holder's municipality, as a second
//! person approved. Suspending withholds, at once and by one; ending it gives something away again.

use domain::MyNumber;

use crate::approval::{ApprovalId, ApprovalScope, ApprovalSubject};
use crate::audit::AuditEvent;
use crate::error::RegistryError;
use crate::municipality_register::MunicipalityRegister;
use crate::resident_directory::Whom;
use crate::resident_flags::{FlagRefused, Flagged};
use crate::storage::Transaction;
use crate::system::SystemRegister;

impl MunicipalityRegister {
    /// What has to be approved before a resident's card may be used again; that the resident was
    /// looked up for it is recorded.
    ///
    /// # Errors
    /// [`RegistryError::Flag`], also where the card is not suspended;
    /// [`RegistryError::NotForThisPurpose`] (also where the actor is not staff),
    /// [`RegistryError::LookupUnavailable`], [`RegistryError::DamagedRow`].
    pub async fn release_card_scope(&self, whom: &Whom) -> Result<ApprovalScope, RegistryError> {
        self.flagging_staff()?;
        let mut transaction = self.begin().await?;
        let (found, _, scope) = self.suspended(&mut transaction, whom).await?;
        let mut entry = self.entry(AuditEvent::FlagsRead);
        entry.subject = Some(found.subject);
        self.append(&mut transaction, entry).await?;
        transaction.commit().await?;
        Ok(scope)
    }

    /// Ends the suspension of a resident's card. The approval is spent and the act recorded here
    /// before the system's set changes: what fails in between leaves the card suspended.
    ///
    /// # Errors
    /// [`RegistryError::Approval`]; as [`Self::release_card_scope`].
    pub async fn release_card(
        &self,
        whom: &Whom,
        approval: ApprovalId,
    ) -> Result<(), RegistryError> {
        self.flagging_staff()?;
        let mut transaction = self.begin().await?;
        let (found, number, scope) = self.suspended(&mut transaction, whom).await?;
        self.use_approval(&mut transaction, approval, &scope)
            .await?;
        let mut entry = self.entry(AuditEvent::CardReleased);
        entry.subject = Some(found.subject);
        self.append(&mut transaction, entry).await?;
        transaction.commit().await?;
        self.system().end_suspension(&number).await
    }

    /// The resident, the number of their suspended card, and what is approved.
    async fn suspended(
        &self,
        transaction: &mut Transaction,
        whom: &Whom,
    ) -> Result<(Flagged, MyNumber, ApprovalScope), RegistryError> {
        let found = self.flagged(transaction, whom).await?;
        let number = match whom {
            Whom::Number(number) => Some(number),
            Whom::Resident(_) => found.individual_number.as_ref(),
        };
        let number = number.cloned().ok_or(FlagRefused::UnknownResident)?;
        let since = self.system().suspended_since(&number).await?;
        let since = since.ok_or(FlagRefused::CardNotSuspended)?;
        let words = format!(
            "release the suspended card of the resident with resident number {}",
            found.resident.number.expose()
        );
        // Each suspension is ended by an approval of its own.
        let subject = ApprovalSubject::CardRelease;
        let scope = ApprovalScope::with_content(subject, words, &since.to_be_bytes());
        Ok((found, number, scope))
    }

    fn system(&self) -> SystemRegister {
        SystemRegister::new(self.shared.clone(), self.actor.clone())
    }
}
