//! The signed part of a VDS-NC, in canonical JSON (RFC 8785).

use serde::Serialize;

use crate::dose::to_iso;
use crate::model::{Certificate, CertifiedDose};

/// Who administered, as the Japanese issuer writes it.
const ADMINISTERED_BY: &str = "MHLW_Gov_of_JAPAN";

/// A VDS-NC needs a passport.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the certificate has no passport")]
pub struct PassportMissing;

/// The canonical JSON of `data` with the certificate's newest so many doses: one `ve` a dose,
/// oldest first.
///
/// The additional identifier `ai`, which readers show but no specification composes, is ours:
/// `JPN` and 20 digits, of which 6 are the municipality's code, 8 the day of issue and 6 are
/// taken from SHA-256 of the certificate id. It says nothing of the holder and serves staff to
/// find the register and the record.
///
/// # Errors
/// [`PassportMissing`].
pub fn data(certificate: &Certificate, newest_doses: usize) -> Result<String, PassportMissing> {
    let passport = certificate
        .holder
        .passport
        .as_ref()
        .ok_or(PassportMissing)?;
    let skipped = certificate.doses.len().saturating_sub(newest_doses);
    let roman_name = passport.roman_name.expose();
    let data = Data {
        hdr: Header {
            is: "JPN",
            t: "icao.vacc",
            v: 1,
        },
        msg: Message {
            pid: Person {
                ai: additional_identifier(certificate),
                dob: certificate.holder.birth_date.to_iso(),
                i: passport.number.expose(),
                n: &roman_name,
            },
            uvci: certificate.id.as_str(),
            ve: certificate.doses[skipped..].iter().map(event).collect(),
        },
    };
    Ok(serde_json_canonicalizer::to_string(&data)
        .expect("texts and small integers without maps have a canonical form"))
}

fn additional_identifier(certificate: &Certificate) -> String {
    let sum = crypto::sha256(certificate.id.as_str().as_bytes());
    let number = u32::from_be_bytes([sum[0], sum[1], sum[2], sum[3]]) % 1_000_000;
    let day = certificate.issued_on;
    format!(
        "JPN{}{:04}{:02}{:02}{number:06}",
        certificate.issuer.municipality,
        day.year(),
        u8::from(day.month()),
        day.day(),
    )
}

fn event(dose: &CertifiedDose) -> Event<'_> {
    Event {
        des: &dose.product.icd11_vaccine,
        dis: &dose.product.icd11_disease,
        nam: &dose.product.name_english,
        vd: [Given {
            adm: ADMINISTERED_BY,
            ctr: dose.country,
            dvc: to_iso(dose.date),
            lot: &dose.lot,
            seq: dose.number,
        }],
    }
}

#[derive(Serialize)]
struct Data<'a> {
    hdr: Header,
    msg: Message<'a>,
}

#[derive(Serialize)]
struct Header {
    is: &'static str,
    t: &'static str,
    v: u8,
}

#[derive(Serialize)]
struct Message<'a> {
    pid: Person<'a>,
    uvci: &'a str,
    ve: Vec<Event<'a>>,
}

#[derive(Serialize)]
struct Person<'a> {
    ai: String,
    dob: String,
    i: &'a str,
    n: &'a str,
}

#[derive(Serialize)]
struct Event<'a> {
    des: &'a str,
    dis: &'a str,
    nam: &'a str,
    vd: [Given<'a>; 1],
}

#[derive(Serialize)]
struct Given<'a> {
    adm: &'static str,
    ctr: &'a str,
    dvc: String,
    lot: &'a str,
    seq: u8,
}
