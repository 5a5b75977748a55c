//! The keys of one register, and how its secret is kept: wrapped by the master key.

use std::fmt;

use crypto::{AeadKey, MacKey, SecureRandom};
use domain::MyNumber;
use zeroize::Zeroizing;

use crate::error::RegistryError;
use crate::table::Table;

/// The key that wraps every register's own secret. Given by the operator, never stored here.
pub struct MasterKey(AeadKey);

impl MasterKey {
    /// Takes the operator's 32-byte secret.
    #[must_use]
    pub fn new(secret: &[u8; 32]) -> Self {
        Self(AeadKey::derive(secret, "register master key"))
    }
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MasterKey([redacted])")
    }
}

/// A row's id: 16 bytes of a keyed hash over its natural key, known before the row exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct RowId(pub(crate) [u8; 16]);

/// A blind index: 16 bytes of a keyed hash over what is looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct BlindIndex(pub(crate) [u8; 16]);

/// The keys of one register, all derived from its own random secret.
pub(crate) struct RegisterKeys {
    rows: AeadKey,
    row_ids: MacKey,
    individual_numbers: MacKey,
    audit: MacKey,
}

/// Sealed texts are padded with spaces (white space in JSON) to a multiple of this, so that a
/// sealed row's length tells little about what is in it.
const PADDING: usize = 64;

impl RegisterKeys {
    /// Makes a register's secret and wraps it for the register of that name.
    pub(crate) fn make(
        random: &dyn SecureRandom,
        master: &MasterKey,
        register: &str,
    ) -> Result<(Self, Vec<u8>), RegistryError> {
        let mut secret = Zeroizing::new([0; 32]);
        random.fill(&mut *secret);
        let wrapped = master
            .0
            .seal(random, register.as_bytes(), &*secret)
            .map_err(|_| RegistryError::WrongMasterKey)?;
        Ok((Self::of(&secret), wrapped))
    }

    /// Unwraps the secret of the register of that name.
    pub(crate) fn unwrap(
        master: &MasterKey,
        register: &str,
        wrapped: &[u8],
    ) -> Result<Self, RegistryError> {
        let secret = master
            .0
            .open(register.as_bytes(), wrapped)
            .map_err(|_| RegistryError::WrongMasterKey)?;
        let secret: &[u8; 32] = secret[..]
            .try_into()
            .map_err(|_| RegistryError::WrongMasterKey)?;
        Ok(Self::of(secret))
    }

    fn of(secret: &[u8; 32]) -> Self {
        let mac = |purpose| MacKey::new(&crypto::derive_key(secret, purpose));
        Self {
            rows: AeadKey::derive(secret, "register rows"),
            row_ids: mac("register row ids"),
            individual_numbers: mac("register individual numbers"),
            audit: mac("register audit chain"),
        }
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

    /// Seals a row so that the same row is always the same bytes: importing it again shows
    /// whether anything changed. The text is padded first.
    pub(crate) fn seal_row(
        &self,
        table: Table,
        id: &[u8],
        mut text: Zeroizing<Vec<u8>>,
    ) -> Vec<u8> {
        let padded = text.len().next_multiple_of(PADDING);
        text.resize(padded, b' ');
        self.rows
            .seal_deterministic(&binding(table, id), &text)
            .expect("AES-256-GCM seals any text below 64 GiB")
    }

    /// Seals under a fresh nonce.
    pub(crate) fn seal_once(
        &self,
        random: &dyn SecureRandom,
        table: Table,
        id: &[u8],
        text: &[u8],
    ) -> Vec<u8> {
        self.rows
            .seal(random, &binding(table, id), text)
            .expect("AES-256-GCM seals any text below 64 GiB")
    }

    /// Opens what was sealed for this table and row id.
    pub(crate) fn open(
        &self,
        table: Table,
        id: &[u8],
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, RegistryError> {
        self.rows
            .open(&binding(table, id), sealed)
            .map_err(|_| table.damaged())
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
    fn a_secret_opens_under_its_own_master_key_and_register_only() {
        let master = MasterKey::new(&[1; 32]);
        let (keys, wrapped) = RegisterKeys::make(&SystemRandom, &master, "131121").unwrap();
        let again = RegisterKeys::unwrap(&master, "131121", &wrapped).unwrap();
        let number = MyNumber::parse(b"123456789018").unwrap();
        assert_eq!(
            keys.individual_number(&number),
            again.individual_number(&number)
        );
        for (other, register) in [([1; 32], "131130"), ([2; 32], "131121")] {
            assert!(matches!(
                RegisterKeys::unwrap(&MasterKey::new(&other), register, &wrapped),
                Err(RegistryError::WrongMasterKey)
            ));
        }
    }

    #[test]
    fn a_row_opens_in_its_place_only() {
        let master = MasterKey::new(&[1; 32]);
        let (keys, _) = RegisterKeys::make(&SystemRandom, &master, "131121").unwrap();
        let row = |text: &[u8]| keys.seal_row(Table::Dose, b"a", Zeroizing::new(text.to_vec()));
        let sealed = row(b"{}");
        assert_eq!(sealed, row(b"{}"));
        assert_eq!(sealed.len(), row(b"{\"longer\":true}").len());
        assert!(keys.open(Table::Dose, b"a", &sealed).is_ok());
        assert!(keys.open(Table::Dose, b"b", &sealed).is_err());
        assert!(keys.open(Table::Passport, b"a", &sealed).is_err());
    }

    #[test]
    fn registers_share_no_index() {
        let master = MasterKey::new(&[1; 32]);
        let (one, _) = RegisterKeys::make(&SystemRandom, &master, "131121").unwrap();
        let (other, _) = RegisterKeys::make(&SystemRandom, &master, "131130").unwrap();
        let number = MyNumber::parse(b"123456789018").unwrap();
        assert_ne!(
            one.individual_number(&number),
            other.individual_number(&number)
        );
    }
}
