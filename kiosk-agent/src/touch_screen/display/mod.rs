//! The screen's state, between the session, which shows and asks, and the page, which is told and
//! touches. Whoever comes first waits for nobody: a lock, held for the drawing of one view.

mod around_sessions;
mod seat;
#[cfg(test)]
mod tests;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::Language;
use tokio::sync::{oneshot, watch};
use zeroize::Zeroize as _;

use super::shown::{Picture, Shown};
use super::state::{Answer, FIRST_LANGUAGE, State};
use super::touch::Touch;
use super::view::View;
use crate::payment::PaymentProgress;
use crate::screens::{Screen, Step, Words};
use crate::session::{PagePicture, Patience};
use crate::stop::StopSwitch;

pub use seat::Seat;

/// The screen, shared by whoever shows and whoever looks.
#[derive(Clone)]
pub struct Display(Arc<Shared>);

struct Shared {
    state: Mutex<State>,
    frames: watch::Sender<Frame>,
    connected: watch::Sender<bool>,
    /// Changes when the page that is connected has to go.
    vacating: watch::Sender<()>,
}

/// What the page is told: a view, and the picture that it needs first.
#[derive(Clone)]
pub(super) struct Frame {
    pub(super) view: Arc<View>,
    pub(super) picture: Option<Picture>,
}

impl Display {
    /// A screen that shows the start, with the time that the session gives the resident.
    #[must_use]
    pub fn new(patience: Patience) -> Self {
        let state = State::new(patience);
        let first = Frame {
            view: Arc::new(state.view()),
            picture: None,
        };
        Self(Arc::new(Shared {
            state: Mutex::new(state),
            frames: watch::channel(first).0,
            connected: watch::channel(false).0,
            vacating: watch::channel(()).0,
        }))
    }

    /// Whether a page is connected.
    pub(crate) fn connected(&self) -> watch::Receiver<bool> {
        self.0.connected.subscribe()
    }

    /// The views, each replacing the one before.
    pub(super) fn frames(&self) -> watch::Receiver<Frame> {
        self.0.frames.subscribe()
    }

    /// The language on the screen.
    pub(super) fn language(&self) -> Language {
        self.lock().language
    }

    /// A session begins, which "cancel" and a page that goes away stop.
    pub(crate) fn begin(&self, stop: StopSwitch) {
        if !*self.0.connected.borrow() {
            stop.stop();
        }
        self.lock().stop = Some(stop);
    }

    /// The session is over: nothing can be cancelled any more.
    pub(crate) fn end(&self) {
        self.lock().stop = None;
    }

    /// Stops the session, if there is one.
    pub(crate) fn stop_session(&self) {
        if let Some(stop) = &self.lock().stop {
            stop.stop();
        }
    }

    /// What a second page is told; in which language the first is used is not its business.
    pub(super) fn taken_words() -> String {
        let words = Words::of(&Step::SecondScreen, FIRST_LANGUAGE);
        format!("{}\n{}", words.happened, words.to_do)
    }

    /// Forgets the resident: language, entry, and whatever was shown.
    pub(crate) fn wipe(&self) {
        let mut state = self.lock();
        state.wipe();
        self.publish(&mut state);
    }

    /// Shows what a session says.
    pub(super) fn show_screen(&self, screen: &Screen) {
        let mut state = self.lock();
        state.asking = None;
        let shown = match *screen {
            Screen::Ending(ending) => Shown::Ended {
                ending,
                given_back: state.money_to_say(),
            },
            Screen::GivenBack(given_back) => {
                state.given_back = Some(given_back);
                Shown::Step(*screen)
            }
            Screen::Paying(PaymentProgress::ChangeOwed(owed)) => {
                state.change_owed = owed;
                Shown::Step(*screen)
            }
            Screen::Connecting
            | Screen::PutCard(_)
            | Screen::EnterPin { .. }
            | Screen::WrongPin { .. }
            | Screen::Reading { .. }
            | Screen::TakeCard
            | Screen::CardStillThere
            | Screen::LookingUp
            | Screen::Paying(_)
            | Screen::Issuing
            | Screen::Printing { .. }
            | Screen::TakePaper { .. } => Shown::Step(*screen),
        };
        state.show(shown);
        self.publish(&mut state);
    }

    /// Shows a question; whoever waits for its answer gets it once. Dropped, nobody answers it.
    pub(super) fn ask(&self, shown: Shown) -> oneshot::Receiver<Answer> {
        let (sender, receiver) = oneshot::channel();
        let mut state = self.lock();
        state.pin.zeroize();
        state.asking = Some(sender);
        state.show(shown);
        self.publish(&mut state);
        receiver
    }

    /// Shows the same question otherwise.
    pub(super) fn ask_still(&self, shown: Shown) {
        let mut state = self.lock();
        state.show(shown);
        self.publish(&mut state);
    }

    /// Gives a picture the number under which the page gets it.
    pub(super) fn number(&self, page: PagePicture) -> Picture {
        let mut state = self.lock();
        state.pictures = state.pictures.wrapping_add(1);
        Picture {
            id: state.pictures,
            page: Arc::new(page),
        }
    }

    /// What is shown, for a question about it.
    pub(super) fn last_screen(&self) -> Option<Screen> {
        match &self.lock().shown {
            Shown::Step(screen) => Some(*screen),
            Shown::Ended { ending, .. } => Some(Screen::Ending(*ending)),
            Shown::Start
            | Shown::OutOfOrder(_)
            | Shown::OneMoment
            | Shown::Terms(_)
            | Shown::Pin { .. }
            | Shown::Municipality { .. }
            | Shown::Offer { .. }
            | Shown::Preview(_)
            | Shown::Copies(_)
            | Shown::Confirm(_, _)
            | Shown::PaymentMethod { .. }
            | Shown::GoOn(_, _)
            | Shown::Staff(_)
            | Shown::TakePaper { .. } => None,
        }
    }

    /// Takes a touch; one on an older view is dropped.
    pub(super) fn touch(&self, touch: Touch) {
        let mut state = self.lock();
        if state.take(touch) {
            self.publish(&mut state);
        }
    }

    /// Draws what is shown and tells the page.
    fn publish(&self, state: &mut State) {
        state.number += 1;
        let picture = if let Shown::Preview(picture) = &state.shown {
            Some(picture.clone())
        } else {
            None
        };
        self.0.frames.send_replace(Frame {
            view: Arc::new(state.view()),
            picture,
        });
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // A panic while drawing leaves what is to be shown whole: the next view shows it.
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Display {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Display")
            .field(&self.0.frames.borrow().view)
            .finish()
    }
}
