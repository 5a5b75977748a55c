//! What is asked (照会), on which ground.

use std::fmt;
use std::str::FromStr;

use domain::{MunicipalityCode, Redacted};
use time::OffsetDateTime;

use crate::written_id;

/// An inquiry's id where it was made: 16 random bytes, written as 32 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InquiryId(pub(crate) [u8; 16]);

/// An inquiry's id where it was answered: a keyed hash of who asked and of their id, so that the
/// two registers together tell nobody which rows belong to one person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AnswerId(pub(crate) [u8; 16]);

/// Not 32 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the id of an inquiry is 32 hexadecimal digits, as `server inquiry list` shows it")]
pub struct InvalidInquiryId;

impl fmt::Display for InquiryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        written_id::write(&self.0, f)
    }
}

impl FromStr for InquiryId {
    type Err = InvalidInquiryId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        written_id::read(text).map(Self).ok_or(InvalidInquiryId)
    }
}

impl fmt::Display for AnswerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        written_id::write(&self.0, f)
    }
}

impl FromStr for AnswerId {
    type Err = InvalidInquiryId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        written_id::read(text).map(Self).ok_or(InvalidInquiryId)
    }
}

/// On which ground somebody may be asked about (C24).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GroundKind {
    /// The person consented (本人同意).
    Consent,
    /// The resident register says that the person lived there (住民基本台帳による確認).
    ResidentRegister,
}

impl GroundKind {
    /// Every ground.
    pub const ALL: [Self; 2] = [Self::Consent, Self::ResidentRegister];

    /// The stable name in records and on the command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Consent => "consent",
            Self::ResidentRegister => "resident-register",
        }
    }

    /// The ground of that name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

/// The ground, and how it was established.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ground {
    kind: GroundKind,
    how: Redacted<String>,
}

/// Nothing was said of how the ground was established, or too much.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("how the ground was established is 1 to 500 bytes: it is recorded")]
pub struct InvalidGround;

impl Ground {
    /// Takes how consent was given, or how the resident register was asked: 1 to 500 bytes.
    ///
    /// # Errors
    /// [`InvalidGround`].
    pub fn new(kind: GroundKind, how: &str) -> Result<Self, InvalidGround> {
        if how.trim().is_empty() || how.len() > 500 {
            return Err(InvalidGround);
        }
        Ok(Self {
            kind,
            how: Redacted::new(how.to_owned()),
        })
    }

    /// Which ground.
    #[must_use]
    pub const fn kind(&self) -> GroundKind {
        self.kind
    }

    /// How it was established, as staff wrote it.
    #[must_use]
    pub const fn how(&self) -> &Redacted<String> {
        &self.how
    }
}

/// Most diseases asked about at once.
const MOST_DISEASES: usize = 10;

/// The kinds of disease (疾病) asked about, in the register's own words, each once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diseases(Vec<String>);

/// No disease, too many, one twice, or one of no or too many characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an inquiry is about 1 to 10 diseases, each once and of 1 to 40 characters")]
pub struct InvalidDiseases;

impl Diseases {
    /// Takes 1 to 10 diseases, each once and of 1 to 40 characters, however they are spelled.
    ///
    /// # Errors
    /// [`InvalidDiseases`].
    pub fn new(mut diseases: Vec<String>) -> Result<Self, InvalidDiseases> {
        for disease in &mut diseases {
            *disease = certificate::diseases::name_of(disease).to_owned();
        }
        let fits = |disease: &String| (1..=40).contains(&disease.chars().count());
        if !(1..=MOST_DISEASES).contains(&diseases.len()) || !diseases.iter().all(fits) {
            return Err(InvalidDiseases);
        }
        diseases.sort_unstable();
        if diseases.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(InvalidDiseases);
        }
        Ok(Self(diseases))
    }

    /// The diseases, in the order of their characters.
    #[must_use]
    pub fn as_slice(&self) -> &[String] {
        &self.0
    }

    /// Whether a disease is among them.
    #[must_use]
    pub fn contain(&self, disease: &str) -> bool {
        self.0.iter().any(|one| one == disease)
    }
}

/// What staff prepare.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewInquiry {
    /// About what.
    pub diseases: Diseases,
    /// On which ground.
    pub ground: Ground,
}

/// How far an inquiry has come, as the asking side sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InquiryState {
    /// Prepared; not sent.
    Prepared,
    /// Sent; nothing has been provided. Nobody who agrees is registered there, or nothing of what
    /// was asked, or somebody there has yet to decide, or has refused: which, is not told.
    Sent,
    /// Doses were provided.
    Provided,
}

impl InquiryState {
    /// Every state.
    pub const ALL: [Self; 3] = [Self::Prepared, Self::Sent, Self::Provided];

    /// The stable name in the register.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Prepared => "prepared",
            Self::Sent => "sent",
            Self::Provided => "provided",
        }
    }

    /// The state of that name.
    pub(crate) fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }
}

/// An inquiry as the asking side has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inquiry {
    /// Its id.
    pub id: InquiryId,
    /// How far it has come.
    pub state: InquiryState,
    /// Who is asked.
    pub to: MunicipalityCode,
    /// About what.
    pub diseases: Diseases,
    /// On which ground.
    pub ground: Ground,
    /// When it was prepared.
    pub prepared_at: OffsetDateTime,
    /// Who prepared it.
    pub prepared_by: String,
    /// When it was sent.
    pub sent_at: Option<OffsetDateTime>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_thirty_two_digits_and_nothing_else() {
        let id = InquiryId([0x0a; 16]);
        assert_eq!(id.to_string().parse(), Ok(id));
        for bad in [
            "",
            "0a",
            &"0a".repeat(17),
            &"g".repeat(32),
            &"+a".repeat(16),
        ] {
            assert_eq!(bad.parse::<InquiryId>(), Err(InvalidInquiryId));
            assert_eq!(bad.parse::<AnswerId>(), Err(InvalidInquiryId));
        }
    }

    #[test]
    fn a_ground_says_how_it_was_established() {
        assert!(Ground::new(GroundKind::Consent, "signed at the counter").is_ok());
        for bad in ["", "  ", &"x".repeat(501)] {
            assert_eq!(Ground::new(GroundKind::Consent, bad), Err(InvalidGround));
        }
    }

    #[test]
    fn diseases_are_few_and_named_once() {
        let of = |texts: &[&str]| Diseases::new(texts.iter().map(|t| (*t).to_owned()).collect());
        assert!(of(&["麻しん", "風しん"]).is_ok());
        assert_eq!(of(&["麻しん", "風しん"]), of(&["風しん", "麻しん"]));
        let long = "x".repeat(41);
        for bad in [&[][..], &["a", "a"], &[""], &[long.as_str()], &["a"; 11]] {
            assert_eq!(of(bad), Err(InvalidDiseases));
        }
        let many: Vec<String> = (0..11).map(|n| n.to_string()).collect();
        assert_eq!(Diseases::new(many), Err(InvalidDiseases));
    }
}
