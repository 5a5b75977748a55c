//! What is remembered of the last job beyond its session: its number, where it may still print.
//! Nothing of it is about a person.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The last job, shared by everybody who prints on this printer.
#[derive(Debug, Clone, Default)]
pub(super) struct LastJob(Arc<Mutex<State>>);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum State {
    /// It ended while somebody waited for it.
    #[default]
    Ended,
    /// It may still print.
    MayPrint(i32),
    /// It ended when nobody waited any more, and its paper may lie in the tray.
    PaperLeft,
}

impl LastJob {
    /// A job with this number is at the printer.
    pub(super) fn may_print(&self, id: i32) {
        *self.lock() = State::MayPrint(id);
    }

    /// It ended, and somebody waited for it.
    pub(super) fn ended(&self) {
        *self.lock() = State::Ended;
    }

    /// It ended when nobody waited any more, with so many pages out; `None` where the printer
    /// does not say.
    pub(super) fn ended_unseen(&self, pages: Option<u32>) {
        *self.lock() = match pages {
            Some(0) => State::Ended,
            Some(_) | None => State::PaperLeft,
        };
    }

    /// Staff saw that no paper is there.
    pub(super) fn tray_is_empty(&self) {
        let mut state = self.lock();
        if *state == State::PaperLeft {
            *state = State::Ended;
        }
    }

    /// The number of the job that may still print.
    pub(super) fn may_still_print(&self) -> Option<i32> {
        match *self.lock() {
            State::MayPrint(id) => Some(id),
            State::Ended | State::PaperLeft => None,
        }
    }

    /// Whether its paper may lie in the tray.
    pub(super) fn is_paper_left(&self) -> bool {
        *self.lock() == State::PaperLeft
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // A number cannot be left half changed.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_job_without_pages_leaves_a_tray_that_nobody_has_to_look_into() {
        for (pages, left) in [(Some(0), false), (Some(1), true), (None, true)] {
            let job = LastJob::default();
            job.may_print(7);
            assert_eq!(job.clone().may_still_print(), Some(7));
            job.tray_is_empty();
            assert_eq!(job.may_still_print(), Some(7), "the tray does not end it");
            job.ended_unseen(pages);
            assert_eq!(job.may_still_print(), None);
            assert_eq!(job.is_paper_left(), left, "{pages:?}");
            job.tray_is_empty();
            assert!(!job.is_paper_left());
        }
    }
}
