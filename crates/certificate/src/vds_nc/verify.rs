//! Verifying a VDS-NC, one error for each step.

use domain::{BirthDate, PersonName, Redacted};
use serde::Deserialize;
use time::OffsetDateTime;

use super::{BarcodeSigner, Csca, InvalidBarcodeSigner, NotIssuedBy, VdsNc};
use crate::dose::{DoseOnCode, from_iso};
use crate::holder::HolderOnCode;
use crate::{base64url, products};

/// A VDS-NC that holds.
#[derive(Debug, Clone)]
pub struct VerifiedVdsNc {
    /// Whose it is, by the roman name.
    pub holder: HolderOnCode,
    /// The passport's number.
    pub passport_number: Redacted<String>,
    /// `uvci`: the certificate's id.
    pub certificate_id: String,
    /// The doses, in the object's order.
    pub doses: Vec<DoseOnCode>,
}

/// Why a VDS-NC does not hold. The first step that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VdsNcError {
    /// `sig` is not of `alg`, `cer` and `sigvl`.
    #[error("the signature's object is malformed")]
    SignatureObject,
    /// `alg` is not ES256.
    #[error("the algorithm is not ES256")]
    Algorithm,
    /// `cer` is not base64url.
    #[error("the certificate is not base64url")]
    CertificateText,
    /// `cer` is no barcode signer's certificate.
    #[error("the signer: {0}")]
    Signer(#[from] InvalidBarcodeSigner),
    /// None of the trusted CSCAs issued it.
    #[error("no trusted CSCA issued the signer's certificate")]
    UnknownCsca,
    /// The CSCA's signature of it does not hold.
    #[error("the CSCA's signature of the signer's certificate does not hold")]
    SignerSignature,
    /// The CSCA's certificate does not hold now.
    #[error("the CSCA's certificate is not valid now")]
    CscaNotValid,
    /// The signer's certificate does not hold now.
    #[error("the signer's certificate is not valid now")]
    SignerNotValid,
    /// `cer` is not the certificate of the signer that was asked for.
    #[error("the certificate is another signer's")]
    OtherSigner,
    /// `sigvl` is no ES256 signature of the data by the signer.
    #[error("the signature does not hold")]
    Signature,
    /// The data is not in the form of `icao.vacc`.
    #[error("the data is malformed")]
    Data,
    /// Not `icao.vacc` version 1.
    #[error("the data is of another type or version")]
    Type,
    /// The issuing state is not Japan, or not the signer's.
    #[error("the issuing state is not the signer's, or not Japan")]
    State,
    /// The holder's name or birth date is malformed.
    #[error("the holder is malformed")]
    Holder,
    /// A dose is malformed.
    #[error("dose {0}, from 0, is malformed")]
    Dose(usize),
}

/// Verifies an object against the trusted CSCAs.
///
/// # Errors
/// [`VdsNcError`]: the first step that failed.
pub fn verify(
    object: &VdsNc,
    cscas: &[Csca],
    now: OffsetDateTime,
) -> Result<VerifiedVdsNc, VdsNcError> {
    let signature = Signature::of(object)?;
    let signer = BarcodeSigner::parse(&signature.certificate()?)?;
    check_chain(&signer, cscas, now)?;
    signature.check(object, &signer)?;
    read(object, &signer)
}

/// Verifies an object that this very signer must have signed, whose chain was verified before:
/// what an issuer does with what it has just signed.
///
/// # Errors
/// [`VdsNcError`]: the first step that failed.
pub fn verify_by(object: &VdsNc, signer: &BarcodeSigner) -> Result<VerifiedVdsNc, VdsNcError> {
    let signature = Signature::of(object)?;
    if signature.certificate()? != signer.der() {
        return Err(VdsNcError::OtherSigner);
    }
    signature.check(object, signer)?;
    read(object, signer)
}

