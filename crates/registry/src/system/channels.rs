//! Registered kiosks, relays and devices, each known by its key.

use domain::{ChannelId, MunicipalityCode};
use time::OffsetDateTime;

use super::SystemRegister;
use crate::access::StaffId;
use crate::audit::AuditEvent;
use crate::dossier_reading::moment_of;
use crate::error::{RegistryError, not_this_schema};
use crate::storage::{self, KioskRow, Transaction};

/// The name by which people know a kiosk or a relay: 1 to 64 characters, none a control character.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ChannelName(String);

/// Not 1 to 64 characters without control characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a channel's name is 1 to 64 characters without control characters")]
pub struct InvalidChannelName;

impl ChannelName {
    /// Takes 1 to 64 characters without control characters.
    ///
    /// # Errors
    /// [`InvalidChannelName`].
    pub fn parse(text: &str) -> Result<Self, InvalidChannelName> {
        let length = text.chars().take(65).count();
        let fits = (1..=64).contains(&length) && !text.chars().any(char::is_control);
        fits.then(|| Self(text.to_owned()))
            .ok_or(InvalidChannelName)
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A kiosk that may apply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisteredKiosk {
    /// Its name.
    pub name: ChannelName,
    /// The only municipalities it offers; empty: every participating one.
    pub municipalities: Vec<MunicipalityCode>,
    /// When it was registered.
    pub registered_at: OffsetDateTime,
    /// Who registered it.
    pub registered_by: StaffId,
    /// From when on this key is good no longer, where the kiosk has its next one.
    pub ends_at: Option<OffsetDateTime>,
}

impl SystemRegister {
    /// Registers a kiosk by its key; a kiosk registered before gets the new name and
    /// municipalities. `municipalities` empty: every participating one.
    ///
    /// # Errors
    /// [`RegistryError::LookupUnavailable`].
    pub async fn register_kiosk(
        &self,
        id: ChannelId,
        name: &ChannelName,
        municipalities: &[MunicipalityCode],
        registered_by: &StaffId,
    ) -> Result<(), RegistryError> {
        let mut transaction = self.begin().await?;
        self.insert_kiosk(&mut transaction, id, name, municipalities, registered_by)
            .await?;
        transaction.commit().await
    }

    pub(super) async fn insert_kiosk(
        &self,
        transaction: &mut Transaction,
        id: ChannelId,
        name: &ChannelName,
        municipalities: &[MunicipalityCode],
        registered_by: &StaffId,
    ) -> Result<(), RegistryError> {
        let mut codes: Vec<String> = municipalities.iter().map(ToString::to_string).collect();
        codes.sort_unstable();
        codes.dedup();
        let row = KioskRow {
            name: name.0.clone(),
            registered_at: self.shared.clock.now().unix_timestamp(),
            registered_by: registered_by.as_str().to_owned(),
            municipalities: codes,
        };
        storage::insert_kiosk(transaction, &id.0, &row).await?;
        let event = AuditEvent::KioskRegistered;
        self.append(transaction, event, Some(id.to_string())).await
    }

    /// The kiosk of this key; `None`: not registered, or the key had a successor and its time is
    /// over.
    ///
    /// # Errors
    /// [`RegistryError::LookupUnavailable`].
    pub async fn kiosk(&self, id: ChannelId) -> Result<Option<RegisteredKiosk>, RegistryError> {
        self.kiosk_in(&mut self.read().await?, id).await
    }

    pub(super) async fn kiosk_in(
        &self,
        transaction: &mut Transaction,
        id: ChannelId,
    ) -> Result<Option<RegisteredKiosk>, RegistryError> {
        let Some(row) = storage::kiosk(transaction, &id.0).await? else {
            return Ok(None);
        };
        let ends_at = storage::kiosk_successor(transaction, &id.0)
            .await?
            .map(|successor| successor.ends_at);
        if ends_at.is_some_and(|end| end <= self.shared.clock.now().unix_timestamp()) {
            return Ok(None);
        }
        let municipalities = row
            .municipalities
            .iter()
            .map(|code| MunicipalityCode::parse(code).map_err(|_| not_this_schema()));
        Ok(Some(RegisteredKiosk {
            municipalities: municipalities.collect::<Result<_, _>>()?,
            name: ChannelName(row.name),
            registered_at: moment_of(row.registered_at)?,
            registered_by: StaffId::parse(&row.registered_by).map_err(|_| not_this_schema())?,
            ends_at: ends_at.map(moment_of).transpose()?,
        }))
    }

    /// Registers a relay by its key; one registered before gets the new name.
    ///
    /// # Errors
    /// [`RegistryError::LookupUnavailable`].
    pub async fn register_relay(
        &self,
        id: ChannelId,
        name: &ChannelName,
        registered_by: &StaffId,
    ) -> Result<(), RegistryError> {
        let now = self.shared.clock.now().unix_timestamp();
        let by = registered_by.as_str();
        let mut transaction = self.begin().await?;
        storage::insert_relay(&mut transaction, &id.0, &name.0, now, by).await?;
        self.append(
            &mut transaction,
            AuditEvent::RelayRegistered,
            Some(id.to_string()),
        )
        .await?;
        transaction.commit().await
    }

    /// Whether a relay of this key is registered.
    ///
    /// # Errors
    /// [`RegistryError::LookupUnavailable`].
    pub async fn is_relay(&self, id: ChannelId) -> Result<bool, RegistryError> {
        storage::is_relay(&mut self.read().await?, &id.0).await
    }

    /// Shuts a kiosk, a relay or a venue out, also one that is connected: it gets nothing from now
    /// on. A kiosk that changes its key is shut out with both. `false` where none was registered
    /// under this key.
    ///
    /// # Errors
    /// [`RegistryError::LookupUnavailable`].
    pub async fn unregister(&self, id: ChannelId) -> Result<bool, RegistryError> {
        let mut transaction = self.begin().await?;
        let others = Self::other_key(&mut transaction, id).await?;
        let was_there = self.shut_out(&mut transaction, &id.0).await?;
        for other in others {
            self.shut_out(&mut transaction, &other).await?;
        }
        transaction.commit().await?;
        Ok(was_there)
    }

    /// Removes a channel and records it; `false` where there was none.
    pub(super) async fn shut_out(
        &self,
        transaction: &mut Transaction,
        id: &[u8],
    ) -> Result<bool, RegistryError> {
        let was_there = storage::remove_channel(transaction, id).await?;
        if was_there {
            let id = ChannelId(id.try_into().map_err(|_| not_this_schema())?);
            let event = AuditEvent::ChannelUnregistered;
            self.append(transaction, event, Some(id.to_string()))
                .await?;
        }
        Ok(was_there)
    }

    /// Registers a device's key on first use; nothing changes where it is registered, or where
    /// so many are: then it is `false`. Whether devices may register so is the server's to decide
    /// (`accept_unattested_devices`).
    ///
    /// # Errors
    /// [`RegistryError::LookupUnavailable`].
    pub async fn register_device(&self, id: ChannelId, most: u32) -> Result<bool, RegistryError> {
        let mut transaction = self.begin().await?;
        if storage::is_device(&mut transaction, &id.0).await? {
            return Ok(true);
        }
        if storage::count_devices(&mut transaction).await? >= i64::from(most) {
            return Ok(false);
        }
        let now = self.shared.clock.now().unix_timestamp();
        if storage::insert_device(&mut transaction, &id.0, now).await? {
            self.append(
                &mut transaction,
                AuditEvent::DeviceRegistered,
                Some(id.to_string()),
            )
            .await?;
        }
        transaction.commit().await?;
        Ok(true)
    }

    /// Whether a device of this key is registered.
    ///
    /// # Errors
    /// [`RegistryError::LookupUnavailable`].
    pub async fn is_device(&self, id: ChannelId) -> Result<bool, RegistryError> {
        storage::is_device(&mut self.read().await?, &id.0).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_short_and_printable() {
        assert!(ChannelName::parse("浦安駅前店 1号機").is_ok());
        for bad in ["", "a\nb", &"店".repeat(65)] {
            assert_eq!(ChannelName::parse(bad), Err(InvalidChannelName));
        }
    }
}
