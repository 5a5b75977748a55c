//! What the screen's state is, and what a touch does to it.

use domain::{Language, MunicipalityCode, Pin, Yen};
use tokio::sync::oneshot;
use tokio::time::Instant;
use zeroize::Zeroize as _;

use super::drawing::{self, choice};
use super::pin_entry::PinEntry;
use super::shown::Shown;
use super::touch::{ChoiceId, Do, StaffCode, Touch};
use super::view::{Ask, View};
use crate::payment::GivenBack;
use crate::session::Patience;
use crate::stop::StopSwitch;

/// The language of a screen that nobody has touched.
pub(super) const FIRST_LANGUAGE: Language = Language::Japanese;

/// What is on the screen, in whose language, and who waits for which answer.
pub(super) struct State {
    /// The number of the last view.
    pub(super) number: u64,
    /// The first view of what is shown: touches on older ones are dropped.
    since: u64,
    pub(super) language: Language,
    pub(super) shown: Shown,
    pub(super) pin: PinEntry,
    pub(super) asking: Option<oneshot::Sender<Answer>>,
    /// Of the session, while there is one.
    pub(super) stop: Option<StopSwitch>,
    pub(super) given_back: Option<GivenBack>,
    /// Change that no device could give: said until the session is over, for staff to pay out.
    pub(super) change_owed: Yen,
    patience: Patience,
    pub(super) touched_at: Instant,
    /// Pictures shown so far.
    pub(super) pictures: u32,
    /// How often this resident was reminded of card or paper.
    reminders: u32,
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

impl State {
    /// The start.
    pub(super) fn new(patience: Patience) -> Self {
        Self {
            number: 1,
            since: 1,
            language: FIRST_LANGUAGE,
            shown: Shown::Start,
            pin: PinEntry::default(),
            asking: None,
            stop: None,
            given_back: None,
            change_owed: Yen(0),
            patience,
            touched_at: Instant::now(),
            pictures: 0,
            reminders: 0,
        }
    }

    /// Forgets the resident.
    pub(super) fn wipe(&mut self) {
        self.stop = None;
        self.asking = None;
        self.given_back = None;
        self.change_owed = Yen(0);
        self.pin.zeroize();
        self.language = FIRST_LANGUAGE;
        self.reminders = 0;
        self.show(Shown::Start);
    }

    /// What became of money, for the end: what went back, or change that did not come out.
    pub(super) fn money_to_say(&self) -> Option<GivenBack> {
        let change = (self.change_owed > Yen(0)).then_some(GivenBack {
            returned: Yen(0),
            owed: self.change_owed,
        });
        self.given_back.or(change)
    }

    /// Counts one more reminder, where what is shown is one.
    pub(super) fn remind(&mut self) -> bool {
        let reminds = self.shown.is_reminder();
        self.reminders += u32::from(reminds);
        reminds
    }

    /// Takes a touch, unless it is on an older view; whether the view changes by it.
    pub(super) fn take(&mut self, touch: Touch) -> bool {
        self.touched_at = Instant::now();
        (self.since..=self.number).contains(&touch.view) && self.touch(touch.action)
    }

    /// The view.
    pub(super) fn view(&self) -> View {
        drawing::draw(&self.moment(), &self.shown)
    }

    /// From now on this is shown.
    pub(super) fn show(&mut self, shown: Shown) {
        if !self.shown.is_same_step(&shown) {
            self.since = self.number + 1;
        }
        self.shown = shown;
        self.remind();
    }

    fn moment(&self) -> drawing::Moment {
        drawing::Moment {
            number: self.number,
            language: self.language,
            entered: self.pin.entered(),
            time: self.patience.time_left(),
            change_owed: self.change_owed,
            reminders: self.reminders,
            stopping: self.stop.as_ref().is_some_and(StopSwitch::is_on),
        }
    }

    /// Does what was touched; whether the view changes by it.
    fn touch(&mut self, action: Do) -> bool {
        match action {
            Do::Language(language) => {
                self.language = language;
                // What is agreed to from now on is agreed to in this language.
                self.since = self.number + 1;
                return true;
            }
            Do::MoreTime => {
                self.patience.more();
                return true;
            }
            Do::Cancel => {
                if let Some(stop) = self.stop.as_ref().filter(|_| self.shown.can_be_cancelled()) {
                    stop.stop();
                    // What can be cancelled no longer says so.
                    return true;
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
        let choices = match self.view().ask {
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
