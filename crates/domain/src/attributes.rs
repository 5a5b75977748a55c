//! The basic attributes (基本4情報): name, address, birth date, sex.

use std::fmt;

use time::{Date, Month};

use crate::names::{Address, PersonName};

/// The basic attributes (基本4情報) as a card or a register gives them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BasicAttributes {
    /// Name (氏名).
    pub name: PersonName,
    /// Address (住所).
    pub address: Address,
    /// Birth date (生年月日).
    pub birth_date: BirthDate,
    /// Sex (性別).
    pub sex: Sex,
}

/// A birth date (生年月日), redacted in `Debug`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BirthDate(Date);

/// Why a text is no birth date. Never holds the input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidBirthDate {
    /// Not eight ASCII digits.
    #[error("a birth date is 8 ASCII digits, YYYYMMDD")]
    NotEightDigits,
    /// No day of the calendar, or before 1850.
    #[error("the birth date is no possible date")]
    Impossible,
}

impl BirthDate {
    /// Parses `YYYYMMDD`. A date before 1850 is refused as impossible; whether it lies in the
    /// future only the caller's clock can tell ([`BirthDate::date`]).
    ///
    /// # Errors
    /// [`InvalidBirthDate`], without the input.
    pub fn parse(digits: &[u8]) -> Result<Self, InvalidBirthDate> {
        if digits.len() != 8 || !digits.iter().all(u8::is_ascii_digit) {
            return Err(InvalidBirthDate::NotEightDigits);
        }
        let number = |part: &[u8]| {
            part.iter()
                .fold(0_u16, |sum, digit| sum * 10 + u16::from(digit - b'0'))
        };
        let impossible = |_| InvalidBirthDate::Impossible;
        let year = number(&digits[..4]);
        // Two digits are at most 99.
        let month = Month::try_from(number(&digits[4..6]) as u8).map_err(impossible)?;
        let day = number(&digits[6..]) as u8;
        if year < 1850 {
            return Err(InvalidBirthDate::Impossible);
        }
        Date::from_calendar_date(i32::from(year), month, day)
            .map(Self)
            .map_err(impossible)
    }

    /// Takes a date as it is.
    #[must_use]
    pub const fn from_date(date: Date) -> Self {
        Self(date)
    }

    /// The date.
    #[must_use]
    pub const fn date(self) -> Date {
        self.0
    }

    /// `YYYY-MM-DD`, as the certificate formats write it.
    #[must_use]
    pub fn to_iso(self) -> String {
        format!(
            "{:04}-{:02}-{:02}",
            self.0.year(),
            u8::from(self.0.month()),
            self.0.day()
        )
    }
}

impl fmt::Debug for BirthDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BirthDate([redacted])")
    }
}

/// Sex (性別) as EF 0002 codes it (`DF25`), observed on a card.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Sex {
    /// 男, code 1.
    Male,
    /// 女, code 2.
    Female,
    /// その他, code 3.
    Other,
}

/// A code other than 1, 2 and 3.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("sex is coded 1, 2 or 3")]
pub struct InvalidSex;

impl Sex {
    /// Reads the one-character code.
    ///
    /// # Errors
    /// [`InvalidSex`], without the input.
    pub fn parse(code: &[u8]) -> Result<Self, InvalidSex> {
        match code {
            b"1" => Ok(Self::Male),
            b"2" => Ok(Self::Female),
            b"3" => Ok(Self::Other),
            _ => Err(InvalidSex),
        }
    }

    /// The one-character code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Male => "1",
            Self::Female => "2",
            Self::Other => "3",
        }
    }
}

impl fmt::Debug for Sex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sex([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_the_calendar_only() {
        assert_eq!(
            BirthDate::parse(b"20000229").map(BirthDate::to_iso),
            Ok("2000-02-29".to_owned())
        );
        for bad in [b"20010229", b"19991301", b"19990100", b"17990101"] {
            assert_eq!(BirthDate::parse(bad), Err(InvalidBirthDate::Impossible));
        }
        assert_eq!(
            BirthDate::parse(b"2000-02-9"),
            Err(InvalidBirthDate::NotEightDigits)
        );
    }
}
