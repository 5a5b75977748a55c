//! One area of the register, a municipality's or the system's, with its keys. Every transaction
//! begins here, and learns first which data keys there are: a key that another process made or
//! destroyed is known before anything is sealed or opened (ADR 0015).

use std::sync::Arc;

use crypto::SecureRandom;
use domain::Clock;

use crate::access::{Actor, Purpose};
use crate::audit::{self, AuditEvent, AuditWriter, NewEntry};
use crate::error::RegistryError;
use crate::keys::{self, KeyVersion, MasterKey, RegisterKeys, Secrets};
use crate::storage::{self, Store, Transaction};

/// An open area. Its storage is reached through [`Area::begin`] and [`Area::read`] alone.
pub(crate) struct Area {
    /// What the wrapped keys are bound to: the municipality's code, or `system`.
    name: String,
    store: Store,
    master: Arc<MasterKey>,
    keys: Arc<RegisterKeys>,
}

impl Area {
    /// Makes an area's keys and the first entry of its chain, where it has none yet.
    pub(crate) async fn make(
        store: &Store,
        name: &str,
        master: &MasterKey,
        clock: &dyn Clock,
        random: &dyn SecureRandom,
    ) -> Result<(), RegistryError> {
        // Nobody waits for a writer where there is nothing to make.
        if !is_empty(&mut store.read().await?).await? {
            return Ok(());
        }
        let mut transaction = store.begin().await?;
        if !is_empty(&mut transaction).await? {
            return Ok(());
        }
        let secrets = Secrets::make(random);
        store_secrets(&mut transaction, &secrets, name, master, clock, random).await?;
        let (purpose, event) = (Purpose::Import, AuditEvent::RegisterCreated);
        let entry = NewEntry::new(clock.now(), &Actor::Server, purpose, event);
        // Whoever opens it appends under a name of its own from here on.
        let writer = AuditWriter::default();
        audit::append(&mut transaction, &secrets.keys()?, random, &writer, entry).await?;
        transaction.commit().await
    }

    /// Opens an area with its keys; `None` where it was not completely made.
    pub(crate) async fn open(
        store: Store,
        name: &str,
        master: &Arc<MasterKey>,
        clock: &dyn Clock,
        random: &dyn SecureRandom,
    ) -> Result<Option<Self>, RegistryError> {
        let mut rows = storage::wrapped_keys(&mut store.read().await?).await?;
        if rows.iter().any(|row| row.purpose == "unversioned") {
            take_apart(&store, name, master, clock, random).await?;
            rows = storage::wrapped_keys(&mut store.read().await?).await?;
        }
        let Some(secrets) = Secrets::unwrap(master, name, &rows)? else {
            return Ok(None);
        };
        Ok(Some(Self {
            name: name.to_owned(),
            store,
            master: Arc::clone(master),
            keys: Arc::new(secrets.keys()?),
        }))
    }

    /// The area's keys, as they are known since the last transaction began.
    pub(crate) const fn keys(&self) -> &Arc<RegisterKeys> {
        &self.keys
    }

    /// What the wrapped keys are bound to.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// What wraps the keys.
    pub(crate) fn master(&self) -> &MasterKey {
        &self.master
    }

    /// Begins a transaction that writes: the only one on this area until it ends.
    pub(crate) async fn begin(&self) -> Result<Transaction, RegistryError> {
        let mut transaction = self.store.begin().await?;
        self.learn_keys(&mut transaction).await?;
        Ok(transaction)
    }

    /// Begins a transaction that writes many rows, beside the area's others where the storage can,
    /// until [`Area::take_turn`].
    pub(crate) async fn begin_beside(&self) -> Result<Transaction, RegistryError> {
        self.store.begin_beside().await
    }

    /// Takes the turn of a transaction that was begun beside others, and learns the keys.
    pub(crate) async fn take_turn(
        &self,
        transaction: &mut Transaction,
    ) -> Result<(), RegistryError> {
        self.store.take_turn(transaction).await?;
        self.learn_keys(transaction).await
    }

    /// Begins a transaction that only reads: one snapshot, and nobody waits for it.
    pub(crate) async fn read(&self) -> Result<Transaction, RegistryError> {
        let mut transaction = self.store.read().await?;
        self.learn_keys(&mut transaction).await?;
        Ok(transaction)
    }

    /// Clears what was overwritten out of the storage's own log.
    pub(crate) async fn forget_overwritten(&self) -> Result<(), RegistryError> {
        self.store.forget_overwritten().await
    }

    /// Closes every connection of this area's own.
    pub(crate) async fn close(&self) {
        self.store.close().await;
    }

    /// Sees whether the data keys are those that are known, and takes those that are there if not.
    pub(crate) async fn learn_keys(
        &self,
        transaction: &mut Transaction,
    ) -> Result<(), RegistryError> {
        let versions = storage::data_key_versions(transaction).await?;
        let known = self.keys.data();
        let number = |version: &KeyVersion| i64::from(version.number());
        if versions
            .iter()
            .copied()
            .eq(known.stored().iter().map(number))
        {
            return Ok(());
        }
        let rows = storage::wrapped_keys(transaction).await?;
        let learnt = keys::data_keys(&self.master, &self.name, &rows)?;
        self.keys.learn(learnt);
        Ok(())
    }
}

async fn is_empty(transaction: &mut Transaction) -> Result<bool, RegistryError> {
    Ok(storage::wrapped_keys(transaction).await?.is_empty())
}

async fn store_secrets(
    transaction: &mut Transaction,
    secrets: &Secrets,
    name: &str,
    master: &MasterKey,
    clock: &dyn Clock,
    random: &dyn SecureRandom,
) -> Result<(), RegistryError> {
    let made_at = clock.now().unix_timestamp();
    for row in secrets.wrap(master, random, name, made_at) {
        storage::insert_wrapped_key(transaction, &row).await?;
    }
    Ok(())
}

/// Takes apart the one secret of a register of before, once.
async fn take_apart(
    store: &Store,
    name: &str,
    master: &MasterKey,
    clock: &dyn Clock,
    random: &dyn SecureRandom,
) -> Result<(), RegistryError> {
    let mut transaction = store.begin().await?;
    let rows = storage::wrapped_keys(&mut transaction).await?;
    let Some(secrets) = Secrets::unwrap_unversioned(master, name, &rows)? else {
        return Ok(());
    };
    store_secrets(&mut transaction, &secrets, name, master, clock, random).await?;
    storage::remove_unversioned_key(&mut transaction).await?;
    transaction.commit().await
}
