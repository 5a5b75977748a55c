//! The certificate as everybody means it, before and after it became a code.

use std::fmt;

use domain::{BirthDate, CertificateId, CertificateKind, MunicipalityCode, PersonName, Redacted};
use time::Date;

use crate::products::Product;

/// A vaccination certificate (予防接種証明書).
#[derive(Debug, Clone, PartialEq)]
pub struct Certificate {
    /// Its id (証明書ID).
    pub id: CertificateId,
    /// What it is for.
    pub kind: CertificateKind,
    /// Whose it is.
    pub holder: Holder,
    /// The doses, oldest first; at least one.
    pub doses: Vec<CertifiedDose>,
    /// Who issues it.
    pub issuer: Issuer,
    /// The day in Japan on which it was issued.
    pub issued_on: Date,
}

/// Whose certificate it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// The name as registered.
    pub name: PersonName,
    /// 旧姓 or 別名, printed where registered, as registered: 「旧姓 佐藤」.
    pub alternative_name: Option<PersonName>,
    /// Birth date.
    pub birth_date: BirthDate,
    /// What the passport says; for use abroad only.
    pub passport: Option<Passport>,
}

/// What a certificate for use abroad takes from the passport.
#[derive(Clone, PartialEq, Eq)]
pub struct Passport {
    /// Name as in the machine-readable zone: `SURNAME GIVEN NAMES`, A–Z and spaces.
    pub roman_name: Redacted<String>,
    /// Alternative roman name on the passport, in brackets there.
    pub alternative_roman_name: Option<Redacted<String>>,
    /// Nationality, ISO 3166-1 alpha-3.
    pub nationality: Redacted<String>,
    /// Passport number.
    pub number: Redacted<String>,
}

impl fmt::Debug for Passport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passport([redacted])")
    }
}

/// One dose (接種) on a certificate.
#[derive(Clone, PartialEq)]
pub struct CertifiedDose {
    /// Which dose it was, 1 for the first.
    pub number: u8,
    /// The day it was given.
    pub date: Date,
    /// What was given.
    pub product: &'static Product,
    /// Lot number (製造番号).
    pub lot: String,
    /// Country in which it was given, ISO 3166-1 alpha-3; `JPN` here.
    pub country: &'static str,
}

impl fmt::Debug for CertifiedDose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CertifiedDose([redacted])")
    }
}

/// Who issues a certificate, as printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issuer {
    /// The municipality.
    pub municipality: MunicipalityCode,
    /// Its head (市区町村長), as printed: 「浦安市長」.
    pub title: String,
    /// The same in English: `Mayor of Urayasu City`.
    pub title_english: String,
}
