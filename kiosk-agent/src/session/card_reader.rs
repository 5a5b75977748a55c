//! The card reader as the session needs it.

use std::ops::ControlFlow;
use std::time::Duration;

use my_number_card::CardTransport;

use super::TurnTime;
use crate::card::{
    CardReaders, CardToTake, ConnectedCard, LookFor, ReaderError, ReaderName, Waiting,
};

/// How long the card may take for one answer. Signing takes a card about half a second.
const ANSWER_LIMIT: Duration = Duration::from_secs(5);

/// Before the service is looked for again, where there is none.
const LOOK_AGAIN: Duration = Duration::from_millis(250);

/// A card reader. Everything blocks, for a bounded time, and is called on a thread that may.
pub trait CardReader: Send + 'static {
    /// A card that this program holds alone; its power is cut when dropped.
    type Card: CardTransport + Send + 'static;
    /// A card that lies on the reader until the resident takes it.
    type ToTake: Send + 'static;

    /// Whether a reader is there, and no forgotten card on it.
    ///
    /// # Errors
    /// [`ReaderError::NoService`], [`ReaderError::NoReader`], [`ReaderError::NotTaken`].
    fn ready(&mut self) -> Result<(), ReaderError>;

    /// Waits for a card, as long as there is time left: it may become more meanwhile. `progress`
    /// is called at least four times a second.
    ///
    /// # Errors
    /// [`ReaderError`].
    fn wait_for_card(
        &mut self,
        time: &TurnTime,
        progress: &mut dyn FnMut(Waiting) -> ControlFlow<()>,
    ) -> Result<Self::Card, ReaderError>;

    /// This card was not taken: while it lies there the reader is not ready, because whoever
    /// comes next would enter their PIN into somebody else's card.
    fn forgotten(&mut self, card: Self::ToTake);

    /// Cuts the card's power.
    fn give_back(card: Self::Card) -> Self::ToTake;

    /// Waits until the card is taken, as long as there is time left; `look` is called about four
    /// times a second.
    ///
    /// # Errors
    /// [`ReaderError::NotTaken`], [`ReaderError::Stopped`].
    fn wait_until_taken(
        card: &Self::ToTake,
        time: &TurnTime,
        look: &mut dyn FnMut() -> ControlFlow<()>,
    ) -> Result<(), ReaderError>;
}

/// The readers of this machine, by PC/SC.
#[derive(Debug)]
pub struct PcscReader {
    name: Option<String>,
    forgotten: Option<CardToTake>,
}

impl PcscReader {
    /// Readers whose name begins so; `None`: whichever has a card.
    #[must_use]
    pub const fn new(name: Option<String>) -> Self {
        Self {
            name,
            forgotten: None,
        }
    }
}

impl CardReader for PcscReader {
    type Card = ConnectedCard;
    type ToTake = CardToTake;

    fn ready(&mut self) -> Result<(), ReaderError> {
        if let Some(card) = &self.forgotten {
            let taken = card.wait_until_taken(Duration::ZERO, || ControlFlow::Continue(()));
            // A reader that fails otherwise is asked anew below.
            if taken == Err(ReaderError::NotTaken) {
                return taken;
            }
            self.forgotten = None;
        }
        let readers = CardReaders::open()?.list()?;
        let wanted = |reader: &ReaderName| match &self.name {
            Some(wanted) => reader.to_text().starts_with(wanted),
            None => true,
        };
        let is_there = readers.iter().any(wanted);
        is_there.then_some(()).ok_or(ReaderError::NoReader)
    }

    fn wait_for_card(
        &mut self,
        time: &TurnTime,
        progress: &mut dyn FnMut(Waiting) -> ControlFlow<()>,
    ) -> Result<ConnectedCard, ReaderError> {
        loop {
            let look_for = LookFor {
                reader: self.name.as_deref(),
                time_limit: time.left(),
                answer_limit: ANSWER_LIMIT,
            };
            let found = CardReaders::open()
                .and_then(|mut readers| readers.wait_for_card(look_for, &mut *progress));
            match found {
                Err(ReaderError::NoService) if !time.left().is_zero() => {
                    if progress(Waiting::ForReader).is_break() {
                        return Err(ReaderError::Stopped);
                    }
                    std::thread::sleep(LOOK_AGAIN);
                }
                // Extended at the last moment.
                Err(ReaderError::NoReader | ReaderError::NoCard | ReaderError::MuteCard)
                    if !time.left().is_zero() => {}
                found => return found,
            }
        }
    }

    fn forgotten(&mut self, card: CardToTake) {
        self.forgotten = Some(card);
    }

    fn give_back(card: ConnectedCard) -> CardToTake {
        card.give_back()
    }

    fn wait_until_taken(
        card: &CardToTake,
        time: &TurnTime,
        look: &mut dyn FnMut() -> ControlFlow<()>,
    ) -> Result<(), ReaderError> {
        loop {
            match card.wait_until_taken(time.left(), &mut *look) {
                Err(ReaderError::NotTaken) if !time.left().is_zero() => {}
                taken => return taken,
            }
        }
    }
}
