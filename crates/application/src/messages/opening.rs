//! Before anybody agrees to anything, and before the card signs.

use domain::{Language, MunicipalityCode, TermsVersion, Yen};
use serde::{Deserialize, Serialize};

use crate::bytes::FixedBytes;

/// Asks for terms and municipalities. Call `open`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenRequest {}

/// Asks for a challenge, after the PIN. Call `challenge`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChallengeRequest {}

/// What the channel needs before anybody agrees to anything. Reply to `open`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenReply {
    /// The terms in force, in each language they exist in.
    pub terms: Terms,
    /// The municipalities that take part through this channel.
    pub municipalities: Vec<ParticipatingMunicipality>,
    /// Whether what is issued is a specimen (見本): the issuer is a TEST issuer.
    pub specimen: bool,
}

/// The terms of use (利用規約).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    /// The version agreed to.
    pub version: TermsVersion,
    /// The text by language; Japanese is always there.
    pub texts: Vec<TermsText>,
}

/// The terms in one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TermsText {
    /// The language.
    pub language: Language,
    /// The text, paragraphs separated by empty lines.
    pub text: String,
}

/// A municipality that takes part (参加自治体).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ParticipatingMunicipality {
    /// Its code.
    pub code: MunicipalityCode,
    /// Its name, as printed: 「○○市」.
    pub name: String,
    /// Its name in kana, for finding it.
    pub kana: String,
    /// Its name in roman letters.
    pub roman_name: String,
    /// Its prefecture (都道府県).
    pub prefecture: String,
    /// Fee for one certificate through this channel.
    pub fee: Yen,
    /// Hours in Japan during which it issues through this channel, `HH:MM`, first and last
    /// minute; both `None`: at any hour.
    pub opens_at: Option<String>,
    /// See `opens_at`.
    pub closes_at: Option<String>,
    /// Whether it issues now, by the server's clock.
    pub open_now: bool,
}

/// A challenge for the card to sign. Reply to `challenge`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChallengeReply {
    /// 32 random bytes, good once, for this channel only.
    pub challenge: FixedBytes<32>,
    /// How long it is good, in seconds.
    pub valid_seconds: u16,
}
