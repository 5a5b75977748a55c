//! The holder inside a code, and comparing it with the card (C11 of the rules: nobody ever gets
//! somebody else's paper).

use crypto::{MacKey, constant_time_eq};
use domain::{BirthDate, InvalidText, NormalizedName, PersonName};

use crate::model::Holder;

/// The holder as a verified code has it, or as one will: every name the code carries, and the
/// birth date.
///
/// A SMART Health Card carries the registered name; the registered other name through which the
/// card's name agreed with the register (旧姓・別名・通称), if there is one; and the roman name
/// for use abroad. So the card's name is always one of [`HolderOnCode::card_names`]. A VDS-NC carries
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

    /// As the codes of a certificate will have its holder.
    ///
    /// # Errors
    /// [`InvalidText`] where a name on it is no name.
    pub fn of(holder: &Holder) -> Result<Self, InvalidText> {
        let name = |(family, given): (&str, Option<&str>)| match given {
            Some(given) => PersonName::parse(format!("{family}\u{3000}{given}")),
            None => PersonName::parse(family),
        };
        let names = holder.names().map(name).collect::<Result<_, _>>()?;
        Ok(Self::new(names, holder.birth_date))
    }

    /// Every form in which a card may bear the holder's name, normalised: each name by itself, and
    /// the first with another in brackets, as a card adds a 旧姓 (「山田［佐藤］花子」) and the
    /// others ("SMITH ANN（山田花子）").
    #[must_use]
    pub fn card_names(&self) -> Vec<NormalizedName> {
        let mut forms: Vec<_> = self.names.iter().map(PersonName::normalized).collect();
        if let Some((first, others)) = self.names.split_first() {
            let (family, given) = first.parts();
            for other in others {
                let (whole, given) = (first.expose(), given.unwrap_or_default());
                let bracketed = format!("{family}[{}]{given}", other.parts().0);
                forms.push(NormalizedName::of(&bracketed));
                forms.push(NormalizedName::of(&format!("{whole}({})", other.expose())));
            }
        }
        forms
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

    /// Whether the birth date is this, and this one of the forms in which a card may bear the name.
    /// Every form is compared, in time that depends on lengths only.
    #[must_use]
    pub fn matches(&self, name: &NormalizedName, birth_date: BirthDate) -> bool {
        let name = name.expose().as_bytes();
        let found = self.card_names().iter().fold(false, |found, own| {
            found | constant_time_eq(own.expose().as_bytes(), name)
        });
        found & (self.birth_date == birth_date)
    }

    /// The same for a kiosk that kept only [`holder_mac`] of the card's name and birth date.
    #[must_use]
    pub fn matches_mac(&self, key: &MacKey, mac: &[u8; 32]) -> bool {
        is_holder(key, mac, &self.card_names(), self.birth_date)
    }

    /// Whether two codes of one page are of one person: the same birth date, and a name of the
    /// one is a name of the other.
    #[must_use]
    pub fn is_of_one_person_with(&self, other: &Self) -> bool {
        other.names.iter().fold(false, |found, name| {
            found | self.matches(&name.normalized(), other.birth_date)
        })
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

/// Whether one of these names with this birth date is what [`holder_mac`] was made of. Every name
/// is compared, in time that depends on lengths only.
#[must_use]
pub fn is_holder(
    key: &MacKey,
    mac: &[u8; 32],
    names: &[NormalizedName],
    birth_date: BirthDate,
) -> bool {
    names.iter().fold(false, |found, name| {
        found | constant_time_eq(&holder_mac(key, name, birth_date), mac)
    })
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
    fn a_card_may_add_the_other_name_in_brackets() {
        let former = holder(&["山田\u{3000}花子", "佐藤\u{3000}花子"]);
        let common = holder(&["SMITH\u{3000}ANN", "山田\u{3000}花子"]);
        for (on_code, card, expected) in [
            (&former, "山田［佐藤］\u{3000}花子", true),
            (&former, "佐藤［山田］\u{3000}花子", false),
            (&former, "山田［鈴木］\u{3000}花子", false),
            (&common, "SMITH ANN（山田\u{3000}花子）", true),
            (&common, "SMITH ANN（山田\u{3000}花代）", false),
            (
                &holder(&["山田\u{3000}花子"]),
                "山田［佐藤］\u{3000}花子",
                false,
            ),
            (&holder(&[]), "", false),
        ] {
            let card = NormalizedName::of(card);
            assert_eq!(on_code.matches(&card, on_code.birth_date()), expected);
        }
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
