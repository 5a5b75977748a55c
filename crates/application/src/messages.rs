//! The messages inside the seal, one pair for each call. JSON; binary fields base64url without
//! padding; every text and list bounded by the sealed message's size (see `limits`).

use domain::{
    CertificateId, CertificateKind, Language, MunicipalityCode, Redacted, TermsVersion, Yen,
};
use serde::{Deserialize, Serialize};

use crate::bytes::Bytes;

/// What the channel needs before anybody agrees to anything. Call `open`, no request body.
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

/// A challenge for the card to sign. Call `challenge`, no request body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChallengeReply {
    /// 32 random bytes, good once, for this channel only.
    pub challenge: Bytes,
    /// How long it is good, in seconds.
    pub valid_seconds: u16,
}

/// What the card gave, what it signed, and what its holder agreed to. Call `apply`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApplyRequest {
    /// The files of the card, as read.
    pub signed_basic_information: SignedBasicInformationFiles,
    /// The challenge that was signed.
    pub challenge: Bytes,
    /// The card's signature over the presence digest, 256 bytes; `None` only where the server
    /// is set to `accept_without_presence`.
    pub presence_signature: Option<Bytes>,
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

/// More time, within fifteen minutes of the application. Call `extend`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExtendRequest {
    /// The ticket to be extended.
    pub ticket: Bytes,
}

/// What can this municipality issue? Call `offer`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfferRequest {
    /// The holder's ticket.
    pub ticket: Bytes,
    /// The municipality that the resident named.
    pub municipality: MunicipalityCode,
}

/// The reply to `offer`: padded, so that neither length tells one from the other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "result", rename_all = "kebab-case", deny_unknown_fields)]
pub enum OfferReply {
    /// These kinds, each with what it takes.
    Available {
        /// One entry for each kind.
        kinds: Vec<OfferedKind>,
    },
    /// Not here: please ask the counter. One and the same for not found, no doses, protected,
    /// mismatch and missing glyph (domain rule 7).
    NotHere,
}

/// One kind of certificate in an offer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfferedKind {
    /// The kind.
    pub kind: CertificateKind,
    /// Whether it can be had now, and for what.
    pub availability: Availability,
}

/// Whether a kind can be had.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Availability {
    /// It can.
    Offered {
        /// The fee; ¥0 where a print of it failed before (domain rule 6).
        fee: Yen,
        /// Number of doses it will list.
        doses: u8,
        /// Number of those doses that the code holds: fewer where a code cannot hold all.
        doses_in_code: u8,
    },
    /// Use abroad needs a passport registered by app or counter (domain rule 4).
    PassportNotRegistered,
}

/// Issue one. Call `order`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrderRequest {
    /// The holder's ticket.
    pub ticket: Bytes,
    /// The municipality.
    pub municipality: MunicipalityCode,
    /// The kind.
    pub kind: CertificateKind,
    /// Number of printed copies, 1 to 5; 1 from a phone.
    pub copies: u8,
    /// The fee shown to and paid by the resident: an order is refused where the fee changed.
    pub fee: Yen,
    /// 16 random bytes: the same order again gets the same certificate.
    pub idempotency_key: Bytes,
}

/// The certificate. Reply to `order`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrderReply {
    /// Its id.
    pub certificate_id: CertificateId,
    /// To a kiosk: the A4 page, PDF.
    #[serde(with = "exposed_option")]
    pub document: Option<Redacted<Bytes>>,
    /// To a phone: what it stores.
    pub credentials: Option<Credentials>,
}

/// What a phone stores.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Credentials {
    /// SMART Health Card with every dose, a compact JWS, for the `.smart-health-card` file.
    #[serde(with = "domain::exposed")]
    pub smart_health_card: Redacted<String>,
    /// The SMART Health Card for the QR code, a compact JWS of at most 1195 characters.
    #[serde(with = "domain::exposed")]
    pub smart_health_card_code: Redacted<String>,
    /// ICAO VDS-NC with every dose, JSON; for use abroad only.
    #[serde(with = "exposed_option")]
    pub vds_nc: Option<Redacted<String>>,
    /// The VDS-NC for the QR code, JSON; for use abroad only.
    #[serde(with = "exposed_option")]
    pub vds_nc_code: Option<Redacted<String>>,
}

/// How it went. Call `outcome`; the reply has no content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OutcomeReport {
    /// The holder's ticket.
    pub ticket: Bytes,
    /// The municipality that issued.
    pub municipality: MunicipalityCode,
    /// The certificate.
    pub certificate_id: CertificateId,
    /// What became of it.
    pub outcome: Outcome,
}

/// What became of a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Every page came out of the printer, or the phone stored it.
    Delivered,
    /// The printer failed, or the kiosk refused to print: it is issued again without a fee.
    NotDelivered,
}

/// [`domain::exposed`] for optional fields.
mod exposed_option {
    use domain::Redacted;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<T: Serialize, S: Serializer>(
        value: &Option<Redacted<T>>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        value.as_ref().map(Redacted::expose).serialize(serializer)
    }

    pub(super) fn deserialize<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Redacted<T>>, D::Error> {
        Option::<T>::deserialize(deserializer).map(|value| value.map(Redacted::new))
    }
}
