//! What is around every screen: languages, the bar, the way out, the time.

use domain::Language;

use super::super::shown::Shown;
use super::super::view::{Bar, LanguageName, TimeLeft, Warning};
use super::{Moment, aloud};
use crate::screens::Step;
use crate::session;
use crate::texts::{Key as _, Label};
use crate::voice::{Heard, Prompt};

/// With so many seconds left somebody is told, and how to have more: WCAG 2.2.1 asks for 20 at
/// least. The text says the number.
const WARNING_SECONDS: u32 = 20;

/// Every language by its own name.
pub(super) fn languages() -> Vec<LanguageName> {
    Language::ALL
        .into_iter()
        .map(|tag| LanguageName {
            tag,
            name: own_name(tag).to_owned(),
            without_agent: aloud::alone(Step::WithoutAgent, tag).text,
        })
        .collect()
}

const fn own_name(language: Language) -> &'static str {
    match language {
        Language::Japanese => "日本語",
        Language::EasyJapanese => "やさしい日本語",
        Language::English => "English",
        Language::SimplifiedChinese => "简体中文",
        Language::Korean => "한국어",
        Language::Vietnamese => "Tiếng Việt",
        Language::Portuguese => "Português",
    }
}

pub(super) fn bar(language: Language) -> Bar {
    Bar {
        language: Label::BarLanguage.to(language),
        repeat: Label::BarRepeat.to(language),
        volume_up: Label::BarVolumeUp.to(language),
        volume_down: Label::BarVolumeDown.to(language),
        larger_text: Label::BarLargerText.to(language),
        contrast: Label::BarContrast.to(language),
        help: Label::BarHelp.to(language),
        close: Label::Close.to(language),
        keys: aloud::alone(Step::Keys, language),
        without_agent: Heard::ALL
            .into_iter()
            .flat_map(|heard| Prompt::Step(Step::WithoutAgent).files(heard.language()))
            .collect(),
    }
}

/// Once is enough.
pub(super) fn cancel(shown: &Shown, moment: &Moment) -> Option<String> {
    let offered = shown.can_be_cancelled() && !moment.stopping;
    offered.then(|| Label::Cancel.to(moment.language))
}

pub(super) fn back(shown: &Shown, language: Language) -> Option<String> {
    shown.has_way_back().then(|| Label::Back.to(language))
}

pub(super) fn time(time: session::TimeLeft, language: Language) -> TimeLeft {
    // Up, so that the last second is not shown as none.
    let seconds_left = u32::try_from(time.left.as_millis().div_ceil(1000)).unwrap_or(u32::MAX);
    let of = u32::try_from(time.of.as_secs()).unwrap_or(u32::MAX);
    let warning = || Warning {
        at: WARNING_SECONDS,
        voice: aloud::alone(Step::TimeSoon, language),
    };
    TimeLeft {
        seconds_left,
        of,
        label: Label::SecondsLeft {
            seconds: seconds_left,
        }
        .to(language),
        more: Label::MoreTime.to(language),
        soon: (of > WARNING_SECONDS).then(warning),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_warning_says_the_seconds_that_are_left() {
        for language in Language::ALL {
            let text = aloud::alone(Step::TimeSoon, language).text;
            assert!(text.contains(&WARNING_SECONDS.to_string()), "{text}");
        }
    }
}
