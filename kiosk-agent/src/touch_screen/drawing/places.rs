//! Names of places, for whoever reads the language on the screen: the name as it stands on cards
//! and papers, with its reading where that is another script.

use application::messages::ParticipatingMunicipality;
use domain::Language;

use crate::texts::PREFECTURES;

/// A municipality's name.
pub(super) fn municipality(it: &ParticipatingMunicipality, language: Language) -> String {
    let kana: String = it.kana.chars().map(hiragana).collect();
    with_reading(&it.name, &kana, &it.roman_name, language)
}

/// The name of a municipality's prefecture.
pub(super) fn prefecture(it: &ParticipatingMunicipality, language: Language) -> String {
    let (kana, roman) = reading(it).unwrap_or_default();
    with_reading(&it.prefecture, kana, roman, language)
}

/// Its code begins with its prefecture's.
fn reading(it: &ParticipatingMunicipality) -> Option<(&'static str, &'static str)> {
    let number: usize = it.code.as_str().get(..2)?.parse().ok()?;
    PREFECTURES.get(number.checked_sub(1)?).copied()
}

fn with_reading(name: &str, kana: &str, roman: &str, language: Language) -> String {
    match language {
        // Chinese reads the characters.
        Language::Japanese | Language::SimplifiedChinese => name.to_owned(),
        Language::EasyJapanese if !kana.is_empty() => format!("{name}（{kana}）"),
        Language::English | Language::Korean | Language::Vietnamese | Language::Portuguese
            if !roman.is_empty() =>
        {
            format!("{roman} ({name})")
        }
        Language::EasyJapanese
        | Language::English
        | Language::Korean
        | Language::Vietnamese
        | Language::Portuguese => name.to_owned(),
    }
}

/// Katakana as hiragana: the two scripts run in parallel, 0x60 apart (Unicode, Hiragana and
/// Katakana).
pub(super) fn hiragana(it: char) -> char {
    match it {
        'ァ'..='ヶ' => char::from_u32(u32::from(it) - 0x60).unwrap_or(it),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{MunicipalityCode, Yen};

    fn urayasu() -> ParticipatingMunicipality {
        ParticipatingMunicipality {
            code: MunicipalityCode::parse("122271").unwrap(),
            name: "浦安市".to_owned(),
            kana: "ウラヤスシ".to_owned(),
            roman_name: "Urayasu City".to_owned(),
            prefecture: "千葉県".to_owned(),
            fee: Yen(120),
            opens_at: None,
            closes_at: None,
            open_now: true,
        }
    }

    #[test]
    fn whoever_cannot_read_characters_reads_the_name_all_the_same() {
        for (language, expected) in [
            (Language::Japanese, ("浦安市", "千葉県")),
            (
                Language::EasyJapanese,
                ("浦安市（うらやすし）", "千葉県（ちばけん）"),
            ),
            (
                Language::English,
                ("Urayasu City (浦安市)", "Chiba (千葉県)"),
            ),
            (
                Language::Korean,
                ("Urayasu City (浦安市)", "Chiba (千葉県)"),
            ),
        ] {
            let shown = (
                municipality(&urayasu(), language),
                prefecture(&urayasu(), language),
            );
            assert_eq!((shown.0.as_str(), shown.1.as_str()), expected);
        }
    }

    #[test]
    fn a_name_without_a_reading_is_the_name() {
        let without = ParticipatingMunicipality {
            kana: String::new(),
            roman_name: String::new(),
            ..urayasu()
        };
        for language in Language::ALL {
            assert_eq!(municipality(&without, language), "浦安市");
        }
    }
}
