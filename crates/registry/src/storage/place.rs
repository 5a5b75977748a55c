//! Where a register lies: a folder with a file for each municipality, or a PostgreSQL database.

use std::path::{Path, PathBuf};

use domain::MunicipalityCode;
use sqlx::migrate::Migrator;

use super::postgres::{PostgresAddress, PostgresPools, check_schema};
use super::{Store, insert_municipality, municipalities};
use crate::error::{RegistryError, StorageFault, not_this_schema};

/// The schema of a municipality's file.
pub(crate) static MUNICIPALITY_SCHEMA: Migrator = sqlx::migrate!("migrations/sqlite/municipality");
/// The schema of the system file.
pub(crate) static SYSTEM_SCHEMA: Migrator = sqlx::migrate!("migrations/sqlite/system");

/// Where a register lies.
#[derive(Debug, Clone)]
pub enum RegisterPlace {
    /// A folder with one SQLite file for each municipality, and one for the system.
    Folder(PathBuf),
    /// A PostgreSQL database that was prepared for it ([`crate::prepare_postgres`]).
    Postgres(PostgresAddress),
}

impl<P: AsRef<Path> + ?Sized> From<&P> for RegisterPlace {
    fn from(folder: &P) -> Self {
        Self::Folder(folder.as_ref().to_owned())
    }
}

/// An open place.
#[derive(Debug)]
pub(crate) enum Place {
    Folder(PathBuf),
    Postgres(PostgresPools),
}

impl Place {
    /// Opens it; makes a folder that is not there, and refuses a database that does not keep
    /// municipalities apart.
    pub(crate) async fn open(place: RegisterPlace) -> Result<Self, RegistryError> {
        match place {
            RegisterPlace::Folder(folder) => {
                make_directory(&folder.join("municipalities"))?;
                Ok(Self::Folder(folder))
            }
            RegisterPlace::Postgres(address) => {
                let pools = PostgresPools::new(&address);
                check_schema(&pools).await?;
                Ok(Self::Postgres(pools))
            }
        }
    }

    /// The system's area.
    pub(crate) async fn system(&self) -> Result<Store, RegistryError> {
        match self {
            Self::Folder(folder) => {
                Store::open_sqlite(&folder.join("system.db"), &SYSTEM_SCHEMA, true).await
            }
            Self::Postgres(pools) => Ok(Store::Postgres(pools.system())),
        }
    }

    /// A municipality's area; `None` where it has none.
    pub(crate) async fn municipality(
        &self,
        code: MunicipalityCode,
    ) -> Result<Option<Store>, RegistryError> {
        match self {
            Self::Folder(folder) => {
                let path = file_of(folder, code);
                if !path.is_file() {
                    return Ok(None);
                }
                let store = Store::open_sqlite(&path, &MUNICIPALITY_SCHEMA, false).await?;
                Ok(Some(store))
            }
            Self::Postgres(pools) => Ok(Some(Store::Postgres(pools.municipality(code)))),
        }
    }

    /// A municipality's area, made where it has none.
    pub(crate) async fn make_municipality(
        &self,
        code: MunicipalityCode,
    ) -> Result<Store, RegistryError> {
        match self {
            Self::Folder(folder) => {
                Store::open_sqlite(&file_of(folder, code), &MUNICIPALITY_SCHEMA, true).await
            }
            Self::Postgres(pools) => {
                let mut transaction = Store::Postgres(pools.system()).begin().await?;
                insert_municipality(&mut transaction, code.as_str()).await?;
                transaction.commit().await?;
                Ok(Store::Postgres(pools.municipality(code)))
            }
        }
    }

    /// The municipalities that have an area, in the order of their codes.
    pub(crate) async fn municipalities(&self) -> Result<Vec<MunicipalityCode>, RegistryError> {
        match self {
            Self::Folder(folder) => files_in(&folder.join("municipalities")),
            Self::Postgres(pools) => {
                let mut transaction = Store::Postgres(pools.system()).read().await?;
                let codes = municipalities(&mut transaction).await?;
                let codes = codes.iter().map(|code| MunicipalityCode::parse(code));
                codes
                    .collect::<Result<_, _>>()
                    .map_err(|_| not_this_schema())
            }
        }
    }

    /// Closes what is open for the place itself.
    pub(crate) async fn close(&self) {
        match self {
            Self::Folder(_) => {}
            Self::Postgres(pools) => pools.close().await,
        }
    }
}

fn file_of(folder: &Path, code: MunicipalityCode) -> PathBuf {
    folder.join("municipalities").join(format!("{code}.db"))
}

fn files_in(folder: &Path) -> Result<Vec<MunicipalityCode>, RegistryError> {
    let files = std::fs::read_dir(folder)
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

/// Makes a folder that only the server's own user can enter.
fn make_directory(path: &Path) -> Result<(), RegistryError> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
        .map_err(|_| RegistryError::LookupUnavailable(StorageFault::InputOutput))
}
