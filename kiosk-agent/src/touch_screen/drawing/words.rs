//! What a screen says: its name, how it is meant, and its words.

use domain::{Language, Yen};

use super::super::screen_name::ScreenName;
use super::super::shown::{Certificate, Shown};
use super::super::view::{Progress, Tone};
use super::places;
use crate::card::Waiting;
use crate::screens::{Screen, Step, Words};
use crate::session::{Ending, ExitClass, GoOn};
use crate::staff::StaffSheet;
use crate::texts::{Key as _, Label};

/// The words of a screen.
pub(super) struct Said {
    pub(super) title: String,
    pub(super) lines: Vec<String>,
    pub(super) staff_code: Option<String>,
}

pub(super) fn said(shown: &Shown, language: Language) -> Said {
    let step = |step: Step| Said::from(Words::of(&step, language));
    match shown {
        Shown::Start => step(Step::Start),
        Shown::OutOfOrder(ending) => Screen::Ending(*ending).words(language).into(),
        Shown::OneMoment => step(Step::Connecting),
        Shown::Step(screen) => screen.words(language).into(),
        Shown::Terms(_) => step(Step::Terms),
        Shown::Pin { tries_left } => {
            let tries_left = *tries_left;
            Screen::EnterPin { tries_left }.words(language).into()
        }
        Shown::Municipality { .. } => step(Step::ChooseMunicipality),
        Shown::Offer { municipality, .. } => step(Step::ChooseKind).and(
            &Label::ChosenMunicipality {
                municipality: &places::municipality(municipality, language),
            },
            language,
        ),
        Shown::Preview(_) => step(Step::Preview),
        Shown::Copies(_) => step(Step::ChooseCopies),
        Shown::Confirm(certificate, copies) => {
            let copies = copies.get();
            step(Step::Confirm)
                .certificate(certificate, language)
                .and(&Label::CopiesCount { copies }, language)
                .and(&total(certificate.fee), language)
        }
        Shown::PaymentMethod { fee, .. } => step(Step::ChoosePayment).and(&total(*fee), language),
        Shown::GoOn(GoOn::AnotherCertificate, _) => step(Step::Another),
        Shown::GoOn(GoOn::AnotherPin | GoOn::AnotherMunicipality, about) => {
            about.words(language).into()
        }
        Shown::TakePaper {
            copies,
            reminded: false,
        } => step(Step::TakePaper { copies: *copies }),
        Shown::TakePaper { reminded: true, .. } => step(Step::PaperStillThere),
        Shown::Staff(sheet) => Said {
            title: StaffSheet::title().to_owned(),
            lines: sheet.lines(),
            staff_code: None,
        },
        Shown::Ended { ending, given_back } => {
            let said = Said::from(Screen::Ending(*ending).words(language));
            match given_back {
                Some(given_back) => said.and_of_money(&Screen::GivenBack(*given_back), language),
                None => said,
            }
        }
    }
}

const fn total(fee: Yen) -> Label<'static> {
    match fee {
        Yen(0) => Label::NoFee,
        total => Label::Total { total },
    }
}

impl Said {
    fn and(mut self, label: &Label<'_>, language: Language) -> Self {
        self.lines.push(label.to(language));
        self
    }

    fn certificate(self, certificate: &Certificate, language: Language) -> Self {
        let municipality = Label::ChosenMunicipality {
            municipality: &places::municipality(&certificate.municipality, language),
        };
        let said = self
            .and(&municipality, language)
            .and(&Label::kind(certificate.kind), language);
        if certificate.specimen {
            said.and(&Label::Specimen, language)
        } else {
            said
        }
    }

    /// What became of money: it was said before, and is said again on the screens that follow.
    pub(super) fn and_of_money(mut self, screen: &Screen, language: Language) -> Self {
        let words = screen.words(language);
        self.lines.push(words.happened);
        self.lines.extend(words.to_do.lines().map(str::to_owned));
        self
    }
}

impl From<Words> for Said {
    fn from(words: Words) -> Self {
        Self {
            title: words.happened,
            lines: words.to_do.lines().map(str::to_owned).collect(),
            staff_code: words.staff_code.map(str::to_owned),
        }
    }
}

