//! The municipalities that take part (参加自治体), as each declared it.
//!
//! What a municipality has not declared is off (C39): without a `municipality.toml` it does not
//! exist here, and without a channel in `channels` it does not issue through that channel.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use certificate::model::Issuer;
use domain::{Channel, JAPAN, MunicipalityCode, Yen};
use figment2::Figment;
use figment2::providers::{Format, Toml};
use serde::Deserialize;
use time::{OffsetDateTime, Time};

/// The declaration's file name in each municipality's folder.
const DECLARATION: &str = "municipality.toml";

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
}

impl Municipality {
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

    /// Who issues, as printed.
    #[must_use]
    pub fn issuer(&self) -> Issuer {
        Issuer {
            municipality: self.code,
            title: self.head_title.clone(),
            title_english: self.head_title_english.clone(),
        }
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
    fn of(moment: OffsetDateTime) -> Self {
        let time = moment.to_offset(JAPAN).time();
        Self(time.truncate_to_minute())
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

/// Every municipality that declared itself.
#[derive(Debug, Clone, Default)]
pub struct Municipalities(BTreeMap<MunicipalityCode, Municipality>);

/// Why the declarations cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DeclarationError {
    /// The folder cannot be listed.
    #[error("the municipalities' folder {path} cannot be read: {source}")]
    Folder {
        /// The folder.
        path: PathBuf,
        /// What the operating system says.
        source: std::io::Error,
    },
    /// A declaration cannot be read.
    #[error("a municipality's declaration cannot be read: {0}")]
    Unreadable(#[from] Box<figment2::Error>),
    /// A folder is not named by the code declared in it.
    #[error("the folder {0} declares another municipality's code")]
    OtherCode(PathBuf),
    /// It would close before it opens.
    #[error("municipality {0} closes before it opens")]
    Hours(MunicipalityCode),
}

impl Municipalities {
    /// Reads `<folder>/<code>/municipality.toml` of every municipality.
    ///
    /// # Errors
    /// [`DeclarationError`].
    pub fn load(folder: &Path) -> Result<Self, DeclarationError> {
        let failed = |source| DeclarationError::Folder {
            path: folder.to_owned(),
            source,
        };
        let mut all = BTreeMap::new();
        for entry in std::fs::read_dir(folder).map_err(failed)? {
            let path = entry.map_err(failed)?.path();
            let file = path.join(DECLARATION);
            if !file.is_file() {
                continue;
            }
            let one: Municipality = Figment::from(Toml::file(&file).search(false))
                .extract()
                .map_err(Box::new)?;
            if path
                .file_name()
                .is_none_or(|name| name != one.code.as_str())
            {
                return Err(DeclarationError::OtherCode(path));
            }
            if one.opens_at.zip(one.closes_at).is_some_and(|(a, b)| b < a) {
                return Err(DeclarationError::Hours(one.code));
            }
            all.insert(one.code, one);
        }
        Ok(Self(all))
    }

    /// The municipality of a code, if it declared itself.
    #[must_use]
    pub fn get(&self, code: MunicipalityCode) -> Option<&Municipality> {
        self.0.get(&code)
    }

    /// Every municipality, by code.
    pub fn iter(&self) -> impl Iterator<Item = &Municipality> {
        self.0.values()
    }

    /// The municipality in which an address lies, among those that issue through a channel: the
    /// one whose prefecture and name, or name alone, the address begins with.
    #[must_use]
    pub fn of_address(&self, address: &str, channel: Channel) -> Option<&Municipality> {
        self.iter()
            .filter(|one| one.issues_through(channel))
            .find(|one| {
                let rest = address.strip_prefix(&one.prefecture).unwrap_or(address);
                rest.starts_with(&one.name)
            })
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use time::macros::datetime;

    pub(crate) const DECLARED: &str = r#"
        code = "131121"
        name = "世田谷区"
        kana = "せたがやく"
        roman_name = "Setagaya City"
        prefecture = "東京都"
        head_title = "世田谷区長"
        head_title_english = "Mayor of Setagaya City"
        fee_yen = 120
        opens_at = "06:30"
        closes_at = "23:00"
        channels = ["kiosk"]
    "#;

    fn load(folder_name: &str, text: &str) -> Result<Municipalities, DeclarationError> {
        let folder = tempfile::tempdir().unwrap();
        let own = folder.path().join(folder_name);
        std::fs::create_dir(&own).unwrap();
        std::fs::write(own.join(DECLARATION), text).unwrap();
        Municipalities::load(folder.path())
    }

    fn declared() -> Municipality {
        let all = load("131121", DECLARED).unwrap();
        all.iter().next().unwrap().clone()
    }

    #[test]
    fn hours_are_japans_and_include_the_last_minute() {
        let municipality = declared();
        assert!(!municipality.is_open(datetime!(2026-01-01 06:29:59 +9)));
        assert!(municipality.is_open(datetime!(2026-01-01 06:30 +9)));
        assert!(municipality.is_open(datetime!(2026-01-01 14:00:59 UTC)));
        assert!(!municipality.is_open(datetime!(2026-01-01 14:01 UTC)));
    }

    #[test]
    fn only_declared_channels_are_on() {
        assert!(declared().issues_through(Channel::Kiosk));
        assert!(!declared().issues_through(Channel::Phone));
        assert!(!declared().issues_through(Channel::Counter));
    }

    #[test]
    fn a_declaration_in_anothers_folder_is_refused() {
        let refused = load("122271", DECLARED);
        assert!(matches!(refused, Err(DeclarationError::OtherCode(_))));
    }

    #[test]
    fn wrong_hours_and_unknown_keys_are_refused() {
        let refused = load("131121", &DECLARED.replace("23:00", "05:00"));
        assert!(matches!(refused, Err(DeclarationError::Hours(_))));
        for (from, to) in [("06:30", "6:30"), ("23:00", "24:00"), ("kana", "kanna")] {
            let refused = load("131121", &DECLARED.replace(from, to));
            assert!(
                matches!(refused, Err(DeclarationError::Unreadable(_))),
                "{to}"
            );
        }
    }

    #[test]
    fn the_address_names_a_municipality_that_takes_part() {
        let all = load("131121", DECLARED).unwrap();
        for address in ["東京都世田谷区世田谷4-21-27", "世田谷区世田谷4-21-27"] {
            let found = all.of_address(address, Channel::Kiosk);
            assert_eq!(found.map(|one| one.code.as_str()), Some("131121"));
        }
        assert!(all.of_address("東京都港区", Channel::Kiosk).is_none());
        assert!(all.of_address("東京都世田谷区", Channel::Phone).is_none());
    }
}
