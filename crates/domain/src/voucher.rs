//! The voucher's number (接種券番号), and the line on it that machines read.

use std::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::municipality::{InvalidMunicipalityCode, MunicipalityCode};

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

/// What a voucher's OCR line (OCRライン) says, 18 digits: kind 1, dose 1, municipality 6 with its
/// check digit, number 10.
#[derive(Clone, PartialEq, Eq)]
pub struct VoucherLine {
    /// The kind of voucher (券種), 0 to 9.
    pub kind: u8,
    /// For which dose (回数), 0 to 9.
    pub dose: u8,
    /// Which municipality sent it.
    pub municipality: MunicipalityCode,
    /// Its number.
    pub number: VoucherNumber,
}

/// Why a text is no OCR line. Never holds the input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidVoucherLine {
    /// Not exactly eighteen ASCII digits.
    #[error("a voucher's OCR line is 18 ASCII digits")]
    NotEighteenDigits,
    /// Digits 3 to 8 are no municipality: misread or mistyped.
    #[error("in the voucher's OCR line, {0}")]
    Municipality(#[from] InvalidMunicipalityCode),
}

impl VoucherLine {
    /// Takes eighteen ASCII digits and tests the municipality's check digit.
    ///
    /// # Errors
    /// [`InvalidVoucherLine`].
    pub fn parse(text: &str) -> Result<Self, InvalidVoucherLine> {
        let wrong = InvalidVoucherLine::NotEighteenDigits;
        let digits: &[u8; 18] = text.as_bytes().try_into().map_err(|_| wrong)?;
        if !digits.iter().all(u8::is_ascii_digit) {
            return Err(wrong);
        }
        Ok(Self {
            kind: digits[0] - b'0',
            dose: digits[1] - b'0',
            // ASCII: every place is a character's.
            municipality: MunicipalityCode::parse(&text[2..8])?,
            number: VoucherNumber::parse(&text[8..]).map_err(|InvalidVoucherNumber| wrong)?,
        })
    }

    /// The eighteen digits.
    #[must_use]
    pub fn expose_digits(&self) -> String {
        let (kind, dose, number) = (self.kind, self.dose, self.number.expose());
        format!("{kind}{dose}{}{number}", self.municipality)
    }
}

impl fmt::Debug for VoucherLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("VoucherLine([redacted])")
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

    #[test]
    fn a_line_is_kind_dose_municipality_and_number() {
        let text = "211311210123456789";
        let line = VoucherLine::parse(text).unwrap();
        assert_eq!((line.kind, line.dose), (2, 1));
        assert_eq!(line.municipality.as_str(), "131121");
        assert_eq!(line.number.expose(), "0123456789");
        assert_eq!(line.expose_digits(), text);
        assert_eq!(format!("{line:?}"), "VoucherLine([redacted])");
    }

    #[test]
    fn a_misread_line_is_refused() {
        for bad in [
            "",
            "21131121012345678",
            "2113112101234567890",
            "21131121012345678x",
            "２11311210123456789",
        ] {
            assert_eq!(
                VoucherLine::parse(bad),
                Err(InvalidVoucherLine::NotEighteenDigits)
            );
        }
        assert_eq!(
            VoucherLine::parse("211311220123456789"),
            Err(InvalidVoucherLine::Municipality(
                InvalidMunicipalityCode::CheckDigit
            ))
        );
    }
}
