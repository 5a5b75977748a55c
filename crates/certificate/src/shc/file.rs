//! The `.smart-health-card` file: `{"verifiableCredential":[…]}`, media type
//! `application/smart-health-card` (SHC, "via File Download").

use serde::{Deserialize, Serialize};

use super::{InvalidJws, Jws};

/// Longest file that is read, in bytes.
const LONGEST_FILE: usize = 256 * 1024;
/// Most cards in a file.
const MOST_CARDS: usize = 16;

/// Why bytes are no `.smart-health-card` file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// More than 256 kB.
    #[error("the file is {0} bytes long")]
    TooLong(usize),
    /// No JSON in the form of such a file.
    #[error("the file is malformed at line {line}, column {column}")]
    Malformed {
        /// Line, from 1.
        line: usize,
        /// Column.
        column: usize,
    },
    /// No card, or more than 16.
    #[error("the file holds {0} cards")]
    Cards(usize),
    /// A card that is no JWS.
    #[error("card {at} of the file, from 0: {source}")]
    Card {
        /// Which.
        at: usize,
        /// Why.
        source: InvalidJws,
    },
}

#[derive(Serialize, Deserialize)]
struct FileJson {
    #[serde(rename = "verifiableCredential")]
    cards: Vec<String>,
}

/// The file with one card.
#[must_use]
pub fn to_file(jws: &Jws) -> String {
    let file = FileJson {
        cards: vec![jws.as_str().to_owned()],
    };
    serde_json::to_string(&file).expect("a list of texts always serialises")
}

/// The cards of a file, not yet verified.
///
/// # Errors
/// [`FileError`].
pub fn from_file(file: &[u8]) -> Result<Vec<Jws>, FileError> {
    if file.len() > LONGEST_FILE {
        return Err(FileError::TooLong(file.len()));
    }
    let file: FileJson = serde_json::from_slice(file).map_err(|error| FileError::Malformed {
        line: error.line(),
        column: error.column(),
    })?;
    if !(1..=MOST_CARDS).contains(&file.cards.len()) {
        return Err(FileError::Cards(file.cards.len()));
    }
    let cards = file.cards.iter().enumerate();
    cards
        .map(|(at, card)| Jws::parse(card).map_err(|source| FileError::Card { at, source }))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        let jws = Jws::parse("YQ.Yg.Yw").unwrap();
        let file = to_file(&jws);
        assert_eq!(file, r#"{"verifiableCredential":["YQ.Yg.Yw"]}"#);
        assert_eq!(from_file(file.as_bytes()), Ok(vec![jws]));
    }

    #[test]
    fn every_refusal() {
        let refused = |file: &[u8]| from_file(file).unwrap_err();
        assert_eq!(
            refused(br#"{"verifiableCredential":[]}"#),
            FileError::Cards(0)
        );
        assert_eq!(
            refused(br#"{"verifiableCredential":["YQ.Yg.Yw","a.b"]}"#),
            FileError::Card {
                at: 1,
                source: InvalidJws::Parts(2)
            }
        );
        assert_eq!(refused(b"[]"), FileError::Malformed { line: 1, column: 2 });
        let long = vec![b' '; LONGEST_FILE + 1];
        assert_eq!(refused(&long), FileError::TooLong(LONGEST_FILE + 1));
    }
}
