//! The municipality and its code (全国地方公共団体コード).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A municipality's code (全国地方公共団体コード): five digits and a check digit.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct MunicipalityCode([u8; 6]);

/// Why a text is no municipality code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidMunicipalityCode {
    /// Not exactly six ASCII digits.
    #[error("a municipality code is 6 ASCII digits")]
    NotSixDigits,
    /// The sixth digit is not the check digit of the first five.
    #[error("the municipality code's check digit does not match")]
    CheckDigit,
}

impl MunicipalityCode {
    /// Parses six ASCII digits and tests the check digit.
    ///
    /// # Errors
    /// [`InvalidMunicipalityCode`].
    pub fn parse(text: &str) -> Result<Self, InvalidMunicipalityCode> {
        let digits: [u8; 6] = text
            .as_bytes()
            .try_into()
            .map_err(|_| InvalidMunicipalityCode::NotSixDigits)?;
        if !digits.iter().all(u8::is_ascii_digit) {
            return Err(InvalidMunicipalityCode::NotSixDigits);
        }
        let five = [digits[0], digits[1], digits[2], digits[3], digits[4]];
        if Self::check_digit(&five) == digits[5] {
            Ok(Self(digits))
        } else {
            Err(InvalidMunicipalityCode::CheckDigit)
        }
    }

    /// The check digit, as an ASCII digit, of five ASCII digits: weights 6 5 4 3 2, the last
    /// digit of `11 − (Σ mod 11)`. Source: 全国地方公共団体コード仕様 (総務省).
    #[must_use]
    pub fn check_digit(five: &[u8; 5]) -> u8 {
        let sum: u32 = five
            .iter()
            .zip([6, 5, 4, 3, 2])
            .map(|(digit, weight)| u32::from(digit.wrapping_sub(b'0')) * weight)
            .sum();
        // 11 − (0..=10) lies in 1..=11, its last digit in 0..=9.
        b'0' + u8::try_from((11 - sum % 11) % 10).unwrap_or(0)
    }

    /// The six digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // Only ASCII digits are ever stored.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Display for MunicipalityCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for MunicipalityCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MunicipalityCode({})", self.as_str())
    }
}

impl FromStr for MunicipalityCode {
    type Err = InvalidMunicipalityCode;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl TryFrom<String> for MunicipalityCode {
    type Error = InvalidMunicipalityCode;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<MunicipalityCode> for String {
    fn from(code: MunicipalityCode) -> Self {
        code.as_str().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_codes_parse() {
        // 札幌市, 弘前市, 熊谷市, 浦安市, 世田谷区
        for code in ["011002", "022021", "112020", "122271", "131121"] {
            assert!(MunicipalityCode::parse(code).is_ok(), "{code}");
        }
    }

    #[test]
    fn a_wrong_check_digit_is_refused() {
        assert_eq!(
            MunicipalityCode::parse("131122"),
            Err(InvalidMunicipalityCode::CheckDigit)
        );
        assert_eq!(
            MunicipalityCode::parse("13112"),
            Err(InvalidMunicipalityCode::NotSixDigits)
        );
    }
}
