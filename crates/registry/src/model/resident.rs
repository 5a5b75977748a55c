//! A resident (住民) as registered.

use std::fmt;

use domain::{Address, BirthDate, PersonName, Sex};
use time::Date;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// The municipality's own key for a person (宛名番号): 1 to 20 ASCII letters and digits.
#[derive(Clone, PartialEq, Eq, Hash, Zeroize, ZeroizeOnDrop)]
pub struct ResidentNumber(String);

/// Not 1 to 20 ASCII letters and digits. Never holds the input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a resident number is 1 to 20 ASCII letters and digits")]
pub struct InvalidResidentNumber;

impl ResidentNumber {
    /// Takes 1 to 20 ASCII letters and digits.
    ///
    /// # Errors
    /// [`InvalidResidentNumber`].
    pub fn parse(text: &str) -> Result<Self, InvalidResidentNumber> {
        let fits =
            (1..=20).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric());
        fits.then(|| Self(text.to_owned()))
            .ok_or(InvalidResidentNumber)
    }

    /// The number, for the ledger it comes from.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ResidentNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ResidentNumber([redacted])")
    }
}

/// A resident, without the individual number: who looks up by it has it, and nobody else needs it.
#[derive(Clone, PartialEq, Eq)]
pub struct Resident {
    /// The municipality's key for the person (宛名番号).
    pub number: ResidentNumber,
    /// Name as registered (氏名).
    pub name: PersonName,
    /// Name in kana (フリガナ), where registered.
    pub kana: Option<PersonName>,
    /// Birth date (生年月日).
    pub birth_date: BirthDate,
    /// Sex (性別).
    pub sex: Sex,
    /// Address (住所).
    pub address: Address,
    /// Other names registered for the person, in the order of the register.
    pub alternative_names: Vec<AlternativeName>,
    /// The day of moving out (転出), if moved out. Certificates are issued as before (rule 8).
    pub moved_out_on: Option<Date>,
    /// The day of death (死亡), if known. Not at kiosk or phone (rule 8).
    pub deceased_on: Option<Date>,
    /// Since when the person is under protection (支援措置・自動応答不可フラグ), if so. Not at
    /// kiosk or phone (rule 7).
    pub protected_since: Option<Date>,
    /// Since when the person had the use of their data suspended (利用停止), if so. Never imported:
    /// staff set it. Not at kiosk or phone, and no other automated use.
    pub use_suspended_since: Option<Date>,
}

impl Resident {
    /// Whether nothing may be answered without a person who decides: under protection, deceased,
    /// or the use of the data suspended. Kiosk and phone answer "not here"; other automated use
    /// waits for staff.
    #[must_use]
    pub const fn is_withheld_from_channels(&self) -> bool {
        self.protected_since.is_some()
            || self.deceased_on.is_some()
            || self.use_suspended_since.is_some()
    }
}

impl fmt::Debug for Resident {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Resident([redacted])")
    }
}

/// Another name registered for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlternativeName {
    /// What kind of name it is.
    pub kind: AlternativeNameKind,
    /// The name; a former family name has no given name.
    pub name: PersonName,
}

/// The kinds of other names in the resident register.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum AlternativeNameKind {
    /// 旧姓 (旧氏): the family name before marriage.
    FormerFamilyName,
    /// 別名.
    Alias,
    /// 通称: the name by which a foreign resident is known.
    CommonName,
}

impl AlternativeNameKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::FormerFamilyName, Self::Alias, Self::CommonName];

    /// The register's own word, as in import files and on paper.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::FormerFamilyName => "旧姓",
            Self::Alias => "別名",
            Self::CommonName => "通称",
        }
    }

    /// The kind of the register's word.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

impl fmt::Debug for AlternativeNameKind {
    /// That somebody has a former family name or a common name is about the person too.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AlternativeNameKind([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_resident_number_is_short_and_plain() {
        assert!(ResidentNumber::parse("000000000012345").is_ok());
        for bad in ["", "12 34", "１２３", &"1".repeat(21)] {
            assert_eq!(ResidentNumber::parse(bad), Err(InvalidResidentNumber));
        }
        let number = ResidentNumber::parse("987654").unwrap();
        assert!(!format!("{number:?}").contains("987654"));
    }

    #[test]
    fn words_and_kinds_agree() {
        for kind in AlternativeNameKind::ALL {
            assert_eq!(AlternativeNameKind::of_word(kind.word()), Some(kind));
        }
        assert_eq!(AlternativeNameKind::of_word("芸名"), None);
    }
}
