//! Draws a [`View`] from what is shown, in the resident's language.

mod aloud;
mod around;
mod asks;
mod municipalities;
mod places;
mod words;

use domain::{Language, Yen};

pub(super) use asks::{choice, copies_of};

use super::shown::Shown;
use super::view::View;
use crate::payment::PaymentProgress;
use crate::screens::Screen;
use crate::session::{GoOn, TimeLeft};

/// What a view depends on besides what is shown.
pub(super) struct Moment {
    /// The view's number.
    pub(super) number: u64,
    pub(super) language: Language,
    /// Digits of the PIN entered so far.
    pub(super) entered: u8,
    pub(super) time: Option<TimeLeft>,
    /// Change that did not come out.
    pub(super) change_owed: Yen,
    /// How often was reminded of card or paper.
    pub(super) reminders: u32,
    /// Whether the session was cancelled, and ends as soon as it can.
    pub(super) stopping: bool,
}

/// Change that did not come out, for the screens that follow the payment and that somebody stays
/// at. The end says it as money that was not given back.
fn change_owed(shown: &Shown, moment: &Moment) -> Option<Screen> {
    let stays = matches!(
        shown,
        Shown::TakePaper { .. } | Shown::GoOn(GoOn::AnotherCertificate, _)
    );
    let owed = moment.change_owed;
    (stays && owed > Yen(0)).then_some(Screen::Paying(PaymentProgress::ChangeOwed(owed)))
}

/// Draws a view.
pub(super) fn draw(moment: &Moment, shown: &Shown) -> View {
    // The staff screen is in the language of the store, whatever somebody before had chosen.
    let language = if matches!(shown, Shown::Staff(_)) {
        Language::Japanese
    } else {
        moment.language
    };
    let mut said = words::said(shown, language);
    if let Some(owed) = change_owed(shown, moment) {
        said = said.and_of_money(&owed, language);
    }
    let ask = asks::ask(shown, moment);
    let voice = aloud::voice(shown, &said, &ask, moment);
    View {
        number: moment.number,
        screen: words::screen(shown),
        language,
        languages: around::languages(),
        tone: words::tone(shown),
        title: said.title,
        lines: said.lines,
        staff_code: said.staff_code,
        progress: words::progress(shown),
        ask,
        cancel: around::cancel(shown, moment),
        back: around::back(shown, language),
        time: moment.time.map(|time| around::time(time, language)),
        voice,
        bar: around::bar(language),
    }
}
