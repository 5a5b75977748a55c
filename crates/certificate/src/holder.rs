//! The holder inside a code, and comparing it with the card (C11 of the rules: nobody ever gets
//! somebody else's paper).

use crypto::{MacKey, constant_time_eq};
use domain::{BirthDate, NormalizedName, PersonName};

/// The holder as a verified code has it: every name the code carries, and the birth date.
///
/// A SMART Health Card carries the registered name; where the card's name agreed with the
/// register only through a registered other name (旧姓・別名・通称), that one too; and the roman
/// name for use abroad. So the card's name, normalised, is always among them. A VDS-NC carries
/// the roman name alone: it is compared with the SMART Health Card beside it
/// ([`HolderOnCode::is_of_one_person_with`]).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HolderOnCode {
    names: Vec<PersonName>,
    birth_date: BirthDate,
}

impl HolderOnCode {
    pub(crate) const fn new(names: Vec<PersonName>, birth_date: BirthDate) -> Self {
        Self { names, birth_date }
    }

    /// The names as written in the code, family name and given name apart by U+3000.
    #[must_use]
    pub fn names(&self) -> &[PersonName] {
        &self.names
    }

    /// The birth date.
    #[must_use]
    pub const fn birth_date(&self) -> BirthDate {
        self.birth_date
    }

    /// Whether the birth date is this and one of the names, normalised, is this. Every name is
    /// compared, in time that depends on lengths only.
    #[must_use]
    pub fn matches(&self, name: &NormalizedName, birth_date: BirthDate) -> bool {
        self.any_name(|own| constant_time_eq(own.expose().as_bytes(), name.expose().as_bytes()))
            & (self.birth_date == birth_date)
    }

    /// The same for a kiosk that kept only [`holder_mac`] of the card's name and birth date.
    #[must_use]
    pub fn matches_mac(&self, key: &MacKey, mac: &[u8; 32]) -> bool {
        self.any_name(|own| constant_time_eq(&holder_mac(key, own, self.birth_date), mac))
    }

    /// Whether two codes of one page are of one person: the same birth date, and a name of the
    /// one is a name of the other.
    #[must_use]
    pub fn is_of_one_person_with(&self, other: &Self) -> bool {
        other.names.iter().fold(false, |found, name| {
            found | self.matches(&name.normalized(), other.birth_date)
        })
    }

    fn any_name(&self, mut is: impl FnMut(&NormalizedName) -> bool) -> bool {
        self.names
            .iter()
            .fold(false, |found, name| found | is(&name.normalized()))
    }
}

/// What a kiosk keeps of the card for the time between reading and printing: HMAC-SHA-256 under
/// a key of this session over the normalised name and the birth date `YYYY-MM-DD`.
#[must_use]
pub fn holder_mac(key: &MacKey, name: &NormalizedName, birth_date: BirthDate) -> [u8; 32] {
    key.mac(&[
        b"akashi holder",
        name.expose().as_bytes(),
        birth_date.to_iso().as_bytes(),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    fn holder(names: &[&str]) -> HolderOnCode {
        let names = names.iter().map(|name| PersonName::parse(*name).unwrap());
        HolderOnCode::new(names.collect(), BirthDate::from_date(date!(1980 - 01 - 02)))
    }

    #[test]
    fn any_of_the_names_and_the_birth_date() {
        let on_code = holder(&["佐藤\u{3000}花子", "鈴木\u{3000}花子", "SATO\u{3000}HANAKO"]);
        let born = on_code.birth_date();
        let key = MacKey::new(&[7; 32]);
        for name in ["佐藤 花子", "鈴木花子", "ＳＡＴＯ HANAKO"] {
            let name = NormalizedName::of(name);
            assert!(on_code.matches(&name, born));
            assert!(on_code.matches_mac(&key, &holder_mac(&key, &name, born)));
            let other_day = BirthDate::from_date(date!(1980 - 01 - 03));
            assert!(!on_code.matches(&name, other_day));
            assert!(!on_code.matches_mac(&key, &holder_mac(&key, &name, other_day)));
            let other_key = MacKey::new(&[8; 32]);
            assert!(!on_code.matches_mac(&key, &holder_mac(&other_key, &name, born)));
        }
        let other = NormalizedName::of("佐藤 花代");
        assert!(!on_code.matches(&other, born));
        assert!(!on_code.matches_mac(&key, &holder_mac(&key, &other, born)));
    }

    #[test]
    fn codes_of_one_page() {
        let shc = holder(&["佐藤\u{3000}花子", "SATO\u{3000}HANAKO"]);
        assert!(shc.is_of_one_person_with(&holder(&["SATO HANAKO"])));
        assert!(!shc.is_of_one_person_with(&holder(&["SATO HANAYO"])));
        assert!(!holder(&[]).is_of_one_person_with(&shc));
    }

    #[test]
    fn debug_tells_nothing() {
        assert!(!format!("{:?}", holder(&["佐藤"])).contains("佐藤"));
    }
}
