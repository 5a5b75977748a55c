//! The card reader as the session needs it.

use std::ops::ControlFlow;
use std::time::Duration;

use my_number_card::CardTransport;

use crate::card::{CardReaders, CardToTake, ConnectedCard, LookFor, ReaderError, Waiting};

/// How long the card may take for one answer. Signing takes a card about half a second.
const ANSWER_LIMIT: Duration = Duration::from_secs(5);

/// A card reader. Everything blocks, for a bounded time, and is called on a thread that may.
pub trait CardReader: Send + 'static {
    /// A card that this program holds alone; its power is cut when dropped.
    type Card: CardTransport + Send + 'static;
    /// A card that lies on the reader until the resident takes it.
    type ToTake: Send + 'static;

    /// Waits for a card; `progress` is called at least four times a second.
    ///
    /// # Errors
    /// [`ReaderError`].
    fn wait_for_card(
        &mut self,
        time_limit: Duration,
        progress: &mut dyn FnMut(Waiting) -> ControlFlow<()>,
    ) -> Result<Self::Card, ReaderError>;

    /// Cuts the card's power.
    fn give_back(card: Self::Card) -> Self::ToTake;

    /// Waits until the card is taken; `look` is called about four times a second.
    ///
    /// # Errors
    /// [`ReaderError::NotTaken`], [`ReaderError::Stopped`].
    fn wait_until_taken(
        card: &Self::ToTake,
        time_limit: Duration,
        look: &mut dyn FnMut() -> ControlFlow<()>,
    ) -> Result<(), ReaderError>;
}

/// The readers of this machine, by PC/SC.
#[derive(Debug)]
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

    fn wait_for_card(
        &mut self,
        time_limit: Duration,
        progress: &mut dyn FnMut(Waiting) -> ControlFlow<()>,
    ) -> Result<ConnectedCard, ReaderError> {
        let look_for = LookFor {
            reader: self.name.as_deref(),
            time_limit,
            answer_limit: ANSWER_LIMIT,
        };
        CardReaders::open()?.wait_for_card(look_for, progress)
    }

    fn give_back(card: ConnectedCard) -> CardToTake {
        card.give_back()
    }

    fn wait_until_taken(
        card: &CardToTake,
        time_limit: Duration,
        look: &mut dyn FnMut() -> ControlFlow<()>,
    ) -> Result<(), ReaderError> {
        card.wait_until_taken(time_limit, look)
    }
}
