//! Days on the command line.

use clap::Args;
use domain::JAPAN;
use time::format_description::well_known::Iso8601;
use time::{Date, OffsetDateTime, Time};

/// From which day until which.
#[derive(Debug, Clone, Copy, Args)]
pub struct Days {
    /// The first day, in Japan, YYYY-MM-DD.
    #[arg(long, value_name = "DAY", value_parser = day)]
    from: Date,
    /// The last day, YYYY-MM-DD.
    #[arg(long, value_name = "DAY", value_parser = day)]
    to: Date,
}

impl Days {
    /// The first moment, and the one behind the last.
    pub(super) fn moments(self) -> Result<(OffsetDateTime, OffsetDateTime), &'static str> {
        if self.to < self.from {
            return Err("--to is before --from");
        }
        let begins = |day: Date| day.with_time(Time::MIDNIGHT).assume_offset(JAPAN);
        let behind = self.to.next_day().ok_or("--to is the last day there is")?;
        Ok((begins(self.from), begins(behind)))
    }
}

/// A day, YYYY-MM-DD.
pub(super) fn day(text: &str) -> Result<Date, &'static str> {
    Date::parse(text, &Iso8601::DATE).map_err(|_| "a day is YYYY-MM-DD")
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn the_last_day_is_included_by_japans_clock() {
        let days = |from, to| {
            let days = Days {
                from: day(from).unwrap(),
                to: day(to).unwrap(),
            };
            days.moments()
        };
        let one_day = days("2026-01-02", "2026-01-02");
        let expected = (
            datetime!(2026-01-01 15:00 UTC),
            datetime!(2026-01-02 15:00 UTC),
        );
        assert_eq!(one_day, Ok(expected));
        assert!(days("2026-01-02", "2026-01-01").is_err());
        assert!(day("2026/01/01").is_err());
    }
}
