//! Verifying a SMART Health Card, one error for each step.
//!
//! The signature is checked before anything is inflated: only what a trusted key signed is ever
//! decompressed or parsed.

use domain::{BirthDate, PersonName, RevocationId};
use serde::Deserialize;
use time::OffsetDateTime;

use super::credential::{Card, Entry, HumanName};
use super::deflate::{self, InflateError};
use super::payload::{CVX_SYSTEM, HEALTH_CARD};
use super::{IssuerUrl, Jwk, Jwks, Jws, RevocationList};
use crate::dose::{DoseOnCode, from_iso};
use crate::holder::HolderOnCode;
use crate::{base64url, products};

/// An issuer whose cards are believed.
#[derive(Debug, Clone)]
pub struct TrustedIssuer {
    /// Its address, which `iss` must be.
    pub url: IssuerUrl,
    /// Its keys.
    pub keys: Jwks,
    /// What is known of revoked cards.
    pub revocation: RevocationCheck,
}

/// Whether revocation is checked.
#[derive(Debug, Clone)]
pub enum RevocationCheck {
    /// Against these lists. A card with a revocation id whose key says it has a list
    /// (`crlVersion`) is refused without that list or a newer one.
    Lists(Vec<RevocationList>),
    /// Not at all: for what was issued this very moment.
    NotChecked,
}

/// A card that holds.
#[derive(Debug, Clone)]
pub struct VerifiedShc {
    /// Whose it is.
    pub holder: HolderOnCode,
    /// The doses, in the card's order.
    pub doses: Vec<DoseOnCode>,
    /// `nbf`: when it was issued.
    pub not_before: OffsetDateTime,
    /// `rid`.
    pub revocation_id: Option<RevocationId>,
}

/// Why a card does not hold. The first step that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ShcError {
    /// The header is not exactly `zip`, `alg`, `kid`.
    #[error("the header is malformed")]
    Header,
    /// `alg` is not ES256.
    #[error("the algorithm is not ES256")]
    Algorithm,
    /// `zip` is not DEF.
    #[error("the payload is not compressed by DEF")]
    Compression,
    /// No key of the issuer has this id.
    #[error("the issuer has no key of this id")]
    UnknownKey,
    /// The signature does not hold.
    #[error("the signature does not hold")]
    Signature,
    /// The payload is no DEFLATE stream.
    #[error("the payload does not inflate")]
    Inflate,
    /// The payload inflates to more than 64 kB.
    #[error("the payload inflates to more than {limit} bytes")]
    PayloadTooLong {
        /// The most that is inflated.
        limit: usize,
    },
    /// The payload is no JSON of a health card.
    #[error("the payload is malformed at column {column}")]
    Payload {
        /// Where, in bytes.
        column: usize,
    },
    /// `iss` is another issuer.
    #[error("the card names another issuer")]
    Issuer,
    /// `nbf` lies in the future.
    #[error("the card is not valid yet")]
    NotYetValid,
    /// `exp` lies in the past.
    #[error("the card has expired")]
    Expired,
    /// `nbf` or `exp` is no moment of this calendar.
    #[error("a time of the card is out of range")]
    Time,
    /// Not a health card, or not FHIR 4.0.1.
    #[error("the credential is no health card of FHIR 4.0.1")]
    Type,
    /// `rid` is no revocation id.
    #[error("the revocation id is malformed")]
    RevocationId,
    /// The key's revocation list is missing or older than the key says.
    #[error("the revocation list of the key is missing or outdated")]
    RevocationListMissing,
    /// The card was revoked.
    #[error("the card was revoked")]
    Revoked,
    /// Not exactly one patient, first, with a name and a birth date.
    #[error("the card's patient is malformed")]
    Patient,
    /// A dose that is malformed, not completed, or somebody else's.
    #[error("dose {0} of the card, from 0, is malformed")]
    Dose(usize),
}

