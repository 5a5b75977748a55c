//! What the page draws: one [`View`] at a time, as JSON in kebab-case.

mod ask;

use std::fmt;

use domain::Language;
use serde::Serialize;

use super::screen_name::ScreenName;

pub use ask::{Ask, Choice, Entry, KanaRow, ListsAloud, Prefecture, SearchLabels};

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
    /// What the page says in it where the agent is gone.
    pub without_agent: String,
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
    /// What is said once when only so many seconds are left; none where there never are as many.
    pub soon: Option<Warning>,
}

/// What is said before time is over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Warning {
    /// With so many seconds left.
    pub at: u32,
    /// This.
    pub voice: Voice,
}

/// What is said aloud.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Voice {
    /// Files below `/voices/`, one after the other.
    pub files: Vec<String>,
    /// The same as text, for screen readers.
    pub text: String,
    /// Counts reminders: with another number the same is said once more.
    pub again: u32,
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
    /// Close what was opened from it.
    pub close: String,
    /// Which key of the keypad does what.
    pub keys: Voice,
    /// What is said where the agent is gone: the page has these files by then.
    pub without_agent: Vec<String>,
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

    fn view() -> View {
        View {
            number: 7,
            screen: ScreenName::TakeCard,
            language: Language::EasyJapanese,
            languages: vec![LanguageName {
                tag: Language::SimplifiedChinese,
                name: "简体中文".to_owned(),
                without_agent: "w".to_owned(),
            }],
            tone: Tone::Attention,
            title: "海外用".to_owned(),
            lines: vec!["l".to_owned()],
            staff_code: Some("no-card".to_owned()),
            progress: Some(Progress { done: 1, of: 5 }),
            ask: Ask::Nothing,
            cancel: Some("c".to_owned()),
            back: None,
            time: Some(TimeLeft {
                seconds_left: 60,
                of: 60,
                label: "l".to_owned(),
                more: "m".to_owned(),
                soon: None,
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
                close: "x".to_owned(),
                keys: Voice {
                    files: vec!["en-keys.opus".to_owned()],
                    text: "k".to_owned(),
                    again: 0,
                },
                without_agent: Vec::new(),
            },
        }
    }

    #[test]
    fn a_view_is_written_in_kebab_case() {
        let written = serde_json::to_value(view()).unwrap();
        assert_eq!(written["screen"], "take-card");
        assert_eq!(written["language"], "ja-x-easy");
        assert_eq!(
            written["languages"],
            json!([{"tag": "zh-Hans", "name": "简体中文", "without-agent": "w"}])
        );
        assert_eq!(written["staff-code"], "no-card");
        assert_eq!(written["progress"], json!({"done": 1, "of": 5}));
        assert_eq!(written["ask"], json!({"type": "nothing"}));
        assert_eq!(written["back"], Value::Null);
        assert_eq!(written["time"]["seconds-left"], 60);
        assert_eq!(written["bar"]["larger-text"], "t");
    }

    #[test]
    fn debug_says_which_view_and_none_of_its_words() {
        let shown = format!("{:?}", view());
        assert!(
            shown.contains("TakeCard") && !shown.contains("海外用"),
            "{shown}"
        );
    }
}
