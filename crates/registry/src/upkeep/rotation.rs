//! A new data key: made, every sealed text sealed under it in small transactions while others go on
//! working, the old key destroyed. Whenever it is interrupted, calling it again goes on.

use std::time::Duration;

use super::Upkeep;
use super::keys::texts_by_version;
use crate::audit::AuditEvent;
use crate::error::{RegistryError, StorageFault};
use crate::keys::{DataKeys, KeyVersion, new_data_key};
use crate::storage::{self, ResealedCell, SealedCell};
use crate::table::Table;
use crate::tables::Value;

/// How far a rotation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RotationProgress {
    /// Texts sealed anew since this call.
    pub done: u64,
    /// Texts to be sealed anew when this call began.
    pub of: u64,
}

/// What a rotation did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RotationResult {
    /// The key that seals now.
    pub current: KeyVersion,
    /// The keys that were destroyed.
    pub destroyed: Vec<KeyVersion>,
    /// Texts sealed anew by this call.
    pub resealed: u64,
    /// Whether an earlier rotation was finished, and no new key made.
    pub resumed: bool,
}

/// Texts in one transaction: some milliseconds of the write lock.
const BATCH: u32 = 500;

impl Upkeep {
    /// Replaces this area's data key. Where a rotation was begun and not finished, that one is
    /// finished. Writers wait for one batch at most; after each, they have as long for themselves.
    ///
    /// # Errors
    /// [`RegistryError::DamagedRow`] where a text does not open: nothing is destroyed then;
    /// [`RegistryError::TooManyKeys`], [`RegistryError::LookupUnavailable`]. What was sealed anew
    /// stays so.
    pub async fn rotate_keys(
        &self,
        mut progress: impl FnMut(RotationProgress) + Send,
    ) -> Result<RotationResult, RegistryError> {
        let resumed = !self.make_key().await?;
        let keys = self.area().keys().data();
        let current = keys.current();
        let mut state = RotationProgress {
            done: 0,
            of: self.texts_besides(current).await?,
        };
        progress(state);
        let mut left = state.of;
        while left > 0 {
            for table in self.sealed_tables() {
                self.reseal_table(*table, &keys, &mut |batch| {
                    state.done += batch;
                    progress(state);
                })
                .await?;
            }
            // Nothing is destroyed before everything was counted once more.
            let before = std::mem::replace(&mut left, self.texts_besides(current).await?);
            if left >= before {
                return Err(RegistryError::LookupUnavailable(StorageFault::Busy));
            }
        }
        Ok(RotationResult {
            current,
            destroyed: self.destroy_keys_before(current).await?,
            resealed: state.done,
            resumed,
        })
    }

    /// Makes the key that seals from now on; `false` where an older one is still there.
    async fn make_key(&self) -> Result<bool, RegistryError> {
        let area = self.area();
        // This transaction is the only one that writes: whoever writes later knows the new key.
        let mut transaction = area.begin().await?;
        let keys = area.keys().data();
        if keys.stored().len() > 1 {
            return Ok(false);
        }
        let version = keys.current().next().ok_or(RegistryError::TooManyKeys)?;
        let made_at = self.shared.clock.now().unix_timestamp();
        let (master, random) = (area.master(), &*self.shared.random);
        let row = new_data_key(master, random, area.name(), version, made_at);
        storage::insert_wrapped_key(&mut transaction, &row).await?;
        let detail = version.to_string();
        self.record(&mut transaction, AuditEvent::DataKeyMade, detail)
            .await?;
        transaction.commit().await?;
        area.read().await?;
        Ok(true)
    }

    async fn texts_besides(&self, current: KeyVersion) -> Result<u64, RegistryError> {
        let mut transaction = self.area().read().await?;
        let texts = texts_by_version(&mut transaction, self.sealed_tables()).await?;
        let others = texts.iter().filter(|(version, _)| **version != current);
        Ok(others.map(|(_, count)| count).sum())
    }

    async fn reseal_table(
        &self,
        table: Table,
        keys: &DataKeys,
        batch_done: &mut (dyn FnMut(u64) + Send),
    ) -> Result<(), RegistryError> {
        let mut after: Option<Vec<Value>> = None;
        loop {
            let mut reading = self.area().read().await?;
            let cells = storage::sealed_otherwise(
                &mut reading,
                table.place(),
                keys.current(),
                after.as_deref(),
                BATCH,
            )
            .await?;
            drop(reading);
            let Some(last) = cells.last() else {
                return Ok(());
            };
            after = Some(last.key.clone());
            let resealed = self.reseal(table, keys, cells)?;
            let held = self.replace(table, &resealed).await?;
            batch_done(resealed.len() as u64);
            // Other processes ask for the file's lock again and again, and not all the time.
            tokio::time::sleep(held).await;
        }
    }

    /// Seals a batch anew, while nobody waits for it.
    fn reseal(
        &self,
        table: Table,
        keys: &DataKeys,
        cells: Vec<SealedCell>,
    ) -> Result<Vec<ResealedCell>, RegistryError> {
        let mut resealed = Vec::with_capacity(cells.len());
        for old in cells {
            let id = table.bound_to(&old.key)?;
            if let Some(new) = keys.reseal(&*self.shared.random, table, &id, &old.sealed)? {
                resealed.push(ResealedCell { old, new });
            }
        }
        Ok(resealed)
    }

    /// Stores a batch; how long the write lock was held. A text that somebody replaced since it
    /// was read is under the new key already, and stays.
    async fn replace(
        &self,
        table: Table,
        cells: &[ResealedCell],
    ) -> Result<Duration, RegistryError> {
        let mut transaction = self.area().begin().await?;
        let begun = tokio::time::Instant::now();
        storage::replace_sealed(&mut transaction, table.place(), cells).await?;
        transaction.commit().await?;
        Ok(begun.elapsed())
    }

    /// Destroys every key but the current one, under which every text is.
    async fn destroy_keys_before(
        &self,
        current: KeyVersion,
    ) -> Result<Vec<KeyVersion>, RegistryError> {
        let area = self.area();
        let mut transaction = area.begin().await?;
        let at = self.shared.clock.now().unix_timestamp();
        let stored = area.keys().data();
        let old = stored.stored().iter().filter(|version| **version < current);
        let old: Vec<KeyVersion> = old.copied().collect();
        for version in &old {
            storage::destroy_data_key(&mut transaction, version.number().into(), at).await?;
            let detail = version.to_string();
            self.record(&mut transaction, AuditEvent::DataKeyDestroyed, detail)
                .await?;
        }
        transaction.commit().await?;
        area.forget_overwritten().await?;
        Ok(old)
    }
}