pub(super) const fn screen(shown: &Shown) -> ScreenName {
    match shown {
        Shown::Start => ScreenName::Start,
        Shown::OutOfOrder(_) => ScreenName::OutOfOrder,
        Shown::OneMoment => ScreenName::LookingUp,
        Shown::Step(screen) | Shown::GoOn(GoOn::AnotherPin | GoOn::AnotherMunicipality, screen) => {
            step_screen(screen)
        }
        Shown::Terms(_) => ScreenName::Terms,
        Shown::Pin { .. } => ScreenName::Pin,
        Shown::Municipality { .. } => ScreenName::Municipality,
        Shown::Offer { .. } => ScreenName::Offer,
        Shown::Preview(_) => ScreenName::Preview,
        Shown::Copies(_) => ScreenName::Copies,
        Shown::Confirm(_, _) | Shown::PaymentMethod { .. } => ScreenName::Pay,
        Shown::GoOn(GoOn::AnotherCertificate, _) => ScreenName::Another,
        Shown::TakePaper { .. } => ScreenName::TakePaper,
        Shown::Staff(_) => ScreenName::Staff,
        Shown::Ended { .. } => ScreenName::Ending,
    }
}

const fn step_screen(screen: &Screen) -> ScreenName {
    match screen {
        Screen::Connecting | Screen::LookingUp => ScreenName::LookingUp,
        Screen::PutCard(_) => ScreenName::Card,
        Screen::EnterPin { .. } | Screen::WrongPin { .. } => ScreenName::Pin,
        Screen::Reading { .. } => ScreenName::Reading,
        Screen::TakeCard | Screen::CardStillThere => ScreenName::TakeCard,
        Screen::Paying(_) | Screen::GivenBack(_) => ScreenName::Paying,
        Screen::Issuing => ScreenName::Issuing,
        Screen::Printing { .. } => ScreenName::Printing,
        Screen::TakePaper { .. } => ScreenName::TakePaper,
        Screen::Ending(_) => ScreenName::Ending,
    }
}

pub(super) const fn tone(shown: &Shown) -> Tone {
    match shown {
        Shown::OutOfOrder(_) => Tone::Problem,
        Shown::GoOn(GoOn::AnotherCertificate, _) => Tone::Good,
        Shown::Step(screen) | Shown::GoOn(GoOn::AnotherPin | GoOn::AnotherMunicipality, screen) => {
            step_tone(screen)
        }
        Shown::Ended { ending, .. } => ending_tone(ending),
        Shown::TakePaper { .. } => Tone::Attention,
        Shown::Start
        | Shown::OneMoment
        | Shown::Staff(_)
        | Shown::Terms(_)
        | Shown::Pin { .. }
        | Shown::Municipality { .. }
        | Shown::Offer { .. }
        | Shown::Preview(_)
        | Shown::Copies(_)
        | Shown::Confirm(_, _)
        | Shown::PaymentMethod { .. } => Tone::Calm,
    }
}

const fn step_tone(screen: &Screen) -> Tone {
    match screen {
        Screen::Connecting
        | Screen::PutCard(Waiting::ForReader | Waiting::ForCard | Waiting::ForAnswer)
        | Screen::EnterPin { .. }
        | Screen::Reading { .. }
        | Screen::LookingUp
        | Screen::Paying(_)
        | Screen::Issuing
        | Screen::Printing { .. } => Tone::Calm,
        Screen::PutCard(Waiting::ForRemoval)
        | Screen::WrongPin { .. }
        | Screen::TakeCard
        | Screen::CardStillThere
        | Screen::GivenBack(_)
        | Screen::TakePaper { .. } => Tone::Attention,
        Screen::Ending(ending) => ending_tone(ending),
    }
}

const fn ending_tone(ending: &Ending) -> Tone {
    match ending.class() {
        ExitClass::Delivered => Tone::Good,
        ExitClass::Resident | ExitClass::Counter | ExitClass::Municipality => Tone::Attention,
        ExitClass::PinIncorrect
        | ExitClass::PinBlocked
        | ExitClass::Card
        | ExitClass::Reader
        | ExitClass::Server
        | ExitClass::Kiosk
        | ExitClass::Untrusted
        | ExitClass::Printer
        | ExitClass::Payment
        | ExitClass::NotDelivered
        | ExitClass::Uncertain
        | ExitClass::WrongPage => Tone::Problem,
    }
}

pub(super) fn progress(shown: &Shown) -> Option<Progress> {
    let Shown::Step(Screen::Reading { done, of }) = shown else {
        return None;
    };
    Some(Progress {
        done: u32::from(*done),
        of: u32::from(*of),
    })
}
