//! The whole register: an area for each municipality, and one for what belongs to none.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, OnceLock};

use crypto::SecureRandom;
use domain::{Clock, MunicipalityCode};
use tokio::sync::Mutex;

use crate::access::{Actor, Purpose};
use crate::area::Area;
use crate::audit::{AuditArea, AuditWriter};
use crate::decoy::Decoy;
use crate::error::{RegistryError, StorageFault};
use crate::keys::{MasterKey, RegisterKeys};
use crate::municipality_register::MunicipalityRegister;
use crate::resident_directory::{Directory, ResidentDirectory};
use crate::storage::{Place, RegisterPlace};
use crate::system::SystemRegister;
use crate::upkeep::Upkeep;

/// What the system's secret is bound to, where a municipality's is bound to its code.
const SYSTEM: &str = "system";

/// The vaccination registers of every municipality that takes part. Cheap to clone.
#[derive(Clone)]
pub struct Registry(Arc<Shared>);

/// One municipality's open area.
pub(crate) struct OpenMunicipality {
    pub(crate) code: MunicipalityCode,
    pub(crate) area: Area,
    pub(crate) keys: Arc<RegisterKeys>,
    pub(crate) decoy: Decoy,
}

/// The open system area.
pub(crate) struct OpenSystem {
    pub(crate) area: Area,
    pub(crate) keys: Arc<RegisterKeys>,
}

pub(crate) struct Shared {
    place: Place,
    master: Arc<MasterKey>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) random: Arc<dyn SecureRandom>,
    pub(crate) system: OpenSystem,
    writer: OnceLock<AuditWriter>,
    directories: OnceLock<HashMap<MunicipalityCode, Directory>>,
    municipalities: Mutex<HashMap<MunicipalityCode, Arc<OpenMunicipality>>>,
}

impl Registry {
    /// Opens the registers in a folder or a database; makes folder and system register where there
    /// are none.
    ///
    /// # Errors
    /// [`RegistryError::LookupUnavailable`], [`RegistryError::WrongMasterKey`];
    /// [`RegistryError::UnfitDatabase`] where rows would not be kept apart.
    pub async fn open(
        place: impl Into<RegisterPlace>,
        master: MasterKey,
        clock: Arc<dyn Clock>,
        random: Arc<dyn SecureRandom>,
    ) -> Result<Self, RegistryError> {
        let place = Place::open(place.into()).await?;
        let store = place.system().await?;
        let master = Arc::new(master);
        Area::make(&store, SYSTEM, &master, &*clock, &*random).await?;
        let area = Area::open(store, SYSTEM, &master, &*clock, &*random)
            .await?
            .ok_or(RegistryError::LookupUnavailable(StorageFault::Schema))?;
        let keys = Arc::clone(area.keys());
        Ok(Self(Arc::new(Shared {
            place,
            master,
            clock,
            random,
            system: OpenSystem { area, keys },
            writer: OnceLock::new(),
            directories: OnceLock::new(),
            municipalities: Mutex::default(),
        })))
    }

    pub(crate) fn shared(&self) -> &Shared {
        &self.0
    }

    /// Appends to the audit record under this installation's name. Only the first name given
    /// counts, and none that is given after the first entry.
    #[must_use]
    pub fn with_audit_writer(self, writer: AuditWriter) -> Self {
        self.0.writer.get_or_init(|| writer);
        self
    }

    /// Finds residents by individual number through these municipalities' own directories
    /// (団体内統合宛名); the others by the register's index. Only the first call counts, and none
    /// after the first lookup.
    #[must_use]
    pub fn with_directories(
        self,
        directories: impl IntoIterator<Item = (MunicipalityCode, Arc<dyn ResidentDirectory>)>,
    ) -> Self {
        let given = directories.into_iter();
        let directories = given.map(|(code, directory)| (code, Directory(directory)));
        self.0.directories.get_or_init(|| directories.collect());
        self
    }

