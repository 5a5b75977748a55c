//! What is said aloud: the screen's text, then what can be chosen, each with its number on the
//! keypad, so that nobody has to see the screen to choose.

use application::messages::{Availability, OfferedKind};
use domain::{Language, Yen};

use super::super::shown::{Certificate, Shown};
use super::super::view::{Ask, Choice, Voice};
use super::words::Said;
use super::{Moment, change_owed};
use crate::payment::PaymentMethod;
use crate::screens::{Screen, Step, Words};
use crate::session::GoOn;
use crate::texts::{Key as _, Label};
use crate::voice::{Heard, Prompt};

/// So many choices have a number on the keypad at a time.
const NUMBERED: u8 = 9;

/// The voice of a screen; its words are those of the screen. Staff reads.
pub(super) fn voice(shown: &Shown, said: &Said, ask: &Ask, moment: &Moment) -> Option<Voice> {
    let language = moment.language;
    let prompts = prompts(shown)?;
    let mut files: Vec<String> = prompts
        .into_iter()
        .flat_map(|prompt| prompt.files(language))
        .collect();
    let mut text = vec![said.title.clone()];
    text.extend(said.lines.iter().cloned());
    if matches!(shown, Shown::Terms(_)) {
        text.push(sentences(Step::TermsInShort, language));
    }
    text.extend(numbered_words(ask));
    if let Some(owed) = change_owed(shown, moment) {
        files.extend(owed.prompt().files(language));
    }
    if matches!(shown, Shown::Start) {
        files.extend(other_language(language));
        files.extend(Prompt::Label(Label::StarForKeys).files(language));
        text.push(Label::StarForKeys.to(language));
    }
    Some(Voice {
        files,
        text: text.join(" "),
        again: if shown.is_reminder() {
            moment.reminders
        } else {
            0
        },
    })
}

/// A step's words, said by themselves.
pub(super) fn alone(step: Step, language: Language) -> Voice {
    Voice {
        files: Prompt::Step(step).files(language),
        text: sentences(step, language),
        again: 0,
    }
}

/// A key of the keypad and what it does.
pub(super) fn key(number: u8, label: Label<'static>, language: Language) -> Voice {
    let prompts = [Prompt::Number(number), Prompt::Label(label)];
    Voice {
        files: prompts
            .into_iter()
            .flat_map(|prompt| prompt.files(language))
            .collect(),
        text: format!("{number}: {}", label.to(language)),
        again: 0,
    }
}

/// The files that say each number of the keypad, from 1.
pub(super) fn numbers(language: Language) -> Vec<Vec<String>> {
    (1..=NUMBERED)
        .map(|number| Prompt::Number(number).files(language))
        .collect()
}

fn sentences(step: Step, language: Language) -> String {
    let words = Words::of(&step, language);
    let lines = std::iter::once(words.happened.as_str()).chain(words.to_do.lines());
    lines.collect::<Vec<_>>().join(" ")
}

/// Where to hear the other language, in that language. The page numbers the languages after the
/// one choice that the start has.
fn other_language(language: Language) -> Vec<String> {
    let other = match Heard::by(language) {
        Heard::Japanese => Heard::English.language(),
        Heard::English => Heard::Japanese.language(),
    };
    let number = (2..).zip(Language::ALL).find(|(_, it)| *it == other);
    number
        .map(|(number, _)| [Prompt::Label(Label::ThisLanguage), Prompt::Number(number)])
        .into_iter()
        .flatten()
        .flat_map(|prompt| prompt.files(other))
        .collect()
}

