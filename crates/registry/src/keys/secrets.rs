//! What a register keeps wrapped: the index secret, and a secret for each data key.

use crypto::SecureRandom;
use zeroize::Zeroizing;

use super::{DataKeys, KeyVersion, MasterKey, RegisterKeys, Secret};
use crate::error::{RegistryError, not_this_schema};
use crate::storage::WrappedKeyRow;

/// Three keys: of row ids, of individual numbers, of the audit chain.
pub(super) type IndexSecret = Zeroizing<[u8; 96]>;
/// One data key.
pub(super) type DataSecret = Zeroizing<[u8; 32]>;

/// What keys of that name were derived by, in registers of before.
const INDEX_KEYS: [&str; 3] = [
    "register row ids",
    "register individual numbers",
    "register audit chain",
];

/// The secrets of a register. Wiped when dropped.
pub(crate) struct Secrets {
    index: IndexSecret,
    data: Vec<(KeyVersion, DataSecret)>,
}

impl Secrets {
    /// Draws the secrets of a new register.
    pub(crate) fn make(random: &dyn SecureRandom) -> Self {
        let mut index = Zeroizing::new([0; 96]);
        random.fill(&mut *index);
        Self {
            index,
            data: vec![(KeyVersion::FIRST, new_data_secret(random))],
        }
    }

    /// Takes apart the one secret that a register had before keys had versions: the index keys are
    /// those that were derived from it, the first data key is the secret itself. When that is
    /// destroyed, the index keys do not lead back to it.
    fn of_unversioned(secret: &DataSecret) -> Self {
        let mut index = Zeroizing::new([0; 96]);
        for (place, purpose) in index.chunks_exact_mut(32).zip(INDEX_KEYS) {
            place.copy_from_slice(&*crypto::derive_key(secret, purpose));
        }
        Self {
            index,
            data: vec![(KeyVersion::FIRST, secret.clone())],
        }
    }

    /// Unwraps what is stored; `None` where nothing is, or only what is of before.
    pub(crate) fn unwrap(
        master: &MasterKey,
        register: &str,
        rows: &[WrappedKeyRow],
    ) -> Result<Option<Self>, RegistryError> {
        let mut index = None;
        for row in rows {
            if let (Some(Secret::Index), Some(wrapped)) = (secret_of(row), &row.wrapped) {
                let text = master.unwrap(register, Secret::Index, wrapped)?;
                index = Some(Zeroizing::new(fixed(&text)?));
            }
        }
        let data = unwrap_data(master, register, rows)?;
        Ok(index.map(|index| Self { index, data }))
    }

    /// Unwraps the one secret of a register of before; `None` where there is none.
    pub(crate) fn unwrap_unversioned(
        master: &MasterKey,
        register: &str,
        rows: &[WrappedKeyRow],
    ) -> Result<Option<Self>, RegistryError> {
        let Some(row) = rows.iter().find(|row| row.purpose == "unversioned") else {
            return Ok(None);
        };
        let wrapped = row.wrapped.as_deref().unwrap_or_default();
        let text = master.unwrap_unversioned(register, wrapped)?;
        Ok(Some(Self::of_unversioned(&Zeroizing::new(fixed(&text)?))))
    }

    /// Wraps every secret, as rows to be stored.
    pub(crate) fn wrap(
        &self,
        master: &MasterKey,
        random: &dyn SecureRandom,
        register: &str,
        made_at: i64,
    ) -> Vec<WrappedKeyRow> {
        let row = |secret, text: &[u8]| {
            let wrapped = master.wrap(random, register, secret, text);
            wrapped_row(secret, wrapped, made_at)
        };
        let mut rows = vec![row(Secret::Index, &*self.index)];
        for (version, text) in &self.data {
            rows.push(row(Secret::Data(*version), &**text));
        }
        rows
    }

    /// The keys.
    pub(crate) fn keys(&self) -> Result<RegisterKeys, RegistryError> {
        RegisterKeys::of(&self.index, &self.data)
    }
}

/// Unwraps the data keys that are there.
pub(crate) fn data_keys(
    master: &MasterKey,
    register: &str,
    rows: &[WrappedKeyRow],
) -> Result<DataKeys, RegistryError> {
    let secrets = unwrap_data(master, register, rows)?;
    DataKeys::of(&secrets).ok_or(not_this_schema())
}

