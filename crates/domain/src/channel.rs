//! Through which channel a resident applies, and in which language.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A channel through which certificates are issued.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Channel {
    /// A kiosk at a store.
    Kiosk,
    /// A resident's phone, through the relay.
    Phone,
    /// The municipal counter (窓口).
    Counter,
}

impl Channel {
    /// The stable name in messages, settings and records.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Kiosk => "kiosk",
            Self::Phone => "phone",
            Self::Counter => "counter",
        }
    }
}

/// Who a kiosk or a phone is: SHA-256 of its public key's DER `SubjectPublicKeyInfo`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ChannelId(pub [u8; 32]);

impl fmt::Display for ChannelId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for ChannelId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ChannelId({self})")
    }
}

impl ChannelId {
    /// Its short form, for people to compare.
    #[must_use]
    pub fn fingerprint(self) -> KeyFingerprint {
        let mut short = [0; 10];
        short.copy_from_slice(&self.0[..10]);
        KeyFingerprint(short)
    }
}

/// The first 80 bits of a [`ChannelId`], as `a1b2-c3d4-e5f6-0718-293a`: short enough to be read out
/// on the telephone, long enough that nobody makes a key to match it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyFingerprint([u8; 10]);

/// Not 20 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a key's fingerprint is 20 hexadecimal digits, as the kiosk shows them")]
pub struct InvalidFingerprint;

impl fmt::Display for KeyFingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, pair) in self.0.chunks(2).enumerate() {
            let dash = if number == 0 { "" } else { "-" };
            f.write_str(dash)?;
            pair.iter().try_for_each(|byte| write!(f, "{byte:02x}"))?;
        }
        Ok(())
    }
}

impl std::str::FromStr for KeyFingerprint {
    type Err = InvalidFingerprint;

    /// Takes it as it is shown, and as people type it: in capitals, with spaces or without dashes.
    fn from_str(text: &str) -> Result<Self, InvalidFingerprint> {
        let digits: Vec<u8> = text
            .chars()
            .filter(|character| !matches!(character, '-' | ' '))
            .map(|character| {
                character
                    .to_digit(16)
                    .and_then(|digit| u8::try_from(digit).ok())
            })
            .collect::<Option<_>>()
            .ok_or(InvalidFingerprint)?;
        let digits: [u8; 20] = digits.try_into().map_err(|_| InvalidFingerprint)?;
        let mut bytes = [0; 10];
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks(2)) {
            *byte = pair[0] << 4 | pair[1];
        }
        Ok(Self(bytes))
    }
}

/// A version of the terms of use, as the server names it: 1 to 32 printable ASCII characters.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TermsVersion(String);

impl TermsVersion {
    /// Takes 1 to 32 printable ASCII characters; `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        ((1..=32).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic()))
            .then(|| Self(text.to_owned()))
    }

    /// The version's name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for TermsVersion {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("a terms version is 1 to 32 printable ASCII characters")
    }
}

impl From<TermsVersion> for String {
    fn from(version: TermsVersion) -> Self {
        version.0
    }
}

/// A language in which residents read. BCP 47 tags; easy Japanese (やさしい日本語) is
/// `ja-x-easy`, as no registered subtag exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Language {
    /// 日本語
    Japanese,
    /// やさしい日本語
    EasyJapanese,
    /// English
    English,
    /// 简体中文
    SimplifiedChinese,
    /// 한국어
    Korean,
    /// Tiếng Việt
    Vietnamese,
    /// Português
    Portuguese,
}

/// A tag that names none of the languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no such language: ja, ja-x-easy, en, zh-Hans, ko, vi or pt")]
pub struct InvalidLanguage;

impl Language {
    /// Every language.
    pub const ALL: [Self; 7] = [
        Self::Japanese,
        Self::EasyJapanese,
        Self::English,
        Self::SimplifiedChinese,
        Self::Korean,
        Self::Vietnamese,
        Self::Portuguese,
    ];

    /// The BCP 47 tag.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Japanese => "ja",
            Self::EasyJapanese => "ja-x-easy",
            Self::English => "en",
            Self::SimplifiedChinese => "zh-Hans",
            Self::Korean => "ko",
            Self::Vietnamese => "vi",
            Self::Portuguese => "pt",
        }
    }

    /// The language of a tag.
    ///
    /// # Errors
    /// [`InvalidLanguage`].
    pub fn parse(tag: &str) -> Result<Self, InvalidLanguage> {
        Self::ALL
            .into_iter()
            .find(|language| language.tag() == tag)
            .ok_or(InvalidLanguage)
    }
}

impl std::str::FromStr for Language {
    type Err = InvalidLanguage;

    fn from_str(tag: &str) -> Result<Self, Self::Err> {
        Self::parse(tag)
    }
}

impl TryFrom<String> for Language {
    type Error = InvalidLanguage;

    fn try_from(tag: String) -> Result<Self, Self::Error> {
        Self::parse(&tag)
    }
}

impl From<Language> for String {
    fn from(language: Language) -> Self {
        language.tag().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_is_taken_as_it_is_shown_and_as_people_type_it() {
        let fingerprint = ChannelId([0xa7; 32]).fingerprint();
        let shown = "a7a7-a7a7-a7a7-a7a7-a7a7";
        assert_eq!(fingerprint.to_string(), shown);
        for typed in [shown, "A7A7 A7A7 A7A7 A7A7 A7A7", "a7a7a7a7a7a7a7a7a7a7"] {
            assert_eq!(typed.parse(), Ok(fingerprint));
        }
        for bad in [
            "",
            "a7a7",
            &shown[1..],
            "g7a7-a7a7-a7a7-a7a7-a7a7",
            "a7a7a7a7a7a7a7a7a7a7a7",
        ] {
            assert_eq!(bad.parse::<KeyFingerprint>(), Err(InvalidFingerprint));
        }
        assert_ne!("a7a7-a7a7-a7a7-a7a7-a7a8".parse(), Ok(fingerprint));
    }

    #[test]
    fn every_tag_is_its_language() {
        for language in Language::ALL {
            assert_eq!(Language::parse(language.tag()), Ok(language));
        }
        assert_eq!(Language::parse("tlh"), Err(InvalidLanguage));
    }
}
