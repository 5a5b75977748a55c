//! The individual number (個人番号).

use std::fmt;

use subtle::ConstantTimeEq;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// The individual number (個人番号): 12 digits, the last a check digit. Wiped when dropped,
/// compared in constant time, redacted in `Debug`.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct MyNumber([u8; 12]);

/// Why twelve characters are no individual number. Never holds the input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidMyNumber {
    /// Not exactly twelve ASCII digits.
    #[error("an individual number is 12 ASCII digits")]
    NotTwelveDigits,
    /// The twelfth digit is not the check digit of the first eleven.
    #[error("the check digit does not match")]
    CheckDigit,
}

impl MyNumber {
    /// Parses twelve ASCII digits and tests the check digit.
    ///
    /// Source: 行政手続における特定の個人を識別するための番号の利用等に関する法律に規定する個人番号…に関する省令
    /// (平成26年総務省令第85号) 第5条.
    ///
    /// # Errors
    /// [`InvalidMyNumber`], without the input.
    pub fn parse(digits: &[u8]) -> Result<Self, InvalidMyNumber> {
        let digits: [u8; 12] = digits
            .try_into()
            .map_err(|_| InvalidMyNumber::NotTwelveDigits)?;
        if !digits.iter().all(u8::is_ascii_digit) {
            return Err(InvalidMyNumber::NotTwelveDigits);
        }
        let mut eleven = [0; 11];
        eleven.copy_from_slice(&digits[..11]);
        let expected = Self::check_digit(&eleven);
        eleven.zeroize();
        if expected == digits[11] {
            Ok(Self(digits))
        } else {
            Err(InvalidMyNumber::CheckDigit)
        }
    }

    /// The check digit, as an ASCII digit, of eleven ASCII digits:
    /// `11 − (Σ Pn·Qn mod 11)`, 0 where the remainder is 0 or 1; Pn counted from the right,
    /// Qn = n + 1 for n ≤ 6 and n − 5 above.
    #[must_use]
    pub fn check_digit(eleven: &[u8; 11]) -> u8 {
        let sum: u32 = eleven
            .iter()
            .rev()
            .zip(1_u32..)
            .map(|(digit, n)| {
                let weight = if n <= 6 { n + 1 } else { n - 5 };
                u32::from(digit.wrapping_sub(b'0')) * weight
            })
            .sum();
        match sum % 11 {
            0 | 1 => b'0',
            // 11 − remainder lies in 1..=9, so it fits a digit.
            remainder => b'0' + u8::try_from(11 - remainder).unwrap_or(0),
        }
    }

    /// The twelve ASCII digits, for the named purposes that may read them.
    #[must_use]
    pub fn expose_digits(&self) -> &[u8; 12] {
        &self.0
    }
}

impl PartialEq for MyNumber {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for MyNumber {}

impl fmt::Debug for MyNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MyNumber([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_digit_decides() {
        // 123456789018 is the example commonly used for forms.
        assert!(MyNumber::parse(b"123456789018").is_ok());
        for wrong in b'0'..=b'9' {
            if wrong != b'8' {
                let mut digits = *b"123456789018";
                digits[11] = wrong;
                assert_eq!(MyNumber::parse(&digits), Err(InvalidMyNumber::CheckDigit));
            }
        }
    }

    #[test]
    fn only_twelve_ascii_digits() {
        for bad in [&b"12345678901"[..], b"1234567890189", b"12345678901x", b""] {
            assert_eq!(MyNumber::parse(bad), Err(InvalidMyNumber::NotTwelveDigits));
        }
    }

    #[test]
    fn debug_holds_no_digit() {
        let number = MyNumber::parse(b"123456789018").unwrap();
        assert_eq!(format!("{number:?}"), "MyNumber([redacted])");
    }
}
