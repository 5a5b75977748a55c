//! The voice: every screen and every error aloud, from recordings in `voices/`.
//!
//! Recorded are Japanese and English. Whoever reads Japanese or easy Japanese hears Japanese;
//! everybody else hears English. `scripts/voices.sh` records the very texts of `texts/`; what was
//! recorded stands in `recorded.tsv`, so that a text changed since fails the tests (ADR 0022).

mod number;
mod places;
mod recordings;
#[cfg(test)]
mod tests;

use domain::{Language, Yen};

use crate::screens::{Notice, Step};
use crate::texts::{Key, Label};

pub(crate) use recordings::recordings;

/// Something said aloud.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Prompt {
    /// A step; its amount of money, where it has one, comes after it.
    Step(Step),
    /// A notice.
    Notice(Notice),
    /// A label.
    Label(Label<'static>),
    /// A number on the keypad, 0 to 9.
    Number(u8),
    /// A prefecture, by the first two digits of its municipalities' codes.
    Prefecture(u8),
    /// A row of the kana table, by its first kana.
    KanaRow(char),
    /// An amount of money.
    Amount(Yen),
}

/// In which language a reader of this one hears the kiosk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Heard {
    Japanese,
    English,
}

impl Heard {
    /// The recorded languages.
    pub(crate) const ALL: [Self; 2] = [Self::Japanese, Self::English];

    /// What readers of this language hear.
    pub(crate) const fn by(language: Language) -> Self {
        match language {
            Language::Japanese | Language::EasyJapanese => Self::Japanese,
            Language::English
            | Language::SimplifiedChinese
            | Language::Korean
            | Language::Vietnamese
            | Language::Portuguese => Self::English,
        }
    }

    /// Whose texts are recorded.
    pub(crate) const fn language(self) -> Language {
        match self {
            Self::Japanese => Language::Japanese,
            Self::English => Language::English,
        }
    }
}

impl Prompt {
    /// The files that say it, one after the other. What names an amount of ¥10,000 and more, or a
    /// count that is not recorded, is on the screen only: half a sentence would be a wrong one. No
    /// municipality can declare such a fee.
    pub(crate) fn files(self, language: Language) -> Vec<String> {
        let heard = Heard::by(language);
        match self {
            Self::Step(step) => of_text(&step, heard),
            Self::Notice(notice) => of_text(&notice, heard),
            Self::Label(label) => of_text(&label, heard),
            Self::Number(0) => vec![number::piece_file(heard, 0)],
            Self::Number(number) => number::said(u32::from(number), heard),
            Self::Prefecture(code) => places::prefecture(code, heard),
            Self::KanaRow(first) => places::kana_row(first, heard),
            Self::Amount(amount) => number::yen(amount, heard),
        }
    }
}

fn of_text(text: &impl Key, heard: Heard) -> Vec<String> {
    let arguments = text.arguments();
    let whole = |name| recordings::whole_number(&arguments, name);
    let count = recordings::COUNTS.into_iter().find_map(whole);
    if count.is_some_and(|count| !recordings::RECORDED_COUNTS.contains(&count)) {
        return Vec::new();
    }
    let mut files = vec![recordings::file(heard, text.name(), count)];
    if let Some(amount) = recordings::AMOUNTS.into_iter().find_map(whole) {
        let said = number::yen(Yen(amount), heard);
        if said.is_empty() {
            return Vec::new();
        }
        files.extend(said);
    }
    files
}
