//! What a municipality can issue, the order, and what became of it.

use domain::{CertificateId, CertificateKind, MunicipalityCode, Redacted, Yen};
use serde::{Deserialize, Serialize};

use crate::bytes::{Bytes, FixedBytes};

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
#[serde(tag = "result", rename_all = "kebab-case", try_from = "WrittenOffer")]
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
#[serde(
    tag = "state",
    rename_all = "kebab-case",
    try_from = "WrittenAvailability"
)]
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

// serde's own reading of tagged enums lets unknown members of a variant without any pass, so
// both enums above are read from flat forms that refuse them.

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenOffer {
    result: OfferResult,
    kinds: Option<Vec<OfferedKind>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum OfferResult {
    Available,
    NotHere,
}

impl TryFrom<WrittenOffer> for OfferReply {
    type Error = &'static str;

    fn try_from(written: WrittenOffer) -> Result<Self, Self::Error> {
        match (written.result, written.kinds) {
            (OfferResult::Available, Some(kinds)) => Ok(Self::Available { kinds }),
            (OfferResult::NotHere, None) => Ok(Self::NotHere),
            (OfferResult::Available, None) => Err("an offer without kinds"),
            (OfferResult::NotHere, Some(_)) => Err("kinds without an offer"),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenAvailability {
    state: AvailabilityState,
    fee: Option<Yen>,
    doses: Option<u8>,
    doses_in_code: Option<u8>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum AvailabilityState {
    Offered,
    PassportNotRegistered,
}

impl TryFrom<WrittenAvailability> for Availability {
    type Error = &'static str;

    fn try_from(written: WrittenAvailability) -> Result<Self, Self::Error> {
        let details = (written.fee, written.doses, written.doses_in_code);
        match (written.state, details) {
            (AvailabilityState::Offered, (Some(fee), Some(doses), Some(doses_in_code))) => {
                Ok(Self::Offered {
                    fee,
                    doses,
                    doses_in_code,
                })
            }
            (AvailabilityState::PassportNotRegistered, (None, None, None)) => {
                Ok(Self::PassportNotRegistered)
            }
            (AvailabilityState::Offered, _) => Err("an offer without fee or doses"),
            (AvailabilityState::PassportNotRegistered, _) => Err("details without an offer"),
        }
    }
}

/// How many printed copies: 1 to 5.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Copies(u8);

impl Copies {
    /// One, and always one from a phone.
    pub const ONE: Self = Self(1);
    /// The most that are printed for one order.
    pub const MOST: Self = Self(5);

    /// Takes 1 to 5; `None` for anything else.
    #[must_use]
    pub fn new(copies: u8) -> Option<Self> {
        (Self::ONE.0..=Self::MOST.0)
            .contains(&copies)
            .then_some(Self(copies))
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> u8 {
        self.0
    }
}

impl TryFrom<u8> for Copies {
    type Error = &'static str;

    fn try_from(copies: u8) -> Result<Self, Self::Error> {
        Self::new(copies).ok_or("copies are 1 to 5")
    }
}

impl From<Copies> for u8 {
    fn from(copies: Copies) -> Self {
        copies.0
    }
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
    /// Number of printed copies; [`Copies::ONE`] from a phone.
    pub copies: Copies,
    /// The fee shown to and paid by the resident: an order is refused where the fee changed.
    pub fee: Yen,
    /// 16 random bytes: the same order again gets the same certificate.
    pub idempotency_key: FixedBytes<16>,
}

/// The certificate. Reply to `order`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrderReply {
    /// Its id.
    pub certificate_id: CertificateId,
    /// To a kiosk: the A4 page, PDF.
    #[serde(with = "super::exposed_option")]
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
    #[serde(with = "super::exposed_option")]
    pub vds_nc: Option<Redacted<String>>,
    /// The VDS-NC for the QR code, JSON; for use abroad only.
    #[serde(with = "super::exposed_option")]
    pub vds_nc_code: Option<Redacted<String>>,
}

/// How it went. Call `outcome`.
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

/// The outcome is recorded. Reply to `outcome`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OutcomeRecorded {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offers_are_read_strictly() {
        let not_here: OfferReply = serde_json::from_str(r#"{"result":"not-here"}"#).unwrap();
        assert_eq!(not_here, OfferReply::NotHere);
        for bad in [
            r#"{"result":"not-here","kinds":[]}"#,
            r#"{"result":"not-here","x":1}"#,
            r#"{"result":"not-here","result":"not-here"}"#,
            r#"{"result":"available"}"#,
            r#"{"result":"protected"}"#,
            r#"{"kinds":[]}"#,
        ] {
            assert!(serde_json::from_str::<OfferReply>(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn availability_is_read_strictly() {
        let offered = Availability::Offered {
            fee: Yen(120),
            doses: 7,
            doses_in_code: 4,
        };
        for availability in [offered, Availability::PassportNotRegistered] {
            let json = serde_json::to_string(&availability).unwrap();
            assert_eq!(
                serde_json::from_str::<Availability>(&json).unwrap(),
                availability
            );
        }
        for bad in [
            r#"{"state":"offered","fee":120,"doses":7}"#,
            r#"{"state":"offered","fee":120,"doses":7,"doses_in_code":256}"#,
            r#"{"state":"passport-not-registered","fee":120}"#,
            r#"{"state":"passport-not-registered","x":120}"#,
        ] {
            assert!(serde_json::from_str::<Availability>(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn copies_are_one_to_five() {
        for copies in 0..=u8::MAX {
            let parsed = serde_json::from_str::<Copies>(&copies.to_string());
            assert_eq!(parsed.is_ok(), (1..=5).contains(&copies), "{copies}");
        }
    }
}
