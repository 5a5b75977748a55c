//! What is recorded: the files, and the text of each.

use std::ops::RangeInclusive;

use fluent_bundle::{FluentArgs, FluentValue};

use super::{Heard, number, places};
use crate::screens::{Notice, Step};
use crate::texts::{self, Key, Label};

/// Arguments that are counted: one recording for each value.
pub(super) const COUNTS: [&str; 2] = ["tries", "copies"];

/// The values of those. A card gives three tries, and the most copies are five.
pub(super) const RECORDED_COUNTS: RangeInclusive<u32> = 1..=5;

/// Arguments that are money: said after the text, put together from pieces.
pub(super) const AMOUNTS: [&str; 3] = ["missing", "returned", "owed"];

/// The labels that are said.
const LABELS: [Label<'static>; 25] = [
    Label::Begin,
    Label::Agree,
    Label::Decline,
    Label::GoOn,
    Label::Finish,
    Label::TryAgain,
    Label::IssueThis,
    Label::AnotherMunicipality,
    Label::AnotherCertificate,
    Label::ToTheStart,
    Label::PaperTaken,
    Label::OwnMunicipality,
    Label::ByPrefecture,
    Label::ByKana,
    Label::ByName,
    Label::NextOnes,
    Label::ThisLanguage,
    Label::StarForKeys,
    Label::Abroad,
    Label::Domestic,
    Label::NoFee,
    Label::PassportNeeded,
    Label::PayAtTheStore,
    Label::PayWithCoins,
    Label::PayCashless,
];

/// A recording: its file, and what it says.
pub(crate) struct Recording {
    pub(crate) file: String,
    pub(crate) text: String,
}

/// Everything that is recorded.
pub(crate) fn recordings() -> Vec<Recording> {
    Heard::ALL.into_iter().flat_map(of_language).collect()
}

fn of_language(heard: Heard) -> Vec<Recording> {
    let mut all = Vec::new();
    for (key, arguments) in [Step::DECLARED, Notice::DECLARED].concat() {
        match arguments.iter().find(|name| COUNTS.contains(name)) {
            None => all.push(recording(heard, key, None)),
            Some(name) => {
                all.extend(RECORDED_COUNTS.map(|count| recording(heard, key, Some((*name, count)))))
            }
        }
    }
    all.extend(LABELS.map(|label| recording(heard, label.name(), None)));
    all.extend(
        number::pieces(heard)
            .into_iter()
            .map(|(value, text)| Recording {
                file: number::piece_file(heard, value),
                text,
            }),
    );
    let places = places::all(heard).into_iter();
    all.extend(places.map(|(file, text)| Recording { file, text }));
    all.push(Recording {
        file: number::unit_file(heard),
        text: number::unit(heard).to_owned(),
    });
    all
}

fn recording(heard: Heard, key: &str, count: Option<(&'static str, u32)>) -> Recording {
    let arguments: FluentArgs<'_> = count
        .map(|(name, count)| (name, FluentValue::from(count)))
        .into_iter()
        .collect();
    Recording {
        file: file(heard, key, count.map(|(_, count)| count)),
        text: text(heard, key, &arguments),
    }
}

/// As it is spoken where the file says so; else as it is written, in one line.
fn text(heard: Heard, key: &str, arguments: &FluentArgs<'_>) -> String {
    let language = heard.language();
    let part = |attribute| texts::written(key, attribute, arguments, language);
    if let Some(spoken) = part(Some("spoken")) {
        return spoken;
    }
    let between = match heard {
        Heard::Japanese => "",
        Heard::English => " ",
    };
    let written = [part(None), part(Some("do"))];
    let lines: Vec<&str> = written.iter().flatten().flat_map(|it| it.lines()).collect();
    lines.join(between)
}

/// The name of a recording's file.
pub(super) fn file(heard: Heard, key: &str, count: Option<u32>) -> String {
    let tag = heard.language().tag();
    match count {
        None => format!("{tag}-{key}.opus"),
        Some(count) => format!("{tag}-{key}-{count}.opus"),
    }
}

/// An argument that is a whole number.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "what does not fit becomes the nearest that does, and is not recorded"
)]
pub(super) fn whole_number(arguments: &FluentArgs<'_>, name: &str) -> Option<u32> {
    match arguments.get(name)? {
        FluentValue::Number(number) => Some(number.value as u32),
        FluentValue::String(_)
        | FluentValue::Custom(_)
        | FluentValue::None
        | FluentValue::Error => None,
    }
}
