//! The data keys of one register: the current one seals, former ones open until every row is
//! sealed anew.
//!
//! A sealed text is `version (2 bytes, big-endian) ‖ nonce (12) ‖ ciphertext ‖ tag (16)`. Each
//! version is a random key of its own, so a text whose version was changed opens under none.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use crypto::{AeadKey, SecureRandom};
use zeroize::Zeroizing;

use crate::error::RegistryError;
use crate::table::{Sealing, Table};

/// Which data key of a register: 1 for the first, one more for each rotation. Never used twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyVersion(u16);

/// Length of the version in front of every sealed text, in bytes.
const VERSION_LENGTH: usize = 2;
/// Sealed texts are padded with spaces (white space in JSON) to a multiple of this, so that a
/// sealed row's length tells little about what is in it.
const PADDING: usize = 64;

impl KeyVersion {
    /// The key a register is made with.
    pub const FIRST: Self = Self(1);

    /// The version of that number, as it stands in front of sealed texts.
    #[must_use]
    pub const fn new(number: u16) -> Self {
        Self(number)
    }

    /// Its number.
    #[must_use]
    pub const fn number(self) -> u16 {
        self.0
    }

    /// The version after this one; `None` after 65,535 rotations.
    pub(crate) const fn next(self) -> Option<Self> {
        match self.0.checked_add(1) {
            Some(next) => Some(Self(next)),
            None => None,
        }
    }

    /// The bytes in front of a sealed text.
    pub(crate) const fn to_bytes(self) -> [u8; VERSION_LENGTH] {
        self.0.to_be_bytes()
    }

    /// The version of the key that a stored text is sealed under.
    pub(crate) fn of_sealed(sealed: &[u8]) -> Option<Self> {
        let (version, _) = sealed.split_first_chunk::<VERSION_LENGTH>()?;
        Some(Self(u16::from_be_bytes(*version)))
    }
}

impl fmt::Display for KeyVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The data keys of a register that are still there; the newest seals.
pub(crate) struct DataKeys {
    current: KeyVersion,
    /// The versions that are stored; others are known from before.
    stored: Vec<KeyVersion>,
    keys: BTreeMap<KeyVersion, Arc<AeadKey>>,
}

impl DataKeys {
    /// Takes the secrets of the versions that are there; `None` for none at all.
    pub(crate) fn of(secrets: &[(KeyVersion, Zeroizing<[u8; 32]>)]) -> Option<Self> {
        let key = |secret: &[u8; 32]| Arc::new(AeadKey::derive(secret, "register rows"));
        let keys: BTreeMap<_, _> = secrets
            .iter()
            .map(|(version, secret)| (*version, key(secret)))
            .collect();
        let current = *keys.last_key_value()?.0;
        let stored = keys.keys().copied().collect();
        Some(Self {
            current,
            stored,
            keys,
        })
    }

    /// These keys, and those known before that are stored no longer: they open and do not seal.
    pub(super) fn and_known(mut self, before: &Self) -> Self {
        for (version, key) in &before.keys {
            let known = self.keys.entry(*version);
            known.or_insert_with(|| Arc::clone(key));
        }
        self
    }

    /// The versions that are stored, in order.
    pub(crate) fn stored(&self) -> &[KeyVersion] {
        &self.stored
    }

    /// The version that seals.
    pub(crate) const fn current(&self) -> KeyVersion {
        self.current
    }

    /// Seals a text for this table and row id, padded first where the table repeats itself.
    pub(crate) fn seal(
        &self,
        random: &dyn SecureRandom,
        table: Table,
        id: &[u8],
        mut text: Zeroizing<Vec<u8>>,
    ) -> Vec<u8> {
        if table.sealing() == Sealing::Repeatable {
            let padded = text.len().next_multiple_of(PADDING);
            text.resize(padded, b' ');
        }
        self.seal_padded(random, table, id, &text)
    }

    fn seal_padded(
        &self,
        random: &dyn SecureRandom,
        table: Table,
        id: &[u8],
        text: &[u8],
    ) -> Vec<u8> {
        let key = self
            .keys
            .get(&self.current)
            .expect("the current version is one of the keys");
        let binding = binding(table, id);
        let sealed = match table.sealing() {
            Sealing::Repeatable => key.seal_deterministic(&binding, text),
            Sealing::Fresh => key.seal(random, &binding, text),
        }
        .expect("AES-256-GCM seals any text below 64 GiB");
        [&self.current.to_bytes()[..], &sealed].concat()
    }

