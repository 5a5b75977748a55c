//! Fields as values: each checked for length, form and range.

use std::io::Read;

use domain::PersonName;
use time::{Date, Month, PrimitiveDateTime, Time};

use super::columns::Fields;
use super::report::RowFault;
use crate::model::{InvalidVoucherNumber, VoucherNumber, texts};

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

    /// A voucher's number; `None`: empty.
    pub(super) fn voucher(
        &self,
        column: &'static str,
    ) -> Result<Option<VoucherNumber>, ColumnFault> {
        let text = self.get(column);
        if text.is_empty() {
            return Ok(None);
        }
        let number = VoucherNumber::parse(text);
        let number = number.map_err(|InvalidVoucherNumber| (column, RowFault::Form))?;
        Ok(Some(number))
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

/// Reads a file and checks its rows without a register, under keys of no value: for fuzzing.
/// Gives the number of rows that would go to the database, and of those rejected.
#[doc(hidden)]
pub fn check_rows(file: super::ImportFile, reader: impl Read) -> (u64, u64) {
    use super::records::{ChunkRows, read_chunks};
    let random = crypto::SystemRandom;
    let Ok(keys) = crate::keys::Secrets::make(&random).keys() else {
        return (0, 0);
    };
    let today = time::macros::date!(2030 - 01 - 01);
    let prepare = super::rows::Preparation::new(&keys, &random, today);
    let (mut good, mut bad) = (0, 0);
    let _ = read_chunks(
        reader,
        file,
        super::CsvEncoding::Detect,
        &prepare,
        |chunk| {
            good += match chunk.rows {
                ChunkRows::Residents(rows) => rows.len() as u64,
                ChunkRows::Children(_, rows) => rows.len() as u64,
            };
            bad += chunk.rejected.len() as u64;
            true
        },
    );
    (good, bad)
}
