//! Waiting until a card is taken.

use std::ffi::CString;
use std::fmt;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use pcsc::{Context, ReaderState, State};

use super::ReaderError;
use super::readers::{LOOK_AGAIN, wait_for_change};

/// A card that was given back and lies on the reader until the resident takes it.
pub struct CardToTake {
    context: Context,
    reader: CString,
}

impl CardToTake {
    pub(super) const fn new(context: Context, reader: CString) -> Self {
        Self { context, reader }
    }

    /// Waits until the card is off the reader. `remind` is called about four times a second while
    /// it is not, and stops the waiting with [`ControlFlow::Break`]. A reader that went away took
    /// the card along.
    ///
    /// # Errors
    /// [`ReaderError::NotTaken`] when time is over, [`ReaderError::Stopped`].
    pub fn wait_until_taken(
        &self,
        time_limit: Duration,
        mut remind: impl FnMut() -> ControlFlow<()>,
    ) -> Result<(), ReaderError> {
        let deadline = Instant::now() + time_limit;
        let mut states = [ReaderState::new(self.reader.clone(), State::UNAWARE)];
        let mut slice = Duration::ZERO;
        loop {
            match wait_for_change(&self.context, &mut states, slice) {
                Ok(()) => {}
                Err(ReaderError::NoService) => return Ok(()),
                Err(error) => return Err(error),
            }
            if !states[0].event_state().contains(State::PRESENT) {
                return Ok(());
            }
            if remind().is_break() {
                return Err(ReaderError::Stopped);
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(ReaderError::NotTaken);
            }
            states[0].sync_current_state();
            slice = LOOK_AGAIN.min(left);
        }
    }
}

impl fmt::Debug for CardToTake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("CardToTake").field(&self.reader).finish()
    }
}