fn check_chain(
    signer: &BarcodeSigner,
    cscas: &[Csca],
    now: OffsetDateTime,
) -> Result<(), VdsNcError> {
    let mut refusal = VdsNcError::UnknownCsca;
    for csca in cscas {
        match signer.check_issued_by(csca) {
            Ok(()) if !csca.is_valid_at(now) => return Err(VdsNcError::CscaNotValid),
            Ok(()) if !signer.is_valid_at(now) => return Err(VdsNcError::SignerNotValid),
            Ok(()) => return Ok(()),
            Err(NotIssuedBy::Signature) => refusal = VdsNcError::SignerSignature,
            Err(NotIssuedBy::OtherIssuer) => {}
        }
    }
    Err(refusal)
}

fn read(object: &VdsNc, signer: &BarcodeSigner) -> Result<VerifiedVdsNc, VdsNcError> {
    let data: Data = serde_json::from_str(object.data()).map_err(|_| VdsNcError::Data)?;
    if data.hdr.t != "icao.vacc" || data.hdr.v != 1 {
        return Err(VdsNcError::Type);
    }
    if data.hdr.is != "JPN" || signer.country() != Some("JP") {
        return Err(VdsNcError::State);
    }
    let person = data.msg.pid;
    let holder = PersonName::parse(person.n)
        .ok()
        .zip(from_iso(&person.dob))
        .map(|(name, born)| HolderOnCode::new(vec![name], BirthDate::from_date(born)))
        .ok_or(VdsNcError::Holder)?;
    let mut doses = Vec::new();
    for event in &data.msg.ve {
        for given in &event.vd {
            doses.push(dose(event, given).ok_or(VdsNcError::Dose(doses.len()))?);
        }
    }
    Ok(VerifiedVdsNc {
        holder,
        passport_number: Redacted::new(person.i),
        certificate_id: data.msg.uvci,
        doses,
    })
}

fn dose(event: &Event, given: &Given) -> Option<DoseOnCode> {
    let product = products::all().iter().find(|own| {
        own.icd11_vaccine == event.des
            && own.name_english == event.nam
            && event
                .dis
                .as_ref()
                .is_none_or(|dis| own.icd11_disease == *dis)
    });
    Some(DoseOnCode {
        number: Some(given.seq),
        date: from_iso(&given.dvc)?,
        code: event.des.clone(),
        product,
        lot: given.lot.clone(),
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Signature {
    alg: String,
    cer: String,
    sigvl: String,
}

impl Signature {
    fn of(object: &VdsNc) -> Result<Self, VdsNcError> {
        let signature: Self =
            serde_json::from_str(object.signature()).map_err(|_| VdsNcError::SignatureObject)?;
        match signature.alg.as_str() {
            "ES256" => Ok(signature),
            _ => Err(VdsNcError::Algorithm),
        }
    }

    /// The signer's certificate, DER.
    fn certificate(&self) -> Result<Vec<u8>, VdsNcError> {
        base64url::decode_padded_or_not(&self.cer).ok_or(VdsNcError::CertificateText)
    }

    fn check(&self, object: &VdsNc, signer: &BarcodeSigner) -> Result<(), VdsNcError> {
        base64url::decode(&self.sigvl)
            .and_then(|value| signer.key().verify(object.data().as_bytes(), &value).ok())
            .ok_or(VdsNcError::Signature)
    }
}

// The data as it is read. Members that are not named here are ignored: they are signed, and the
// specification has more than a Japanese certificate uses.

#[derive(Deserialize)]
struct Data {
    hdr: Header,
    msg: Message,
}

#[derive(Deserialize)]
struct Header {
    is: String,
    t: String,
    v: u64,
}

#[derive(Deserialize)]
struct Message {
    pid: Person,
    uvci: String,
    ve: Vec<Event>,
}

#[derive(Deserialize)]
struct Person {
    dob: String,
    i: String,
    n: String,
}

#[derive(Deserialize)]
struct Event {
    des: String,
    dis: Option<String>,
    nam: String,
    vd: Vec<Given>,
}

#[derive(Deserialize)]
struct Given {
    dvc: String,
    lot: Option<String>,
    seq: u8,
}
