//! The PIN of the card-info-input AP (券面事項入力補助用暗証番号).

use std::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop};

/// Four digits, typed by the holder for one attempt. Not `Clone`, wiped when dropped, redacted
/// in `Debug`: presenting it consumes it.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct Pin([u8; 4]);

/// What was typed is not four ASCII digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the PIN is 4 digits")]
pub struct InvalidPin;

impl Pin {
    /// Parses exactly four ASCII digits.
    ///
    /// # Errors
    /// [`InvalidPin`], without the input.
    pub fn parse(digits: &[u8]) -> Result<Self, InvalidPin> {
        let digits: [u8; 4] = digits.try_into().map_err(|_| InvalidPin)?;
        if digits.iter().all(u8::is_ascii_digit) {
            Ok(Self(digits))
        } else {
            Err(InvalidPin)
        }
    }

    /// The four ASCII digits, for the one command that presents them to the card.
    #[must_use]
    pub fn expose_digits(&self) -> &[u8; 4] {
        &self.0
    }
}

impl fmt::Debug for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pin([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_digits_and_nothing_else() {
        assert!(Pin::parse(b"0000").is_ok());
        for bad in [&b"000"[..], b"00000", b"12a4", "１２３４".as_bytes()] {
            assert!(Pin::parse(bad).is_err());
        }
    }

    #[test]
    fn debug_holds_no_digit() {
        assert_eq!(
            format!("{:?}", Pin::parse(b"1234").unwrap()),
            "Pin([redacted])"
        );
    }
}
