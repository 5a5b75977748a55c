//! What the kiosk says while all goes well, and where a resident has to try again.

use domain::Yen;

use super::Screen;
use crate::card::{ReaderError, Waiting};
use crate::payment::{GivenBack, PaymentProgress};
use crate::session::Ending;
use crate::texts::keys;

keys! {
    /// What is said before the end.
    ///
    /// The PIN is named in full wherever it is asked for: it is another one than the one for
    /// electronic signatures, and people confuse them.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub(crate) enum Step {
        Start = "start",
        Connecting = "connecting",
        Terms = "terms",
        TermsInShort = "terms-in-short",
        SecondScreen = "second-screen",
        WithoutAgent = "without-agent",
        ReaderNotReady = "reader-not-ready",
        PutCard = "put-card",
        CardDoesNotAnswer = "card-does-not-answer",
        EnterPin { tries: u8 } = "enter-pin",
        EnterPinLast = "enter-pin-last",
        WrongPin { tries: u8 } = "wrong-pin",
        WrongPinLast = "wrong-pin-last",
        Reading = "reading",
        TakeCard = "take-card",
        CardStillThere = "card-still-there",
        LookingUp = "looking-up",
        ChooseMunicipality = "choose-municipality",
        NamesAreShown = "names-are-shown",
        ChooseKind = "choose-kind",
        Preview = "preview",
        ChooseCopies = "choose-copies",
        Confirm = "confirm",
        Another = "another",
        ChoosePayment = "choose-payment",
        PutInCoins { missing: Yen } = "put-in-coins",
        PutInCoinsExactly { missing: Yen } = "put-in-coins-exactly",
        PresentPaymentCard = "present-payment-card",
        CheckingPayment = "checking-payment",
        ChangeOwed { owed: Yen } = "change-owed",
        GivingChange = "giving-change",
        GivingBack = "giving-back",
        PaymentDeviceGone = "payment-device-gone",
        GivenBack { returned: Yen } = "given-back",
        NotGivenBack { owed: Yen } = "not-given-back",
        Issuing = "issuing",
        Printing { copies: u8 } = "printing",
        TakePaper { copies: u8 } = "take-paper",
        PaperStillThere = "paper-still-there",
        // On any screen.
        Keys = "keys",
        TimeSoon = "time-soon",
    }
}

/// A card of nobody knows whom is said to be one wherever it lies in the way.
const CARD_LEFT: Ending = Ending::Reader(ReaderError::CardLeft);

impl Step {
    /// What a screen before the end says; the ending of one that is the end.
    pub(super) const fn of(screen: &Screen) -> Result<Self, &Ending> {
        Ok(match screen {
            Screen::Connecting => Self::Connecting,
            Screen::PutCard(Waiting::ForReader) => Self::ReaderNotReady,
            Screen::PutCard(Waiting::ForCard) => Self::PutCard,
            Screen::PutCard(Waiting::ForAnswer) => Self::CardDoesNotAnswer,
            Screen::PutCard(Waiting::ForRemoval) => return Err(&CARD_LEFT),
            Screen::EnterPin { tries_left: 1 } => Self::EnterPinLast,
            Screen::EnterPin { tries_left } => Self::EnterPin { tries: *tries_left },
            Screen::WrongPin { tries_left: 1 } => Self::WrongPinLast,
            Screen::WrongPin { tries_left } => Self::WrongPin { tries: *tries_left },
            Screen::Reading { .. } => Self::Reading,
            Screen::TakeCard => Self::TakeCard,
            Screen::CardStillThere => Self::CardStillThere,
            Screen::LookingUp => Self::LookingUp,
            Screen::Paying(progress) => Self::paying(progress),
            Screen::GivenBack(GivenBack {
                returned,
                owed: Yen(0),
            }) => Self::GivenBack {
                returned: *returned,
            },
            Screen::GivenBack(GivenBack { owed, .. }) => Self::NotGivenBack { owed: *owed },
            Screen::Issuing => Self::Issuing,
            Screen::Printing { copies } => Self::Printing { copies: *copies },
            Screen::TakePaper { copies } => Self::TakePaper { copies: *copies },
            Screen::Ending(ending) => return Err(ending),
        })
    }

    const fn paying(progress: &PaymentProgress) -> Self {
        match progress {
            PaymentProgress::Coins {
                inserted,
                of,
                exact_only,
            } => {
                let missing = Yen(of.0.saturating_sub(inserted.0));
                if *exact_only {
                    Self::PutInCoinsExactly { missing }
                } else {
                    Self::PutInCoins { missing }
                }
            }
            PaymentProgress::PresentCard => Self::PresentPaymentCard,
            PaymentProgress::Authorising => Self::CheckingPayment,
            PaymentProgress::ChangeOwed(owed) => Self::ChangeOwed { owed: *owed },
            PaymentProgress::GivingChange => Self::GivingChange,
            PaymentProgress::GivingBack => Self::GivingBack,
            PaymentProgress::DeviceGone => Self::PaymentDeviceGone,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Language;

    #[test]
    fn the_pin_is_named_and_its_tries_are_counted() {
        for language in [Language::Japanese, Language::English] {
            for screen in [
                Screen::EnterPin { tries_left: 2 },
                Screen::WrongPin { tries_left: 2 },
            ] {
                let words = screen.words(language);
                let all = words.happened.clone() + words.to_do.as_str();
                assert!(all.contains("券面事項入力補助用"), "{screen:?}");
                assert!(words.happened.contains('2'), "{screen:?}");
                assert!(!all.contains("{}"));
            }
        }
    }

    #[test]
    fn the_last_try_is_said_to_be_the_last() {
        let words = Screen::EnterPin { tries_left: 1 }.words(Language::English);
        assert!(words.happened.contains("last try") && words.to_do.contains("locks"));
    }
}
