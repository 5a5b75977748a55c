//! A voucher (接種券).

use std::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop};

/// A voucher's number (接種券番号): 10 digits.
#[derive(Clone, PartialEq, Eq, Hash, Zeroize, ZeroizeOnDrop)]
pub struct VoucherNumber(String);

/// Not ten ASCII digits. Never holds the input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a voucher number is 10 ASCII digits")]
pub struct InvalidVoucherNumber;

impl VoucherNumber {
    /// Takes ten ASCII digits.
    ///
    /// # Errors
    /// [`InvalidVoucherNumber`].
    pub fn parse(text: &str) -> Result<Self, InvalidVoucherNumber> {
        let fits = text.len() == 10 && text.bytes().all(|b| b.is_ascii_digit());
        fits.then(|| Self(text.to_owned()))
            .ok_or(InvalidVoucherNumber)
    }

    /// The ten digits.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for VoucherNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("VoucherNumber([redacted])")
    }
}

/// A voucher (接種券) sent to a resident. Its OCR line is kind, dose, municipality and number.
#[derive(Clone, PartialEq, Eq)]
pub struct Voucher {
    /// Its number.
    pub number: VoucherNumber,
    /// Its kind (券種), the first digit of the OCR line.
    pub kind: u8,
    /// For which dose (回数), the second digit of the OCR line.
    pub dose: u8,
}

impl fmt::Debug for Voucher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Voucher([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_digits_and_nothing_else() {
        assert!(VoucherNumber::parse("0123456789").is_ok());
        for bad in ["", "012345678", "01234567890", "012345678x"] {
            assert_eq!(VoucherNumber::parse(bad), Err(InvalidVoucherNumber));
        }
    }
}
