//! Whether the holder of a card is the resident of a record (domain rule 12).

use domain::{BasicAttributes, NormalizedName};

use crate::model::{AlternativeNameKind, Resident};

/// In what card and register disagree. Not for the applicant's eyes: kiosk and phone answer "not
/// here" whatever it is (rule 7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Disagreement {
    /// The birth dates differ.
    #[error("birth date")]
    BirthDate,
    /// The sexes differ.
    #[error("sex")]
    Sex,
    /// The names differ, normalised and with every registered alternative.
    #[error("name")]
    Name,
}

impl Resident {
    /// Whether birth date, sex and name of the card are this resident's: the name after
    /// normalisation, a registered 旧姓, 別名 or 通称 accepted alone and in the brackets in which
    /// the card adds it (「山田［佐藤］花子」, "SMITH ANN（山田花子）").
    ///
    /// # Errors
    /// The first [`Disagreement`].
    pub fn agrees_with(&self, card: &BasicAttributes) -> Result<(), Disagreement> {
        if self.birth_date != card.birth_date {
            return Err(Disagreement::BirthDate);
        }
        if self.sex != card.sex {
            return Err(Disagreement::Sex);
        }
        let on_card = card.name.normalized();
        if self.accepted_names().any(|name| name == on_card) {
            Ok(())
        } else {
            Err(Disagreement::Name)
        }
    }

    /// Every form of the name that a card of this resident may bear, normalised.
    pub(crate) fn accepted_names(&self) -> impl Iterator<Item = NormalizedName> + '_ {
        let alternatives = self.alternative_names.iter().flat_map(|alternative| {
            let other = alternative.name.expose();
            let (family, given) = self.name.parts();
            let given = given.unwrap_or_default();
            let whole = self.name.expose();
            match alternative.kind {
                AlternativeNameKind::FormerFamilyName => [
                    NormalizedName::of(&format!("{other}{given}")),
                    NormalizedName::of(&format!("{family}[{other}]{given}")),
                ],
                AlternativeNameKind::Alias | AlternativeNameKind::CommonName => [
                    NormalizedName::of(other),
                    NormalizedName::of(&format!("{whole}({other})")),
                ],
            }
        });
        std::iter::once(self.name.normalized()).chain(alternatives)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{AlternativeName, ResidentNumber};
    use domain::{Address, BirthDate, PersonName, Sex};

    fn name(text: &str) -> PersonName {
        PersonName::parse(text).unwrap()
    }

    fn resident() -> Resident {
        Resident {
            number: ResidentNumber::parse("1").unwrap(),
            name: name("山田\u{3000}花子"),
            kana: None,
            birth_date: BirthDate::parse(b"19800101").unwrap(),
            sex: Sex::Female,
            address: Address::parse("どこか").unwrap(),
            alternative_names: vec![
                AlternativeName {
                    kind: AlternativeNameKind::FormerFamilyName,
                    name: name("佐藤"),
                },
                AlternativeName {
                    kind: AlternativeNameKind::CommonName,
                    name: name("山川\u{3000}春"),
                },
            ],
            moved_out_on: None,
            deceased_on: None,
            protected_since: None,
            use_suspended_since: None,
        }
    }

    fn card(text: &str) -> BasicAttributes {
        BasicAttributes {
            name: name(text),
            address: Address::parse("引っ越した").unwrap(),
            birth_date: BirthDate::parse(b"19800101").unwrap(),
            sex: Sex::Female,
        }
    }

    #[test]
    fn registered_names_agree() {
        for on_card in [
            "山田 花子",
            "山田花子",
            "佐藤\u{3000}花子",
            "山田［佐藤］\u{3000}花子",
            "山川 春",
            "山田\u{3000}花子（山川\u{3000}春）",
        ] {
            assert_eq!(resident().agrees_with(&card(on_card)), Ok(()));
        }
    }

    #[test]
    fn other_names_do_not() {
        for on_card in [
            "山田 春",
            "佐藤",
            "山川 花子",
            "鈴木 花子",
            "山田［鈴木］花子",
        ] {
            assert_eq!(
                resident().agrees_with(&card(on_card)),
                Err(Disagreement::Name)
            );
        }
    }

    #[test]
    fn birth_date_and_sex_must_be_the_same() {
        let mut other = card("山田 花子");
        other.birth_date = BirthDate::parse(b"19800102").unwrap();
        assert_eq!(resident().agrees_with(&other), Err(Disagreement::BirthDate));
        let mut other = card("山田 花子");
        other.sex = Sex::Male;
        assert_eq!(resident().agrees_with(&other), Err(Disagreement::Sex));
    }
}
