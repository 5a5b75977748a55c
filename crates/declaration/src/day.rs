//! A day in a declaration: `2026-04-01`, or the same in quotes.

use time::format_description::well_known::Iso8601;
use time::{Date, Month};
use toml::de::DeValue;

/// The day, if the value is one of the calendar.
pub(crate) fn day(value: &DeValue<'_>) -> Option<Date> {
    match value {
        DeValue::String(text) => Date::parse(text, &Iso8601::DATE)
            .ok()
            .filter(|_| text.len() == 10),
        DeValue::Datetime(moment) if moment.time.is_none() && moment.offset.is_none() => {
            let date = moment.date?;
            let month = Month::try_from(date.month).ok()?;
            Date::from_calendar_date(date.year.into(), month, date.day).ok()
        }
        DeValue::Datetime(_)
        | DeValue::Integer(_)
        | DeValue::Float(_)
        | DeValue::Boolean(_)
        | DeValue::Array(_)
        | DeValue::Table(_) => None,
    }
}
