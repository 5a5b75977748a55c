//! Every state that a resident can be in, by the agent's own list of screens: how one comes to it,
//! what makes it stay, and how it ends where the resident does not go on.

use kiosk_agent::touch_screen::ScreenName;

/// A state that somebody is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct State {
    /// Its screen.
    pub(super) screen: ScreenName,
    /// The one before it on the way.
    pub(super) after: ScreenName,
    /// What makes it stay.
    pub(super) stays: Stays,
    /// What "cancel" does.
    pub(super) cancel: Cancel,
    /// What ends it where nothing happens.
    pub(super) time: TimeOver,
}

/// What makes a state stay for as long as it is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stays {
    /// It waits for the resident.
    ForTheResident,
    /// Nobody puts a coin in.
    NobodyPays,
    /// The card answers slowly.
    SlowCard,
    /// The server's answers are held back.
    SlowServer,
    /// The printer begins and does not finish.
    SlowPrinter,
}

/// What "cancel" does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cancel {
    /// It ends the session.
    Ends,
    /// There is none, and why.
    None(&'static str),
}

/// What ends a state where nothing happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TimeOver {
    /// The resident's time, which is seen to run.
    Countdown,
    /// Somebody else's, and whose.
    Limit(&'static str),
    /// Nothing, and why.
    None(&'static str),
}

impl State {
    /// Every state, in the agent's own order.
    pub(super) fn all() -> impl Iterator<Item = Self> {
        ScreenName::ALL.iter().copied().filter_map(Self::of)
    }

    /// What is to be known of a screen; `None` where nobody is there.
    pub(super) const fn of(screen: ScreenName) -> Option<Self> {
        Some(match screen {
            ScreenName::Start | ScreenName::OutOfOrder | ScreenName::Staff => return None,
            ScreenName::Terms => Self::waits(screen, ScreenName::Start),
            ScreenName::Card => Self::waits(screen, ScreenName::Terms),
            ScreenName::Pin => Self::waits(screen, ScreenName::Card),
            ScreenName::Reading => Self {
                stays: Stays::SlowCard,
                time: TimeOver::None("the card answers, or is taken away"),
                ..Self::waits(screen, ScreenName::Pin)
            },
            ScreenName::TakeCard => Self::waits(screen, ScreenName::Reading),
            ScreenName::Municipality => Self::waits(screen, ScreenName::TakeCard),
            ScreenName::LookingUp => Self {
                stays: Stays::SlowServer,
                time: TimeOver::Limit("of a request, made three times"),
                ..Self::waits(screen, ScreenName::Municipality)
            },
            ScreenName::Offer => Self::waits(screen, ScreenName::LookingUp),
            ScreenName::Preview => Self::waits(screen, ScreenName::Offer),
            ScreenName::Copies => Self::waits(screen, ScreenName::Preview),
            ScreenName::Pay => Self::waits(screen, ScreenName::Copies),
            ScreenName::Paying => Self {
                stays: Stays::NobodyPays,
                ..Self::waits(screen, ScreenName::Pay)
            },
            ScreenName::Issuing => Self {
                stays: Stays::SlowServer,
                time: TimeOver::Limit("of an order, made five times"),
                ..Self::waits(screen, ScreenName::Paying)
            },
            ScreenName::Printing => Self {
                stays: Stays::SlowPrinter,
                time: TimeOver::Limit("of a print job"),
                ..Self::waits(screen, ScreenName::Issuing)
            },
            ScreenName::TakePaper => Self {
                cancel: Cancel::None("the paper is out"),
                ..Self::waits(screen, ScreenName::Printing)
            },
            ScreenName::Another => Self {
                cancel: Cancel::None("nothing is under way"),
                ..Self::waits(screen, ScreenName::TakePaper)
            },
            ScreenName::Ending => Self {
                cancel: Cancel::None("it is over"),
                ..Self::waits(screen, ScreenName::Another)
            },
        })
    }

    /// One that waits for the resident, who may cancel and has a countdown.
    const fn waits(screen: ScreenName, after: ScreenName) -> Self {
        Self {
            screen,
            after,
            stays: Stays::ForTheResident,
            cancel: Cancel::Ends,
            time: TimeOver::Countdown,
        }
    }

    /// Whether nothing comes after it.
    pub(super) const fn is_the_end(self) -> bool {
        matches!(self.screen, ScreenName::Ending)
    }

    /// The states from the start to this one, this one included.
    pub(super) fn way(self) -> Vec<Self> {
        let mut way = vec![self];
        while let Some(before) = way.last().and_then(|state| Self::of(state.after)) {
            way.push(before);
        }
        way.reverse();
        way
    }
}

impl Stays {
    /// In words, for the report.
    pub(super) const fn said(self) -> &'static str {
        match self {
            Self::ForTheResident => "waits for the resident",
            Self::NobodyPays => "nobody puts a coin in",
            Self::SlowCard => "a card that answers slowly",
            Self::SlowServer => "the server's answers held back",
            Self::SlowPrinter => "a printer that begins and does not finish",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_to_every_state_begins_at_the_start_and_the_longest_passes_all() {
        let mut longest = Vec::new();
        for state in State::all() {
            let way = state.way();
            assert_eq!(
                way.first().map(|first| first.after),
                Some(ScreenName::Start)
            );
            assert_eq!(way.last(), Some(&state));
            if way.len() > longest.len() {
                longest = way;
            }
        }
        for state in State::all() {
            assert!(longest.contains(&state), "{}", state.screen.name());
        }
    }
}
