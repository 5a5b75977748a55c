//! The whole register: a file for each municipality, and one for what belongs to none.

use std::collections::HashMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crypto::SecureRandom;
use domain::{Clock, MunicipalityCode};
use sqlx::migrate::Migrator;
use tokio::sync::Mutex;

use crate::access::{Actor, Purpose};
use crate::audit::{self, AuditEvent, NewEntry};
use crate::decoy::Decoy;
use crate::error::{RegistryError, StorageFault};
use crate::keys::{MasterKey, RegisterKeys};
use crate::municipality_register::MunicipalityRegister;
use crate::storage::{self, Store};
use crate::system::SystemRegister;

/// The schema of a municipality's file.
pub(crate) static MUNICIPALITY_SCHEMA: Migrator = sqlx::migrate!("migrations/sqlite/municipality");
/// The schema of the system file.
pub(crate) static SYSTEM_SCHEMA: Migrator = sqlx::migrate!("migrations/sqlite/system");
/// What the system file's secret is bound to, where a municipality's is bound to its code.
const SYSTEM: &str = "system";

/// The vaccination registers of every municipality that takes part. Cheap to clone.
#[derive(Clone)]
pub struct Registry(Arc<Shared>);

/// One municipality's open file.
pub(crate) struct OpenMunicipality {
    pub(crate) code: MunicipalityCode,
    pub(crate) store: Store,
    pub(crate) keys: RegisterKeys,
    pub(crate) decoy: Decoy,
}

/// The open system file.
pub(crate) struct OpenSystem {
    pub(crate) store: Store,
    pub(crate) keys: RegisterKeys,
}

pub(crate) struct Shared {
    directory: PathBuf,
    master: MasterKey,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) random: Arc<dyn SecureRandom>,
    pub(crate) system: OpenSystem,
    municipalities: Mutex<HashMap<MunicipalityCode, Arc<OpenMunicipality>>>,
}

impl Registry {
    /// Opens the registers in a folder; makes folder and system register where there are none.
    ///
    /// # Errors
    /// [`RegistryError::LookupUnavailable`], [`RegistryError::WrongMasterKey`].
    pub async fn open(
        directory: &Path,
        master: MasterKey,
        clock: Arc<dyn Clock>,
        random: Arc<dyn SecureRandom>,
    ) -> Result<Self, RegistryError> {
        make_directory(&directory.join("municipalities"))?;
        let path = directory.join("system.db");
        let store = Store::open_sqlite(&path, &SYSTEM_SCHEMA, true).await?;
        make_secret(&store, &master, SYSTEM, &*clock, &*random).await?;
        let keys = open_secret(&store, &master, SYSTEM)
            .await?
            .ok_or(RegistryError::LookupUnavailable(StorageFault::Schema))?;
        Ok(Self(Arc::new(Shared {
            directory: directory.to_owned(),
            master,
            clock,
            random,
            system: OpenSystem { store, keys },
            municipalities: Mutex::default(),
        })))
    }

    /// Makes a municipality's register; nothing changes where there is one.
    ///
    /// # Errors
    /// [`RegistryError::LookupUnavailable`].
    pub async fn add_municipality(&self, code: MunicipalityCode) -> Result<(), RegistryError> {
        let shared = &self.0;
        let store = Store::open_sqlite(&shared.path_of(code), &MUNICIPALITY_SCHEMA, true).await?;
        let (clock, random) = (&*shared.clock, &*shared.random);
        let made = make_secret(&store, &shared.master, code.as_str(), clock, random).await;
        store.close().await;
        made
    }

    /// The municipalities that have a register, in the order of their codes.
    ///
    /// # Errors
    /// [`RegistryError::LookupUnavailable`].
    pub fn municipalities(&self) -> Result<Vec<MunicipalityCode>, RegistryError> {
        let files = std::fs::read_dir(self.0.directory.join("municipalities"))
            .map_err(|_| RegistryError::LookupUnavailable(StorageFault::InputOutput))?;
        let mut codes: Vec<_> = files
            .filter_map(|file| {
                let name = file.ok()?.file_name().into_string().ok()?;
                MunicipalityCode::parse(name.strip_suffix(".db")?).ok()
            })
            .collect();
        codes.sort_unstable();
        Ok(codes)
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

    /// Closes every file; the write-ahead logs are folded in. Handles stop working.
    pub async fn close(&self) {
        for municipality in self.0.municipalities.lock().await.values() {
            municipality.store.close().await;
        }
        self.0.system.store.close().await;
    }
}

impl fmt::Debug for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Registry")
    }
}

impl Shared {
    fn path_of(&self, code: MunicipalityCode) -> PathBuf {
        let name = format!("{code}.db");
        self.directory.join("municipalities").join(name)
    }

    async fn open_municipality(
        &self,
        code: MunicipalityCode,
    ) -> Result<Arc<OpenMunicipality>, RegistryError> {
        let mut open = self.municipalities.lock().await;
        if let Some(municipality) = open.get(&code) {
            return Ok(Arc::clone(municipality));
        }
        let path = self.path_of(code);
        if !path.is_file() {
            return Err(RegistryError::NoSuchMunicipality(code));
        }
        let store = Store::open_sqlite(&path, &MUNICIPALITY_SCHEMA, false).await?;
        let keys = open_secret(&store, &self.master, code.as_str())
            .await?
            .ok_or(RegistryError::NoSuchMunicipality(code))?;
        let municipality = Arc::new(OpenMunicipality {
            code,
            store,
            decoy: Decoy::new(&keys),
            keys,
        });
        open.insert(code, Arc::clone(&municipality));
        Ok(municipality)
    }
}

/// Makes a register's secret and the first entry of its chain, where it has none yet.
async fn make_secret(
    store: &Store,
    master: &MasterKey,
    register: &str,
    clock: &dyn Clock,
    random: &dyn SecureRandom,
) -> Result<(), RegistryError> {
    if storage::wrapped_key(&mut store.read().await?)
        .await?
        .is_some()
    {
        return Ok(());
    }
    let (keys, wrapped) = RegisterKeys::make(random, master, register)?;
    let mut transaction = store.begin().await?;
    if storage::insert_wrapped_key(&mut transaction, &wrapped).await? {
        let (purpose, event) = (Purpose::Import, AuditEvent::RegisterCreated);
        let entry = NewEntry::new(clock.now(), &Actor::Server, purpose, event);
        audit::append(&mut transaction, &keys, random, entry).await?;
        transaction.commit().await?;
    }
    Ok(())
}

async fn open_secret(
    store: &Store,
    master: &MasterKey,
    register: &str,
) -> Result<Option<RegisterKeys>, RegistryError> {
    match storage::wrapped_key(&mut store.read().await?).await? {
        Some(wrapped) => RegisterKeys::unwrap(master, register, &wrapped).map(Some),
        None => Ok(None),
    }
}

/// Makes a folder that only the server's own user can enter.
fn make_directory(path: &Path) -> Result<(), RegistryError> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
        .map_err(|_| RegistryError::LookupUnavailable(StorageFault::InputOutput))
}
