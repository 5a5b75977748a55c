//! The municipalities that take part, by prefecture and by kana.

use application::messages::ParticipatingMunicipality;
use domain::{Language, MunicipalityCode};
use unicode_normalization::UnicodeNormalization as _;

use super::super::view::{Ask, Entry, KanaRow, ListsAloud, Prefecture, SearchLabels};
use super::aloud;
use super::asks::hours;
use super::places;
use crate::screens::Step;
use crate::texts::{Key as _, Label};
use crate::voice::Prompt;

/// The rows of the kana table (五十音), each with its kana in their plain form.
const ROWS: [(char, &str); 10] = [
    ('あ', "あいうえお"),
    ('か', "かきくけこ"),
    ('さ', "さしすせそ"),
    ('た', "たちつてと"),
    ('な', "なにぬねの"),
    ('は', "はひふへほ"),
    ('ま', "まみむめも"),
    ('や', "やゆよ"),
    ('ら', "らりるれろ"),
    ('わ', "わゐゑをん"),
];

pub(super) fn ask(
    participating: &[ParticipatingMunicipality],
    suggested: Option<MunicipalityCode>,
    language: Language,
) -> Ask {
    let entry = |municipality: &ParticipatingMunicipality| Entry {
        code: municipality.code,
        name: places::municipality(municipality, language),
        kana: municipality.kana.clone(),
        roman_name: municipality.roman_name.clone(),
        detail: hours(municipality, language),
        available: municipality.open_now,
    };
    Ask::Municipality {
        own: participating
            .iter()
            .find(|municipality| Some(municipality.code) == suggested)
            .map(entry),
        own_label: Label::OwnMunicipality.to(language),
        prefectures: by_prefecture(participating, language, &entry),
        kana: by_kana(participating, language, &entry),
        labels: Box::new(SearchLabels {
            by_prefecture: Label::ByPrefecture.to(language),
            by_kana: Label::ByKana.to(language),
            by_name: Label::ByName.to(language),
            search: Label::Search.to(language),
            erase: Label::Erase.to(language),
        }),
        aloud: Box::new(ListsAloud {
            numbers: aloud::numbers(language),
            more: aloud::key(0, Label::NextOnes, language),
            shown_only: aloud::alone(Step::NamesAreShown, language),
        }),
    }
}

/// The files that say the prefecture that the codes of its municipalities begin with.
fn prefecture_files(code: MunicipalityCode, language: Language) -> Vec<String> {
    let prefecture = code.as_str().get(..2).and_then(|code| code.parse().ok());
    prefecture.map_or_else(Vec::new, |code| Prompt::Prefecture(code).files(language))
}

/// In the order of their codes, which run from north to south.
fn by_prefecture(
    participating: &[ParticipatingMunicipality],
    language: Language,
    entry: &impl Fn(&ParticipatingMunicipality) -> Entry,
) -> Vec<Prefecture> {
    let mut sorted: Vec<_> = participating.iter().collect();
    sorted.sort_by_key(|municipality| municipality.code);
    sorted
        .chunk_by(|one, other| one.prefecture == other.prefecture)
        .filter_map(|of_one| {
            let first = of_one.first()?;
            Some(Prefecture {
                name: places::prefecture(first, language),
                files: prefecture_files(first.code, language),
                municipalities: of_one.iter().map(|it| entry(it)).collect(),
            })
        })
        .collect()
}

/// In kana order; rows without municipalities are left out.
fn by_kana(
    participating: &[ParticipatingMunicipality],
    language: Language,
    entry: &impl Fn(&ParticipatingMunicipality) -> Entry,
) -> Vec<KanaRow> {
    let mut sorted: Vec<_> = participating
        .iter()
        .map(|municipality| (plain_kana(&municipality.kana), municipality))
        .collect();
    sorted.sort_by(|(a, one), (b, other)| a.cmp(b).then(one.code.cmp(&other.code)));
    ROWS.iter()
        .map(|(row, kana)| KanaRow {
            row: row.to_string(),
            files: Prompt::KanaRow(*row).files(language),
            municipalities: sorted
                .iter()
                .filter(|(name, _)| name.chars().next().is_some_and(|it| kana.contains(it)))
                .map(|(_, municipality)| entry(municipality))
                .collect(),
        })
        .filter(|row| !row.municipalities.is_empty())
        .collect()
}

/// Hiragana without voicing marks: 「ガ」 becomes 「か」.
fn plain_kana(kana: &str) -> String {
    kana.nfkd()
        .filter(|it| !matches!(it, '\u{3099}' | '\u{309a}'))
        .map(places::hiragana)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Yen;

    fn municipality(code: &str, prefecture: &str, kana: &str) -> ParticipatingMunicipality {
        ParticipatingMunicipality {
            code: MunicipalityCode::parse(code).unwrap(),
            name: kana.to_owned(),
            kana: kana.to_owned(),
            roman_name: String::new(),
            prefecture: prefecture.to_owned(),
            fee: Yen(120),
            opens_at: None,
            closes_at: None,
            open_now: true,
        }
    }

    fn asked(suggested: Option<&str>) -> (Option<String>, Vec<String>, Vec<String>) {
        let participating = [
            municipality("131121", "東京都", "セタガヤク"),
            municipality("022021", "青森県", "ひろさきし"),
            municipality("122271", "千葉県", "うらやすし"),
            municipality("132217", "東京都", "きよせし"),
        ];
        let suggested = suggested.map(|code| MunicipalityCode::parse(code).unwrap());
        let Ask::Municipality {
            own,
            prefectures,
            kana,
            ..
        } = ask(&participating, suggested, Language::Japanese)
        else {
            panic!("asks something else");
        };
        let joined = |name: &str, entries: &[Entry]| {
            let names: Vec<_> = entries.iter().map(|entry| entry.name.as_str()).collect();
            format!("{name}: {}", names.join(" "))
        };
        (
            own.map(|entry| entry.name),
            prefectures
                .iter()
                .map(|it| joined(&it.name, &it.municipalities))
                .collect(),
            kana.iter()
                .map(|it| joined(&it.row, &it.municipalities))
                .collect(),
        )
    }

    #[test]
    fn each_is_found_by_prefecture_and_by_kana() {
        let (_, prefectures, kana) = asked(None);
        assert_eq!(
            prefectures,
            [
                "青森県: ひろさきし",
                "千葉県: うらやすし",
                "東京都: セタガヤク きよせし"
            ]
        );
        assert_eq!(
            kana,
            [
                "あ: うらやすし",
                "か: きよせし",
                "さ: セタガヤク",
                "は: ひろさきし"
            ]
        );
    }

    #[test]
    fn the_cards_own_comes_first_where_it_takes_part() {
        assert_eq!(asked(Some("122271")).0.as_deref(), Some("うらやすし"));
        assert_eq!(asked(Some("011002")).0, None);
    }

    #[test]
    fn voiced_kana_are_in_the_row_of_their_plain_form() {
        assert_eq!(plain_kana("ギフシ"), "きふし");
        assert_eq!(plain_kana("ぱぴぷ"), "はひふ");
    }
}
