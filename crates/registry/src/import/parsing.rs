//! Fields as values: each checked for length, form and range.

use domain::{
    InvalidMunicipalityCode, InvalidVoucherLine, InvalidVoucherNumber, MunicipalityCode,
    PersonName, VoucherLine, VoucherNumber,
};
use time::{Date, Month, PrimitiveDateTime, Time};

use super::columns::{Fields, MUNICIPALITY};
use super::report::RowFault;
use crate::model::texts;

/// A column and what is wrong with it.
pub(super) type ColumnFault = (&'static str, RowFault);

impl<'a> Fields<'a> {
    /// A text of 1 to `longest` characters.
    pub(super) fn text(
        &'a self,
        column: &'static str,
        longest: usize,
    ) -> Result<&'a str, ColumnFault> {
        self.optional_text(column, longest)?
            .ok_or((column, RowFault::Missing))
    }

    /// A text of up to `longest` characters; `None`: empty.
    pub(super) fn optional_text(
        &'a self,
        column: &'static str,
        longest: usize,
    ) -> Result<Option<&'a str>, ColumnFault> {
        texts::optional(self.get(column), longest).map_err(|fault| (column, fault.into()))
    }

    /// A name of 1 to `longest` characters.
    pub(super) fn name(
        &self,
        column: &'static str,
        longest: usize,
    ) -> Result<PersonName, ColumnFault> {
        self.optional_name(column, longest)?
            .ok_or((column, RowFault::Missing))
    }

    /// A name; `None`: empty.
    pub(super) fn optional_name(
        &self,
        column: &'static str,
        longest: usize,
    ) -> Result<Option<PersonName>, ColumnFault> {
        let Some(text) = self.optional_text(column, longest)? else {
            return Ok(None);
        };
        let name = PersonName::parse(text).map_err(|_| (column, RowFault::Form))?;
        Ok(Some(name))
    }

    /// Capital letters A–Z, `also` and spaces inside, 1 to `longest` characters.
    pub(super) fn capitals(
        &'a self,
        column: &'static str,
        longest: usize,
        also: fn(u8) -> bool,
    ) -> Result<Option<&'a str>, ColumnFault> {
        let text = self.optional_text(column, longest)?;
        match text {
            Some(text) if !text.bytes().all(|b| b.is_ascii_uppercase() || also(b)) => {
                Err((column, RowFault::Form))
            }
            Some(_) | None => Ok(text),
        }
    }

    /// A voucher's number, or its whole OCR line, which must be this municipality's; `None`: empty.
    pub(super) fn voucher(
        &self,
        column: &'static str,
        municipality: MunicipalityCode,
    ) -> Result<Option<VoucherNumber>, ColumnFault> {
        let text = self.get(column);
        let number = match text.len() {
            0 => return Ok(None),
            18 => {
                let line = VoucherLine::parse(text).map_err(|error| match error {
                    InvalidVoucherLine::NotEighteenDigits => (column, RowFault::Form),
                    InvalidVoucherLine::Municipality(_) => (column, RowFault::CheckDigit),
                })?;
                if line.municipality != municipality {
                    return Err((column, RowFault::OtherMunicipality));
                }
                line.number
            }
            _ => VoucherNumber::parse(text)
                .map_err(|InvalidVoucherNumber| (column, RowFault::Form))?,
        };
        Ok(Some(number))
    }

    /// Refuses a row that says it is another municipality's.
    pub(super) fn of_municipality(&self, own: MunicipalityCode) -> Result<(), ColumnFault> {
        let text = self.get(MUNICIPALITY);
        if text.is_empty() {
            return Ok(());
        }
        let fault = match MunicipalityCode::parse(text) {
            Ok(code) if code == own => return Ok(()),
            Ok(_) => RowFault::OtherMunicipality,
            Err(InvalidMunicipalityCode::NotSixDigits) => RowFault::Form,
            Err(InvalidMunicipalityCode::CheckDigit) => RowFault::CheckDigit,
        };
        Err((MUNICIPALITY, fault))
    }

    /// A date `YYYYMMDD`.
    pub(super) fn date(&self, column: &'static str) -> Result<Date, ColumnFault> {
        self.optional_date(column)?
            .ok_or((column, RowFault::Missing))
    }

    /// A date `YYYYMMDD`; `None`: empty.
    pub(super) fn optional_date(&self, column: &'static str) -> Result<Option<Date>, ColumnFault> {
        let text = self.get(column);
        if text.is_empty() {
            return Ok(None);
        }
        let digits = digits::<8>(text).ok_or((column, RowFault::Form))?;
        let date = calendar_date(&digits).ok_or((column, RowFault::Date))?;
        Ok(Some(date))
    }

    /// A date not after `today`.
    pub(super) fn past_date(&self, column: &'static str, today: Date) -> Result<Date, ColumnFault> {
        let date = self.date(column)?;
        if date > today {
            return Err((column, RowFault::InFuture));
        }
        Ok(date)
    }

    /// A date not before `birth`; `None`: empty.
    pub(super) fn date_of_life(
        &self,
        column: &'static str,
        birth: Date,
    ) -> Result<Option<Date>, ColumnFault> {
        match self.optional_date(column)? {
            Some(date) if date < birth => Err((column, RowFault::BeforeBirth)),
            date => Ok(date),
        }
    }

    /// A moment `YYYYMMDDHHMMSS`.
    pub(super) fn moment(&self, column: &'static str) -> Result<PrimitiveDateTime, ColumnFault> {
        let text = self.get(column);
        if text.is_empty() {
            return Err((column, RowFault::Missing));
        }
        let digits = digits::<14>(text).ok_or((column, RowFault::Form))?;
        let time = |at: usize| digits[at] * 10 + digits[at + 1];
        calendar_date(&digits)
            .zip(Time::from_hms(time(8), time(10), time(12)).ok())
            .map(|(date, time)| PrimitiveDateTime::new(date, time))
            .ok_or((column, RowFault::Date))
    }

    /// A whole number between two others.
    pub(super) fn number(
        &self,
        column: &'static str,
        range: std::ops::RangeInclusive<u8>,
    ) -> Result<u8, ColumnFault> {
        let text = self.get(column);
        if text.is_empty() {
            return Err((column, RowFault::Missing));
        }
        if text.len() > 3 || !text.bytes().all(|b| b.is_ascii_digit()) {
            return Err((column, RowFault::Form));
        }
        let number = text.parse().map_err(|_| (column, RowFault::Range))?;
        if range.contains(&number) {
            Ok(number)
        } else {
            Err((column, RowFault::Range))
        }
    }

    /// Millilitres with up to three decimals, in thousandths; `None`: empty. At most 99.999 ml.
    pub(super) fn microlitres(&self, column: &'static str) -> Result<Option<u32>, ColumnFault> {
        let text = self.get(column);
        if text.is_empty() {
            return Ok(None);
        }
        let (whole, decimals) = text.split_once('.').unwrap_or((text, "0"));
        let number = |part: &str, longest| {
            let fits = (1..=longest).contains(&part.len());
            let digits = part.bytes().all(|b| b.is_ascii_digit());
            (fits && digits).then(|| part.parse::<u32>().unwrap_or_default())
        };
        let scale = [1000, 100, 10, 1].get(decimals.len()).copied();
        number(whole, 2)
            .zip(number(decimals, 3))
            .zip(scale)
            .map(|((whole, decimals), scale)| Some(whole * 1000 + decimals * scale))
            .ok_or((column, RowFault::Form))
    }
}

/// The values of so many ASCII digits.
fn digits<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut digits: [u8; N] = text.as_bytes().try_into().ok()?;
    for digit in &mut digits {
        *digit = digit.checked_sub(b'0').filter(|value| *value <= 9)?;
    }
    Some(digits)
}

/// The day in the first eight digits, from 1850 on.
fn calendar_date(digits: &[u8]) -> Option<Date> {
    let number = |part: &[u8]| {
        part.iter()
            .fold(0_u16, |sum, digit| sum * 10 + u16::from(*digit))
    };
    let year = number(&digits[..4]);
    let month = Month::try_from(u8::try_from(number(&digits[4..6])).ok()?).ok()?;
    let day = u8::try_from(number(&digits[6..8])).ok()?;
    (year >= 1850)
        .then(|| Date::from_calendar_date(year.into(), month, day).ok())
        .flatten()
}
