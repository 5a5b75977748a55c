//! A kiosk changes its key: for some days it is known by two, the old one and its successor.

use domain::ChannelId;
use time::{Duration, OffsetDateTime};

use super::{ChannelName, RegisteredKiosk, SystemRegister};
use crate::access::StaffId;
use crate::audit::AuditEvent;
use crate::dossier_reading::moment_of;
use crate::error::{RegistryError, not_this_schema};
use crate::storage::{self, SuccessorRow, Transaction};

/// How long the old key of a kiosk is good beside the new one: 1 to 30 days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OverlapDays(u8);

impl OverlapDays {
    /// Takes 1 to 30 days; `None` for anything else.
    #[must_use]
    pub fn new(days: u8) -> Option<Self> {
        (1..=30).contains(&days).then_some(Self(days))
    }
}

/// A kiosk's new key.
#[derive(Debug, Clone, Copy)]
pub struct NewKioskKey {
    /// The key by which the kiosk is known today.
    pub old: ChannelId,
    /// The key that follows it.
    pub new: ChannelId,
    /// How long both are good.
    pub overlap: OverlapDays,
    /// Whether it takes the place of a successor that was registered before, and that the kiosk
    /// lost: that one is good no longer.
    pub instead_of_successor: bool,
}

/// What a kiosk's renewal came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenewedKiosk {
    /// The kiosk's name.
    pub name: ChannelName,
    /// From when on the old key is good no longer.
    pub old_ends_at: OffsetDateTime,
}

/// Why a key is not taken as a kiosk's next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RenewalRefused {
    /// No kiosk is registered by the old key, or its time is over.
    #[error("no kiosk is registered by the old key, or its time is over: enrol it anew")]
    NotRegistered,
    /// Old and new are one: a new certificate for the same key needs no registration.
    #[error("the key is the same: a new certificate for it needs no registration")]
    SameKey,
    /// The new key is registered already, as this or as another kiosk.
    #[error("the new key is registered already")]
    KnownKey,
    /// The kiosk has a next key already.
    #[error("the kiosk has a next key already: {0}")]
    HasSuccessor(ChannelId),
}

impl SystemRegister {
    /// Registers a kiosk's next key, with the name and the municipalities of the old one, whose time
    /// ends after the overlap. A kiosk is never known by more than two keys: what came before the
    /// old one is good no longer.
    ///
    /// # Errors
    /// [`RegistryError::LookupUnavailable`].
    pub async fn renew_kiosk(
        &self,
        key: NewKioskKey,
        registered_by: &StaffId,
    ) -> Result<Result<RenewedKiosk, RenewalRefused>, RegistryError> {
        let mut transaction = self.begin().await?;
        let kiosk = match self.renewable(&mut transaction, key).await? {
            Ok(kiosk) => kiosk,
            Err(refused) => return Ok(Err(refused)),
        };
        let old_ends_at = self.shared.clock.now() + Duration::days(key.overlap.0.into());
        self.insert_kiosk(
            &mut transaction,
            key.new,
            &kiosk.name,
            &kiosk.municipalities,
            registered_by,
        )
        .await?;
        let row = SuccessorRow {
            successor: key.new.0.to_vec(),
            ends_at: old_ends_at.unix_timestamp(),
        };
        storage::set_kiosk_successor(&mut transaction, &key.old.0, &row).await?;
        let event = AuditEvent::KioskKeyReplaced;
        self.append(&mut transaction, event, Some(key.old.to_string()))
            .await?;
        transaction.commit().await?;
        Ok(Ok(RenewedKiosk {
            name: kiosk.name,
            old_ends_at: moment_of(row.ends_at)?,
        }))
    }

    /// The kiosk whose key is to be replaced; what it was known by besides is removed.
    async fn renewable(
        &self,
        transaction: &mut Transaction,
        key: NewKioskKey,
    ) -> Result<Result<RegisteredKiosk, RenewalRefused>, RegistryError> {
        if key.old == key.new {
            return Ok(Err(RenewalRefused::SameKey));
        }
        let Some(kiosk) = self.kiosk_in(transaction, key.old).await? else {
            return Ok(Err(RenewalRefused::NotRegistered));
        };
        if storage::kiosk(transaction, &key.new.0).await?.is_some() {
            return Ok(Err(RenewalRefused::KnownKey));
        }
        let successor = storage::kiosk_successor(transaction, &key.old.0).await?;
        let predecessor = storage::kiosk_predecessor(transaction, &key.old.0).await?;
        if let Some(row) = &successor
            && !key.instead_of_successor
        {
            let id = row.successor[..]
                .try_into()
                .map_err(|_| not_this_schema())?;
            return Ok(Err(RenewalRefused::HasSuccessor(ChannelId(id))));
        }
        for id in successor
            .map(|row| row.successor)
            .into_iter()
            .chain(predecessor)
        {
            self.shut_out(transaction, &id).await?;
        }
        Ok(Ok(kiosk))
    }

    /// The other key by which a kiosk in renewal is known.
    pub(super) async fn other_key(
        transaction: &mut Transaction,
        id: ChannelId,
    ) -> Result<Vec<Vec<u8>>, RegistryError> {
        let successor = storage::kiosk_successor(transaction, &id.0).await?;
        let predecessor = storage::kiosk_predecessor(transaction, &id.0).await?;
        let successor = successor.map(|row| row.successor);
        Ok(successor.into_iter().chain(predecessor).collect())
    }
}
