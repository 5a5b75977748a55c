//! What is shown where no resident is served: the start, what is wrong, staff's sheet, and how the
//! last session ended.

use std::time::Duration;

use super::super::shown::Shown;
use super::super::state::{Answer, FIRST_LANGUAGE};
use super::super::touch::{ChoiceId, StaffCode};
use super::Display;
use crate::session::{Ending, NoAnswer};
use crate::staff::StaffSheet;

impl Display {
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

    /// Forgets the resident, and asks nobody to begin yet.
    pub(crate) fn wipe_for_a_moment(&self) {
        let mut state = self.lock();
        state.wipe();
        state.show(Shown::OneMoment);
        self.publish(&mut state);
    }

    /// Says again what nobody has done yet, where that is what is shown.
    pub(crate) fn remind(&self) {
        let mut state = self.lock();
        if state.remind() {
            self.publish(&mut state);
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
        let given_back = self.lock().money_to_say();
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
}
