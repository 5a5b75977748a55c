//! What the page draws: one [`View`] at a time, as JSON in kebab-case.

use std::fmt;

use domain::{Language, MunicipalityCode};
use serde::Serialize;

use super::screen_name::ScreenName;

/// Everything on the screen, in the resident's language. A touch names the view's number; one on
/// an older view is dropped.
///
/// `Debug` shows which view it is and none of its words: they may say where the resident lives.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct View {
    /// Counts the views of this program, from 1.
    pub number: u64,
    /// Which screen it is, for the page's layout and picture.
    pub screen: ScreenName,
    /// The language of every text in it.
    pub language: Language,
    /// The languages to choose from, each named in itself.
    pub languages: Vec<LanguageName>,
    /// How it is meant; the page adds a symbol, the words say it too.
    pub tone: Tone,
    /// What happens or happened.
    pub title: String,
    /// What to do, and what else there is to know.
    pub lines: Vec<String>,
    /// A code for staff, where something went wrong.
    pub staff_code: Option<String>,
    /// How far reading or printing is.
    pub progress: Option<Progress>,
    /// What is asked.
    pub ask: Ask,
    /// The label of "cancel"; `None` where there is nothing to cancel.
    pub cancel: Option<String>,
    /// The label of "back"; `None` where there is no way back.
    pub back: Option<String>,
    /// The time left, where there is a limit.
    pub time: Option<TimeLeft>,
    /// What is said aloud.
    pub voice: Option<Voice>,
    /// The labels of the bar that every screen has.
    pub bar: Bar,
}

/// How a screen is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tone {
    /// All goes its way.
    Calm,
    /// Something went well.
    Good,
    /// Something is to be done now.
    Attention,
    /// Something went wrong.
    Problem,
}

/// A language, named in itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct LanguageName {
    /// Its tag.
    pub tag: Language,
    /// 「日本語」, "English" …
    pub name: String,
}

/// How far something is: `done` of `of`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Progress {
    /// Parts done.
    pub done: u32,
    /// All parts, at least one.
    pub of: u32,
}

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
        labels: SearchLabels,
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
    /// In the order of their codes.
    pub municipalities: Vec<Entry>,
}

/// The municipalities of a row of the kana table (五十音).
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct KanaRow {
    /// 「あ」, 「か」 …
    pub row: String,
    /// In kana order.
    pub municipalities: Vec<Entry>,
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
}

/// The time left on a screen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct TimeLeft {
    /// Seconds left when the view was sent; the page counts down.
    pub seconds_left: u32,
    /// Seconds that there were.
    pub of: u32,
    /// What is said beside the countdown.
    pub label: String,
    /// The label of "more time".
    pub more: String,
}

/// What is said aloud.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Voice {
    /// Files below `/voices/`, one after the other.
    pub files: Vec<String>,
    /// The same as text, for screen readers.
    pub text: String,
}

/// The labels of the bar that every screen has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Bar {
    /// Choose a language.
    pub language: String,
    /// Say it again.
    pub repeat: String,
    /// Louder.
    pub volume_up: String,
    /// Softer.
    pub volume_down: String,
    /// Larger letters.
    pub larger_text: String,
    /// High contrast.
    pub contrast: String,
    /// Help.
    pub help: String,
}

impl fmt::Debug for View {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("View")
            .field("number", &self.number)
            .field("screen", &self.screen)
            .field("language", &self.language)
            .finish_non_exhaustive()
    }
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

    fn view(ask: Ask) -> View {
        View {
            number: 7,
            screen: ScreenName::TakeCard,
            language: Language::EasyJapanese,
            languages: vec![LanguageName {
                tag: Language::SimplifiedChinese,
                name: "简体中文".to_owned(),
            }],
            tone: Tone::Attention,
            title: "t".to_owned(),
            lines: vec!["l".to_owned()],
            staff_code: Some("no-card".to_owned()),
            progress: Some(Progress { done: 1, of: 5 }),
            ask,
            cancel: Some("c".to_owned()),
            back: None,
            time: Some(TimeLeft {
                seconds_left: 60,
                of: 60,
                label: "l".to_owned(),
                more: "m".to_owned(),
            }),
            voice: None,
            bar: Bar {
                language: "l".to_owned(),
                repeat: "r".to_owned(),
                volume_up: "+".to_owned(),
                volume_down: "-".to_owned(),
                larger_text: "t".to_owned(),
                contrast: "c".to_owned(),
                help: "h".to_owned(),
            },
        }
    }

    fn written(ask: Ask) -> Value {
        serde_json::to_value(view(ask)).unwrap()
    }

    #[test]
    fn a_view_is_written_in_kebab_case() {
        let written = written(Ask::Nothing);
        assert_eq!(written["screen"], "take-card");
        assert_eq!(written["language"], "ja-x-easy");
        assert_eq!(
            written["languages"],
            json!([{"tag": "zh-Hans", "name": "简体中文"}])
        );
        assert_eq!(written["staff-code"], "no-card");
        assert_eq!(written["progress"], json!({"done": 1, "of": 5}));
        assert_eq!(written["ask"], json!({"type": "nothing"}));
        assert_eq!(written["back"], Value::Null);
        assert_eq!(written["time"]["seconds-left"], 60);
        assert_eq!(written["bar"]["larger-text"], "t");
    }

    #[test]
    fn questions_carry_their_type() {
        let choices = json!([{
            "id": "abroad", "label": "海外用", "detail": null, "note": null,
            "available": true, "main": true,
        }]);
        let asked = |ask| written(ask)["ask"].clone();
        assert_eq!(
            asked(Ask::Choices {
                choices: vec![choice()]
            }),
            json!({"type": "choices", "choices": choices})
        );
        assert_eq!(
            asked(Ask::Preview {
                picture: 3,
                choices: vec![choice()]
            }),
            json!({"type": "preview", "picture": 3, "choices": choices})
        );
        assert_eq!(
            asked(Ask::Pin {
                digits: 4,
                entered: 1,
                erase: "e".to_owned(),
                enter: "o".to_owned()
            }),
            json!({"type": "pin", "digits": 4, "entered": 1, "erase": "e", "enter": "o"})
        );
        let terms = asked(Ask::Terms {
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
        let asked = &written(Ask::Municipality {
            own: Some(entry.clone()),
            own_label: "o".to_owned(),
            prefectures: vec![Prefecture {
                name: "東京都".to_owned(),
                municipalities: vec![entry.clone()],
            }],
            kana: vec![KanaRow {
                row: "さ".to_owned(),
                municipalities: vec![entry],
            }],
            labels: SearchLabels {
                by_prefecture: "p".to_owned(),
                by_kana: "k".to_owned(),
                by_name: "n".to_owned(),
                search: "s".to_owned(),
            },
        })["ask"];
        assert_eq!(asked["own"]["code"], "131121");
        assert_eq!(asked["own"]["roman-name"], "Setagaya");
        assert_eq!(
            asked["prefectures"][0]["municipalities"],
            json!([asked["own"]])
        );
        assert_eq!(asked["kana"][0]["row"], "さ");
        assert_eq!(asked["labels"]["by-prefecture"], "p");
    }

    #[test]
    fn debug_says_which_view_and_none_of_its_words() {
        let shown = format!(
            "{:?}",
            view(Ask::Choices {
                choices: vec![choice()]
            })
        );
        assert!(
            shown.contains("TakeCard") && !shown.contains("海外用"),
            "{shown}"
        );
    }
}
