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
    /// The registered other name, printed beside the name. Where the card's name agreed with the
    /// register only through one of several other names, it is that one, so that the kiosk can
    /// compare the code with the card it read.
    pub alternative_name: Option<AlternativeName>,
    /// Birth date.
    pub birth_date: BirthDate,
    /// What the passport says; for use abroad only.
    pub passport: Option<Passport>,
}

/// A registered other name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlternativeName {
    /// What kind of name it is.
    pub kind: AlternativeNameKind,
    /// The name; of a 旧姓 it may be the surname alone.
    pub name: PersonName,
}

/// The kinds of other names a register holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AlternativeNameKind {
    /// 旧姓 (旧氏): a former surname.
    FormerSurname,
    /// 別名.
    OtherName,
    /// 通称: the name a foreign resident goes by.
    CommonName,
}

impl AlternativeNameKind {
    /// The Japanese word, as printed and as in the register's files.
    #[must_use]
    pub const fn as_japanese(self) -> &'static str {
        match self {
            Self::FormerSurname => "旧姓",
            Self::OtherName => "別名",
            Self::CommonName => "通称",
        }
    }

    /// Reads the Japanese word.
    #[must_use]
    pub fn parse_japanese(word: &str) -> Option<Self> {
        [Self::FormerSurname, Self::OtherName, Self::CommonName]
            .into_iter()
            .find(|kind| kind.as_japanese() == word)
    }
}

impl Holder {
    /// Every name that a code carries, as family name and given name: as registered; the
    /// registered other name, where there is one (so that a kiosk can compare a code with a card
    /// that shows it); the passport's roman name on a certificate for use abroad.
    pub fn names(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        let roman = self.passport.as_ref().map(|passport| {
            let roman = &passport.roman_name;
            (roman.expose_surname(), roman.expose_given_names())
        });
        let names = [
            Some(self.name.parts()),
            self.alternative_name_parts(),
            roman,
        ];
        names.into_iter().flatten()
    }

    /// The other name as family name and given name: a 旧姓 registered as the surname alone
    /// takes the given name of the registered name.
    #[must_use]
    pub fn alternative_name_parts(&self) -> Option<(&str, Option<&str>)> {
        let alternative = self.alternative_name.as_ref()?;
        let (family, given) = alternative.name.parts();
        Some(match (alternative.kind, given) {
            (AlternativeNameKind::FormerSurname, None) => (family, self.name.parts().1),
            (
                AlternativeNameKind::FormerSurname
                | AlternativeNameKind::OtherName
                | AlternativeNameKind::CommonName,
                given,
            ) => (family, given),
        })
    }
}

/// What a certificate for use abroad takes from the passport.
#[derive(Clone, PartialEq, Eq)]
pub struct Passport {
    /// Name as in the machine-readable zone.
    pub roman_name: RomanName,
    /// Alternative roman name on the passport, in brackets there.
    pub alternative_roman_name: Option<RomanName>,
    /// Nationality as in the machine-readable zone: three letters, but `D` for Germany (ICAO Doc
    /// 9303-3, section 5).
    pub nationality: Redacted<String>,
    /// Passport number.
    pub number: Redacted<String>,
}

impl fmt::Debug for Passport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passport([redacted])")
    }
}

/// A name as a passport's machine-readable zone has it (ICAO Doc 9303-3, 4.6): A–Z and single
/// spaces, surname and given names.
#[derive(Clone, PartialEq, Eq)]
pub struct RomanName {
    surname: String,
    given_names: Option<String>,
}

/// Not A–Z with separators, empty, or longer than the 39 characters of the machine-readable zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a roman name is 1 to 39 characters A–Z with spaces, or with < as in the passport")]
pub struct InvalidRomanName;

