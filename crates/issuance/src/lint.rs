//! What must hold before anything is signed.

use certificate::model::{Certificate, CertifiedDose, Holder, Passport};
use domain::{CertificateKind, Redacted};

use crate::Fonts;
use crate::fonts::Run;
use crate::page::{self, MOST_DOSES};

/// Longest lot number (製造番号), in characters: what the register's file has room for.
const LONGEST_LOT: usize = 20;
/// Longest passport number (ICAO Doc 9303-4, 4.2.2: nine characters of the second line).
const LONGEST_PASSPORT_NUMBER: usize = 9;
/// The country of every dose that a municipality certifies (domain rule 3).
const JAPAN: &str = "JPN";

/// A field of the certificate, as a lint error names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// The holder's name (氏名).
    Name,
    /// 旧姓, 別名 or 通称.
    AlternativeName,
    /// The passport's nationality (国籍).
    Nationality,
    /// The passport's number (旅券番号).
    PassportNumber,
    /// A dose's lot (製造番号).
    Lot,
    /// The issuer's title (市区町村長).
    IssuerTitle,
    /// The issuer's title in English.
    IssuerTitleEnglish,
}

/// Why a draft may not be signed. Nothing of the holder but the missing character, redacted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LintError {
    /// No font of the chain has all of the text's characters and variation selectors.
    #[error("no font has character {position} of the field {field:?}")]
    MissingGlyph {
        /// Which text.
        field: Field,
        /// Which character, counted from 0 in Unicode scalar values: the first that the font
        /// which gets furthest lacks.
        position: usize,
        /// The character with its variation selector: for staff at the counter only.
        character: Redacted<String>,
    },
    /// No dose at all.
    #[error("a certificate lists at least one dose")]
    NoDoses,
    /// More doses than the page's two sheets hold.
    #[error("{0} doses are more than a certificate lists")]
    TooManyDoses(usize),
    /// A dose before the one above it by date, or against one disease with a number that does
    /// not rise.
    #[error("dose {0}, counted from 0, is out of order")]
    DoseOrder(usize),
    /// A dose numbered 0.
    #[error("dose {0}, counted from 0, has the number 0")]
    DoseNumber(usize),
    /// A dose given after the day of issue.
    #[error("dose {0}, counted from 0, lies after the day of issue")]
    DoseInFuture(usize),
    /// A dose given before the holder was born.
    #[error("dose {0}, counted from 0, lies before the birth date")]
    DoseBeforeBirth(usize),
    /// A dose given in another country.
    #[error("dose {0}, counted from 0, was not given in Japan")]
    DoseAbroad(usize),
    /// A holder born after the day of issue.
    #[error("the birth date lies after the day of issue")]
    BirthInFuture,
    /// For use abroad without a passport.
    #[error("a certificate for use abroad needs a passport")]
    PassportMissing,
    /// A passport on a certificate for use in Japan.
    #[error("a certificate for use in Japan shows no passport")]
    PassportNotWanted,
    /// A text with a character that its field does not take.
    #[error("the field {field:?} does not take its character {position}")]
    Characters {
        /// Which text.
        field: Field,
        /// Which character, counted from 0.
        position: usize,
    },
    /// An empty text, or one longer than its field on the page holds.
    #[error("the field {field:?} does not hold a text of {characters} characters")]
    Length {
        /// Which text.
        field: Field,
        /// How long it is, in Unicode scalar values.
        characters: usize,
    },
}

/// Checks everything; the first rule that does not hold.
pub(crate) fn check(certificate: &Certificate, fonts: &Fonts) -> Result<(), LintError> {
    let holder = &certificate.holder;
    if holder.birth_date.date() > certificate.issued_on {
        return Err(LintError::BirthInFuture);
    }
    doses(certificate)?;
    match (certificate.kind, &holder.passport) {
        (CertificateKind::Abroad, Some(passport)) => check_passport(passport)?,
        (CertificateKind::Abroad, None) => return Err(LintError::PassportMissing),
        (CertificateKind::Domestic, Some(_)) => return Err(LintError::PassportNotWanted),
        (CertificateKind::Domestic, None) => {}
    }
    names(holder, fonts)?;
    issuer(certificate, fonts)?;
    for dose in &certificate.doses {
        lot(dose, fonts)?;
    }
    Ok(())
}