/// Verifies a card.
///
/// # Errors
/// [`ShcError`]: the first step that failed.
pub fn verify(
    jws: &Jws,
    issuer: &TrustedIssuer,
    now: OffsetDateTime,
) -> Result<VerifiedShc, ShcError> {
    let key = signed_by(jws, &issuer.keys)?;
    let card = card(jws)?;
    if card.iss != issuer.url.as_str() {
        return Err(ShcError::Issuer);
    }
    let not_before = valid_since(&card, now)?;
    let is_health_card = card.vc.types.iter().any(|kind| kind == HEALTH_CARD);
    if !is_health_card || card.vc.subject.fhir_version != "4.0.1" {
        return Err(ShcError::Type);
    }
    let revocation_id = card.vc.rid.as_deref().map(RevocationId::parse).transpose();
    let revocation_id = revocation_id.map_err(|_| ShcError::RevocationId)?;
    if let Some(id) = &revocation_id {
        not_revoked(id, not_before, key, &issuer.revocation)?;
    }
    let (patient, doses) = card
        .vc
        .subject
        .bundle
        .entry
        .split_first()
        .ok_or(ShcError::Patient)?;
    let holder = holder(patient).ok_or(ShcError::Patient)?;
    let doses = doses.iter().enumerate();
    let doses = doses.map(|(at, entry)| dose(entry, &patient.full_url).ok_or(ShcError::Dose(at)));
    Ok(VerifiedShc {
        holder,
        doses: doses.collect::<Result<_, _>>()?,
        not_before,
        revocation_id,
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    zip: String,
    alg: String,
    kid: String,
}

fn signed_by<'k>(jws: &Jws, keys: &'k Jwks) -> Result<&'k Jwk, ShcError> {
    let header = base64url::decode(jws.header()).ok_or(ShcError::Header)?;
    let header: Header = serde_json::from_slice(&header).map_err(|_| ShcError::Header)?;
    if header.alg != "ES256" {
        return Err(ShcError::Algorithm);
    }
    if header.zip != "DEF" {
        return Err(ShcError::Compression);
    }
    let key = keys.find(&header.kid).ok_or(ShcError::UnknownKey)?;
    let signature = base64url::decode(jws.signature()).ok_or(ShcError::Signature)?;
    key.key()
        .verify(jws.signed().as_bytes(), &signature)
        .map_err(|_| ShcError::Signature)?;
    Ok(key)
}

fn card(jws: &Jws) -> Result<Card, ShcError> {
    let compressed = base64url::decode(jws.payload()).ok_or(ShcError::Inflate)?;
    let payload = deflate::inflate(&compressed).map_err(|error| match error {
        InflateError::Malformed => ShcError::Inflate,
        InflateError::TooLong => ShcError::PayloadTooLong {
            limit: deflate::LONGEST_PAYLOAD,
        },
    })?;
    serde_json::from_slice(&payload).map_err(|error| ShcError::Payload {
        column: error.column(),
    })
}

fn valid_since(card: &Card, now: OffsetDateTime) -> Result<OffsetDateTime, ShcError> {
    // NumericDate may have a fraction (RFC 7519, section 2): some issuers write one.
    let moment = |seconds: f64| {
        OffsetDateTime::from_unix_timestamp(seconds as i64).map_err(|_| ShcError::Time)
    };
    let not_before = moment(card.nbf)?;
    if now < not_before {
        return Err(ShcError::NotYetValid);
    }
    match card.exp.map(moment).transpose()? {
        Some(expires) if now >= expires => Err(ShcError::Expired),
        Some(_) | None => Ok(not_before),
    }
}

fn not_revoked(
    id: &RevocationId,
    not_before: OffsetDateTime,
    key: &Jwk,
    check: &RevocationCheck,
) -> Result<(), ShcError> {
    let RevocationCheck::Lists(lists) = check else {
        return Ok(());
    };
    let list = lists.iter().find(|list| list.key == *key.id());
    match (list, key.revocation_counter()) {
        (None, None) => Ok(()),
        (None, Some(_)) => Err(ShcError::RevocationListMissing),
        (Some(list), Some(counter)) if list.counter < counter => {
            Err(ShcError::RevocationListMissing)
        }
        (Some(list), Some(_) | None) if list.revokes(id, not_before) => Err(ShcError::Revoked),
        (Some(_), Some(_) | None) => Ok(()),
    }
}

fn holder(entry: &Entry) -> Option<HolderOnCode> {
    let patient = &entry.resource;
    if patient.resource_type != "Patient" || patient.name.is_empty() {
        return None;
    }
    let name = |name: &HumanName| {
        let given = name.given.join(" ");
        let whole = match (&name.family, given.as_str()) {
            (Some(family), "") => family.clone(),
            (Some(family), given) => format!("{family}\u{3000}{given}"),
            (None, given) => given.to_owned(),
        };
        PersonName::parse(whole).ok()
    };
    let birth_date = from_iso(patient.birth_date.as_deref()?)?;
    Some(HolderOnCode::new(
        patient.name.iter().map(name).collect::<Option<_>>()?,
        BirthDate::from_date(birth_date),
    ))
}

fn dose(entry: &Entry, patient_url: &str) -> Option<DoseOnCode> {
    let dose = &entry.resource;
    let is_theirs = dose.resource_type == "Immunization"
        && dose.status.as_deref() == Some("completed")
        && dose.patient.as_ref()?.reference == patient_url;
    if !is_theirs {
        return None;
    }
    let coding = &dose.vaccine_code.as_ref()?.coding;
    let cvx = coding.iter().find(|coding| coding.system == CVX_SYSTEM);
    let code = cvx.or(coding.first())?.code.clone();
    Some(DoseOnCode {
        number: None,
        date: from_iso(dose.occurrence.as_deref()?)?,
        product: cvx
            .and_then(|coding| coding.code.parse().ok())
            .and_then(products::by_cvx),
        code,
        lot: dose.lot_number.clone(),
    })
}
