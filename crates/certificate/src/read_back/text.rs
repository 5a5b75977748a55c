//! A code's text, or a file's.

use std::fmt;

use crate::shc::{self, CodeTextError, FileError, InvalidJws, Jws};
use crate::vds_nc::{InvalidVdsNc, VdsNc};

/// What a code says, not yet verified.
#[derive(Clone, PartialEq, Eq)]
pub enum Code {
    /// A SMART Health Card.
    SmartHealthCard(Jws),
    /// An ICAO VDS-NC.
    VdsNc(VdsNc),
}

/// A code holds personal data in the clear.
impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::SmartHealthCard(_) => "SmartHealthCard([redacted])",
            Self::VdsNc(_) => "VdsNc([redacted])",
        })
    }
}

/// Why a text is no certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// It begins with `shc:/`, and is no SMART Health Card.
    #[error(transparent)]
    SmartHealthCard(#[from] CodeTextError),
    /// It begins with `{` or `[`, and is no VDS-NC.
    #[error(transparent)]
    VdsNc(#[from] InvalidVdsNc),
    /// It is none of the formats' texts.
    #[error("the text is of no format that is read here")]
    Unknown,
    /// It is a `.smart-health-card` file's, and that is malformed.
    #[error(transparent)]
    File(#[from] FileError),
    /// It looks like a compact JWS and is none.
    #[error(transparent)]
    Jws(#[from] InvalidJws),
}

/// Reads the text of a code.
///
/// # Errors
/// [`TextError`].
pub fn from_text(text: &str) -> Result<Code, TextError> {
    match text.as_bytes().first() {
        _ if text.starts_with(shc::numeric::PREFIX) => {
            Ok(Code::SmartHealthCard(shc::from_code_text(text)?))
        }
        Some(b'{' | b'[') => Ok(Code::VdsNc(VdsNc::parse(text)?)),
        Some(_) | None => Err(TextError::Unknown),
    }
}

/// Reads what a file says: a code's text, a compact JWS, a VDS-NC, or the cards of a
/// `.smart-health-card` file. White space around it does not count.
///
/// # Errors
/// [`TextError`].
pub fn from_file(file: &[u8]) -> Result<Vec<Code>, TextError> {
    let text = std::str::from_utf8(file)
        .map_err(|_| TextError::Unknown)?
        .trim();
    if text.starts_with(r#"{"verifiableCredential""#) {
        let cards = shc::from_file(text.as_bytes())?;
        return Ok(cards.into_iter().map(Code::SmartHealthCard).collect());
    }
    if text.starts_with("ey") {
        return Ok(vec![Code::SmartHealthCard(Jws::parse(text)?)]);
    }
    Ok(vec![from_text(text)?])
}
