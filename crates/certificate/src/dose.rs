//! A dose as a code has it.

use std::fmt;

use time::Date;

use crate::products::Product;

/// A dose as a verified code has it. Redacted in `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct DoseOnCode {
    /// Which dose; a SMART Health Card does not say.
    pub number: Option<u8>,
    /// The day it was given.
    pub date: Date,
    /// The format's own code of what was given: CVX in a SMART Health Card, ICD-11 in a VDS-NC.
    pub code: String,
    /// The product, where code (and name, in a VDS-NC) are one of our table.
    pub product: Option<&'static Product>,
    /// Lot number.
    pub lot: Option<String>,
}

impl fmt::Debug for DoseOnCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DoseOnCode([redacted])")
    }
}

/// `YYYY-MM-DD`, as both formats write dates.
pub(crate) fn to_iso(date: Date) -> String {
    format!(
        "{:04}-{:02}-{:02}",
        date.year(),
        u8::from(date.month()),
        date.day()
    )
}

/// Reads exactly `YYYY-MM-DD`.
pub(crate) fn from_iso(text: &str) -> Option<Date> {
    const ISO: &[time::format_description::BorrowedFormatItem<'_>] =
        time::macros::format_description!("[year]-[month]-[day]");
    (text.len() == 10)
        .then(|| Date::parse(text, ISO).ok())
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    #[test]
    fn iso_dates_both_ways() {
        let day = date!(2021 - 07 - 01);
        assert_eq!(to_iso(day), "2021-07-01");
        assert_eq!(from_iso("2021-07-01"), Some(day));
        for bad in ["2021-7-01", "2021-07-32", "20210701", "2021-07-01T00", ""] {
            assert_eq!(from_iso(bad), None, "{bad}");
        }
    }
}