    /// Opens what was sealed for this table and row id, under whichever key that is there.
    pub(crate) fn open(
        &self,
        table: Table,
        id: &[u8],
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, RegistryError> {
        let version = KeyVersion::of_sealed(sealed).ok_or(table.damaged())?;
        let key = self.keys.get(&version).ok_or(table.damaged())?;
        key.open(&binding(table, id), &sealed[VERSION_LENGTH..])
            .map_err(|_| table.damaged())
    }

    /// The same text sealed under the current key; `None` where it is already.
    pub(crate) fn reseal(
        &self,
        random: &dyn SecureRandom,
        table: Table,
        id: &[u8],
        sealed: &[u8],
    ) -> Result<Option<Vec<u8>>, RegistryError> {
        if KeyVersion::of_sealed(sealed) == Some(self.current) {
            return Ok(None);
        }
        let text = self.open(table, id, sealed)?;
        Ok(Some(self.seal_padded(random, table, id, &text)))
    }
}

impl fmt::Debug for DataKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DataKeys({:?})", self.keys.keys().collect::<Vec<_>>())
    }
}

/// What a sealed text is bound to: table and row id, unambiguously.
fn binding(table: Table, id: &[u8]) -> Vec<u8> {
    let name = table.name().as_bytes();
    let mut binding = Vec::with_capacity(name.len() + 1 + id.len());
    binding.extend_from_slice(name);
    binding.push(0);
    binding.extend_from_slice(id);
    binding
}

#[cfg(test)]
mod tests {
    use super::*;
    use crypto::SystemRandom;

    fn keys(versions: &[u16]) -> DataKeys {
        let secret = |version: &u16| {
            let byte = version.to_be_bytes()[1];
            (KeyVersion(*version), Zeroizing::new([byte; 32]))
        };
        DataKeys::of(&versions.iter().map(secret).collect::<Vec<_>>()).unwrap()
    }

    fn seal(keys: &DataKeys, table: Table, text: &[u8]) -> Vec<u8> {
        keys.seal(&SystemRandom, table, b"a", Zeroizing::new(text.to_vec()))
    }

    #[test]
    fn a_row_opens_in_its_place_only() {
        let keys = keys(&[1]);
        let sealed = seal(&keys, Table::Dose, b"{}");
        assert_eq!(sealed, seal(&keys, Table::Dose, b"{}"));
        let longer = seal(&keys, Table::Dose, b"{\"longer\":true}");
        assert_eq!(sealed.len(), longer.len());
        assert!(keys.open(Table::Dose, b"a", &sealed).is_ok());
        assert!(keys.open(Table::Dose, b"b", &sealed).is_err());
        assert!(keys.open(Table::Passport, b"a", &sealed).is_err());
    }

    #[test]
    fn the_newest_key_seals_and_former_ones_open() {
        let (one, both) = (keys(&[1]), keys(&[1, 2]));
        for table in [Table::Dose, Table::Certificate] {
            let old = seal(&one, table, b"text");
            let new = seal(&both, table, b"text");
            assert_eq!((&old[..2], &new[..2]), (&[0, 1][..], &[0, 2][..]));
            let opened = both.open(table, b"a", &old).unwrap();
            assert_eq!(*opened, *both.open(table, b"a", &new).unwrap());
            assert!(one.open(table, b"a", &new).is_err());
            let resealed = both.reseal(&SystemRandom, table, b"a", &old).unwrap();
            let resealed = resealed.unwrap();
            assert_eq!(resealed == new, table.sealing() == Sealing::Repeatable);
            assert_eq!(*keys(&[2]).open(table, b"a", &resealed).unwrap(), *opened);
            let again = both.reseal(&SystemRandom, table, b"a", &resealed);
            assert_eq!(again, Ok(None));
        }
    }

    #[test]
    fn a_text_under_another_version_than_it_says_does_not_open() {
        let both = keys(&[1, 2]);
        let sealed = seal(&both, Table::Dose, b"text");
        for version in [0, 1, 3, u16::MAX] {
            let mut changed = sealed.clone();
            changed[..2].copy_from_slice(&version.to_be_bytes());
            assert!(both.open(Table::Dose, b"a", &changed).is_err());
        }
        assert!(both.open(Table::Dose, b"a", &sealed[..1]).is_err());
    }
}
