//! Reads the keys that the settings name: each once, at the start, wiped when dropped.

use std::path::{Path, PathBuf};

use crypto::{Es256PublicKey, Es256SigningKey};
use encrypted_file::{Identity, InvalidIdentity};
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject as _;
use settings_file::{KeyFileError, check_owner_only};
use zeroize::{Zeroize as _, Zeroizing};

/// Why a key cannot be used. Holds nothing of the file.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// The file cannot be read, or not only its owner may.
    #[error(transparent)]
    File(#[from] KeyFileError),
    /// Not 32 bytes in hexadecimal.
    #[error("the key {0} is not 64 hexadecimal digits")]
    NotHexadecimal(PathBuf),
    /// No identity file.
    #[error("the key {path} is no age identity: {fault}")]
    NotIdentity {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        fault: InvalidIdentity,
    },
    /// No P-256 key.
    #[error("the key {0} is no P-256 key, PKCS #8, PEM")]
    NotP256(PathBuf),
    /// No public P-256 key.
    #[error("the key {0} is no public P-256 key, DER SubjectPublicKeyInfo")]
    NotPublicP256(PathBuf),
}

/// Reads 32 bytes written as 64 hexadecimal digits; white space around them does not count.
///
/// # Errors
/// [`SecretError`].
pub fn hexadecimal(path: &Path) -> Result<Zeroizing<[u8; 32]>, SecretError> {
    check_owner_only(path)?;
    let text = read_text(path)?;
    parse(text.trim().as_bytes()).ok_or_else(|| SecretError::NotHexadecimal(path.to_owned()))
}

fn parse(digits: &[u8]) -> Option<Zeroizing<[u8; 32]>> {
    let mut key = Zeroizing::new([0; 32]);
    hex::decode_to_slice(digits, &mut *key).ok()?;
    Some(key)
}

/// Reads an age identity file: the secret keys that import files are encrypted to.
///
/// # Errors
/// [`SecretError`].
pub fn identity(path: &Path) -> Result<Identity, SecretError> {
    check_owner_only(path)?;
    Identity::parse(&read_text(path)?).map_err(|fault| SecretError::NotIdentity {
        path: path.to_owned(),
        fault,
    })
}

/// Reads a password.
///
/// # Errors
/// [`SecretError::File`].
pub fn password(path: &Path) -> Result<Zeroizing<String>, SecretError> {
    check_owner_only(path)?;
    read_text(path)
}

fn unreadable(path: &Path, source: std::io::Error) -> KeyFileError {
    KeyFileError::Unreadable {
        path: path.to_owned(),
        source,
    }
}

fn read_text(path: &Path) -> Result<Zeroizing<String>, SecretError> {
    std::fs::read_to_string(path)
        .map(Zeroizing::new)
        .map_err(|source| unreadable(path, source).into())
}

/// Reads a P-256 private key, PKCS #8, PEM.
///
/// # Errors
/// [`SecretError`].
pub fn es256(path: &Path) -> Result<Es256SigningKey, SecretError> {
    check_owner_only(path)?;
    let failed = || SecretError::NotP256(path.to_owned());
    let mut der = PrivateKeyDer::from_pem_file(path).map_err(|_| failed())?;
    let key = Es256SigningKey::from_pkcs8_der(der.secret_der()).map_err(|_| failed());
    der.zeroize();
    key
}

/// Reads a P-256 public key, DER `SubjectPublicKeyInfo`: no secret, whoever may read it.
///
/// # Errors
/// [`SecretError::File`], [`SecretError::NotPublicP256`].
pub fn es256_public(path: &Path) -> Result<Es256PublicKey, SecretError> {
    let der = std::fs::read(path).map_err(|source| unreadable(path, source))?;
    Es256PublicKey::from_spki_der(&der).map_err(|_| SecretError::NotPublicP256(path.to_owned()))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn sixty_four_digits_are_thirty_two_bytes() {
        let text = "0aFf".to_owned() + &"00".repeat(30);
        let key = parse(text.as_bytes()).unwrap();
        assert_eq!(key[..3], [0x0a, 0xff, 0]);
    }

    #[test]
    fn a_key_that_others_may_read_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        std::fs::write(&path, "00".repeat(32)).unwrap();
        let set = |mode| {
            let permissions = std::fs::Permissions::from_mode(mode);
            std::fs::set_permissions(&path, permissions).unwrap();
        };
        for mode in [0o600, 0o400] {
            set(mode);
            assert!(hexadecimal(&path).is_ok(), "{mode:o}");
            assert!(matches!(es256(&path), Err(SecretError::NotP256(_))));
            assert!(matches!(
                identity(&path),
                Err(SecretError::NotIdentity { .. })
            ));
        }
        for open in [0o640, 0o604] {
            set(open);
            let refusals = [
                hexadecimal(&path).err(),
                es256(&path).err(),
                identity(&path).err(),
            ];
            for refused in refusals {
                let Some(SecretError::File(KeyFileError::OpenToOthers { mode, .. })) = refused
                else {
                    panic!("{open:o}: {refused:?}");
                };
                assert_eq!(mode, open);
            }
        }
    }

    #[test]
    fn anything_else_is_no_key() {
        for bad in ["", "00", &"0".repeat(63), &"0".repeat(65), &"g".repeat(64)] {
            assert!(parse(bad.as_bytes()).is_none(), "{} characters", bad.len());
        }
    }
}