/// Draws a data key and wraps it, as a row to be stored.
pub(crate) fn new_data_key(
    master: &MasterKey,
    random: &dyn SecureRandom,
    register: &str,
    version: KeyVersion,
    made_at: i64,
) -> WrappedKeyRow {
    let secret = Secret::Data(version);
    let wrapped = master.wrap(random, register, secret, &*new_data_secret(random));
    wrapped_row(secret, wrapped, made_at)
}

/// Which secret a row holds; `None` for one of before.
pub(crate) fn secret_of(row: &WrappedKeyRow) -> Option<Secret> {
    match row.purpose.as_str() {
        "index" => Some(Secret::Index),
        "data" => u16::try_from(row.version)
            .ok()
            .map(|version| Secret::Data(KeyVersion::new(version))),
        _ => None,
    }
}

fn new_data_secret(random: &dyn SecureRandom) -> DataSecret {
    let mut secret = Zeroizing::new([0; 32]);
    random.fill(&mut *secret);
    secret
}

fn unwrap_data(
    master: &MasterKey,
    register: &str,
    rows: &[WrappedKeyRow],
) -> Result<Vec<(KeyVersion, DataSecret)>, RegistryError> {
    let mut secrets = Vec::new();
    for row in rows {
        if let (Some(Secret::Data(version)), Some(wrapped)) = (secret_of(row), &row.wrapped) {
            let text = master.unwrap(register, Secret::Data(version), wrapped)?;
            secrets.push((version, Zeroizing::new(fixed(&text)?)));
        }
    }
    Ok(secrets)
}

fn wrapped_row(secret: Secret, wrapped: Vec<u8>, made_at: i64) -> WrappedKeyRow {
    let (purpose, version) = match secret {
        Secret::Index => ("index", 0),
        Secret::Data(version) => ("data", version.number()),
    };
    WrappedKeyRow {
        purpose: purpose.to_owned(),
        version: version.into(),
        wrapped: Some(wrapped),
        made_at,
        destroyed_at: None,
    }
}

fn fixed<const LENGTH: usize>(text: &[u8]) -> Result<[u8; LENGTH], RegistryError> {
    text.try_into().map_err(|_| RegistryError::WrongMasterKey)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crypto::SystemRandom;
    use domain::MyNumber;

    fn master() -> MasterKey {
        MasterKey::new(&[1; 32])
    }

    #[test]
    fn what_is_wrapped_is_unwrapped_for_its_register_only() {
        let secrets = Secrets::make(&SystemRandom);
        let rows = secrets.wrap(&master(), &SystemRandom, "131121", 0);
        let again = Secrets::unwrap(&master(), "131121", &rows)
            .unwrap()
            .unwrap();
        let number = MyNumber::parse(b"123456789018").unwrap();
        let index = |secrets: &Secrets| secrets.keys().unwrap().individual_number(&number);
        assert_eq!(index(&secrets), index(&again));
        assert!(Secrets::unwrap(&master(), "131130", &rows).is_err());
        assert!(Secrets::unwrap(&master(), "131121", &[]).unwrap().is_none());
    }

    #[test]
    fn a_row_is_no_other_version_s() {
        let secrets = Secrets::make(&SystemRandom);
        let mut rows = secrets.wrap(&master(), &SystemRandom, "131121", 0);
        rows[1].version = 2;
        let refused = data_keys(&master(), "131121", &rows).err();
        assert_eq!(refused, Some(RegistryError::WrongMasterKey));
    }

    #[test]
    fn the_secret_of_before_keeps_its_indexes_without_it() {
        let secret = Zeroizing::new([7; 32]);
        let keys = Secrets::of_unversioned(&secret).keys().unwrap();
        let number = MyNumber::parse(b"123456789018").unwrap();
        let derived = crypto::derive_key(&secret, "register individual numbers");
        let before = crypto::MacKey::new(&derived).mac(&[number.expose_digits()]);
        assert_eq!(keys.individual_number_whole(&number), before);
        assert_eq!(keys.data().current(), KeyVersion::FIRST);
    }
}
