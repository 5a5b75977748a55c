//! From an individual number to a municipality's own key for the person (団体内統合宛名).
//!
//! Many municipalities keep one system that ties every office's keys for a person together. The
//! register knows the numbers it was given at import; where a municipality's own system is the
//! authority, its implementation of [`ResidentDirectory`] is asked instead, for every lookup.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use domain::MyNumber;

use crate::keys::{BlindIndex, RegisterKeys, RowId};
use crate::model::ResidentNumber;
use crate::table::Table;

/// Where the person with an individual number is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Located {
    /// Where the register's own index says.
    ByOwnIndex,
    /// Under this resident number. A row that is registered under another individual number is
    /// not taken for it.
    Under(ResidentNumber),
    /// The directory knows nobody of that number.
    Nowhere,
}

/// The directory cannot be asked now. Never to be taken for nobody (domain rule 9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the directory of residents cannot be asked now")]
pub struct DirectoryUnavailable;

/// What a directory's answer comes in.
pub type Locating<'a> =
    Pin<Box<dyn Future<Output = Result<Located, DirectoryUnavailable>> + Send + 'a>>;

/// A directory of residents by individual number (団体内統合宛名システム).
pub trait ResidentDirectory: Send + Sync {
    /// Finds the person of an individual number. It keeps nothing of the number.
    fn locate<'a>(&'a self, number: &'a MyNumber) -> Locating<'a>;
}

/// The register's own index, the default.
#[derive(Debug, Clone, Copy, Default)]
pub struct OwnIndex;

impl ResidentDirectory for OwnIndex {
    fn locate<'a>(&'a self, _number: &'a MyNumber) -> Locating<'a> {
        Box::pin(std::future::ready(Ok(Located::ByOwnIndex)))
    }
}

/// Whom staff mean: by what they have in hand.
#[derive(Debug)]
pub enum Whom {
    /// By individual number (個人番号).
    Number(MyNumber),
    /// By the municipality's own key (宛名番号).
    Resident(ResidentNumber),
}

/// How a resident's row is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ResidentKey {
    /// By the blind index of the individual number.
    Number(BlindIndex),
    /// By the row's id.
    Row(RowId),
    /// By the row that a directory named for the individual number of that index.
    Named(RowId, BlindIndex),
}

impl ResidentKey {
    /// The key of a resident number.
    pub(crate) fn of_resident(keys: &RegisterKeys, number: &ResidentNumber) -> Self {
        Self::Row(keys.resident_id(number))
    }

    /// Whose number led here, where a directory said so.
    pub(crate) const fn asked(&self) -> Option<BlindIndex> {
        match self {
            Self::Named(_, asked) => Some(*asked),
            Self::Number(_) | Self::Row(_) => None,
        }
    }
}

/// Whether the row that a directory named may be the one that was asked for: it is registered
/// under that individual number, or under none. A directory that answers another question never
/// gives one person's row to another.
pub(crate) fn check_named(
    keys: &RegisterKeys,
    asked: Option<BlindIndex>,
    registered: Option<&MyNumber>,
) -> Result<(), DirectoryUnavailable> {
    match (asked, registered) {
        (Some(asked), Some(number)) if keys.individual_number(number) != asked => {
            Err(DirectoryUnavailable)
        }
        (Some(_) | None, Some(_) | None) => Ok(()),
    }
}

/// The key of an individual number, by a directory. Nobody has a key too, that no row has.
pub(crate) async fn key_of(
    directory: &dyn ResidentDirectory,
    keys: &RegisterKeys,
    number: &MyNumber,
) -> Result<ResidentKey, DirectoryUnavailable> {
    Ok(match directory.locate(number).await? {
        Located::ByOwnIndex => ResidentKey::Number(keys.individual_number(number)),
        Located::Under(resident) => {
            ResidentKey::Named(keys.resident_id(&resident), keys.individual_number(number))
        }
        Located::Nowhere => ResidentKey::Row(keys.row_id(Table::Resident, &[b"", b"nobody"])),
    })
}

/// The directory of a municipality.
#[derive(Clone)]
pub(crate) struct Directory(pub(crate) Arc<dyn ResidentDirectory>);

impl Default for Directory {
    fn default() -> Self {
        Self(Arc::new(OwnIndex))
    }
}

impl fmt::Debug for Directory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Directory")
    }
}
