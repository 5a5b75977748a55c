//! The place of the one page that shows what the display says.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use super::super::touch::Touch;
use super::super::view::View;
use super::{Display, Frame};

/// The place of the one page; free again when dropped.
pub struct Seat {
    display: Display,
    vacating: watch::Receiver<()>,
}

/// How long a page that is sent away may take to go.
const VACATE_LIMIT: Duration = Duration::from_secs(1);

impl Display {
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
    pub(in super::super) async fn vacate(&self) {
        self.0.vacating.send_replace(());
        let mut connected = self.connected();
        // Where it does not go, the next one finds the seat taken, and asks again.
        let gone = connected.wait_for(|connected| !*connected);
        let _ = tokio::time::timeout(VACATE_LIMIT, gone).await;
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
    pub(in super::super) fn frames(&self) -> watch::Receiver<Frame> {
        self.display.frames()
    }

    /// Waits until another page is to have this seat.
    pub(in super::super) fn vacated(&self) -> impl Future<Output = ()> + use<> {
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
