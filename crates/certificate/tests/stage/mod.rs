//! Synthetic certificates and TEST keys for this crate's tests, benchmarks and examples.
#![allow(dead_code, missing_docs)] // each test program uses its part of it
#![allow(clippy::unwrap_used)] // a test fails by it

pub mod pdf;
pub mod pki;

use certificate::model::{
    AlternativeName, AlternativeNameKind, Certificate, CertifiedDose, Holder, Issuer, Passport,
    RomanName,
};
use certificate::products;
use certificate::shc::{
    IssueFacts, IssuerUrl, Jwk, Jwks, Jws, KeyId, RevocationCheck, TrustedIssuer, UnsignedJws,
    payload,
};
use crypto::Es256SigningKey;
use domain::{
    BirthDate, CertificateId, CertificateKind, MunicipalityCode, PersonName, Redacted, RevocationId,
};
use time::macros::{date, datetime};
use time::{Duration, OffsetDateTime};

/// When everything here is issued.
pub const NOW: OffsetDateTime = datetime!(2026-04-01 03:00 UTC);
pub const ISSUER: &str = "https://vc.akashi.example/issuer";

const PRODUCTS: [&str; 7] = [
    "comirnaty",
    "comirnaty",
    "spikevax",
    "comirnaty-ba1",
    "comirnaty-ba4-5",
    "spikevax-xbb",
    "comirnaty-xbb",
];

/// A certificate for use abroad with so many doses.
pub fn abroad(doses: usize) -> Certificate {
    let mut certificate = domestic(doses);
    certificate.kind = CertificateKind::Abroad;
    certificate.holder.passport = Some(Passport {
        roman_name: RomanName::parse("SATO<<HANAKO").unwrap(),
        alternative_roman_name: None,
        nationality: Redacted::new("JPN".to_owned()),
        number: Redacted::new("TZ1234567".to_owned()),
    });
    certificate
}

/// A certificate for use in Japan with so many doses.
pub fn domestic(doses: usize) -> Certificate {
    Certificate {
        id: CertificateId::parse("B5RTQ7XK2MZA").unwrap(),
        kind: CertificateKind::Domestic,
        holder: Holder {
            name: PersonName::parse("佐藤\u{3000}花子").unwrap(),
            alternative_name: None,
            birth_date: BirthDate::from_date(date!(1980 - 01 - 02)),
            passport: None,
        },
        doses: (0..doses).map(dose).collect(),
        issuer: Issuer {
            municipality: MunicipalityCode::parse("131121").unwrap(),
            title: "世田谷区長".to_owned(),
            title_english: "Mayor of Setagaya City".to_owned(),
        },
        issued_on: date!(2026 - 04 - 01),
    }
}

fn dose(at: usize) -> CertifiedDose {
    CertifiedDose {
        number: u8::try_from(at + 1).unwrap(),
        date: date!(2021 - 07 - 01) + Duration::days(131 * at as i64),
        product: products::by_id(PRODUCTS[at % PRODUCTS.len()]).unwrap(),
        lot: format!(
            "F{}{:04}",
            ['A', 'K', 'C'][at % 3],
            (at * 7919 + 203) % 10_000
        ),
        country: "JPN",
    }
}

/// The same person with a former surname.
pub fn with_former_surname(mut certificate: Certificate) -> Certificate {
    certificate.holder.alternative_name = Some(AlternativeName {
        kind: AlternativeNameKind::FormerSurname,
        name: PersonName::parse("鈴木").unwrap(),
    });
    certificate
}

/// An SHC issuer.
pub struct ShcIssuer {
    pub key: Es256SigningKey,
    pub id: KeyId,
    pub url: IssuerUrl,
}

impl ShcIssuer {
    pub fn new() -> Self {
        let (key, _) = Es256SigningKey::generate().unwrap();
        Self {
            id: KeyId::of(key.public_key()),
            key,
            url: IssuerUrl::parse(ISSUER).unwrap(),
        }
    }

    pub const fn facts<'a>(&'a self, revocation_id: Option<&'a RevocationId>) -> IssueFacts<'a> {
        IssueFacts {
            issuer: &self.url,
            not_before: NOW,
            expires: None,
            revocation_id,
        }
    }

    pub fn sign_payload(&self, payload: &[u8]) -> Jws {
        UnsignedJws::new(payload, &self.id)
            .sign(|bytes| self.key.sign(bytes))
            .unwrap()
    }

    pub fn sign(&self, certificate: &Certificate) -> Jws {
        let facts = self.facts(None);
        self.sign_payload(&payload(certificate, certificate.doses.len(), &facts))
    }

    pub fn trusted(&self) -> TrustedIssuer {
        TrustedIssuer {
            url: self.url.clone(),
            keys: Jwks {
                keys: vec![Jwk::new(self.key.public_key(), None)],
            },
            revocation: RevocationCheck::NotChecked,
        }
    }
}
