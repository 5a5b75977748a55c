//! What is said aloud: the screen's text, then what can be chosen, each with its number on the
//! keypad, so that nobody has to see the screen to choose.

use application::messages::{Availability, OfferedKind};
use domain::Yen;

use super::super::shown::Shown;
use super::super::view::Voice;
use super::Moment;
use super::words::Said;
use crate::payment::PaymentMethod;
use crate::screens::{Screen, Step};
use crate::session::GoOn;
use crate::texts::Label;
use crate::voice::Prompt;

/// The voice of a screen; its words are those of the screen. Staff reads.
pub(super) fn voice(shown: &Shown, said: &Said, moment: &Moment) -> Option<Voice> {
    let prompts = prompts(shown)?;
    let mut text = said.title.clone();
    for line in &said.lines {
        text.push(' ');
        text.push_str(line);
    }
    Some(Voice {
        files: prompts
            .into_iter()
            .flat_map(|prompt| prompt.files(moment.language))
            .collect(),
        text,
        again: if shown.is_reminder() {
            moment.reminders
        } else {
            0
        },
    })
}

fn prompts(shown: &Shown) -> Option<Vec<Prompt>> {
    let step = |step| vec![Prompt::Step(step)];
    Some(match shown {
        Shown::Start => step(Step::Start),
        Shown::OutOfOrder(ending) => vec![Screen::Ending(*ending).prompt()],
        Shown::Step(screen) => vec![screen.prompt()],
        Shown::Terms(_) => step(Step::Terms),
        Shown::Pin { tries_left } => {
            let tries_left = *tries_left;
            vec![Screen::EnterPin { tries_left }.prompt()]
        }
        Shown::Municipality { suggested, .. } => {
            let own = suggested.map(|_| [Prompt::Number(1), Prompt::Label(Label::OwnMunicipality)]);
            let mut prompts = step(Step::ChooseMunicipality);
            prompts.extend(own.into_iter().flatten());
            prompts
        }
        Shown::Offer { kinds, .. } => offer(kinds),
        Shown::Preview(_) => step(Step::Preview),
        Shown::Copies(_) => step(Step::ChooseCopies),
        Shown::Confirm(certificate, _) => vec![
            Prompt::Step(Step::Confirm),
            Prompt::Label(Label::kind(certificate.kind)),
            price(certificate.fee),
        ],
        Shown::PaymentMethod { fee, methods } => payment(*fee, methods),
        Shown::GoOn(question, about) => go_on(*question, about),
        Shown::TakePaper {
            copies,
            reminded: false,
        } => step(Step::TakePaper { copies: *copies }),
        Shown::TakePaper { reminded: true, .. } => step(Step::PaperStillThere),
        Shown::Staff(_) => return None,
        Shown::Ended { ending, given_back } => {
            let money = given_back.map(|money| Screen::GivenBack(money).prompt());
            let mut prompts = vec![Screen::Ending(*ending).prompt()];
            prompts.extend(money);
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
    (1..=9)
        .zip(choices)
        .flat_map(|(number, choice)| std::iter::once(Prompt::Number(number)).chain(choice))
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
    let choices = [on, Label::Finish].map(|label| vec![Prompt::Label(label)]);
    let mut prompts = vec![asked];
    prompts.extend(numbered(choices));
    prompts
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
        assert_eq!(files(&paper(false)), ["ja-take-paper-2.opus"]);
        assert_eq!(files(&paper(true)), ["ja-paper-still-there.opus"]);
        let reminded = Shown::Step(Screen::CardStillThere);
        assert_eq!(files(&reminded), ["ja-card-still-there.opus"]);
    }
}
