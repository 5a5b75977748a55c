//! Certificates of people who do not exist.

use certificate::model::{
    AlternativeName, AlternativeNameKind, Certificate, CertifiedDose, Holder, Issuer, Passport,
    RomanName,
};
use certificate::products;
use domain::{BirthDate, CertificateId, CertificateKind, MunicipalityCode, PersonName, Redacted};
use issuance::page::PageOptions;
use issuance::{Draft, Signed};
use time::Date;
use time::macros::date;

use super::issuer::{NOW, keys};

/// Options of an ordinary print.
pub const OPTIONS: PageOptions<'_> = PageOptions {
    specimen: false,
    reissued_on: None,
    verification_url: "https://verify.akashi.example/",
};

/// A certificate with so many doses.
pub fn certificate(kind: CertificateKind, doses: usize) -> Certificate {
    Certificate {
        id: CertificateId::parse("A1B2C3D4E5F6").unwrap(),
        kind,
        holder: Holder {
            name: PersonName::parse("浦安\u{3000}花子").unwrap(),
            alternative_name: None,
            birth_date: BirthDate::from_date(date!(1980 - 03 - 31)),
            passport: match kind {
                CertificateKind::Abroad => Some(Passport {
                    roman_name: RomanName::parse("URAYASU HANAKO").unwrap(),
                    alternative_roman_name: None,
                    nationality: Redacted::new("JPN".to_owned()),
                    number: Redacted::new("TK1234567".to_owned()),
                }),
                CertificateKind::Domestic => None,
            },
        },
        doses: (0..doses).map(dose).collect(),
        issuer: Issuer {
            municipality: MunicipalityCode::parse("122271").unwrap(),
            title: "浦安市長".to_owned(),
            title_english: "Mayor of Urayasu City".to_owned(),
        },
        issued_on: date!(2026 - 01 - 15),
    }
}

/// The dose at this place, of ever another product.
pub fn dose(at: usize) -> CertifiedDose {
    let all = [
        "comirnaty",
        "spikevax-ba4-5",
        "comirnaty-ba4-5-6m-4y",
        "nuvaxovid",
        "spikevax",
    ];
    CertifiedDose {
        number: at as u8 + 1,
        date: date!(2021 - 06 - 20) + time::Duration::days(45 * at as i64),
        product: products::by_id(all[at % all.len()]).unwrap(),
        lot: format!("EY{:04}", 1173 + 37 * at),
        country: "JPN",
    }
}

/// The same for another name.
pub fn named(kind: CertificateKind, name: &str) -> Certificate {
    let mut certificate = certificate(kind, 3);
    certificate.holder.name = PersonName::parse(name).unwrap();
    certificate
}

/// The same with a former surname (旧姓).
pub fn with_former_surname(mut certificate: Certificate, surname: &str) -> Certificate {
    certificate.holder.alternative_name = Some(AlternativeName {
        kind: AlternativeNameKind::FormerSurname,
        name: PersonName::parse(surname).unwrap(),
    });
    certificate
}

/// Linted and signed by the TEST issuer.
pub fn signed(certificate: Certificate) -> Signed {
    let id = certificate.id.into();
    let linted = Draft::new(certificate).lint(super::fonts()).unwrap();
    linted.sign(keys(), NOW, Some(&id)).unwrap()
}

/// A day of the tests.
pub const REISSUED_ON: Date = date!(2026 - 02 - 03);
