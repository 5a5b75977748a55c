//! Everything the kiosk says to a resident, in one place: what happened, what to do, and a code
//! for staff; no jargon, no personal data.

mod endings;
mod labels;
mod notices;
mod problems;
mod steps;

use domain::Language;

pub(crate) use labels::{Label, Step};

use crate::card::Waiting;
use crate::payment::{GivenBack, PaymentProgress};
use crate::session::Ending;

/// What the kiosk shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Screen {
    /// Asking the server what holds now.
    Connecting,
    /// Put your card on the reader.
    PutCard(Waiting),
    /// Enter the PIN.
    EnterPin {
        /// Tries left, at least one.
        tries_left: u8,
    },
    /// The PIN was wrong.
    WrongPin {
        /// Tries left, at least one.
        tries_left: u8,
    },
    /// The card is being read: leave it there.
    Reading {
        /// Files read.
        done: u8,
        /// Files there are, at least one.
        of: u8,
    },
    /// Take your card.
    TakeCard,
    /// The card is still there: the reminder.
    CardStillThere,
    /// The municipality is being asked.
    LookingUp,
    /// The fee is being paid.
    Paying(PaymentProgress),
    /// The fee went back.
    GivenBack(GivenBack),
    /// The certificate is being made.
    Issuing,
    /// It is being printed.
    Printing {
        /// Printed so often.
        copies: u8,
    },
    /// Take your paper.
    TakePaper {
        /// Printed so often.
        copies: u8,
    },
    /// The session is over.
    Ending(Ending),
}

/// What a screen says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// What happened, or happens.
    pub happened: String,
    /// What to do; empty where there is nothing to do but wait.
    pub to_do: String,
    /// A code for staff, where something went wrong.
    pub staff_code: Option<&'static str>,
}

/// A text in the languages that exist so far; the others read the nearest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Said {
    japanese: &'static str,
    english: &'static str,
}

impl Said {
    const fn new(japanese: &'static str, english: &'static str) -> Self {
        Self { japanese, english }
    }

    const fn to(self, language: Language) -> &'static str {
        match language {
            Language::Japanese | Language::EasyJapanese => self.japanese,
            Language::English
            | Language::SimplifiedChinese
            | Language::Korean
            | Language::Vietnamese
            | Language::Portuguese => self.english,
        }
    }
}

impl Screen {
    /// What it says in this language.
    #[must_use]
    pub fn words(&self, language: Language) -> Words {
        match self {
            Self::Ending(ending) => endings::words(ending, language),
            Self::Connecting
            | Self::PutCard(_)
            | Self::EnterPin { .. }
            | Self::WrongPin { .. }
            | Self::Reading { .. }
            | Self::TakeCard
            | Self::CardStillThere
            | Self::LookingUp
            | Self::Paying(_)
            | Self::GivenBack(_)
            | Self::Issuing
            | Self::Printing { .. }
            | Self::TakePaper { .. } => steps::words(self, language),
        }
    }
}
