//! The operator's master key, and how a register's secrets are wrapped by it.

use std::fmt;

use crypto::{AeadKey, SecureRandom};
use zeroize::Zeroizing;

use super::KeyVersion;
use crate::error::RegistryError;

/// The key that wraps every register's own secrets, and former ones that still open what they
/// wrapped. Given by the operator, never stored here.
pub struct MasterKey {
    current: WrappingKey,
    former: Vec<WrappingKey>,
}

/// Names a master key without telling anything of it: 8 bytes derived from it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct MasterKeyId([u8; ID_LENGTH]);

struct WrappingKey {
    id: MasterKeyId,
    key: AeadKey,
}

/// What of a register is wrapped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Secret {
    /// The keys of row ids, blind indexes and the audit chain.
    Index,
    /// A data key.
    Data(KeyVersion),
}

const ID_LENGTH: usize = 8;

impl MasterKey {
    /// Takes the operator's 32-byte secret.
    #[must_use]
    pub fn new(secret: &[u8; 32]) -> Self {
        Self {
            current: WrappingKey::new(secret),
            former: Vec::new(),
        }
    }

    /// Takes a former secret besides: it opens what it wrapped and wraps nothing.
    #[must_use]
    pub fn and_former(mut self, secret: &[u8; 32]) -> Self {
        self.former.push(WrappingKey::new(secret));
        self
    }

    /// The name of the key that wraps.
    #[must_use]
    pub const fn id(&self) -> MasterKeyId {
        self.current.id
    }

    /// Wraps a secret of the register of that name: key id ‖ nonce ‖ ciphertext ‖ tag.
    pub(crate) fn wrap(
        &self,
        random: &dyn SecureRandom,
        register: &str,
        secret: Secret,
        text: &[u8],
    ) -> Vec<u8> {
        let sealed = self
            .current
            .key
            .seal(random, &secret.binding(register), text)
            .expect("AES-256-GCM seals any text below 64 GiB");
        [&self.current.id.0[..], &sealed].concat()
    }

    /// Unwraps a secret of the register of that name.
    pub(crate) fn unwrap(
        &self,
        register: &str,
        secret: Secret,
        wrapped: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, RegistryError> {
        let id = MasterKeyId::of_wrapped(wrapped).ok_or(RegistryError::WrongMasterKey)?;
        self.keys()
            .find(|key| key.id == id)
            .and_then(|key| {
                let binding = secret.binding(register);
                key.key.open(&binding, &wrapped[ID_LENGTH..]).ok()
            })
            .ok_or(RegistryError::WrongMasterKey)
    }

    /// Unwraps the one secret of a register made before keys had versions.
    pub(crate) fn unwrap_unversioned(
        &self,
        register: &str,
        wrapped: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, RegistryError> {
        self.keys()
            .find_map(|key| key.key.open(register.as_bytes(), wrapped).ok())
            .ok_or(RegistryError::WrongMasterKey)
    }

    fn keys(&self) -> impl Iterator<Item = &WrappingKey> {
        std::iter::once(&self.current).chain(&self.former)
    }
}

impl WrappingKey {
    fn new(secret: &[u8; 32]) -> Self {
        let name = crypto::derive_key(secret, "register master key, name");
        let mut id = [0; ID_LENGTH];
        id.copy_from_slice(&name[..ID_LENGTH]);
        Self {
            id: MasterKeyId(id),
            key: AeadKey::derive(secret, "register master key"),
        }
    }
}

impl MasterKeyId {
    /// The name of the master key that wrapped this.
    pub(crate) fn of_wrapped(wrapped: &[u8]) -> Option<Self> {
        wrapped.first_chunk().map(|id| Self(*id))
    }
}

impl Secret {
    /// What a wrapped secret is bound to: the register, and what of it this is.
    fn binding(self, register: &str) -> Vec<u8> {
        let (name, version) = match self {
            Self::Index => (&b"index"[..], [0; 2]),
            Self::Data(version) => (&b"data"[..], version.to_bytes()),
        };
        [register.as_bytes(), &[0], name, &[0], &version].concat()
    }
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MasterKey({})", self.current.id)
    }
}

impl fmt::Debug for MasterKeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MasterKeyId({self})")
    }
}

impl fmt::Display for MasterKeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crypto::SystemRandom;

    const INDEX: Secret = Secret::Index;
    const FIRST: Secret = Secret::Data(KeyVersion::FIRST);

    #[test]
    fn a_secret_opens_under_its_own_master_key_register_and_place_only() {
        let master = MasterKey::new(&[1; 32]);
        let wrapped = master.wrap(&SystemRandom, "131121", FIRST, b"secret");
        assert!(master.unwrap("131121", FIRST, &wrapped).is_ok());
        let second = Secret::Data(KeyVersion::new(2));
        for (other, register, secret) in [
            ([2; 32], "131121", FIRST),
            ([1; 32], "131130", FIRST),
            ([1; 32], "131121", INDEX),
            ([1; 32], "131121", second),
        ] {
            let refused = MasterKey::new(&other).unwrap(register, secret, &wrapped);
            assert_eq!(refused, Err(RegistryError::WrongMasterKey));
        }
        let short = master.unwrap("131121", FIRST, &wrapped[..5]);
        assert_eq!(short, Err(RegistryError::WrongMasterKey));
    }

    #[test]
    fn a_former_master_key_opens_and_does_not_wrap() {
        let old = MasterKey::new(&[1; 32]);
        let both = MasterKey::new(&[2; 32]).and_former(&[1; 32]);
        let wrapped = old.wrap(&SystemRandom, "131121", INDEX, b"secret");
        let text = both.unwrap("131121", INDEX, &wrapped).unwrap();
        assert_eq!(text[..], b"secret"[..]);
        assert_eq!(MasterKeyId::of_wrapped(&wrapped), Some(old.id()));
        let again = both.wrap(&SystemRandom, "131121", INDEX, &text);
        assert_eq!(MasterKeyId::of_wrapped(&again), Some(both.id()));
        assert!(old.unwrap("131121", INDEX, &again).is_err());
    }

    #[test]
    fn a_master_key_shows_its_name_only() {
        let shown = format!("{:?}", MasterKey::new(&[1; 32]));
        assert_eq!(shown.len(), "MasterKey()".len() + 16);
        assert!(!shown.contains("01010101"));
    }
}
