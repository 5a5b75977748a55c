//! Every place somebody can be in at the screen, and the ways out of it that do not lead on:
//! declared once, walked by `screen_ways.rs`, which fails where the screen offers another one.

use kiosk_agent::touch_screen::ScreenName;

/// Where somebody is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum At {
    /// Nobody has begun.
    Start,
    /// The kiosk cannot serve anybody.
    OutOfOrder,
    /// Staff's screen.
    Staff,
    /// The server is asked what holds now.
    Connecting,
    /// The terms.
    Terms,
    /// A card is waited for.
    Card,
    /// The PIN is entered.
    Pin,
    /// It was wrong.
    WrongPin,
    /// The card is being read.
    Reading,
    /// The card is to be taken.
    TakeCard,
    /// Which municipality.
    Municipality,
    /// It is being asked.
    LookingUp,
    /// It has nothing for this card; another one can be asked.
    NotHere,
    /// What it offers.
    Offer,
    /// The certificate as it will print.
    Preview,
    /// How many copies.
    Copies,
    /// What is about to be ordered.
    Confirm,
    /// How it is paid.
    Method,
    /// Coins are waited for.
    Paying,
    /// The order is under way.
    Issuing,
    /// The printer is at work.
    Printing,
    /// The paper is to be taken.
    TakePaper,
    /// Whether another certificate is wanted.
    Another,
    /// It is over.
    Ending,
}

impl At {
    /// All, in the order in which somebody comes to them.
    pub const ALL: [Self; 24] = [
        Self::Start,
        Self::OutOfOrder,
        Self::Staff,
        Self::Connecting,
        Self::Terms,
        Self::Card,
        Self::Pin,
        Self::WrongPin,
        Self::Reading,
        Self::TakeCard,
        Self::Municipality,
        Self::LookingUp,
        Self::NotHere,
        Self::Offer,
        Self::Preview,
        Self::Copies,
        Self::Confirm,
        Self::Method,
        Self::Paying,
        Self::Issuing,
        Self::Printing,
        Self::TakePaper,
        Self::Another,
        Self::Ending,
    ];

    /// Whether it can be cancelled. It ends, after the card was taken where it lies on the reader.
    #[must_use]
    pub const fn can_cancel(self) -> bool {
        !matches!(
            self,
            Self::Start
                | Self::OutOfOrder
                | Self::Staff
                | Self::TakePaper
                | Self::Another
                | Self::Ending
        )
    }

    /// Where "back" leads.
    #[must_use]
    pub const fn back(self) -> Option<Self> {
        match self {
            Self::Offer => Some(Self::Municipality),
            Self::Preview => Some(Self::Offer),
            Self::Copies => Some(Self::Preview),
            Self::Confirm => Some(Self::Copies),
            Self::Start
            | Self::OutOfOrder
            | Self::Staff
            | Self::Connecting
            | Self::Terms
            | Self::Card
            | Self::Pin
            | Self::WrongPin
            | Self::Reading
            | Self::TakeCard
            | Self::Municipality
            | Self::LookingUp
            | Self::NotHere
            | Self::Method
            | Self::Paying
            | Self::Issuing
            | Self::Printing
            | Self::TakePaper
            | Self::Another
            | Self::Ending => None,
        }
    }

    /// Whether somebody is waited for: then the time is counted down on the screen, more of it can
    /// be had, and when it is over so is the session, or, at its end, the screen.
    #[must_use]
    pub const fn waits(self) -> bool {
        !matches!(
            self,
            Self::Start
                | Self::OutOfOrder
                | Self::Connecting
                | Self::Reading
                | Self::LookingUp
                | Self::Issuing
                | Self::Printing
        )
    }

    /// Its screen.
    #[must_use]
    pub const fn screen(self) -> ScreenName {
        match self {
            Self::Start => ScreenName::Start,
            Self::OutOfOrder => ScreenName::OutOfOrder,
            Self::Staff => ScreenName::Staff,
            Self::Terms => ScreenName::Terms,
            Self::Card => ScreenName::Card,
            Self::Pin | Self::WrongPin => ScreenName::Pin,
            Self::Reading => ScreenName::Reading,
            Self::TakeCard => ScreenName::TakeCard,
            Self::Municipality => ScreenName::Municipality,
            Self::Connecting | Self::LookingUp => ScreenName::LookingUp,
            Self::Offer => ScreenName::Offer,
            Self::Preview => ScreenName::Preview,
            Self::Copies => ScreenName::Copies,
            Self::Confirm | Self::Method => ScreenName::Pay,
            Self::Paying => ScreenName::Paying,
            Self::Issuing => ScreenName::Issuing,
            Self::Printing => ScreenName::Printing,
            Self::TakePaper => ScreenName::TakePaper,
            Self::Another => ScreenName::Another,
            Self::NotHere | Self::Ending => ScreenName::Ending,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_screen_has_its_places_and_every_place_is_walked_once() {
        for screen in ScreenName::ALL {
            let has_one = At::ALL.iter().any(|place| place.screen() == *screen);
            assert!(has_one, "{screen:?}");
        }
        for (number, place) in At::ALL.into_iter().enumerate() {
            assert_eq!(place as usize, number, "{place:?}");
        }
    }
}
