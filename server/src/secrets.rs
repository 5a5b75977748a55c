//! Reads the keys that the settings name: each once, at the start, wiped when dropped.

use std::path::{Path, PathBuf};

use crypto::Es256SigningKey;
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject as _;
use zeroize::{Zeroize as _, Zeroizing};

/// Why a key cannot be used. Holds nothing of the file.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// The file cannot be read.
    #[error("the key {path} cannot be read: {source}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        source: std::io::Error,
    },
    /// Not 32 bytes in hexadecimal.
    #[error("the key {0} is not 64 hexadecimal digits")]
    NotHexadecimal(PathBuf),
    /// No P-256 key.
    #[error("the key {0} is no P-256 key, PKCS #8, PEM")]
    NotP256(PathBuf),
}

/// Reads 32 bytes written as 64 hexadecimal digits; white space around them does not count.
///
/// # Errors
/// [`SecretError`].
pub fn hexadecimal(path: &Path) -> Result<Zeroizing<[u8; 32]>, SecretError> {
    let text = std::fs::read_to_string(path)
        .map(Zeroizing::new)
        .map_err(|source| SecretError::Unreadable {
            path: path.to_owned(),
            source,
        })?;
    parse(text.trim().as_bytes()).ok_or_else(|| SecretError::NotHexadecimal(path.to_owned()))
}

fn parse(digits: &[u8]) -> Option<Zeroizing<[u8; 32]>> {
    let mut key = Zeroizing::new([0; 32]);
    hex::decode_to_slice(digits, &mut *key).ok()?;
    Some(key)
}

/// Reads a P-256 private key, PKCS #8, PEM.
///
/// # Errors
/// [`SecretError`].
pub fn es256(path: &Path) -> Result<Es256SigningKey, SecretError> {
    let failed = || SecretError::NotP256(path.to_owned());
    let mut der = PrivateKeyDer::from_pem_file(path).map_err(|_| failed())?;
    let key = Es256SigningKey::from_pkcs8_der(der.secret_der()).map_err(|_| failed());
    der.zeroize();
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sixty_four_digits_are_thirty_two_bytes() {
        let text = "0aFf".to_owned() + &"00".repeat(30);
        let key = parse(text.as_bytes()).unwrap();
        assert_eq!(key[..3], [0x0a, 0xff, 0]);
    }

    #[test]
    fn anything_else_is_no_key() {
        for bad in ["", "00", &"0".repeat(63), &"0".repeat(65), &"g".repeat(64)] {
            assert!(parse(bad.as_bytes()).is_none(), "{} characters", bad.len());
        }
    }
}