fn doses(certificate: &Certificate) -> Result<(), LintError> {
    let doses = &certificate.doses;
    if doses.is_empty() {
        return Err(LintError::NoDoses);
    }
    if doses.len() > MOST_DOSES {
        return Err(LintError::TooManyDoses(doses.len()));
    }
    for (at, dose) in doses.iter().enumerate() {
        if dose.number == 0 {
            return Err(LintError::DoseNumber(at));
        }
        if dose.date > certificate.issued_on {
            return Err(LintError::DoseInFuture(at));
        }
        if dose.date < certificate.holder.birth_date.date() {
            return Err(LintError::DoseBeforeBirth(at));
        }
        if dose.country != JAPAN {
            return Err(LintError::DoseAbroad(at));
        }
        let follows = doses[..at].iter().all(|earlier| {
            let other_disease = earlier.product.icd11_disease != dose.product.icd11_disease;
            earlier.date <= dose.date && (other_disease || earlier.number < dose.number)
        });
        if !follows {
            return Err(LintError::DoseOrder(at));
        }
    }
    Ok(())
}

fn check_passport(passport: &Passport) -> Result<(), LintError> {
    let nationality = passport.nationality.expose();
    characters(Field::Nationality, nationality, |c| c.is_ascii_uppercase())?;
    // Three letters, but for Germany's one (ICAO Doc 9303-3, section 5).
    let fits = nationality.len() == 3 || nationality == "D";
    length(Field::Nationality, nationality, fits)?;
    let number = passport.number.expose();
    let taken = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit();
    characters(Field::PassportNumber, number, taken)?;
    let fits = (1..=LONGEST_PASSPORT_NUMBER).contains(&number.len());
    length(Field::PassportNumber, number, fits)
}

fn names(holder: &Holder, fonts: &Fonts) -> Result<(), LintError> {
    let name = holder.name.expose();
    let run = registered(Field::Name, name, fonts)?;
    let with_alternative = holder.alternative_name.is_some();
    length(Field::Name, name, page::name_fits(&run, with_alternative))?;
    if let Some(alternative) = &holder.alternative_name {
        let name = alternative.name.expose();
        let run = registered(Field::AlternativeName, name, fonts)?;
        length(
            Field::AlternativeName,
            name,
            page::alternative_name_fits(&run),
        )?;
    }
    Ok(())
}

fn issuer(certificate: &Certificate, fonts: &Fonts) -> Result<(), LintError> {
    let issuer = &certificate.issuer;
    let run = registered(Field::IssuerTitle, &issuer.title, fonts)?;
    let fits = !issuer.title.trim().is_empty() && page::title_fits(&run);
    length(Field::IssuerTitle, &issuer.title, fits)?;
    let english = &issuer.title_english;
    let run = labelled(Field::IssuerTitleEnglish, english, fonts)?;
    let fits = !english.trim().is_empty() && page::title_english_fits(&run);
    length(Field::IssuerTitleEnglish, english, fits)
}

fn lot(dose: &CertifiedDose, fonts: &Fonts) -> Result<(), LintError> {
    let lot = &dose.lot;
    characters(Field::Lot, lot, |c| c.is_ascii_graphic() || c == ' ')?;
    let run = labelled(Field::Lot, lot, fonts)?;
    let fits = (1..=LONGEST_LOT).contains(&lot.len()) && page::lot_fits(&run);
    length(Field::Lot, lot, fits)
}

/// Sets a registered text in the font chain.
fn registered(field: Field, text: &str, fonts: &Fonts) -> Result<Run, LintError> {
    fonts.set_registered(text).map_err(|missing| {
        let rest = text.chars().skip(missing.position);
        let base_and_selector = rest.enumerate().take_while(|(at, c)| {
            *at == 0 || (*at == 1 && crate::fonts::is_variation_selector(*c))
        });
        LintError::MissingGlyph {
            field,
            position: missing.position,
            character: Redacted::new(base_and_selector.map(|(_, c)| c).collect()),
        }
    })
}

/// Sets a text in the font of the labels, which has a closed set of characters.
fn labelled(field: Field, text: &str, fonts: &Fonts) -> Result<Run, LintError> {
    characters(field, text, |c| fonts.labels.has(c))?;
    fonts
        .labels
        .set(text)
        .ok_or(LintError::Characters { field, position: 0 })
}

fn characters(field: Field, text: &str, taken: impl Fn(char) -> bool) -> Result<(), LintError> {
    match text.chars().position(|c| !taken(c)) {
        Some(position) => Err(LintError::Characters { field, position }),
        None => Ok(()),
    }
}

fn length(field: Field, text: &str, fits: bool) -> Result<(), LintError> {
    if fits {
        return Ok(());
    }
    let characters = text.chars().count();
    Err(LintError::Length { field, characters })
}