impl RomanName {
    /// Reads `SURNAME<<GIVEN<NAMES` as in the machine-readable zone (filler at the end allowed),
    /// or `SURNAME GIVEN NAMES`, whose surname is then taken to be the first word.
    ///
    /// # Errors
    /// [`InvalidRomanName`], without the input.
    pub fn parse(text: &str) -> Result<Self, InvalidRomanName> {
        let text = text.trim_end_matches('<').trim();
        let characters = text.bytes().all(|c| matches!(c, b'A'..=b'Z' | b' ' | b'<'));
        if text.len() > 39 || !characters {
            return Err(InvalidRomanName);
        }
        let (surname, given_names) = match text.split_once("<<") {
            Some((surname, given)) => (surname, Some(given)),
            None if text.contains('<') => (text, None),
            None => text
                .split_once(' ')
                .map_or((text, None), |(surname, given)| (surname, Some(given))),
        };
        let words = |part: &str| {
            let words: Vec<&str> = part.split([' ', '<']).filter(|w| !w.is_empty()).collect();
            words.join(" ")
        };
        let surname = words(surname);
        if surname.is_empty() {
            return Err(InvalidRomanName);
        }
        let given_names = given_names.map(words).filter(|given| !given.is_empty());
        Ok(Self {
            surname,
            given_names,
        })
    }

    /// The surname.
    #[must_use]
    pub fn expose_surname(&self) -> &str {
        &self.surname
    }

    /// The given names; a name of one part has none.
    #[must_use]
    pub fn expose_given_names(&self) -> Option<&str> {
        self.given_names.as_deref()
    }

    /// `SURNAME GIVEN NAMES`, as printed and as VDS-NC carries it.
    #[must_use]
    pub fn expose(&self) -> String {
        self.given_names.as_ref().map_or_else(
            || self.surname.clone(),
            |given| format!("{} {given}", self.surname),
        )
    }
}

impl fmt::Debug for RomanName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RomanName([redacted])")
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

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    #[test]
    fn roman_names_as_read_and_as_registered() {
        let read = RomanName::parse("DE<LA<CRUZ<<JUAN<PABLO<<<<<").unwrap();
        assert_eq!(read.expose_surname(), "DE LA CRUZ");
        assert_eq!(read.expose_given_names(), Some("JUAN PABLO"));
        assert_eq!(read.expose(), "DE LA CRUZ JUAN PABLO");
        let registered = RomanName::parse("SATO HANAKO").unwrap();
        assert_eq!(registered.expose_surname(), "SATO");
        assert_eq!(registered.expose_given_names(), Some("HANAKO"));
        assert_eq!(RomanName::parse("MONONYM<<<").unwrap().expose(), "MONONYM");
        for bad in [
            "",
            "<<",
            "<<HANAKO",
            "Sato",
            "SATO\u{3000}HANAKO",
            &"A".repeat(40),
        ] {
            assert_eq!(RomanName::parse(bad), Err(InvalidRomanName), "{bad}");
        }
    }

    #[test]
    fn a_former_surname_alone_takes_the_given_name() {
        let mut holder = Holder {
            name: PersonName::parse("佐藤\u{3000}花子").unwrap(),
            alternative_name: Some(AlternativeName {
                kind: AlternativeNameKind::FormerSurname,
                name: PersonName::parse("鈴木").unwrap(),
            }),
            birth_date: BirthDate::from_date(date!(1980 - 01 - 01)),
            passport: None,
        };
        assert_eq!(
            holder.alternative_name_parts(),
            Some(("鈴木", Some("花子")))
        );
        holder.alternative_name = Some(AlternativeName {
            kind: AlternativeNameKind::CommonName,
            name: PersonName::parse("山田").unwrap(),
        });
        assert_eq!(holder.alternative_name_parts(), Some(("山田", None)));
    }

    #[test]
    fn kinds_of_names_by_their_word() {
        for word in ["旧姓", "別名", "通称"] {
            let kind = AlternativeNameKind::parse_japanese(word).unwrap();
            assert_eq!(kind.as_japanese(), word);
        }
        assert_eq!(AlternativeNameKind::parse_japanese("芸名"), None);
    }
}