fn prompts(shown: &Shown) -> Option<Vec<Prompt>> {
    let step = |step| vec![Prompt::Step(step)];
    let with = |first, choices: &[Label<'static>]| said_and(first, choices.iter().copied());
    Some(match shown {
        Shown::Start => with(Prompt::Step(Step::Start), &[Label::Begin]),
        Shown::OutOfOrder(ending) => vec![Screen::Ending(*ending).prompt()],
        // The start, which comes next, says enough.
        Shown::OneMoment => Vec::new(),
        Shown::Step(screen) => vec![screen.prompt()],
        Shown::Terms(_) => {
            let mut prompts = step(Step::Terms);
            let short = Prompt::Step(Step::TermsInShort);
            prompts.extend(with(short, &[Label::Agree, Label::Decline]));
            prompts
        }
        Shown::Pin { tries_left } => {
            let tries_left = *tries_left;
            vec![Screen::EnterPin { tries_left }.prompt()]
        }
        Shown::Municipality {
            participating,
            suggested,
        } => {
            let own = participating
                .iter()
                .find(|it| Some(it.code) == *suggested)
                .map(|_| Label::OwnMunicipality);
            let ways = [Label::ByPrefecture, Label::ByKana, Label::ByName];
            let choices = own.into_iter().chain(ways);
            said_and(Prompt::Step(Step::ChooseMunicipality), choices)
        }
        Shown::Offer { kinds, .. } => offer(kinds),
        Shown::Preview(_) => with(Prompt::Step(Step::Preview), &[Label::GoOn]),
        // The numbers of copies are the keys' own.
        Shown::Copies(_) => step(Step::ChooseCopies),
        Shown::Confirm(certificate, _) => confirm(certificate),
        Shown::PaymentMethod { fee, methods } => payment(*fee, methods),
        Shown::GoOn(question, about) => go_on(*question, about),
        Shown::TakePaper { copies, reminded } => {
            let step = if *reminded {
                Step::PaperStillThere
            } else {
                Step::TakePaper { copies: *copies }
            };
            with(Prompt::Step(step), &[Label::PaperTaken])
        }
        Shown::Staff(_) => return None,
        Shown::Ended { ending, given_back } => {
            let money = given_back.map(|money| Screen::GivenBack(money).prompt());
            let mut prompts = vec![Screen::Ending(*ending).prompt()];
            prompts.extend(money);
            prompts.extend(numbered([vec![Prompt::Label(Label::ToTheStart)]]));
            prompts
        }
    })
}

const fn price(fee: Yen) -> Prompt {
    match fee {
        Yen(0) => Prompt::Label(Label::NoFee),
        fee => Prompt::Amount(fee),
    }
}

/// The choices, numbered as the page numbers them.
fn numbered(choices: impl IntoIterator<Item = Vec<Prompt>>) -> impl Iterator<Item = Prompt> {
    (1..=NUMBERED)
        .zip(choices)
        .flat_map(|(number, choice)| std::iter::once(Prompt::Number(number)).chain(choice))
}

/// What a screen says, and its choices.
fn said_and(first: Prompt, choices: impl IntoIterator<Item = Label<'static>>) -> Vec<Prompt> {
    let choices = choices.into_iter().map(|label| vec![Prompt::Label(label)]);
    let mut prompts = vec![first];
    prompts.extend(numbered(choices));
    prompts
}

/// The same as words: every choice that has a number.
fn numbered_words(ask: &Ask) -> Vec<String> {
    let words = |choice: &Choice| {
        let parts = [
            Some(&choice.label),
            choice.detail.as_ref(),
            choice.note.as_ref(),
        ];
        let parts: Vec<&str> = parts.into_iter().flatten().map(String::as_str).collect();
        parts.join(" ")
    };
    let choices: Vec<String> = match ask {
        Ask::Nothing | Ask::Pin { .. } => Vec::new(),
        Ask::Choices { choices } | Ask::Preview { choices, .. } | Ask::Copies { choices, .. } => {
            choices.iter().map(words).collect()
        }
        Ask::Terms { agree, decline, .. } => vec![agree.clone(), decline.clone()],
        Ask::Municipality {
            own,
            own_label,
            labels,
            ..
        } => {
            let own = own.as_ref().map(|own| format!("{own_label}: {}", own.name));
            let ways = [&labels.by_prefecture, &labels.by_kana, &labels.by_name];
            own.into_iter().chain(ways.map(Clone::clone)).collect()
        }
    };
    (1..=NUMBERED)
        .zip(choices)
        .map(|(number, words)| format!("{number}: {words}"))
        .collect()
}

fn offer(kinds: &[OfferedKind]) -> Vec<Prompt> {
    let kinds = kinds.iter().map(|offered| {
        let terms = match offered.availability {
            Availability::Offered { fee, .. } => price(fee),
            Availability::PassportNotRegistered => Prompt::Label(Label::PassportNeeded),
        };
        vec![Prompt::Label(Label::kind(offered.kind)), terms]
    });
    let another = std::iter::once(vec![Prompt::Label(Label::AnotherMunicipality)]);
    let mut prompts = vec![Prompt::Step(Step::ChooseKind)];
    prompts.extend(numbered(kinds.chain(another)));
    prompts
}

fn confirm(certificate: &Certificate) -> Vec<Prompt> {
    let mut prompts = vec![
        Prompt::Step(Step::Confirm),
        Prompt::Label(Label::kind(certificate.kind)),
        price(certificate.fee),
    ];
    prompts.extend(numbered([vec![Prompt::Label(Label::IssueThis)]]));
    prompts
}

fn payment(fee: Yen, methods: &[PaymentMethod]) -> Vec<Prompt> {
    let methods = methods
        .iter()
        .map(|method| vec![Prompt::Label(Label::payment(*method))]);
    let mut prompts = vec![Prompt::Step(Step::ChoosePayment), price(fee)];
    prompts.extend(numbered(methods));
    prompts
}

fn go_on(question: GoOn, about: &Screen) -> Vec<Prompt> {
    let (asked, on) = match question {
        GoOn::AnotherPin => (about.prompt(), Label::TryAgain),
        GoOn::AnotherMunicipality => (about.prompt(), Label::AnotherMunicipality),
        GoOn::AnotherCertificate => (Prompt::Step(Step::Another), Label::AnotherCertificate),
    };
    said_and(asked, [on, Label::Finish])
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{CertificateKind, Language};

    #[test]
    fn an_offer_is_heard_with_its_numbers_and_fees() {
        let offered = |kind, availability| OfferedKind { kind, availability };
        let kinds = [
            offered(CertificateKind::Abroad, Availability::PassportNotRegistered),
            offered(
                CertificateKind::Domestic,
                Availability::Offered {
                    fee: Yen(120),
                    doses: 3,
                    doses_in_code: 3,
                },
            ),
        ];
        let files: Vec<_> = offer(&kinds)
            .into_iter()
            .flat_map(|prompt| prompt.files(Language::Korean))
            .collect();
        assert_eq!(
            files,
            [
                "en-choose-kind.opus",
                "en-number-1.opus",
                "en-abroad.opus",
                "en-passport-needed.opus",
                "en-number-2.opus",
                "en-domestic.opus",
                "en-number-1.opus",
                "en-number-100.opus",
                "en-number-20.opus",
                "en-yen.opus",
                "en-number-3.opus",
                "en-another-municipality.opus",
            ]
        );
    }

    #[test]
    fn card_and_paper_have_reminders_of_their_own() {
        let files = |shown: &Shown| -> Vec<String> {
            let prompts = prompts(shown).unwrap().into_iter();
            prompts
                .flat_map(|it| it.files(Language::Japanese))
                .collect()
        };
        let paper = |reminded| Shown::TakePaper {
            copies: 2,
            reminded,
        };
        let key = ["ja-number-1.opus", "ja-paper-taken.opus"];
        let first = |file| [&[file], &key[..]].concat();
        assert_eq!(files(&paper(false)), first("ja-take-paper-2.opus"));
        assert_eq!(files(&paper(true)), first("ja-paper-still-there.opus"));
        let reminded = Shown::Step(Screen::CardStillThere);
        assert_eq!(files(&reminded), ["ja-card-still-there.opus"]);
    }
}
