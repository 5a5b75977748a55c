//! Readers, and waiting for a card on one of them.

use std::ffi::{CStr, CString};
use std::fmt;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use pcsc::{Context, PNP_NOTIFICATION, Protocols, ReaderState, Scope, ShareMode, State};

use super::error::service_is_gone;
use super::{ConnectedCard, ReaderError};

/// The longest that is waited before looking again whether to stop, and for other readers.
pub(super) const LOOK_AGAIN: Duration = Duration::from_millis(250);

/// The card readers of this machine.
pub struct CardReaders {
    context: Context,
}

/// A reader's name, as PC/SC lists it.
#[derive(Clone, PartialEq, Eq)]
pub struct ReaderName(CString);

/// Which card to wait for, and how long.
#[derive(Debug, Clone, Copy)]
pub struct LookFor<'a> {
    /// Only readers whose name begins so; `None`: the first that has a card.
    pub reader: Option<&'a str>,
    /// How long to wait.
    pub time_limit: Duration,
    /// How long the card may take for one answer. Signing takes a card about half a second.
    pub answer_limit: Duration,
}

/// What is being waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waiting {
    /// For a reader: none is there, or the service that drives them is not.
    ForReader,
    /// For a card on a reader.
    ForCard,
    /// For another card, or this one the other way round: it does not answer.
    ForAnswer,
    /// For a card to go that lies there since before.
    ForRemoval,
}

impl CardReaders {
    /// Asks the PC/SC service for its readers.
    ///
    /// # Errors
    /// [`ReaderError::NoService`] where none runs.
    pub fn open() -> Result<Self, ReaderError> {
        let context = Context::establish(Scope::User)?;
        Ok(Self { context })
    }

    /// The readers that are there now; none is no error.
    ///
    /// # Errors
    /// [`ReaderError::NoService`].
    pub fn list(&self) -> Result<Vec<ReaderName>, ReaderError> {
        match self.context.list_readers_owned() {
            Ok(names) => Ok(names.into_iter().map(ReaderName).collect()),
            Err(pcsc::Error::NoReadersAvailable) => Ok(Vec::new()),
            Err(error) => Err(error.into()),
        }
    }

    /// Waits until a card lies on a reader, and takes it for this program alone. Readers may come
    /// and go meanwhile, and so may the service. `progress` is called at least four times a
    /// second, and stops the waiting with [`ControlFlow::Break`].
    ///
    /// # Errors
    /// [`ReaderError`]: `NoService`, `NoReader`, `MuteCard` or `NoCard` when time is over, by what
    /// was there at the end; `Stopped`; `InUse` at once.
    pub fn wait_for_card(
        &mut self,
        look_for: LookFor<'_>,
        mut progress: impl FnMut(Waiting) -> ControlFlow<()>,
    ) -> Result<ConnectedCard, ReaderError> {
        let deadline = Instant::now() + look_for.time_limit;
        loop {
            let slice = LOOK_AGAIN.min(deadline.saturating_duration_since(Instant::now()));
            let (waiting, lacking) = match self.look(look_for.reader, slice) {
                Ok(Seen::Card(reader)) => match self.connect(reader, look_for.answer_limit) {
                    Ok(card) => return Ok(card),
                    Err(Unconnected::Gone) => (Waiting::ForCard, ReaderError::NoCard),
                    Err(Unconnected::Mute) => (Waiting::ForAnswer, ReaderError::MuteCard),
                    Err(Unconnected::Failed(error)) => return Err(error),
                },
                Ok(Seen::MuteCard) => (Waiting::ForAnswer, ReaderError::MuteCard),
                Ok(Seen::NoCard) => (Waiting::ForCard, ReaderError::NoCard),
                Ok(Seen::NoReader) => (Waiting::ForReader, ReaderError::NoReader),
                Err(ReaderError::NoService) => {
                    self.find_the_service_again(slice);
                    (Waiting::ForReader, ReaderError::NoService)
                }
                Err(error) => return Err(error),
            };
            if progress(waiting).is_break() {
                return Err(ReaderError::Stopped);
            }
            if Instant::now() >= deadline {
                return Err(lacking);
            }
        }
    }

    /// Whether a card lies on a reader now, whether it answers or not.
    ///
    /// # Errors
    /// [`ReaderError::NoService`], [`ReaderError::NoReader`].
    pub fn has_card(&self, wanted: Option<&str>) -> Result<bool, ReaderError> {
        let mut states = self.states(wanted)?;
        if states.is_empty() {
            return Err(ReaderError::NoReader);
        }
        wait_for_change(&self.context, &mut states, Duration::ZERO)?;
        let lies_there = |state: &ReaderState| {
            let now = state.event_state();
            now.intersects(State::PRESENT | State::MUTE)
        };
        Ok(states.iter().any(lies_there))
    }

