//! The screen's state, between the session, which shows and asks, and the page, which is told and
//! touches. Whoever comes first waits for nobody: a lock, held for the drawing of one view.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::{Language, MunicipalityCode, Pin};
use tokio::sync::{oneshot, watch};
use tokio::time::Instant;
use zeroize::Zeroize as _;

use super::drawing::{self, choice};
use super::pin_entry::PinEntry;
use super::shown::{Picture, Shown};
use super::touch::{ChoiceId, Do, StaffCode, Touch};
use super::view::{Ask, View};
use crate::payment::GivenBack;
use crate::screens::{Screen, Step, Words};
use crate::session::{Ending, NoAnswer, PagePicture, Patience};
use crate::staff::StaffSheet;
use crate::stop::StopSwitch;

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

struct State {
    /// The number of the last view.
    number: u64,
    /// The first view of what is shown: touches on older ones are dropped.
    since: u64,
    language: Language,
    shown: Shown,
    pin: PinEntry,
    asking: Option<oneshot::Sender<Answer>>,
    /// Of the session, while there is one.
    stop: Option<StopSwitch>,
    given_back: Option<GivenBack>,
    patience: Patience,
    touched_at: Instant,
    /// Pictures shown so far.
    pictures: u32,
}

/// What the resident answered.
pub(super) enum Answer {
    Start,
    Staff(StaffCode),
    Agreed(Language),
    Declined,
    Pin(Pin),
    Municipality(MunicipalityCode),
    Chosen(ChoiceId),
    Back,
}

/// The place of the one page; free again when dropped.
pub struct Seat {
    display: Display,
    vacating: watch::Receiver<()>,
}

/// How long a page that is sent away may take to go.
const VACATE_LIMIT: Duration = Duration::from_secs(1);

/// The language of a screen that nobody has touched.
const FIRST_LANGUAGE: Language = Language::Japanese;

impl Display {
    /// A screen that shows the start, with the time that the session gives the resident.
    #[must_use]
    pub fn new(patience: Patience) -> Self {
        let state = State {
            number: 1,
            since: 1,
            language: FIRST_LANGUAGE,
            shown: Shown::Start,
            pin: PinEntry::default(),
            asking: None,
            stop: None,
            given_back: None,
            patience,
            touched_at: Instant::now(),
            pictures: 0,
        };
        let first = Frame {
            view: Arc::new(drawing::draw(&state.moment(), &state.shown)),
            picture: None,
        };
        Self(Arc::new(Shared {
            state: Mutex::new(state),
            frames: watch::channel(first).0,
            connected: watch::channel(false).0,
            vacating: watch::channel(()).0,
        }))
    }

    /// Takes the page's place; `None` where another page has it.
    #[must_use]
    pub fn take_seat(&self) -> Option<Seat> {
        let was_free = self.0.connected.send_if_modified(|connected| {
            let was_free = !*connected;
            *connected = true;
            was_free
        });
        was_free.then(|| Seat {
            display: self.clone(),
            vacating: self.0.vacating.subscribe(),
        })
    }

