//! What a screen asks: its choices, each with an id that the answer names.

use application::messages::{Availability, Copies, OfferedKind, ParticipatingMunicipality};
use domain::{CertificateKind, Language};

use super::super::pin_entry::DIGITS;
use super::super::shown::Shown;
use super::super::view::{Ask, Choice};
use super::{Moment, municipalities};
use crate::session::{GoOn, terms_in};
use crate::staff::{Act, StaffSheet};
use crate::texts::{Key as _, Label};

/// The ids of choices.
pub(in super::super) mod choice {
    /// Begin.
    pub(in super::super::super) const START: &str = "start";
    /// 海外用及び日本国内用
    pub(in super::super::super) const ABROAD: &str = "abroad";
    /// 日本国内用
    pub(in super::super::super) const DOMESTIC: &str = "domestic";
    /// Another municipality.
    pub(in super::super::super) const ANOTHER_MUNICIPALITY: &str = "another-municipality";
    /// This is right.
    pub(in super::super::super) const CONFIRM: &str = "confirm";
    /// On: try again, another one.
    pub(in super::super::super) const ON: &str = "on";
    /// No further.
    pub(in super::super::super) const DONE: &str = "done";
    /// The paper is taken.
    pub(in super::super::super) const TAKEN: &str = "taken";
}

pub(super) fn ask(shown: &Shown, moment: &Moment) -> Ask {
    let language = moment.language;
    let only = |id, label| Ask::Choices {
        choices: vec![plain(id, label, language).main()],
    };
    match shown {
        Shown::Start => only(choice::START, Label::Begin),
        Shown::OutOfOrder(_) | Shown::OneMoment | Shown::Step(_) => Ask::Nothing,
        Shown::Terms(terms) => match terms_in(terms, language) {
            Some(terms) => Ask::Terms {
                text: terms.text.clone(),
                text_language: terms.language,
                agree: Label::Agree.to(language),
                decline: Label::Decline.to(language),
            },
            // The session goes no further without a Japanese text.
            None => Ask::Nothing,
        },
        Shown::Pin { .. } => Ask::Pin {
            digits: DIGITS,
            entered: moment.entered,
            erase: Label::Erase.to(language),
            enter: Label::Enter.to(language),
        },
        Shown::Municipality {
            participating,
            suggested,
        } => municipalities::ask(participating, *suggested, language),
        Shown::Offer { kinds, .. } => offer(kinds, language),
        Shown::Preview(picture) => Ask::Preview {
            picture: picture.id,
            choices: vec![plain(choice::CONFIRM, Label::GoOn, language).main()],
        },
        Shown::Copies(certificate) => Ask::Copies {
            most: Copies::MOST.get(),
            each: Label::FeeOf {
                fee: certificate.fee,
            }
            .to(language),
            choices: copies(language),
        },
        Shown::Confirm(_, _) => only(choice::CONFIRM, Label::IssueThis),
        Shown::PaymentMethod { methods, .. } => Ask::Choices {
            choices: methods
                .iter()
                .map(|method| plain(method.name(), Label::payment(*method), language))
                .collect(),
        },
        Shown::GoOn(question, _) => go_on(*question, language),
        Shown::TakePaper { .. } => only(choice::TAKEN, Label::PaperTaken),
        Shown::Staff(sheet) => staff(sheet),
        Shown::Ended { .. } => only(choice::DONE, Label::ToTheStart),
    }
}

fn staff(sheet: &StaffSheet) -> Ask {
    let choice = |(id, label, act)| Choice {
        id,
        label,
        detail: None,
        note: None,
        available: true,
        main: act == Act::Leave,
    };
    Ask::Choices {
        choices: sheet.acts().into_iter().map(choice).collect(),
    }
}

fn plain(id: &str, label: Label<'_>, language: Language) -> Choice {
    Choice {
        id: id.to_owned(),
        label: label.to(language),
        detail: None,
        note: None,
        available: true,
        main: false,
    }
}

impl Choice {
    fn main(self) -> Self {
        Self { main: true, ..self }
    }
}

fn go_on(question: GoOn, language: Language) -> Ask {
    let on = match question {
        GoOn::AnotherPin => Label::TryAgain,
        GoOn::AnotherMunicipality => Label::AnotherMunicipality,
        GoOn::AnotherCertificate => Label::AnotherCertificate,
    };
    let on = plain(choice::ON, on, language);
    let done = plain(choice::DONE, Label::Finish, language);
    let choices = match question {
        GoOn::AnotherPin | GoOn::AnotherMunicipality => vec![on.main(), done],
        // Whoever only presses on is done.
        GoOn::AnotherCertificate => vec![on, done.main()],
    };
    Ask::Choices { choices }
}

fn offer(kinds: &[OfferedKind], language: Language) -> Ask {
    let mut choices: Vec<Choice> = kinds.iter().map(|kind| kind_of(kind, language)).collect();
    if let Some(first) = choices.iter_mut().find(|choice| choice.available) {
        first.main = true;
    }
    choices.push(plain(
        choice::ANOTHER_MUNICIPALITY,
        Label::AnotherMunicipality,
        language,
    ));
    Ask::Choices { choices }
}

fn kind_of(offered: &OfferedKind, language: Language) -> Choice {
    let (id, what_for) = match offered.kind {
        CertificateKind::Abroad => (choice::ABROAD, Label::AbroadFor),
        CertificateKind::Domestic => (choice::DOMESTIC, Label::DomesticFor),
    };
    let named = plain(id, Label::kind(offered.kind), language);
    match offered.availability {
        Availability::Offered {
            fee,
            doses,
            doses_in_code,
        } => {
            let details = [
                what_for,
                Label::doses(doses, doses_in_code),
                Label::fee(fee),
            ];
            Choice {
                detail: Some(details.map(|label| label.to(language)).join(" · ")),
                ..named
            }
        }
        Availability::PassportNotRegistered => Choice {
            note: Some(Label::PassportNeeded.to(language)),
            available: false,
            ..named
        },
    }
}

/// One choice for each number of copies, named by it.
fn copies(language: Language) -> Vec<Choice> {
    let mut choices: Vec<Choice> = (Copies::ONE.get()..=Copies::MOST.get())
        .map(|copies| plain(&copies.to_string(), Label::CopiesCount { copies }, language))
        .collect();
    if let Some(one) = choices.first_mut() {
        one.main = true;
    }
    choices
}

/// The number of copies that a choice names.
pub(in super::super) fn copies_of(id: &str) -> Option<Copies> {
    id.parse().ok().and_then(Copies::new)
}

/// A municipality's hours, and whether it is open.
pub(super) fn hours(municipality: &ParticipatingMunicipality, language: Language) -> String {
    let hours = match (&municipality.opens_at, &municipality.closes_at) {
        (Some(opens), Some(closes)) => Label::Hours { opens, closes },
        (Some(_) | None, Some(_) | None) => Label::AnyHour,
    };
    let now = if municipality.open_now {
        Label::OpenNow
    } else {
        Label::ClosedNow
    };
    format!("{} ({})", hours.to(language), now.to(language))
}