    /// Makes a municipality's register; nothing changes where there is one.
    ///
    /// # Errors
    /// [`RegistryError::LookupUnavailable`].
    pub async fn add_municipality(&self, code: MunicipalityCode) -> Result<(), RegistryError> {
        let shared = &self.0;
        let store = shared.place.make_municipality(code).await?;
        let (clock, random) = (&*shared.clock, &*shared.random);
        let made = Area::make(&store, code.as_str(), &shared.master, clock, random).await;
        store.close().await;
        made
    }

    /// The municipalities that have a register, in the order of their codes.
    ///
    /// # Errors
    /// [`RegistryError::LookupUnavailable`].
    pub async fn municipalities(&self) -> Result<Vec<MunicipalityCode>, RegistryError> {
        self.0.place.municipalities().await
    }

    /// A handle on one municipality's register, for one purpose of one actor. Nothing done
    /// through it reaches another municipality's (C11).
    ///
    /// # Errors
    /// [`RegistryError::NoSuchMunicipality`], [`RegistryError::WrongMasterKey`],
    /// [`RegistryError::LookupUnavailable`].
    pub async fn municipality(
        &self,
        code: MunicipalityCode,
        purpose: Purpose,
        actor: Actor,
    ) -> Result<MunicipalityRegister, RegistryError> {
        let municipality = self.0.open_municipality(code).await?;
        Ok(MunicipalityRegister::new(
            Arc::clone(&self.0),
            municipality,
            purpose,
            actor,
        ))
    }

    /// A handle on what belongs to no municipality.
    #[must_use]
    pub fn system(&self, actor: Actor) -> SystemRegister {
        SystemRegister::new(Arc::clone(&self.0), actor)
    }

    /// A handle on the keys and backups of one area.
    ///
    /// # Errors
    /// [`RegistryError::NoSuchMunicipality`], [`RegistryError::WrongMasterKey`],
    /// [`RegistryError::LookupUnavailable`].
    pub async fn upkeep(&self, area: AuditArea, actor: Actor) -> Result<Upkeep, RegistryError> {
        let municipality = match area {
            AuditArea::System => None,
            AuditArea::Municipality(code) => Some(self.0.open_municipality(code).await?),
        };
        Ok(Upkeep::new(Arc::clone(&self.0), municipality, actor))
    }

    /// Closes every file and connection; write-ahead logs are folded in. Handles stop working.
    pub async fn close(&self) {
        for municipality in self.0.municipalities.lock().await.values() {
            municipality.area.close().await;
        }
        self.0.system.area.close().await;
        self.0.place.close().await;
    }
}

impl fmt::Debug for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Registry")
    }
}

impl Shared {
    /// The installation's name in the audit record.
    pub(crate) fn writer(&self) -> &AuditWriter {
        self.writer.get_or_init(AuditWriter::default)
    }

    /// A municipality's directory of residents by individual number.
    pub(crate) fn directory(&self, code: MunicipalityCode) -> Directory {
        let directories = self.directories.get_or_init(HashMap::new);
        directories.get(&code).cloned().unwrap_or_default()
    }

    pub(crate) async fn open_municipality(
        &self,
        code: MunicipalityCode,
    ) -> Result<Arc<OpenMunicipality>, RegistryError> {
        if let Some(municipality) = self.municipalities.lock().await.get(&code) {
            return Ok(Arc::clone(municipality));
        }
        // Opened outside the lock: nobody waits for another municipality's storage.
        let not_there = RegistryError::NoSuchMunicipality(code);
        let store = self.place.municipality(code).await?.ok_or(not_there)?;
        let (clock, random) = (&*self.clock, &*self.random);
        let area = Area::open(store, code.as_str(), &self.master, clock, random)
            .await?
            .ok_or(not_there)?;
        let keys = Arc::clone(area.keys());
        let opened = Arc::new(OpenMunicipality {
            code,
            decoy: Decoy::new(&keys),
            keys,
            area,
        });
        let mut municipalities = self.municipalities.lock().await;
        Ok(Arc::clone(municipalities.entry(code).or_insert(opened)))
    }
}
