//! The screen's state, between the session, which shows and asks, and the page, which is told and
//! touches. Whoever comes first waits for nobody: a lock, held for the drawing of one view.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::Language;
use tokio::sync::{oneshot, watch};
use zeroize::Zeroize as _;

use super::shown::{Picture, Shown};
use super::state::{Answer, FIRST_LANGUAGE, State};
use super::touch::{ChoiceId, StaffCode, Touch};
use super::view::View;
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

/// The place of the one page; free again when dropped.
pub struct Seat {
    display: Display,
    vacating: watch::Receiver<()>,
}

/// How long a page that is sent away may take to go.
const VACATE_LIMIT: Duration = Duration::from_secs(1);

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::screens::Screen;
    use crate::stop::{StopSignal, stop_switch};
    use crate::touch_screen::ScreenName;
    use application::messages::{Terms, TermsText};
    use domain::TermsVersion;

    fn seated() -> (Display, Seat) {
        let display = Display::new(Patience::new());
        let seat = display.take_seat().unwrap();
        (display, seat)
    }

    fn terms() -> Shown {
        let text = |language: Language| TermsText {
            language,
            text: language.tag().to_owned(),
        };
        Shown::Terms(Terms {
            version: TermsVersion::parse("1").unwrap(),
            texts: vec![text(Language::Japanese), text(Language::English)],
        })
    }

    fn touch_at(seat: &Seat, view: u64, action: &str) {
        let message = format!(r#"{{"view":{view},"do":{{"type":{action}}}}}"#);
        seat.touch(Touch::parse(&message).unwrap());
    }

    fn touch(seat: &Seat, action: &str) {
        touch_at(seat, seat.view().number, action);
    }

    fn session(display: &Display) -> StopSignal {
        let (switch, stop) = stop_switch();
        display.begin(switch);
        stop
    }

    #[test]
    fn a_second_touch_does_not_answer_the_next_question() {
        let (display, seat) = seated();
        let mut first = display.ask(terms());
        let number = seat.view().number;
        touch_at(&seat, number, r#""agree""#);
        assert!(matches!(first.try_recv(), Ok(Answer::Agreed(_))));
        let mut second = display.ask(terms());
        touch_at(&seat, number, r#""agree""#);
        assert!(second.try_recv().is_err(), "a touch on the view before");
        touch(&seat, r#""agree""#);
        assert!(second.try_recv().is_ok());
    }

    #[test]
    fn consent_is_in_the_language_that_was_read() {
        let (display, seat) = seated();
        for (tag, expected) in [
            ("en", Language::English),
            // There is no Korean text: the Japanese one is shown.
            ("ko", Language::Japanese),
        ] {
            let mut asked = display.ask(terms());
            let before = seat.view().number;
            touch(&seat, &format!(r#""language","tag":"{tag}""#));
            touch_at(&seat, before, r#""agree""#);
            assert!(asked.try_recv().is_err(), "agreed to what was read before");
            touch(&seat, r#""agree""#);
            let Ok(Answer::Agreed(language)) = asked.try_recv() else {
                panic!("no agreement");
            };
            assert_eq!(language, expected);
        }
    }

    #[test]
    fn digits_typed_faster_than_they_are_shown_all_count() {
        let (display, seat) = seated();
        let mut asked = display.ask(Shown::Pin { tries_left: 3 });
        let number = seat.view().number;
        for digit in [1, 2, 3, 4, 5] {
            touch_at(&seat, number, &format!(r#""digit","digit":{digit}"#));
        }
        touch_at(&seat, number, r#""enter""#);
        touch_at(&seat, number, r#""enter""#);
        let Ok(Answer::Pin(pin)) = asked.try_recv() else {
            panic!("no PIN");
        };
        assert_eq!(pin.expose_digits(), b"1234");
        let mut again = display.ask(Shown::Pin { tries_left: 2 });
        touch(&seat, r#""enter""#);
        assert!(again.try_recv().is_err(), "one attempt for one entry");
    }

    #[test]
    fn cancel_stops_the_session_and_so_does_a_page_that_goes() {
        let (display, seat) = seated();
        let stop = session(&display);
        display.show_screen(&Screen::Reading { done: 1, of: 5 });
        touch(&seat, r#""cancel""#);
        assert!(stop.is_on());
        let stop = session(&display);
        assert!(!stop.is_on());
        drop(seat);
        assert!(stop.is_on());
        assert!(session(&display).is_on(), "nobody is there");
    }

    #[test]
    fn what_is_not_offered_cannot_be_chosen() {
        let (display, seat) = seated();
        let mut asked = display.ask(Shown::TakePaper {
            copies: 1,
            reminded: false,
        });
        for other in [
            r#""choose","id":"confirm""#,
            r#""agree""#,
            r#""back""#,
            r#""start""#,
            r#""digit","digit":1"#,
        ] {
            touch(&seat, other);
            assert!(asked.try_recv().is_err(), "{other}");
        }
        display.ask_still(Shown::TakePaper {
            copies: 1,
            reminded: true,
        });
        touch(&seat, r#""choose","id":"taken""#);
        assert!(asked.try_recv().is_ok());
    }

    #[test]
    fn nothing_is_left_after_wiping() {
        let (display, seat) = seated();
        let fresh = seat.view();
        touch(&seat, r#""language","tag":"vi""#);
        let asked = display.ask(Shown::Pin { tries_left: 3 });
        touch(&seat, r#""digit","digit":1"#);
        display.wipe();
        let wiped = seat.view();
        assert_eq!(wiped.screen, ScreenName::Start);
        let number = fresh.number;
        assert!(
            View {
                number,
                ..View::clone(&wiped)
            } == *fresh
        );
        assert_eq!(display.lock().pin.entered(), 0);
        drop(asked);
    }
}
