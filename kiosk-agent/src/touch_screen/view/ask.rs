//! What a screen asks, and what can be answered.

use domain::{Language, MunicipalityCode};
use serde::Serialize;

use super::Voice;

/// What a screen asks.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(
    tag = "type",
    rename_all = "kebab-case",
    rename_all_fields = "kebab-case"
)]
pub enum Ask {
    /// Nothing: it goes on by itself, or by what happens at the devices.
    Nothing,
    /// One of these.
    Choices {
        /// At most nine: each has a number on the keypad.
        choices: Vec<Choice>,
    },
    /// Agreement to the terms.
    Terms {
        /// The terms, paragraphs separated by empty lines.
        text: String,
        /// The language of that text: the terms may not exist in the resident's.
        text_language: Language,
        /// The label of "agree".
        agree: String,
        /// The label of "do not agree".
        decline: String,
    },
    /// The PIN, digit by digit; the page holds none of it.
    Pin {
        /// Digits it has.
        digits: u8,
        /// Digits entered so far.
        entered: u8,
        /// The label of "erase the last digit".
        erase: String,
        /// The label of "enter".
        enter: String,
    },
    /// A municipality: the card's own, or by prefecture, kana or name.
    Municipality {
        /// The one in the card's address, if it takes part.
        own: Option<Entry>,
        /// What is said above it.
        own_label: String,
        /// All, by prefecture from north to south.
        prefectures: Vec<Prefecture>,
        /// All, by the first kana's row.
        kana: Vec<KanaRow>,
        /// The labels of the three ways to search.
        labels: Box<SearchLabels>,
        /// What is said of the lists that the page opens by itself.
        aloud: Box<ListsAloud>,
    },
    /// Whether the certificate is right as it will print.
    Preview {
        /// Which picture: it came as a binary message before this view.
        picture: u32,
        /// What can be done.
        choices: Vec<Choice>,
    },
    /// How many copies.
    Copies {
        /// The most there can be.
        most: u8,
        /// What each costs, said.
        each: String,
        /// One for each number of copies.
        choices: Vec<Choice>,
    },
}

/// One thing that can be chosen.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Choice {
    /// What a touch names.
    pub id: String,
    /// What it is.
    pub label: String,
    /// Doses, fee and the like.
    pub detail: Option<String>,
    /// Why it is not available, and what to do instead.
    pub note: Option<String>,
    /// Whether it can be chosen.
    pub available: bool,
    /// Whether Enter chooses it; at most one of a view.
    pub main: bool,
}

/// A municipality to choose.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Entry {
    /// Its code.
    pub code: MunicipalityCode,
    /// 「○○市」
    pub name: String,
    /// In kana, for finding it by name.
    pub kana: String,
    /// In roman letters.
    pub roman_name: String,
    /// Its hours, and whether it is open now.
    pub detail: String,
    /// Whether it issues now.
    pub available: bool,
}

/// The municipalities of a prefecture (都道府県).
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Prefecture {
    /// 「東京都」
    pub name: String,
    /// The files that say it.
    pub files: Vec<String>,
    /// In the order of their codes.
    pub municipalities: Vec<Entry>,
}

/// The municipalities of a row of the kana table (五十音).
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct KanaRow {
    /// 「あ」, 「か」 …
    pub row: String,
    /// The files that say it.
    pub files: Vec<String>,
    /// In kana order.
    pub municipalities: Vec<Entry>,
}

/// What is said of a list whose entries have a number on the keypad, nine at a time.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct ListsAloud {
    /// The files that say each number, from 1.
    pub numbers: Vec<Vec<String>>,
    /// The key that numbers the next ones, where there are more.
    pub more: Voice,
    /// That what comes is on the screen only: names of municipalities have no recordings.
    pub shown_only: Voice,
}

/// The labels of the ways to find a municipality.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct SearchLabels {
    /// By prefecture.
    pub by_prefecture: String,
    /// By kana.
    pub by_kana: String,
    /// By name.
    pub by_name: String,
    /// The field to type it in.
    pub search: String,
    /// Take the last letter back.
    pub erase: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn choice() -> Choice {
        Choice {
            id: "abroad".to_owned(),
            label: "海外用".to_owned(),
            detail: None,
            note: None,
            available: true,
            main: true,
        }
    }

    fn asked(ask: &Ask) -> Value {
        serde_json::to_value(ask).unwrap()
    }

    fn said() -> Voice {
        Voice {
            files: vec!["en-names-are-shown.opus".to_owned()],
            text: "n".to_owned(),
            again: 0,
        }
    }

    #[test]
    fn questions_carry_their_type() {
        let choices = json!([{
            "id": "abroad", "label": "海外用", "detail": null, "note": null,
            "available": true, "main": true,
        }]);
        assert_eq!(
            asked(&Ask::Choices {
                choices: vec![choice()]
            }),
            json!({"type": "choices", "choices": choices})
        );
        assert_eq!(
            asked(&Ask::Preview {
                picture: 3,
                choices: vec![choice()]
            }),
            json!({"type": "preview", "picture": 3, "choices": choices})
        );
        assert_eq!(
            asked(&Ask::Pin {
                digits: 4,
                entered: 1,
                erase: "e".to_owned(),
                enter: "o".to_owned()
            }),
            json!({"type": "pin", "digits": 4, "entered": 1, "erase": "e", "enter": "o"})
        );
        let terms = asked(&Ask::Terms {
            text: "x".to_owned(),
            text_language: Language::Japanese,
            agree: "a".to_owned(),
            decline: "d".to_owned(),
        });
        assert_eq!(terms["text-language"], "ja");
    }

    #[test]
    fn a_municipality_is_found_three_ways() {
        let entry = Entry {
            code: MunicipalityCode::parse("131121").unwrap(),
            name: "世田谷区".to_owned(),
            kana: "セタガヤク".to_owned(),
            roman_name: "Setagaya".to_owned(),
            detail: "06:30–23:00".to_owned(),
            available: true,
        };
        let asked = asked(&Ask::Municipality {
            own: Some(entry.clone()),
            own_label: "o".to_owned(),
            prefectures: vec![Prefecture {
                name: "東京都".to_owned(),
                files: Vec::new(),
                municipalities: vec![entry.clone()],
            }],
            kana: vec![KanaRow {
                row: "さ".to_owned(),
                files: Vec::new(),
                municipalities: vec![entry],
            }],
            labels: Box::new(SearchLabels {
                by_prefecture: "p".to_owned(),
                by_kana: "k".to_owned(),
                by_name: "n".to_owned(),
                search: "s".to_owned(),
                erase: "e".to_owned(),
            }),
            aloud: Box::new(ListsAloud {
                numbers: vec![vec!["en-number-1.opus".to_owned()]],
                more: said(),
                shown_only: said(),
            }),
        });
        assert_eq!(asked["own"]["code"], "131121");
        assert_eq!(asked["own"]["roman-name"], "Setagaya");
        assert_eq!(
            asked["prefectures"][0]["municipalities"],
            json!([asked["own"]])
        );
        assert_eq!(asked["kana"][0]["row"], "さ");
        assert_eq!(asked["labels"]["by-prefecture"], "p");
    }
}
