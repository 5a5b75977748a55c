//! For `#[serde(with = "super::birth_date")]`: a birth date as `YYYYMMDD`.

use domain::BirthDate;
use serde::{Deserialize as _, Deserializer, Serializer, de};
use zeroize::Zeroizing;

pub(super) fn serialize<S: Serializer>(date: &BirthDate, serializer: S) -> Result<S::Ok, S::Error> {
    let text = Zeroizing::new(date.to_iso().replace('-', ""));
    serializer.serialize_str(&text)
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BirthDate, D::Error> {
    let text = Zeroizing::new(String::deserialize(deserializer)?);
    // The parser's own words hold no input.
    BirthDate::parse(text.as_bytes()).map_err(de::Error::custom)
}