    /// Sends the page that is connected away, for the one of the next browser, and waits until
    /// it is gone, but not for long.
    pub(super) async fn vacate(&self) {
        self.0.vacating.send_replace(());
        let mut connected = self.connected();
        // Where it does not go, the next one finds the seat taken, and asks again.
        let gone = connected.wait_for(|connected| !*connected);
        let _ = tokio::time::timeout(VACATE_LIMIT, gone).await;
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

    /// Shows the start, or what keeps the kiosk from serving anybody; gives a code where it was
    /// staff who began something.
    pub(crate) async fn begun(
        &self,
        trouble: Option<Ending>,
    ) -> Result<Option<StaffCode>, NoAnswer> {
        let shown = trouble.map_or(Shown::Start, Shown::OutOfOrder);
        match self.ask(shown).await {
            Ok(Answer::Start) => Ok(None),
            Ok(Answer::Staff(code)) => Ok(Some(code)),
            Ok(
                Answer::Agreed(_)
                | Answer::Declined
                | Answer::Pin(_)
                | Answer::Municipality(_)
                | Answer::Chosen(_)
                | Answer::Back,
            )
            | Err(_) => Err(NoAnswer),
        }
    }

    /// Shows staff their sheet; gives what they chose, or nothing.
    pub(crate) async fn staff(&self, sheet: StaffSheet) -> Option<ChoiceId> {
        match self.ask(Shown::Staff(sheet)).await {
            Ok(Answer::Chosen(id)) => Some(id),
            Ok(
                Answer::Start
                | Answer::Staff(_)
                | Answer::Agreed(_)
                | Answer::Declined
                | Answer::Pin(_)
                | Answer::Municipality(_)
                | Answer::Back,
            )
            | Err(_) => None,
        }
    }

    /// Shows how a session ended, until somebody has seen it.
    pub(crate) async fn ending_seen(&self, ending: Ending) {
        let given_back = self.lock().given_back;
        // Whatever it was, it was seen.
        let _ = self.ask(Shown::Ended { ending, given_back }).await;
    }

    /// Where nobody has touched the screen for so long, the next one finds the first language.
    pub(crate) fn forget_language_of_nobody(&self, after: Duration) {
        let mut state = self.lock();
        if state.language != FIRST_LANGUAGE && state.touched_at.elapsed() > after {
            state.language = FIRST_LANGUAGE;
            self.publish(&mut state);
        }
    }

    /// What a second page is told.
    pub(super) fn taken_words(&self) -> String {
        let words = Words::of(&Step::SecondScreen, self.language());
        format!("{}\n{}", words.happened, words.to_do)
    }

    /// Forgets the resident: language, entry, and whatever was shown.
    pub(crate) fn wipe(&self) {
        let mut state = self.lock();
        state.stop = None;
        state.asking = None;
        state.given_back = None;
        state.pin.zeroize();
        state.language = FIRST_LANGUAGE;
        state.show(Shown::Start);
        self.publish(&mut state);
    }

    /// Shows what a session says.
    pub(super) fn show_screen(&self, screen: &Screen) {
        let mut state = self.lock();
        state.asking = None;
        let shown = match *screen {
            Screen::Ending(ending) => Shown::Ended {
                ending,
                given_back: state.given_back,
            },
            Screen::GivenBack(given_back) => {
                state.given_back = Some(given_back);
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
        state.touched_at = Instant::now();
        if !(state.since..=state.number).contains(&touch.view) {
            return;
        }
        if state.touch(touch.action) {
            self.publish(&mut state);
        }
    }

    /// Draws what is shown and tells the page.
    fn publish(&self, state: &mut State) {
        state.number += 1;
        let picture = match &state.shown {
            Shown::Preview(picture) => Some(picture.clone()),
            _ => None,
        };
        self.0.frames.send_replace(Frame {
            view: Arc::new(drawing::draw(&state.moment(), &state.shown)),
            picture,
        });
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // A panic while drawing leaves what is to be shown whole: the next view shows it.
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn show(&mut self, shown: Shown) {
        if !self.shown.is_same_step(&shown) {
            self.since = self.number + 1;
        }
        self.shown = shown;
    }

    fn moment(&self) -> drawing::Moment {
        drawing::Moment {
            number: self.number,
            language: self.language,
            entered: self.pin.entered(),
            time: self.patience.time_left(),
        }
    }

    /// Does what was touched; whether the view changes by it.
    fn touch(&mut self, action: Do) -> bool {
        match action {
            Do::Language(language) => {
                self.language = language;
                return true;
            }
            Do::MoreTime => {
                self.patience.more();
                return true;
            }
            Do::Cancel => {
                if let Some(stop) = self.stop.as_ref().filter(|_| self.shown.can_be_cancelled()) {
                    stop.stop();
                }
                return false;
            }
            Do::Digit(_) | Do::Erase if !matches!(self.shown, Shown::Pin { .. }) => return false,
            Do::Digit(digit) => {
                self.pin.add(&digit);
                return true;
            }
            Do::Erase => {
                self.pin.erase();
                return true;
            }
            Do::Start
            | Do::Choose(_)
            | Do::Agree
            | Do::Decline
            | Do::Enter
            | Do::Municipality(_)
            | Do::Back
            | Do::StaffCode(_) => {}
        }
        if self.asking.is_some()
            && let Some(answer) = self.answer(action)
            && let Some(asking) = self.asking.take()
        {
            // Nobody waits any more: time is over at this moment.
            let _ = asking.send(answer);
        }
        false
    }

    /// What a touch answers to what is shown, if anything.
    fn answer(&mut self, action: Do) -> Option<Answer> {
        match (&self.shown, action) {
            (Shown::Start, Do::Start) => Some(Answer::Start),
            (Shown::Start, Do::Choose(id)) => {
                (id.as_str() == choice::START).then_some(Answer::Start)
            }
            (Shown::Start | Shown::OutOfOrder(_), Do::StaffCode(code)) => Some(Answer::Staff(code)),
            (Shown::Terms(terms), Do::Agree) => {
                let text = crate::session::terms_in(terms, self.language)?;
                Some(Answer::Agreed(text.language))
            }
            (Shown::Terms(_), Do::Decline) => Some(Answer::Declined),
            (Shown::Pin { .. }, Do::Enter) => self.pin.complete().map(Answer::Pin),
            (Shown::Municipality { participating, .. }, Do::Municipality(code)) => participating
                .iter()
                .any(|entry| entry.code == code)
                .then_some(Answer::Municipality(code)),
            (shown, Do::Back) => shown.has_way_back().then_some(Answer::Back),
            (_, Do::Choose(id)) => self.can_be_chosen(&id).then_some(Answer::Chosen(id)),
            (_, _) => None,
        }
    }

    /// Whether the view offers this choice, and it can be had.
    fn can_be_chosen(&self, id: &ChoiceId) -> bool {
        let view = drawing::draw(&self.moment(), &self.shown);
        let choices = match view.ask {
            Ask::Choices { choices }
            | Ask::Preview { choices, .. }
            | Ask::Copies { choices, .. } => choices,
            Ask::Nothing | Ask::Terms { .. } | Ask::Pin { .. } | Ask::Municipality { .. } => {
                return false;
            }
        };
        choices
            .iter()
            .any(|choice| choice.available && choice.id == id.as_str())
    }
}

impl Seat {
    /// Takes a touch; one on an older view is dropped.
    pub fn touch(&self, touch: Touch) {
        self.display.touch(touch);
    }

    /// What is on the screen now.
    #[must_use]
    pub fn view(&self) -> Arc<View> {
        self.display.0.frames.borrow().view.clone()
    }

    /// The views.
    pub(super) fn frames(&self) -> watch::Receiver<Frame> {
        self.display.frames()
    }

    /// Waits until another page is to have this seat.
    pub(super) fn vacated(&self) -> impl Future<Output = ()> + use<> {
        let mut vacating = self.vacating.clone();
        async move {
            // The display, which holds the sender, lives as long as the seat.
            let _ = vacating.changed().await;
        }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        // Whoever sat there sees nothing any more: what they began is given up.
        self.display.0.connected.send_replace(false);
        if let Some(stop) = &self.display.lock().stop {
            stop.stop();
        }
    }
}

impl std::fmt::Debug for Display {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Display")
            .field(&self.0.frames.borrow().view)
            .finish()
    }
}
