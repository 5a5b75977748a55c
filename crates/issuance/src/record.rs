//! What was signed as bytes, so that a reissue prints the very same codes: JSON, for the
//! register's sealed record only.

use certificate::model::{
    AlternativeName, AlternativeNameKind, Certificate, CertifiedDose, Holder, Issuer, Passport,
    RomanName,
};
use certificate::products;
use certificate::shc::Jws;
use certificate::vds_nc::VdsNc;
use domain::{BirthDate, CertificateId, CertificateKind, MunicipalityCode, PersonName, Redacted};
use serde::{Deserialize, Serialize};
use time::Date;
use zeroize::Zeroizing;

use crate::Signed;
use crate::signed::{Code, VdsNcs};

/// The version of this record; another is refused.
const VERSION: u8 = 1;
/// Longest record read, in bytes.
const LONGEST_RECORD: usize = 256 << 10;

/// A sealed record that is none of ours, or of another version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the signed certificate's record cannot be read")]
pub struct DamagedRecord;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Record {
    version: u8,
    id: CertificateId,
    kind: CertificateKind,
    holder: HolderRecord,
    doses: Vec<DoseRecord>,
    issuer: IssuerRecord,
    issued_on: Date,
    test_issuer: bool,
    smart_health_card: String,
    smart_health_card_code: CodeRecord,
    vds_nc: Option<VdsNcRecord>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct HolderRecord {
    name: String,
    /// Kind, as the Japanese word, and name.
    alternative_name: Option<(String, String)>,
    birth_date: Date,
    passport: Option<PassportRecord>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PassportRecord {
    roman_name: String,
    alternative_roman_name: Option<String>,
    nationality: String,
    number: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct DoseRecord {
    number: u8,
    date: Date,
    /// The product's id in the table.
    product: String,
    lot: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct IssuerRecord {
    municipality: MunicipalityCode,
    title: String,
    title_english: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct CodeRecord {
    /// `None`: the same as what holds every dose.
    text: Option<String>,
    doses: usize,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct VdsNcRecord {
    full: String,
    code: CodeRecord,
}

impl Signed {
    /// Everything of it in bytes, personal data included: for the register's sealed record only.
    #[must_use]
    pub fn to_sealed_record(&self) -> Zeroizing<Vec<u8>> {
        let bytes = serde_json::to_vec(&Record::of(self));
        Zeroizing::new(bytes.expect("a record of texts and numbers always serialises"))
    }

    /// Reads it back. The codes are taken as they are: whoever unsealed the record has already
    /// shown that nobody changed it.
    ///
    /// # Errors
    /// [`DamagedRecord`].
    pub fn from_sealed_record(record: &[u8]) -> Result<Self, DamagedRecord> {
        if record.len() > LONGEST_RECORD {
            return Err(DamagedRecord);
        }
        let record: Record = serde_json::from_slice(record).map_err(|_| DamagedRecord)?;
        if record.version != VERSION {
            return Err(DamagedRecord);
        }
        record.into_signed().ok_or(DamagedRecord)
    }
}

impl Record {
    fn of(signed: &Signed) -> Self {
        let certificate = &signed.certificate;
        let full = signed.smart_health_card.as_str();
        let code = &signed.smart_health_card_code;
        Self {
            version: VERSION,
            id: certificate.id,
            kind: certificate.kind,
            holder: HolderRecord::of(&certificate.holder),
            doses: certificate.doses.iter().map(DoseRecord::of).collect(),
            issuer: IssuerRecord {
                municipality: certificate.issuer.municipality,
                title: certificate.issuer.title.clone(),
                title_english: certificate.issuer.title_english.clone(),
            },
            issued_on: certificate.issued_on,
            test_issuer: signed.test_issuer,
            smart_health_card: full.to_owned(),
            smart_health_card_code: CodeRecord::of(code.text.as_str(), code.doses, full),
            vds_nc: signed.vds_nc.as_ref().map(|vds_nc| {
                let (full, code) = (vds_nc.full.as_str(), &vds_nc.code);
                VdsNcRecord {
                    full: full.to_owned(),
                    code: CodeRecord::of(code.text.as_str(), code.doses, full),
                }
            }),
        }
    }

    fn into_signed(self) -> Option<Signed> {
        let doses = self.doses.into_iter().map(DoseRecord::into_dose);
        let certificate = Certificate {
            id: self.id,
            kind: self.kind,
            holder: self.holder.into_holder()?,
            doses: doses.collect::<Option<_>>()?,
            issuer: Issuer {
                municipality: self.issuer.municipality,
                title: self.issuer.title,
                title_english: self.issuer.title_english,
            },
            issued_on: self.issued_on,
        };
        let jws = |text: &str| Jws::parse(text).ok();
        let code = self.smart_health_card_code;
        Some(Signed {
            certificate,
            test_issuer: self.test_issuer,
            smart_health_card_code: Code {
                text: jws(code.text.as_ref().unwrap_or(&self.smart_health_card))?,
                doses: code.doses,
            },
            smart_health_card: jws(&self.smart_health_card)?,
            vds_nc: match self.vds_nc {
                Some(vds_nc) => Some(vds_nc.into_vds_ncs()?),
                None => None,
            },
        })
    }
}

impl VdsNcRecord {
    fn into_vds_ncs(self) -> Option<VdsNcs> {
        let text = self.code.text.as_ref().unwrap_or(&self.full);
        Some(VdsNcs {
            code: Code {
                text: VdsNc::parse(text).ok()?,
                doses: self.code.doses,
            },
            full: VdsNc::parse(&self.full).ok()?,
        })
    }
}

impl CodeRecord {
    fn of(text: &str, doses: usize, full: &str) -> Self {
        Self {
            text: (text != full).then(|| text.to_owned()),
            doses,
        }
    }
}

impl HolderRecord {
    fn of(holder: &Holder) -> Self {
        let alternative = holder.alternative_name.as_ref();
        Self {
            name: holder.name.expose().to_owned(),
            alternative_name: alternative.map(|alternative| {
                let kind = alternative.kind.as_japanese().to_owned();
                (kind, alternative.name.expose().to_owned())
            }),
            birth_date: holder.birth_date.date(),
            passport: holder.passport.as_ref().map(|passport| PassportRecord {
                roman_name: to_text(&passport.roman_name),
                alternative_roman_name: passport.alternative_roman_name.as_ref().map(to_text),
                nationality: passport.nationality.expose().clone(),
                number: passport.number.expose().clone(),
            }),
        }
    }

    fn into_holder(self) -> Option<Holder> {
        let alternative_name = match self.alternative_name {
            Some((kind, name)) => Some(AlternativeName {
                kind: AlternativeNameKind::parse_japanese(&kind)?,
                name: PersonName::parse(name).ok()?,
            }),
            None => None,
        };
        Some(Holder {
            name: PersonName::parse(self.name).ok()?,
            alternative_name,
            birth_date: BirthDate::from_date(self.birth_date),
            passport: match self.passport {
                Some(passport) => Some(passport.into_passport()?),
                None => None,
            },
        })
    }
}

impl PassportRecord {
    fn into_passport(self) -> Option<Passport> {
        let roman_name = |text: &str| RomanName::parse(text).ok();
        Some(Passport {
            roman_name: roman_name(&self.roman_name)?,
            alternative_roman_name: match &self.alternative_roman_name {
                Some(name) => Some(roman_name(name)?),
                None => None,
            },
            nationality: Redacted::new(self.nationality),
            number: Redacted::new(self.number),
        })
    }
}

impl DoseRecord {
    fn of(dose: &CertifiedDose) -> Self {
        Self {
            number: dose.number,
            date: dose.date,
            product: dose.product.id.clone(),
            lot: dose.lot.clone(),
        }
    }

    fn into_dose(self) -> Option<CertifiedDose> {
        Some(CertifiedDose {
            number: self.number,
            date: self.date,
            product: products::by_id(&self.product)?,
            lot: self.lot,
            // The lint let no other country pass.
            country: "JPN",
        })
    }
}

/// A roman name in the notation that [`RomanName::parse`] reads back to the same parts. A surname
/// of one word is written with a space after it, which is never longer than what was read.
fn to_text(name: &RomanName) -> String {
    let (surname, given) = (name.expose_surname(), name.expose_given_names());
    match given {
        Some(given) if !surname.contains(' ') => format!("{surname} {given}"),
        Some(given) => format!("{}<<{given}", surname.replace(' ', "<")),
        None => surname.replace(' ', "<"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roman_names_come_back_in_the_same_parts() {
        let longest = format!("SATO {}", "A".repeat(34));
        for name in [
            "SATO HANAKO",
            "DE<LA<CRUZ<<JUAN<PABLO",
            "DE<LA<CRUZ",
            "MONONYM",
            &longest,
        ] {
            let name = RomanName::parse(name).unwrap();
            let again = RomanName::parse(&to_text(&name)).unwrap();
            assert_eq!(again.expose_surname(), name.expose_surname());
            assert_eq!(again.expose_given_names(), name.expose_given_names());
        }
    }

    #[test]
    fn what_is_no_record_is_refused() {
        for record in [&b""[..], b"{}", b"null", b"{\"version\":2}"] {
            assert_eq!(
                Signed::from_sealed_record(record).unwrap_err(),
                DamagedRecord
            );
        }
        let long = vec![b' '; LONGEST_RECORD + 1];
        assert_eq!(
            Signed::from_sealed_record(&long).unwrap_err(),
            DamagedRecord
        );
    }
}
