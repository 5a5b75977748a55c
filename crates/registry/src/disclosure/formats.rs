//! Stored values in words.

use domain::JAPAN;
use serde_json::Value;
use time::{Date, OffsetDateTime};

/// How a stored value is written down.
#[derive(Debug, Clone, Copy)]
pub(super) enum Format {
    /// As it is; lists with 「、」 between.
    Text,
    /// A Julian day number.
    Day,
    /// Seconds since 1970.
    Seconds,
    /// A Julian day and the second of the day, in Japan.
    DayAndSecond,
    /// Thousandths of a millilitre.
    Microlitres,
    /// ISO 5218's number of a sex, as cards have it.
    Sex,
    /// Pairs of a kind and a name.
    Names,
    /// A whole record with fields of its own.
    Record(&'static [Field]),
    /// Several of them.
    Records(&'static [Field]),
}

/// A field of a stored record: its name there, its name for people, and how it is written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) label: &'static str,
    pub(super) format: Format,
    /// Told on the complete sheet only.
    pub(super) sensitive: bool,
}

/// A field that is told on every sheet.
pub(super) const fn field(name: &'static str, label: &'static str, format: Format) -> Field {
    Field {
        name,
        label,
        format,
        sensitive: false,
    }
}

/// A field that is told on the complete sheet only.
pub(super) const fn sensitive(name: &'static str, label: &'static str, format: Format) -> Field {
    Field {
        sensitive: true,
        ..field(name, label, format)
    }
}

impl Format {
    /// The value in words; one that is not of this form is written as it is stored, never left out.
    pub(super) fn in_words(self, value: &Value) -> String {
        let known = match self {
            Self::Text => None,
            Self::Day => day(value),
            Self::Seconds => seconds(value),
            Self::DayAndSecond => day_and_second(value),
            Self::Microlitres => value.as_u64().map(millilitres),
            Self::Sex => sex(value),
            Self::Names => names(value),
            Self::Record(fields) => Some(record(value, fields)),
            Self::Records(fields) => value.as_array().map(|all| {
                let all: Vec<_> = all.iter().map(|one| record(one, fields)).collect();
                all.join("／")
            }),
        };
        known.unwrap_or_else(|| text(value))
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(all) => all.iter().map(text).collect::<Vec<_>>().join("、"),
        Value::Bool(true) => "はい".to_owned(),
        Value::Bool(false) => "いいえ".to_owned(),
        Value::Null => "－".to_owned(),
        Value::Number(_) | Value::Object(_) => value.to_string(),
    }
}

fn date_in_words(date: Date) -> String {
    let month = u8::from(date.month());
    format!("{}年{month}月{}日", date.year(), date.day())
}

fn day(value: &Value) -> Option<String> {
    let day = i32::try_from(value.as_i64()?).ok()?;
    Date::from_julian_day(day).ok().map(date_in_words)
}

/// A moment in Japan's time.
pub(super) fn moment_in_words(at: OffsetDateTime) -> String {
    let at = at.to_offset(JAPAN);
    let (hour, minute, second) = at.to_hms();
    format!(
        "{} {hour:02}:{minute:02}:{second:02}",
        date_in_words(at.date())
    )
}

fn seconds(value: &Value) -> Option<String> {
    let written = value.as_str().and_then(|text| text.parse().ok());
    let seconds = written.or_else(|| value.as_i64())?;
    OffsetDateTime::from_unix_timestamp(seconds)
        .ok()
        .map(moment_in_words)
}

fn day_and_second(value: &Value) -> Option<String> {
    let [date, second] = value.as_array()?.as_slice() else {
        return None;
    };
    let (date, second) = (day(date)?, second.as_u64()?);
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    Some(format!("{date} {hour:02}:{minute:02}:{second:02}"))
}

fn millilitres(thousandths: u64) -> String {
    format!("{}.{:03} mL", thousandths / 1000, thousandths % 1000)
}

fn sex(value: &Value) -> Option<String> {
    Some(
        match value.as_str()? {
            "1" => "男",
            "2" => "女",
            "9" => "その他",
            _ => return None,
        }
        .to_owned(),
    )
}

fn names(value: &Value) -> Option<String> {
    let pairs = value.as_array()?.iter().map(|pair| {
        let [kind, name] = pair.as_array()?.as_slice() else {
            return None;
        };
        Some(format!("{}：{}", kind.as_str()?, name.as_str()?))
    });
    Some(pairs.collect::<Option<Vec<_>>>()?.join("、"))
}

fn record(value: &Value, fields: &[Field]) -> String {
    let Some(record) = value.as_object() else {
        return text(value);
    };
    let told = record.iter().map(|(name, value)| {
        let field = fields.iter().find(|field| field.name == name);
        let label = field.map_or(name.as_str(), |field| field.label);
        let format = field.map_or(Format::Text, |field| field.format);
        format!("{label}：{}", format.in_words(value))
    });
    told.collect::<Vec<_>>().join("、")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn stored_values_are_told_in_words() {
        for (format, value, told) in [
            (Format::Text, json!("中 身"), "中 身"),
            (Format::Text, json!(["一", "二"]), "一、二"),
            (Format::Day, json!(2_459_367), "2021年6月1日"),
            (
                Format::Seconds,
                json!("1622516400"),
                "2021年6月1日 12:00:00",
            ),
            (
                Format::Seconds,
                json!(1_622_516_400),
                "2021年6月1日 12:00:00",
            ),
            (
                Format::DayAndSecond,
                json!([2_459_367, 43_201]),
                "2021年6月1日 12:00:01",
            ),
            (Format::Microlitres, json!(300), "0.300 mL"),
            (Format::Sex, json!("2"), "女"),
            (Format::Names, json!([["旧姓", "佐藤"]]), "旧姓：佐藤"),
            // What is not of its form is told all the same.
            (Format::Day, json!("someday"), "someday"),
            (Format::Sex, json!("7"), "7"),
        ] {
            assert_eq!(format.in_words(&value), told);
        }
        const FIELDS: &[Field] = &[field("date", "接種日", Format::Day)];
        let record = json!({"date": 2_459_367, "new": 1});
        assert_eq!(
            Format::Record(FIELDS).in_words(&record),
            "接種日：2021年6月1日、new：1"
        );
    }
}
