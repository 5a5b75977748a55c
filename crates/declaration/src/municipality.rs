//! A municipality's declaration: its facts and its sections.

use domain::{Channel, JAPAN, MunicipalityCode, Yen};
use serde::Deserialize;
use time::{Date, OffsetDateTime, Time};
use toml::de::DeTable;

use crate::error::{DeclarationFault, InvalidDeclaration};
use crate::section::{Declared, Function, NotDeclared};
use crate::sections::{FunctionState, Sections};

/// The highest fee: a kiosk says amounts below ¥10,000 aloud, the last coin too much included.
pub const HIGHEST_FEE: Yen = Yen(9_000);

/// A municipality's own declaration.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Municipality {
    /// Its code.
    pub code: MunicipalityCode,
    /// Its name, as printed: 「○○市」.
    pub name: String,
    /// Its name in kana.
    pub kana: String,
    /// Its name in roman letters.
    pub roman_name: String,
    /// Its prefecture (都道府県).
    pub prefecture: String,
    /// Its head as printed: 「○○市長」.
    pub head_title: String,
    /// The same in English.
    pub head_title_english: String,
    /// The fee for one certificate at a kiosk; a phone's is free.
    #[serde(rename = "fee_yen")]
    pub fee: Yen,
    /// First minute in which it issues.
    pub opens_at: Option<Minute>,
    /// Last minute in which it issues.
    pub closes_at: Option<Minute>,
    /// The channels it issues through.
    pub channels: Vec<Channel>,
    #[serde(skip)]
    sections: Sections,
}

impl Municipality {
    /// Reads a declaration, and refuses it as a whole where anything in it is not understood.
    ///
    /// # Errors
    /// [`InvalidDeclaration`], with the line.
    pub fn parse(text: &str) -> Result<Self, InvalidDeclaration> {
        Self::read(text).map_err(|(at, fault)| InvalidDeclaration {
            line: 1 + text.bytes().take(at).filter(|byte| *byte == b'\n').count(),
            fault,
        })
    }

    fn read(text: &str) -> Result<Self, (usize, DeclarationFault)> {
        let form = |error: toml::de::Error| {
            let at = error.span().map_or(0, |span| span.start);
            (at, DeclarationFault::Form(error.message().to_owned()))
        };
        let mut table = DeTable::parse(text).map_err(form)?;
        let sections = Sections::take(table.get_mut())?;
        let mut one = Self::deserialize(toml::Deserializer::from(table)).map_err(form)?;
        one.sections = sections;
        if one.opens_at.zip(one.closes_at).is_some_and(|(a, b)| b < a) {
            let at = text.find("closes_at").unwrap_or_default();
            return Err((at, DeclarationFault::Hours));
        }
        if one.fee > HIGHEST_FEE {
            let at = text.find("fee_yen").unwrap_or_default();
            return Err((at, DeclarationFault::Fee));
        }
        Ok(one)
    }

    /// The proof that a function is on, on that day in Japan.
    ///
    /// # Errors
    /// [`NotDeclared`]: why it is off.
    pub fn declared<F: Function>(&self, day: Date) -> Result<Declared<F>, NotDeclared> {
        let section = F::SECTION;
        F::section(&self.sections)
            .ok_or(NotDeclared::Absent { section })?
            .declared(self.code, day)
    }

    /// Whether it declares a function at all, whatever the day.
    #[must_use]
    pub fn declares<F: Function>(&self) -> bool {
        F::section(&self.sections).is_some()
    }

    /// Every function that can be declared, on or off that day.
    #[must_use]
    pub fn functions(&self, day: Date) -> Vec<FunctionState> {
        self.sections.states(day)
    }

    /// Whether it issues through this channel at all.
    #[must_use]
    pub fn issues_through(&self, channel: Channel) -> bool {
        self.channels.contains(&channel)
    }

    /// Whether it issues now, by the hours it set for Japan.
    #[must_use]
    pub fn is_open(&self, now: OffsetDateTime) -> bool {
        let minute = Minute::of(now);
        self.opens_at.is_none_or(|opens| opens <= minute)
            && self.closes_at.is_none_or(|closes| minute <= closes)
    }

    /// The fee through a channel: what it set at the kiosk, nothing on a phone.
    #[must_use]
    pub const fn fee(&self, channel: Channel) -> Yen {
        match channel {
            Channel::Kiosk | Channel::Counter => self.fee,
            Channel::Phone => Yen(0),
        }
    }
}

/// A minute of the day in Japan, `HH:MM`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub struct Minute(Time);

impl Minute {
    /// The minute of a moment.
    #[must_use]
    pub fn of(moment: OffsetDateTime) -> Self {
        let time = moment.to_offset(JAPAN).time();
        Self(time.truncate_to_minute())
    }

    /// Minutes since midnight.
    #[must_use]
    pub const fn of_day(self) -> u16 {
        self.0.hour() as u16 * 60 + self.0.minute() as u16
    }
}

impl TryFrom<String> for Minute {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let bad = "a time of day is HH:MM";
        let (hour, minute) = text.split_once(':').ok_or(bad)?;
        if hour.len() != 2 || minute.len() != 2 {
            return Err(bad);
        }
        let hour = hour.parse().map_err(|_| bad)?;
        let minute = minute.parse().map_err(|_| bad)?;
        Time::from_hms(hour, minute, 0).map(Self).map_err(|_| bad)
    }
}

impl std::fmt::Display for Minute {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:02}:{:02}", self.0.hour(), self.0.minute())
    }
}
