//! The place where cards are put, from one resident to the next: whose card lies there is known
//! only of one that came after the reader was seen empty. Whoever comes next would enter their PIN
//! into a forgotten one.

use std::time::Duration;

use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

use super::CardReader;
use super::patience::Turn;
use crate::card::ReaderError;
use crate::stop::StopSignal;

/// How long a reader may take to say whether a card lies on it.
const LOOK_LIMIT: Duration = Duration::from_secs(5);

/// How long after its time is over a reader may take to end its waiting.
const GRACE: Duration = Duration::from_secs(5);

/// The reader, and what was seen on it.
#[derive(Debug)]
pub struct CardPlace<C> {
    reader: C,
    seen_empty: bool,
    /// A look that was not answered in time.
    unanswered: Option<JoinHandle<Result<bool, ReaderError>>>,
}

impl<C: CardReader> CardPlace<C> {
    /// A reader on which nobody knows what lies.
    #[must_use]
    pub const fn new(reader: C) -> Self {
        Self {
            reader,
            seen_empty: false,
            unanswered: None,
        }
    }

    /// A reader for one session, on which its resident's card may lie already.
    #[must_use]
    pub const fn of_one_session(reader: C) -> Self {
        Self {
            reader,
            seen_empty: true,
            unanswered: None,
        }
    }

    /// Looks at the reader.
    ///
    /// # Errors
    /// [`ReaderError::CardLeft`] where a card lies there; [`ReaderError::Silent`];
    /// [`ReaderError::NoService`], [`ReaderError::NoReader`].
    pub async fn look(&mut self) -> Result<(), ReaderError> {
        let lies_there = self.has_card().await?;
        self.seen_empty = !lies_there;
        if lies_there {
            return Err(ReaderError::CardLeft);
        }
        Ok(())
    }

    /// Whether a card may be taken now: none lay there before. Looks, where nobody has.
    ///
    /// # Errors
    /// As [`look`](Self::look).
    pub(super) async fn is_free(&mut self) -> Result<(), ReaderError> {
        if self.seen_empty {
            return Ok(());
        }
        self.look().await
    }

    /// A way to the reader, to take a card: afterwards nobody knows what lies there.
    pub(super) fn take(&mut self) -> C {
        self.seen_empty = false;
        self.reader.clone()
    }

    /// While a driver has not answered the last look, it is not asked again.
    async fn has_card(&mut self) -> Result<bool, ReaderError> {
        if let Some(look) = &self.unanswered {
            if !look.is_finished() {
                return Err(ReaderError::Silent);
            }
            self.unanswered = None;
        }
        let mut reader = self.reader.clone();
        let mut look = tokio::task::spawn_blocking(move || reader.has_card());
        match timeout(LOOK_LIMIT, &mut look).await {
            Ok(Ok(seen)) => seen,
            // Cancelled it never is: a panic goes on where it is waited for.
            Ok(Err(error)) => std::panic::resume_unwind(error.into_panic()),
            Err(_) => {
                self.unanswered = Some(look);
                Err(ReaderError::Silent)
            }
        }
    }
}

/// Waits until a reader that was to end its waiting when the turn is over, or when told to stop,
/// should have done so.
pub(super) async fn overdue(turn: &Turn, stop: &StopSignal) {
    let over = async {
        // Extended at the last moment, it goes on.
        while !turn.time().left().is_zero() {
            turn.over().await;
            sleep(GRACE).await;
        }
    };
    tokio::select! {
        () = over => {}
        () = async { stop.on().await; sleep(GRACE).await } => {}
    }
}

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;
    use std::sync::mpsc::{Receiver, Sender, channel};
    use std::sync::{Arc, Mutex};

    use my_number_card::{CardTransport, TransportError};
    use zeroize::Zeroizing;

    use super::*;
    use crate::card::Waiting;
    use crate::session::{Patience, TurnTime};
    use crate::stop::stop_switch;

    /// A reader that says what it is told to say, when it is told.
    #[derive(Clone)]
    struct Told(Arc<Mutex<Receiver<bool>>>);

    struct NoCard;

    impl CardTransport for NoCard {
        fn transmit(&mut self, _: &[u8]) -> Result<Zeroizing<Vec<u8>>, TransportError> {
            Err(TransportError::CardRemoved)
        }
    }

    impl CardReader for Told {
        type Card = NoCard;
        type ToTake = ();

        fn has_card(&mut self) -> Result<bool, ReaderError> {
            let said = self.0.lock().unwrap().recv();
            said.map_err(|_| ReaderError::NoService)
        }

        fn wait_for_card(
            &mut self,
            _: &TurnTime,
            _: &mut dyn FnMut(Waiting) -> ControlFlow<()>,
        ) -> Result<NoCard, ReaderError> {
            Err(ReaderError::NoCard)
        }

        fn give_back(_: NoCard) {}

        fn wait_until_taken(
            (): &(),
            _: &TurnTime,
            _: &mut dyn FnMut() -> ControlFlow<()>,
        ) -> Result<(), ReaderError> {
            Ok(())
        }
    }

    fn place() -> (Sender<bool>, CardPlace<Told>) {
        let (sender, receiver) = channel();
        (sender, CardPlace::new(Told(Arc::new(Mutex::new(receiver)))))
    }

    #[tokio::test]
    async fn a_card_is_taken_only_where_none_was_seen_before() {
        let (reader, mut place) = place();
        for lies_there in [true, true, false] {
            reader.send(lies_there).unwrap();
            let free = place.is_free().await;
            assert_eq!(free == Err(ReaderError::CardLeft), lies_there);
        }
        // Seen empty once, it is not looked at again before a card is taken.
        assert_eq!(place.is_free().await, Ok(()));
        let _ = place.take();
        reader.send(true).unwrap();
        assert_eq!(place.is_free().await, Err(ReaderError::CardLeft));
        let (_, reader) = channel();
        let reader = Told(Arc::new(Mutex::new(reader)));
        assert_eq!(CardPlace::of_one_session(reader).is_free().await, Ok(()));
    }

    #[tokio::test]
    async fn a_driver_that_hangs_is_asked_once() {
        let (reader, mut place) = place();
        let waited = timeout(LOOK_LIMIT * 4, place.look()).await;
        assert_eq!(waited, Ok(Err(ReaderError::Silent)));
        assert_eq!(place.look().await, Err(ReaderError::Silent));
        reader.send(false).unwrap();
        while place
            .unanswered
            .as_ref()
            .is_some_and(|look| !look.is_finished())
        {
            tokio::task::yield_now().await;
        }
        // What it said so late is about another moment: it is asked anew.
        reader.send(false).unwrap();
        assert_eq!(place.look().await, Ok(()));
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_waits_for_a_reader_waits_a_little_longer_than_it_may_take() {
        let (switch, stop) = stop_switch();
        let patience = Patience::new();
        let minute = Duration::from_secs(60);
        let turn = patience.turn(minute);
        let begun = tokio::time::Instant::now();
        overdue(&turn, &stop).await;
        assert_eq!(begun.elapsed(), minute + GRACE);
        let turn = patience.turn(minute);
        switch.stop();
        let begun = tokio::time::Instant::now();
        overdue(&turn, &stop).await;
        assert_eq!(begun.elapsed(), GRACE);
    }
}
