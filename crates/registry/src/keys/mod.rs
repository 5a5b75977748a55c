//! The keys of one register: data keys that seal its rows, each with a version, and the keys of row
//! ids, blind indexes and the audit chain, which stay (ADR 0015). All are wrapped by the master key.

mod data;
mod master;
mod secrets;

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use crypto::{MacKey, SecureRandom};
use domain::MyNumber;
use zeroize::Zeroizing;

use crate::error::{RegistryError, not_this_schema};
use crate::table::{Sealing, Table};

pub(crate) use data::DataKeys;
pub use data::KeyVersion;
pub(crate) use master::Secret;
pub use master::{MasterKey, MasterKeyId};
pub(crate) use secrets::{Secrets, data_keys, new_data_key, secret_of};

/// A row's id: 16 bytes of a keyed hash over its natural key, known before the row exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct RowId(pub(crate) [u8; 16]);

/// A blind index: 16 bytes of a keyed hash over what is looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct BlindIndex(pub(crate) [u8; 16]);

/// The keys of one register.
pub(crate) struct RegisterKeys {
    row_ids: MacKey,
    individual_numbers: MacKey,
    audit: MacKey,
    /// Replaced as a whole when a key was made or destroyed, here or by another process.
    data: RwLock<Arc<DataKeys>>,
}

impl RegisterKeys {
    fn of(
        index: &secrets::IndexSecret,
        data: &[(KeyVersion, secrets::DataSecret)],
    ) -> Result<Self, RegistryError> {
        let mac = |key: usize| {
            let mut bytes = Zeroizing::new([0; 32]);
            bytes.copy_from_slice(&index[32 * key..32 * (key + 1)]);
            MacKey::new(&bytes)
        };
        let data = DataKeys::of(data).ok_or(not_this_schema())?;
        Ok(Self {
            row_ids: mac(0),
            individual_numbers: mac(1),
            audit: mac(2),
            data: RwLock::new(Arc::new(data)),
        })
    }

    /// The data keys as they are known now.
    pub(crate) fn data(&self) -> Arc<DataKeys> {
        // What is behind the lock is replaced in one step: a panic elsewhere leaves it whole.
        Arc::clone(&self.data.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Takes the data keys that are there now. What was known before is kept until the process
    /// ends: somebody may still be reading what was stored a moment ago.
    pub(crate) fn learn(&self, keys: DataKeys) {
        let mut data = self.data.write().unwrap_or_else(PoisonError::into_inner);
        *data = Arc::new(keys.and_known(&data));
    }

    /// The id of the row with this natural key.
    pub(crate) fn row_id(&self, table: Table, natural_key: &[&[u8]]) -> RowId {
        let mut pieces = Vec::with_capacity(natural_key.len() + 1);
        pieces.push(table.name().as_bytes());
        pieces.extend_from_slice(natural_key);
        RowId(first_half(&self.row_ids.mac(&pieces)))
    }

    /// The blind index of an individual number.
    pub(crate) fn individual_number(&self, number: &MyNumber) -> BlindIndex {
        BlindIndex(first_half(&self.individual_number_whole(number)))
    }

    /// The same, all 32 bytes.
    pub(crate) fn individual_number_whole(&self, number: &MyNumber) -> [u8; 32] {
        self.individual_numbers.mac(&[number.expose_digits()])
    }

    /// The keyed hash that chains one audit entry to the one before.
    pub(crate) fn audit_hash(&self, pieces: &[&[u8]]) -> [u8; 32] {
        self.audit.mac(pieces)
    }

    /// Seals a row so that the same row is always the same bytes under the same key: importing it
    /// again shows whether anything changed. The text is padded first.
    pub(crate) fn seal_row(&self, table: Table, id: &[u8], text: Zeroizing<Vec<u8>>) -> Vec<u8> {
        debug_assert_eq!(table.sealing(), Sealing::Repeatable);
        // No randomness is asked for where sealing repeats itself.
        self.data().seal(&crypto::SystemRandom, table, id, text)
    }

    /// Seals under a fresh nonce.
    pub(crate) fn seal_once(
        &self,
        random: &dyn SecureRandom,
        table: Table,
        id: &[u8],
        text: &[u8],
    ) -> Vec<u8> {
        debug_assert_eq!(table.sealing(), Sealing::Fresh);
        let text = Zeroizing::new(text.to_vec());
        self.data().seal(random, table, id, text)
    }

    /// Opens what was sealed for this table and row id, under whichever key that is there.
    pub(crate) fn open(
        &self,
        table: Table,
        id: &[u8],
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, RegistryError> {
        self.data().open(table, id, sealed)
    }
}

fn first_half(mac: &[u8; 32]) -> [u8; 16] {
    let mut half = [0; 16];
    half.copy_from_slice(&mac[..16]);
    half
}

impl fmt::Debug for RegisterKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RegisterKeys([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crypto::SystemRandom;

    #[test]
    fn registers_share_no_index() {
        let one = Secrets::make(&SystemRandom).keys().unwrap();
        let other = Secrets::make(&SystemRandom).keys().unwrap();
        let number = MyNumber::parse(b"123456789018").unwrap();
        assert_ne!(
            one.individual_number(&number),
            other.individual_number(&number)
        );
    }
}
