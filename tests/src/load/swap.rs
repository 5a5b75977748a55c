//! Planted swaps: somebody who gives out the page before instead of the right one.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::dice;

/// Where pages are swapped between two agents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Swaps {
    /// Nowhere.
    None,
    /// In the server's replies, one in so many: the kiosk is to notice.
    InReplies(u64),
    /// In the printer, one in so many, where no kiosk can notice any more: the checker is to.
    OnPaper(u64),
}

/// The last page that went by, and whose it is.
#[derive(Debug, Default)]
pub(super) struct Swapper {
    last: Mutex<Option<(usize, Vec<u8>)>>,
    planted: AtomicUsize,
}

impl Swapper {
    /// The page for this resident, or, one time in so many, the one that went by before, where it
    /// is somebody else's.
    pub(super) fn pass(&self, resident: usize, own: Vec<u8>, one_in: u64) -> Vec<u8> {
        let mut last = self.last.lock().unwrap();
        let before = last.replace((resident, own.clone()));
        match before {
            Some((other, page)) if other != resident && dice::one_in(one_in) => {
                self.planted.fetch_add(1, Ordering::SeqCst);
                page
            }
            Some(_) | None => own,
        }
    }

    /// Swaps so far.
    pub(super) fn planted(&self) -> usize {
        self.planted.load(Ordering::SeqCst)
    }
}
