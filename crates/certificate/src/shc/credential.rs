//! A card's payload as it is read. Members that are not named here are ignored: an issuer may
//! carry more than a verifier needs. Only `verify` makes and reads these, after the signature.

use serde::Deserialize;

#[derive(Deserialize)]
pub(super) struct Card {
    pub(super) iss: String,
    pub(super) nbf: f64,
    pub(super) exp: Option<f64>,
    pub(super) vc: Credential,
}

#[derive(Deserialize)]
pub(super) struct Credential {
    #[serde(rename = "type")]
    pub(super) types: Vec<String>,
    #[serde(rename = "credentialSubject")]
    pub(super) subject: Subject,
    pub(super) rid: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Subject {
    #[serde(rename = "fhirVersion")]
    pub(super) fhir_version: String,
    #[serde(rename = "fhirBundle")]
    pub(super) bundle: Bundle,
}

#[derive(Deserialize)]
pub(super) struct Bundle {
    pub(super) entry: Vec<Entry>,
}

#[derive(Deserialize)]
pub(super) struct Entry {
    #[serde(rename = "fullUrl")]
    pub(super) full_url: String,
    pub(super) resource: Resource,
}

#[derive(Deserialize)]
pub(super) struct Resource {
    #[serde(rename = "resourceType")]
    pub(super) resource_type: String,
    #[serde(default)]
    pub(super) name: Vec<HumanName>,
    #[serde(rename = "birthDate")]
    pub(super) birth_date: Option<String>,
    pub(super) status: Option<String>,
    #[serde(rename = "vaccineCode")]
    pub(super) vaccine_code: Option<Concept>,
    pub(super) patient: Option<Reference>,
    #[serde(rename = "occurrenceDateTime")]
    pub(super) occurrence: Option<String>,
    #[serde(rename = "lotNumber")]
    pub(super) lot_number: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct HumanName {
    pub(super) family: Option<String>,
    #[serde(default)]
    pub(super) given: Vec<String>,
}

#[derive(Deserialize)]
pub(super) struct Concept {
    pub(super) coding: Vec<Coding>,
}

#[derive(Deserialize)]
pub(super) struct Coding {
    pub(super) system: String,
    pub(super) code: String,
}

#[derive(Deserialize)]
pub(super) struct Reference {
    pub(super) reference: String,
}
