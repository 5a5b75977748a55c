//! Suspended cards (一時停止), known by a keyed hash of the individual number alone.

use domain::MyNumber;

use super::SystemRegister;
use crate::audit::AuditEvent;
use crate::error::RegistryError;
use crate::storage;

impl SystemRegister {
    /// Suspends the card of this individual number; `false` where it was suspended before.
    ///
    /// # Errors
    /// [`RegistryError::LookupUnavailable`].
    pub async fn suspend_card(&self, number: &MyNumber) -> Result<bool, RegistryError> {
        let index = self.shared.system.keys.individual_number_whole(number);
        let now = self.shared.clock.now().unix_timestamp();
        let mut transaction = self.begin().await?;
        let new = storage::insert_suspended_card(&mut transaction, &index, now).await?;
        if new {
            self.append(&mut transaction, AuditEvent::CardSuspended, None)
                .await?;
        }
        transaction.commit().await?;
        Ok(new)
    }

    /// Suspends the cards of a list, all of them or none; gives how many were not suspended before.
    ///
    /// # Errors
    /// [`RegistryError::LookupUnavailable`].
    pub async fn suspend_cards(&self, numbers: &[MyNumber]) -> Result<u64, RegistryError> {
        let now = self.shared.clock.now().unix_timestamp();
        let mut transaction = self.begin().await?;
        let mut new = 0;
        for number in numbers {
            let index = self.shared.system.keys.individual_number_whole(number);
            let inserted = storage::insert_suspended_card(&mut transaction, &index, now).await?;
            new += u64::from(inserted);
        }
        let detail = format!("{} on the list, {new} new", numbers.len());
        self.append(
            &mut transaction,
            AuditEvent::CardsSuspendedFromList,
            Some(detail),
        )
        .await?;
        transaction.commit().await?;
        Ok(new)
    }

    /// Ends a suspension, as [`MunicipalityRegister::release_card`] decided. One that is gone
    /// already changes nothing.
    ///
    /// [`MunicipalityRegister::release_card`]: crate::MunicipalityRegister::release_card
    pub(crate) async fn end_suspension(&self, number: &MyNumber) -> Result<(), RegistryError> {
        let index = self.shared.system.keys.individual_number_whole(number);
        let mut transaction = self.begin().await?;
        if storage::remove_suspended_card(&mut transaction, &index).await? {
            self.append(&mut transaction, AuditEvent::CardReleased, None)
                .await?;
        }
        transaction.commit().await
    }

    /// Since when the card of this individual number is suspended, in seconds since 1970.
    pub(crate) async fn suspended_since(
        &self,
        number: &MyNumber,
    ) -> Result<Option<i64>, RegistryError> {
        let index = self.shared.system.keys.individual_number_whole(number);
        storage::suspended_since(&mut self.read().await?, &index).await
    }

    /// Whether the card of this individual number is suspended.
    ///
    /// # Errors
    /// [`RegistryError::LookupUnavailable`].
    pub async fn is_suspended_card(&self, number: &MyNumber) -> Result<bool, RegistryError> {
        let index = self.shared.system.keys.individual_number_whole(number);
        storage::is_suspended_card(&mut self.read().await?, &index).await
    }
}
