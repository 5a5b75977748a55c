//! Everything the kiosk says to a resident, in one place: what happened, what to do, and a code
//! for staff; no jargon, no personal data.

mod endings;
mod notices;
mod problems;
mod steps;

use domain::Language;

pub(crate) use notices::Notice;
pub(crate) use steps::Step;

use crate::card::Waiting;
use crate::payment::{GivenBack, PaymentProgress};
use crate::session::Ending;
use crate::texts::Key;
use crate::voice::Prompt;

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
    /// What to do, a line each; empty where there is nothing to do but wait.
    pub to_do: String,
    /// A code for staff, where something went wrong.
    pub staff_code: Option<&'static str>,
}

impl Words {
    /// What a text says, without a code for staff.
    pub(crate) fn of(text: &impl Key, language: Language) -> Self {
        Self {
            happened: text.to(language),
            to_do: text.to_do(language).unwrap_or_default(),
            staff_code: None,
        }
    }
}

impl Screen {
    /// What it says in this language.
    #[must_use]
    pub fn words(&self, language: Language) -> Words {
        match Step::of(self) {
            Ok(step) => Words::of(&step, language),
            Err(ending) => endings::words(ending, language),
        }
    }

    /// What is said aloud of it.
    pub(crate) const fn prompt(&self) -> Prompt {
        match Step::of(self) {
            Ok(step) => Prompt::Step(step),
            Err(ending) => Prompt::Notice(endings::notice(ending)),
        }
    }
}
