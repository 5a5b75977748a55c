//! How long something is kept.

use serde::Deserialize;
use time::{Date, Duration, Month};

/// A period: `5 years`, `6 months` or `90 days`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum Period {
    /// Years, 1 to 100.
    Years(u16),
    /// Months, 1 to 1200.
    Months(u16),
    /// Days, 1 to 36500.
    Days(u16),
}

/// No period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a period is \"5 years\", \"6 months\" or \"90 days\", and at most 100 years")]
pub struct InvalidPeriod;

impl Period {
    /// The last day on which something may begin whose period is over on `today`: what began on
    /// that day or before is kept no longer.
    #[must_use]
    pub fn over_before(self, today: Date) -> Date {
        match self {
            Self::Years(years) => months_before(today, u32::from(years) * 12),
            Self::Months(months) => months_before(today, months.into()),
            Self::Days(days) => today
                .checked_sub(Duration::days(days.into()))
                .unwrap_or(Date::MIN),
        }
    }
}

/// The same day so many months ago, or the last one of that month.
fn months_before(day: Date, months: u32) -> Date {
    let month =
        i64::from(day.year()) * 12 + i64::from(u8::from(day.month())) - 1 - i64::from(months);
    let year = i32::try_from(month.div_euclid(12)).unwrap_or(i32::MIN);
    let month = u8::try_from(month.rem_euclid(12) + 1)
        .ok()
        .and_then(|month| Month::try_from(month).ok())
        .unwrap_or(Month::January);
    Date::from_calendar_date(year, month, day.day().min(month.length(year))).unwrap_or(Date::MIN)
}

impl TryFrom<String> for Period {
    type Error = InvalidPeriod;

    fn try_from(text: String) -> Result<Self, InvalidPeriod> {
        let (number, unit) = text.split_once(' ').ok_or(InvalidPeriod)?;
        let number: u16 = number.parse().map_err(|_| InvalidPeriod)?;
        let (period, most) = match unit {
            "year" | "years" => (Self::Years(number), 100),
            "month" | "months" => (Self::Months(number), 1200),
            "day" | "days" => (Self::Days(number), 36_500),
            _ => return Err(InvalidPeriod),
        };
        if (1..=most).contains(&number) {
            Ok(period)
        } else {
            Err(InvalidPeriod)
        }
    }
}

impl std::fmt::Display for Period {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Years(number) => write!(f, "{number} years"),
            Self::Months(number) => write!(f, "{number} months"),
            Self::Days(number) => write!(f, "{number} days"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    fn period(text: &str) -> Result<Period, InvalidPeriod> {
        Period::try_from(text.to_owned())
    }

    #[test]
    fn a_period_is_a_number_and_a_unit() {
        assert_eq!(period("5 years"), Ok(Period::Years(5)));
        assert_eq!(period("90 days"), Ok(Period::Days(90)));
        for bad in [
            "",
            "5",
            "0 years",
            "101 years",
            "-1 days",
            "five years",
            "5  years",
            "5 weeks",
        ] {
            assert_eq!(period(bad), Err(InvalidPeriod), "{bad}");
        }
    }

    #[test]
    fn what_began_so_long_ago_is_over() {
        let over = |text: &str, today| period(text).unwrap().over_before(today);
        assert_eq!(
            over("5 years", date!(2026 - 03 - 31)),
            date!(2021 - 03 - 31)
        );
        assert_eq!(over("1 year", date!(2024 - 02 - 29)), date!(2023 - 02 - 28));
        assert_eq!(
            over("6 months", date!(2026 - 02 - 28)),
            date!(2025 - 08 - 28)
        );
        assert_eq!(
            over("90 days", date!(2026 - 01 - 01)),
            date!(2025 - 10 - 03)
        );
    }
}
