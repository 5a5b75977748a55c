//! What must hold before anything is signed.

use certificate::model::Certificate;
use domain::Redacted;

use crate::Fonts;

/// A field of the certificate, as a lint error names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// The holder's name (氏名).
    Name,
    /// 旧姓 or 別名.
    AlternativeName,
    /// The passport's roman name.
    RomanName,
    /// The passport's alternative roman name.
    AlternativeRomanName,
    /// The passport's nationality.
    Nationality,
    /// The passport's number.
    PassportNumber,
    /// A dose's lot (製造番号).
    Lot,
    /// The country in which a dose was given.
    Country,
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
    /// The doses are not in the order of their dates, or two have one number.
    #[error("dose {0}, counted from 0, is out of order")]
    DoseOrder(usize),
    /// A dose was given after the day of issue.
    #[error("dose {0}, counted from 0, lies after the day of issue")]
    DoseInFuture(usize),
    /// A dose was given before the holder was born, or the holder is born after the day of issue.
    #[error("the birth date lies after a dose or the day of issue")]
    BornAfter,
    /// A dose numbered 0.
    #[error("dose {0}, counted from 0, has the number 0")]
    DoseNumber(usize),
    /// For use abroad without a passport.
    #[error("a certificate for use abroad needs a passport")]
    PassportMissing,
    /// A passport on a certificate for use in Japan.
    #[error("a certificate for use in Japan shows no passport")]
    PassportNotWanted,
    /// A text with characters that its field does not take.
    #[error("the field {field:?} has a character at {position} that it does not take")]
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

pub(crate) fn check(_certificate: &Certificate, _fonts: &Fonts) -> Result<(), LintError> {
    Ok(())
}
