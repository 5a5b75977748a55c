//! The card's files and its holder's consent, for a ticket.

use domain::{Language, MunicipalityCode, Redacted, TermsVersion};
use serde::{Deserialize, Serialize};

use crate::bytes::{Bytes, FixedBytes};

/// What the card gave, what it signed, and what its holder agreed to. Call `apply`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApplyRequest {
    /// The files of the card, as read.
    pub signed_basic_information: SignedBasicInformationFiles,
    /// The challenge that was signed.
    pub challenge: FixedBytes<32>,
    /// The card's signature over the presence digest; `None` only where the server is set to
    /// `accept_without_presence`.
    pub presence_signature: Option<FixedBytes<256>>,
    /// The consent.
    pub consent: Consent,
}

/// The elementary files of 券面事項入力補助AP that make up the signed basic information.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignedBasicInformationFiles {
    /// EF 0001, individual number, filler included.
    #[serde(with = "domain::exposed")]
    pub ef0001: Redacted<Bytes>,
    /// EF 0002, the four attributes.
    #[serde(with = "domain::exposed")]
    pub ef0002: Redacted<Bytes>,
    /// EF 0003, digests and signature.
    #[serde(with = "domain::exposed")]
    pub ef0003: Redacted<Bytes>,
    /// EF 0004, the issuer's card-verifiable certificate.
    #[serde(with = "domain::exposed")]
    pub ef0004: Redacted<Bytes>,
    /// EF 0007, the card's own key.
    #[serde(with = "domain::exposed")]
    pub ef0007: Redacted<Bytes>,
}

/// The resident agreed to these terms before the card was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Consent {
    /// The version agreed to.
    pub terms_version: TermsVersion,
    /// The language in which the terms were shown.
    pub language: Language,
    /// When, seconds since 1970 by the channel's clock.
    pub agreed_at: i64,
}

/// How long after the application the last extension of a ticket ends, in seconds.
pub const LONGEST_TICKET_SECONDS: u16 = 900;

/// The card holds. Reply to `apply`, and to `extend`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HolderTicket {
    /// The server's own sealed state: hand it back unread.
    pub ticket: Bytes,
    /// How long it is good, in seconds.
    pub valid_seconds: u16,
    /// The municipality of the address on the card, where it takes part: to be named first.
    pub suggested_municipality: Option<MunicipalityCode>,
}

/// More time, within [`LONGEST_TICKET_SECONDS`] of the application. Call `extend`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExtendRequest {
    /// The ticket to be extended.
    pub ticket: Bytes,
}