    /// The readers that are wanted, about which nothing is known yet.
    fn states(&self, wanted: Option<&str>) -> Result<Vec<ReaderState>, ReaderError> {
        let wanted = |reader: &ReaderName| wanted.is_none_or(|name| reader.begins_with(name));
        let readers = self.list()?.into_iter().filter(wanted);
        let unaware = |reader: ReaderName| ReaderState::new(reader.0, State::UNAWARE);
        Ok(readers.map(unaware).collect())
    }

    /// Looks at the readers; where there is no card, waits a while for a change.
    fn look(&self, wanted: Option<&str>, slice: Duration) -> Result<Seen, ReaderError> {
        let mut states = self.states(wanted)?;
        if states.is_empty() {
            let mut hot_plug = [ReaderState::new(PNP_NOTIFICATION(), State::UNAWARE)];
            wait_for_change(&self.context, &mut hot_plug, slice)?;
            return Ok(Seen::NoReader);
        }
        wait_for_change(&self.context, &mut states, Duration::ZERO)?;
        let seen = Seen::of(&states);
        if !matches!(seen, Seen::Card(_)) {
            states.iter_mut().for_each(ReaderState::sync_current_state);
            wait_for_change(&self.context, &mut states, slice)?;
        }
        Ok(seen)
    }

    fn connect(&self, reader: CString, limit: Duration) -> Result<ConnectedCard, Unconnected> {
        use pcsc::Error as E;
        match self
            .context
            .connect(&reader, ShareMode::Exclusive, Protocols::ANY)
        {
            Ok(card) => ConnectedCard::new(self.context.clone(), reader, card, limit)
                .map_err(Unconnected::Failed),
            Err(E::SharingViolation) => Err(Unconnected::Failed(ReaderError::InUse)),
            Err(E::UnresponsiveCard | E::UnsupportedCard | E::ProtoMismatch | E::UnpoweredCard) => {
                Err(Unconnected::Mute)
            }
            Err(E::NoSmartcard | E::RemovedCard | E::UnknownReader | E::ReaderUnavailable) => {
                Err(Unconnected::Gone)
            }
            Err(error) => Err(Unconnected::Failed(error.into())),
        }
    }

    fn find_the_service_again(&mut self, slice: Duration) {
        std::thread::sleep(slice);
        if let Ok(context) = Context::establish(Scope::User) {
            self.context = context;
        }
    }
}

impl fmt::Debug for CardReaders {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CardReaders")
    }
}

/// What lies on the readers.
enum Seen {
    NoReader,
    NoCard,
    MuteCard,
    Card(CString),
}

enum Unconnected {
    Gone,
    Mute,
    Failed(ReaderError),
}

impl Seen {
    fn of(states: &[ReaderState]) -> Self {
        let with = |flag| {
            states
                .iter()
                .find(|state| state.event_state().contains(flag))
        };
        let answering = states.iter().find(|state| {
            let now = state.event_state();
            now.contains(State::PRESENT) && !now.contains(State::MUTE)
        });
        match answering {
            Some(state) => Self::Card(state.name().to_owned()),
            None if with(State::MUTE).is_some() => Self::MuteCard,
            None => Self::NoCard,
        }
    }
}

/// Waits until the readers' states are others than they were; time over is no error, and neither
/// is a reader that went away.
pub(super) fn wait_for_change(
    context: &Context,
    states: &mut [ReaderState],
    limit: Duration,
) -> Result<(), ReaderError> {
    match context.get_status_change(limit, states) {
        Ok(()) | Err(pcsc::Error::Timeout | pcsc::Error::UnknownReader) => Ok(()),
        Err(error) if service_is_gone(error) => Err(ReaderError::NoService),
        Err(error) => Err(error.into()),
    }
}

impl ReaderName {
    /// The name, for showing.
    #[must_use]
    pub fn to_text(&self) -> String {
        self.0.to_string_lossy().into_owned()
    }

    fn begins_with(&self, wanted: &str) -> bool {
        self.0.to_bytes().starts_with(wanted.as_bytes())
    }
}

impl From<&CStr> for ReaderName {
    fn from(name: &CStr) -> Self {
        Self(name.to_owned())
    }
}

impl fmt::Debug for ReaderName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}
