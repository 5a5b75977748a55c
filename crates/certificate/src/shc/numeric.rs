//! A JWS as the text of a code: `shc:/` and two digits a character.

use super::{InvalidJws, Jws, LONGEST_JWS};

/// What a code's text begins with.
pub(crate) const PREFIX: &str = "shc:/";

/// Why a text is no SMART Health Card of one code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CodeTextError {
    /// It does not begin with `shc:/`.
    #[error("the text does not begin with shc:/")]
    Prefix,
    /// `shc:/1/3/…`: one of several codes. Multi-part codes are deprecated and not read here.
    #[error("the code is one of several that belong together")]
    MultiPart,
    /// Too long for a JWS that is read here.
    #[error("the text has {0} digits")]
    TooLong(usize),
    /// An odd number of digits.
    #[error("the text has an odd number of digits: {0}")]
    OddDigits(usize),
    /// No digit at this place, or a pair that stands for no character.
    #[error("the pair at digit {0} is no character")]
    Pair(usize),
    /// The digits are no JWS.
    #[error(transparent)]
    Jws(#[from] InvalidJws),
}

/// The digits behind `shc:/`: each character as two digits of its code − 45 (SHC, "Encoding
/// chunks as QR codes").
#[must_use]
pub fn to_digits(jws: &Jws) -> String {
    let mut digits = Vec::with_capacity(jws.as_str().len() * 2);
    for character in jws.as_str().bytes() {
        // A JWS is base64url and dots: codes 45 (`-`) to 122 (`z`).
        let number = character - b'-';
        digits.extend_from_slice(&[b'0' + number / 10, b'0' + number % 10]);
    }
    String::from_utf8(digits).expect("only ASCII digits were written")
}

/// Reads the whole text of a code.
///
/// # Errors
/// [`CodeTextError`].
pub fn from_code_text(text: &str) -> Result<Jws, CodeTextError> {
    let digits = text.strip_prefix(PREFIX).ok_or(CodeTextError::Prefix)?;
    if digits.contains('/') {
        return Err(CodeTextError::MultiPart);
    }
    if digits.len() > 2 * LONGEST_JWS {
        return Err(CodeTextError::TooLong(digits.len()));
    }
    if !digits.len().is_multiple_of(2) {
        return Err(CodeTextError::OddDigits(digits.len()));
    }
    let pairs = digits.as_bytes().chunks_exact(2).enumerate();
    let characters = pairs.map(|(at, pair)| character(pair).ok_or(CodeTextError::Pair(2 * at)));
    let characters = characters.collect::<Result<String, _>>()?;
    Ok(Jws::parse(&characters)?)
}

fn character(pair: &[u8]) -> Option<char> {
    if !pair.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let number = (pair[0] - b'0') * 10 + (pair[1] - b'0');
    (number <= b'z' - b'-').then(|| char::from(number + b'-'))
}
