//! A passport registered by phone or counter.

use std::fmt;

use domain::Redacted;
use time::{Date, PrimitiveDateTime};

/// A passport (旅券) read by phone or counter, for certificates for use abroad (rule 4).
#[derive(Clone, PartialEq, Eq)]
pub struct RegisteredPassport {
    /// Name as in the machine-readable zone: `SURNAME GIVEN NAMES`, A–Z and spaces.
    pub roman_name: Redacted<String>,
    /// Alternative roman name, in brackets on the passport.
    pub alternative_roman_name: Option<Redacted<String>>,
    /// Nationality, ISO 3166-1 alpha-3 (or an ICAO Doc 9303 code: 1 to 3 capital letters).
    pub nationality: Redacted<String>,
    /// Passport number, 1 to 9 capital letters and digits.
    pub number: Redacted<String>,
    /// The day it expires (有効期間満了日).
    pub expires_on: Date,
    /// How it was read.
    pub read_by: PassportReader,
    /// When it was registered, Japan's time. The latest one registered is used.
    pub registered_at: PrimitiveDateTime,
}

impl fmt::Debug for RegisteredPassport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RegisteredPassport([redacted])")
    }
}

/// How a passport was read; nobody types it in (C02).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PassportReader {
    /// The phone's camera read the machine-readable zone.
    Phone,
    /// The counter's reader.
    Counter,
}

impl PassportReader {
    /// Every way of reading one.
    pub const ALL: [Self; 2] = [Self::Phone, Self::Counter];

    /// The stable name in import files.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Counter => "counter",
        }
    }

    /// The way of that name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reader| reader.as_str() == name)
    }
}
