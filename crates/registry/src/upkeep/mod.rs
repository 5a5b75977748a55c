//! What operators do with an area as a whole: its keys, its backups. They see ciphertext and counts
//! and nothing that is in a sealed text (C32, C33).

mod keys;
mod rotation;

use std::fmt;
use std::sync::Arc;

use crate::access::{Actor, Purpose};
use crate::area::Area;
use crate::audit::{self, AuditArea, AuditEvent, NewEntry};
use crate::backup::BackupId;
use crate::error::RegistryError;
use crate::registry::{OpenMunicipality, Shared};
use crate::storage::Transaction;
use crate::table::Table;
use crate::tables::{self, StoredTable};

pub use keys::{DataKeyStatus, KeyStatus};
pub use rotation::{RotationProgress, RotationResult};

/// A handle on one area, for one operator.
#[derive(Clone)]
pub struct Upkeep {
    shared: Arc<Shared>,
    /// `None`: the system's area.
    municipality: Option<Arc<OpenMunicipality>>,
    actor: Actor,
}

impl Upkeep {
    pub(crate) const fn new(
        shared: Arc<Shared>,
        municipality: Option<Arc<OpenMunicipality>>,
        actor: Actor,
    ) -> Self {
        Self {
            shared,
            municipality,
            actor,
        }
    }

    /// Which area it is.
    #[must_use]
    pub fn area_name(&self) -> AuditArea {
        self.municipality
            .as_ref()
            .map_or(AuditArea::System, |municipality| {
                AuditArea::Municipality(municipality.code)
            })
    }

    pub(crate) fn shared(&self) -> &Shared {
        &self.shared
    }

    /// Every table of this area.
    pub(crate) const fn stored_tables(&self) -> &'static [StoredTable] {
        match self.municipality {
            Some(_) => &tables::OF_MUNICIPALITY,
            None => &tables::OF_SYSTEM,
        }
    }

    /// Records that a backup is written.
    pub(crate) async fn record_backup(&self, id: BackupId) -> Result<(), RegistryError> {
        let mut transaction = self.area().begin().await?;
        self.record(&mut transaction, AuditEvent::BackedUp, id.to_string())
            .await?;
        transaction.commit().await
    }

    pub(crate) fn area(&self) -> &Area {
        self.municipality
            .as_ref()
            .map_or(&self.shared.system.area, |municipality| &municipality.area)
    }

    /// The sealed columns of this area.
    fn sealed_tables(&self) -> &'static [Table] {
        match self.municipality {
            Some(_) => &Table::OF_MUNICIPALITY,
            None => &Table::OF_SYSTEM,
        }
    }

    /// Appends an entry: a code or a count, in the transaction of what it records.
    async fn record(
        &self,
        transaction: &mut Transaction,
        event: AuditEvent,
        detail: String,
    ) -> Result<(), RegistryError> {
        let now = self.shared.clock.now();
        let mut entry = NewEntry::new(now, &self.actor, Purpose::Upkeep, event);
        entry.detail = Some(detail);
        let keys = self.area().keys();
        let (random, writer) = (&*self.shared.random, self.shared.writer());
        audit::append(transaction, keys, random, writer, entry).await
    }
}

impl fmt::Debug for Upkeep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Upkeep({})", self.area_name())
    }
}
