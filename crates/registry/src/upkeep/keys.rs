//! Which keys an area has, and wrapping them by another master key.

use std::collections::BTreeMap;

use time::OffsetDateTime;

use super::Upkeep;
use crate::audit::AuditEvent;
use crate::dossier_reading::moment_of;
use crate::error::{RegistryError, not_this_schema};
use crate::keys::{KeyVersion, MasterKeyId, Secret, secret_of};
use crate::storage::{self, Transaction, WrappedKeyRow};
use crate::table::Table;

/// The keys of an area.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyStatus {
    /// The master key that new keys are wrapped by.
    pub master: MasterKeyId,
    /// How many keys a former master key still wraps.
    pub wrapped_by_former: usize,
    /// Every data key there ever was, in order; the last one seals.
    pub data: Vec<DataKeyStatus>,
}

/// A data key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataKeyStatus {
    /// Its version.
    pub version: KeyVersion,
    /// When it was made.
    pub made_at: OffsetDateTime,
    /// When it was destroyed.
    pub destroyed_at: Option<OffsetDateTime>,
    /// How many sealed texts name it.
    pub texts: u64,
}

impl Upkeep {
    /// The keys of this area, and how much is sealed under which. Reads the beginning of every
    /// sealed text.
    ///
    /// # Errors
    /// [`RegistryError::LookupUnavailable`].
    pub async fn key_status(&self) -> Result<KeyStatus, RegistryError> {
        let mut transaction = self.area().read().await?;
        let rows = storage::wrapped_keys(&mut transaction).await?;
        let texts = texts_by_version(&mut transaction, self.sealed_tables()).await?;
        let master = self.area().master().id();
        let mut data = Vec::new();
        for row in &rows {
            if let Some(Secret::Data(version)) = secret_of(row) {
                data.push(DataKeyStatus {
                    version,
                    made_at: moment_of(row.made_at)?,
                    destroyed_at: row.destroyed_at.map(moment_of).transpose()?,
                    texts: texts.get(&version).copied().unwrap_or_default(),
                });
            }
        }
        Ok(KeyStatus {
            master,
            wrapped_by_former: rows.iter().filter(|row| is_former(row, master)).count(),
            data,
        })
    }

    /// Wraps every key of this area that a former master key wraps by the current one; how many
    /// that were. Again, it changes nothing.
    ///
    /// # Errors
    /// [`RegistryError::WrongMasterKey`], [`RegistryError::LookupUnavailable`].
    pub async fn rewrap_keys(&self) -> Result<usize, RegistryError> {
        let area = self.area();
        let master = area.master();
        let mut transaction = area.begin().await?;
        let rows = storage::wrapped_keys(&mut transaction).await?;
        let mut done = 0;
        for row in rows.iter().filter(|row| is_former(row, master.id())) {
            let secret = secret_of(row).ok_or(not_this_schema())?;
            let wrapped = row.wrapped.as_deref().unwrap_or_default();
            let text = master.unwrap(area.name(), secret, wrapped)?;
            let wrapped = master.wrap(&*self.shared.random, area.name(), secret, &text);
            let (purpose, version) = (&row.purpose, row.version);
            storage::replace_wrapped_key(&mut transaction, purpose, version, &wrapped).await?;
            done += 1;
        }
        if done > 0 {
            let detail = format!("{done} keys by {}", master.id());
            self.record(&mut transaction, AuditEvent::KeysRewrapped, detail)
                .await?;
            transaction.commit().await?;
            area.forget_overwritten().await?;
        }
        Ok(done)
    }
}

fn is_former(row: &WrappedKeyRow, master: MasterKeyId) -> bool {
    let wrapped = row.wrapped.as_deref();
    wrapped.is_some_and(|wrapped| MasterKeyId::of_wrapped(wrapped) != Some(master))
}

/// How many sealed texts there are under which key, over these tables.
pub(super) async fn texts_by_version(
    transaction: &mut Transaction,
    tables: &[Table],
) -> Result<BTreeMap<KeyVersion, u64>, RegistryError> {
    let mut texts = BTreeMap::new();
    for table in tables {
        for (version, count) in storage::count_by_version(transaction, table.place()).await? {
            let version = KeyVersion::of_sealed(&version).ok_or(table.damaged())?;
            *texts.entry(version).or_default() += count.unsigned_abs();
        }
    }
    Ok(texts)
}
