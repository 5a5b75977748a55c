//! The payload of a SMART Health Card: a credential around a FHIR bundle (FHIR R4, profiles
//! `shc-vaccination`, Data Minimisation: no `id`, `meta`, `text`, `display`, no empty arrays).

use serde::Serialize;
use time::OffsetDateTime;

use domain::RevocationId;

use super::IssuerUrl;
use crate::dose::to_iso;
use crate::model::{Certificate, CertifiedDose, Holder};

/// System of the vaccine codes.
pub(super) const CVX_SYSTEM: &str = "http://hl7.org/fhir/sid/cvx";
/// Types of the credential: SHC's own, and its two kinds.
pub(super) const HEALTH_CARD: &str = "https://smarthealth.cards#health-card";
const IMMUNIZATION: &str = "https://smarthealth.cards#immunization";
/// For older readers, which know no other disease.
const COVID19: &str = "https://smarthealth.cards#covid19";
/// ICD-11 code of COVID-19, as the product table has it.
const COVID19_ICD11: &str = "RA01.0";
/// Who performed the immunization, as the Japanese issuer writes it.
const PERFORMER: &str = "MHLW_Gov_of_JAPAN";

/// What issuing adds to the certificate.
#[derive(Debug, Clone, Copy)]
pub struct IssueFacts<'a> {
    /// `iss`.
    pub issuer: &'a IssuerUrl,
    /// `nbf`: the moment of issue, written in whole seconds.
    pub not_before: OffsetDateTime,
    /// `exp`, where the card ends by itself.
    pub expires: Option<OffsetDateTime>,
    /// `vc.rid`, by which the card can be revoked.
    pub revocation_id: Option<&'a RevocationId>,
}

/// The minified JSON of a card with the certificate's newest so many doses.
///
/// Names: [`Holder::names`], in that order.
#[must_use]
pub fn payload(certificate: &Certificate, newest_doses: usize, facts: &IssueFacts<'_>) -> Vec<u8> {
    let skipped = certificate.doses.len().saturating_sub(newest_doses);
    let doses = &certificate.doses[skipped..];
    let mut entry = vec![Entry {
        full_url: "resource:0".to_owned(),
        resource: patient(&certificate.holder),
    }];
    entry.extend(doses.iter().enumerate().map(|(at, dose)| Entry {
        full_url: format!("resource:{}", at + 1),
        resource: immunization(dose),
    }));
    let mut types = vec![HEALTH_CARD, IMMUNIZATION];
    if doses
        .iter()
        .any(|dose| dose.product.icd11_disease == COVID19_ICD11)
    {
        types.push(COVID19);
    }
    let card = Card {
        iss: facts.issuer.as_str(),
        nbf: facts.not_before.unix_timestamp(),
        exp: facts.expires.map(OffsetDateTime::unix_timestamp),
        vc: Credential {
            types,
            subject: Subject {
                fhir_version: "4.0.1",
                bundle: Bundle {
                    resource_type: "Bundle",
                    kind: "collection",
                    entry,
                },
            },
            rid: facts.revocation_id.map(RevocationId::as_str),
        },
    };
    serde_json::to_vec(&card).expect("texts and numbers without maps always serialise")
}

fn patient(holder: &Holder) -> Resource<'_> {
    Resource::Patient {
        name: holder.names().map(human_name).collect(),
        birth_date: holder.birth_date.to_iso(),
    }
}

fn human_name<'a>((family, given): (&'a str, Option<&'a str>)) -> HumanName<'a> {
    HumanName {
        family: family.trim(),
        given: given.into_iter().collect(),
    }
}

fn immunization(dose: &CertifiedDose) -> Resource<'_> {
    Resource::Immunization {
        status: "completed",
        vaccine_code: Concept {
            coding: [Coding {
                system: CVX_SYSTEM,
                code: dose.product.cvx_code(),
            }],
        },
        patient: Reference {
            reference: "resource:0",
        },
        occurrence: to_iso(dose.date),
        lot_number: Some(dose.lot.as_str()).filter(|lot| !lot.is_empty()),
        performer: [Performer {
            actor: Actor { display: PERFORMER },
        }],
    }
}

#[derive(Serialize)]
struct Card<'a> {
    iss: &'a str,
    nbf: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    exp: Option<i64>,
    vc: Credential<'a>,
}

#[derive(Serialize)]
struct Credential<'a> {
    #[serde(rename = "type")]
    types: Vec<&'static str>,
    #[serde(rename = "credentialSubject")]
    subject: Subject<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rid: Option<&'a str>,
}

#[derive(Serialize)]
struct Subject<'a> {
    #[serde(rename = "fhirVersion")]
    fhir_version: &'static str,
    #[serde(rename = "fhirBundle")]
    bundle: Bundle<'a>,
}

#[derive(Serialize)]
struct Bundle<'a> {
    #[serde(rename = "resourceType")]
    resource_type: &'static str,
    #[serde(rename = "type")]
    kind: &'static str,
    entry: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Entry<'a> {
    #[serde(rename = "fullUrl")]
    full_url: String,
    resource: Resource<'a>,
}

#[derive(Serialize)]
#[serde(tag = "resourceType")]
enum Resource<'a> {
    Patient {
        name: Vec<HumanName<'a>>,
        #[serde(rename = "birthDate")]
        birth_date: String,
    },
    Immunization {
        status: &'static str,
        #[serde(rename = "vaccineCode")]
        vaccine_code: Concept,
        patient: Reference,
        #[serde(rename = "occurrenceDateTime")]
        occurrence: String,
        #[serde(rename = "lotNumber", skip_serializing_if = "Option::is_none")]
        lot_number: Option<&'a str>,
        performer: [Performer; 1],
    },
}

#[derive(Serialize)]
struct HumanName<'a> {
    family: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    given: Vec<&'a str>,
}

#[derive(Serialize)]
struct Concept {
    coding: [Coding; 1],
}

#[derive(Serialize)]
struct Coding {
    system: &'static str,
    code: String,
}

#[derive(Serialize)]
struct Reference {
    reference: &'static str,
}

#[derive(Serialize)]
struct Performer {
    actor: Actor,
}

#[derive(Serialize)]
struct Actor {
    display: &'static str,
}
