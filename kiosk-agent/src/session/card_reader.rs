//! The card reader as the session needs it.

use std::ops::ControlFlow;
use std::time::Duration;

use my_number_card::CardTransport;

use super::TurnTime;
use crate::card::{CardReaders, CardToTake, ConnectedCard, LookFor, ReaderError, Waiting};

/// How long the card may take for one answer. Signing takes a card about half a second.
const ANSWER_LIMIT: Duration = Duration::from_secs(5);

/// Before the service is looked for again, where there is none.
const LOOK_AGAIN: Duration = Duration::from_millis(250);

/// A card reader. Everything blocks, for a bounded time, and is called on a thread that may. A
/// clone is another way to the same reader: one whose driver hangs is left to its thread.
pub trait CardReader: Clone + Send + 'static {
    /// A card that this program holds alone; its power is cut when dropped.
    type Card: CardTransport + Send + 'static;
    /// A card that lies on the reader until the resident takes it.
    type ToTake: Send + 'static;

    /// Whether a card lies on the reader, whosever it is.
    ///
    /// # Errors
    /// [`ReaderError::NoService`], [`ReaderError::NoReader`].
    fn has_card(&mut self) -> Result<bool, ReaderError>;

    /// Waits for a card, also one that lies there already, as long as there is time left: it may become more meanwhile. `progress`
    /// is called at least four times a second.
    ///
    /// # Errors
    /// [`ReaderError`].
    fn wait_for_card(
        &mut self,
        time: &TurnTime,
        progress: &mut dyn FnMut(Waiting) -> ControlFlow<()>,
    ) -> Result<Self::Card, ReaderError>;

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
#[derive(Debug, Clone)]
pub struct PcscReader {
    name: Option<String>,
}

impl PcscReader {
    /// Readers whose name begins so; `None`: whichever has a card.
    #[must_use]
    pub const fn new(name: Option<String>) -> Self {
        Self { name }
    }
}

impl CardReader for PcscReader {
    type Card = ConnectedCard;
    type ToTake = CardToTake;

    fn has_card(&mut self) -> Result<bool, ReaderError> {
        CardReaders::open()?.has_card(self.name.as_deref())
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
