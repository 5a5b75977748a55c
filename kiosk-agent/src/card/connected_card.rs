//! A card that this program holds alone.

use std::ffi::CString;
use std::fmt;
use std::time::Duration;

use my_number_card::{CardTransport, TransportError};
use pcsc::{Context, ReaderState, State};
use zeroize::Zeroizing;

use super::error::service_is_gone;
use super::exchange_thread::{ExchangeThread, Said};
use super::readers::wait_for_change;
use super::{CardToTake, ReaderError};

/// A card on a reader, held exclusively. Its power is cut when this is given back or dropped, so
/// that a PIN presented through it opens nothing any more.
pub struct ConnectedCard {
    context: Context,
    reader: CString,
    exchanges: ExchangeThread,
}

impl ConnectedCard {
    pub(super) fn new(
        context: Context,
        reader: CString,
        card: pcsc::Card,
        answer_limit: Duration,
    ) -> Result<Self, ReaderError> {
        let exchanges = ExchangeThread::start(card, answer_limit)
            // No thread for it: the machine has none left, as if it had no service.
            .map_err(|_| ReaderError::NoService)?;
        Ok(Self {
            context,
            reader,
            exchanges,
        })
    }

    /// Cuts the card's power and lets go of it. It still lies on the reader.
    #[must_use = "the resident is to take the card"]
    pub fn give_back(self) -> CardToTake {
        let Self {
            context,
            reader,
            exchanges,
        } = self;
        drop(exchanges);
        CardToTake::new(context, reader)
    }

    /// What a failed exchange means. After a card was pulled PC/SC reports "not transacted" at
    /// first, and sees the empty reader up to half a second later.
    fn reason(&self, error: pcsc::Error) -> TransportError {
        use pcsc::Error as E;
        const REMOVED: [E; 4] = [
            E::RemovedCard,
            E::NoSmartcard,
            E::ResetCard,
            E::UnpoweredCard,
        ];
        const GONE: [E; 3] = [
            E::ReaderUnavailable,
            E::UnknownReader,
            E::NoReadersAvailable,
        ];
        if REMOVED.contains(&error) {
            TransportError::CardRemoved
        } else if GONE.contains(&error) || service_is_gone(error) {
            TransportError::ReaderGone
        } else {
            self.is_card_there()
        }
    }

    fn is_card_there(&self) -> TransportError {
        const TO_BE_SEEN: Duration = Duration::from_secs(2);
        let mut states = [ReaderState::new(self.reader.clone(), State::UNAWARE)];
        if wait_for_change(&self.context, &mut states, Duration::ZERO).is_err() {
            return TransportError::ReaderGone;
        }
        if states[0].event_state().contains(State::PRESENT) {
            states[0].sync_current_state();
            if wait_for_change(&self.context, &mut states, TO_BE_SEEN).is_err() {
                return TransportError::ReaderGone;
            }
        }
        let now = states[0].event_state();
        if now.intersects(State::UNKNOWN | State::UNAVAILABLE | State::IGNORE) {
            TransportError::ReaderGone
        } else if now.contains(State::PRESENT) {
            TransportError::Other("the exchange failed, and the card is there")
        } else {
            TransportError::CardRemoved
        }
    }
}

impl CardTransport for ConnectedCard {
    fn transmit(&mut self, command: &[u8]) -> Result<Zeroizing<Vec<u8>>, TransportError> {
        match self.exchanges.exchange(command)? {
            // Some drivers report a card that was pulled as an empty success.
            Said::Answer(answer) if answer.is_empty() => Err(match self.is_card_there() {
                gone @ (TransportError::CardRemoved | TransportError::ReaderGone) => gone,
                TransportError::AnswerTooLong(_)
                | TransportError::AnswerTooShort(_)
                | TransportError::Other(_) => TransportError::AnswerTooShort(0),
            }),
            Said::Answer(answer) if answer.len() < 2 => {
                Err(TransportError::AnswerTooShort(answer.len()))
            }
            Said::Answer(answer) => Ok(answer),
            Said::TooLong(length) => Err(TransportError::AnswerTooLong(length)),
            Said::Failed(error) => Err(self.reason(error)),
        }
    }
}

impl fmt::Debug for ConnectedCard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ConnectedCard").field(&self.reader).finish()
    }
}
