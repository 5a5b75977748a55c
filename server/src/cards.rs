//! Which cards are trusted.

use std::path::{Path, PathBuf};

use my_number_card::{InvalidKeyId, KeyId, TrustedCardCas, UntrustworthyCa};
use serde::Deserialize;

use crate::settings::Settings;

/// Why a TEST card CA cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CardCaError {
    /// The file cannot be read.
    #[error("the card CA {path} cannot be read: {source}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        source: std::io::Error,
    },
    /// Not `{"key_id": …, "modulus": …}` in hexadecimal.
    #[error("the card CA {0} is not a key id and a modulus in hexadecimal")]
    Form(PathBuf),
    /// No key id of a card CA.
    #[error(transparent)]
    KeyId(#[from] InvalidKeyId),
    /// A key that is not taken.
    #[error(transparent)]
    Key(#[from] UntrustworthyCa),
}

/// The production CA; with `accept_test_cards` also the test hierarchy and the CAs of
/// `cards.test_cas`.
///
/// # Errors
/// [`CardCaError`].
pub fn trusted(settings: &Settings) -> Result<TrustedCardCas, CardCaError> {
    let mut trusted = TrustedCardCas::production();
    if !settings.accept_test_cards {
        return Ok(trusted);
    }
    trusted = trusted.accept_test_hierarchy();
    for file in &settings.cards.test_cas {
        let (id, modulus) = read(&file.relative())?;
        trusted = trusted.add(id, modulus)?;
    }
    Ok(trusted)
}

/// What else stands in the file is for people.
#[derive(Deserialize)]
struct Written {
    key_id: String,
    modulus: String,
}

fn read(path: &Path) -> Result<(KeyId, [u8; 256]), CardCaError> {
    let text = std::fs::read(path).map_err(|source| CardCaError::Unreadable {
        path: path.to_owned(),
        source,
    })?;
    let form = || CardCaError::Form(path.to_owned());
    let written: Written = serde_json::from_slice(&text).map_err(|_| form())?;
    let id = hex::decode(&written.key_id).map_err(|_| form())?;
    let modulus = hex::decode(&written.modulus).map_err(|_| form())?;
    let modulus: [u8; 256] = modulus.try_into().map_err(|_| form())?;
    Ok((KeyId::parse(&id)?, modulus))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> Result<(KeyId, [u8; 256]), CardCaError> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("card-ca.json");
        std::fs::write(&file, text).unwrap();
        read(&file)
    }

    #[test]
    fn a_card_ca_is_an_id_and_a_modulus() {
        let id = hex::encode(b"9000033\x08\x05001\0\0\0\0");
        let modulus = "ff".repeat(256);
        let read = read_text(&format!(r#"{{"key_id":"{id}","modulus":"{modulus}"}}"#));
        assert_eq!(read.unwrap().1, [0xff; 256]);
        let short = read_text(&format!(r#"{{"key_id":"{id}","modulus":"ff"}}"#));
        assert!(matches!(short, Err(CardCaError::Form(_))));
        let no_id = read_text(&format!(r#"{{"key_id":"00","modulus":"{modulus}"}}"#));
        assert!(matches!(no_id, Err(CardCaError::KeyId(_))));
    }
}
