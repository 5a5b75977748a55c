//! How long the resident may take: every limit can be extended, and all of them end together
//! where the server's ticket does ([`application::messages::LONGEST_TICKET_SECONDS`]).

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

/// The resident's time, shared between the session, which waits, and the screen, which shows the
/// countdown and extends it.
#[derive(Debug, Clone)]
pub struct Patience(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    limits: Mutex<Limits>,
    changed: watch::Sender<()>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Limits {
    turn: Option<Limit>,
    /// No turn goes on for longer.
    last: Option<Instant>,
}

#[derive(Debug, Clone, Copy)]
struct Limit {
    until: Instant,
    of: Duration,
}

/// The time that is left, and how much there was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeLeft {
    /// Left.
    pub left: Duration,
    /// Given at first.
    pub of: Duration,
}

/// One wait for the resident; when dropped, nobody is waited for any more.
#[derive(Debug)]
pub struct Turn(Patience);

/// A look at a turn, for threads that wait at a device.
#[derive(Debug, Clone)]
pub struct TurnTime(Patience);

/// Which limit ended a turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Over {
    /// The turn's own.
    Turn,
    /// The last one, which nobody can extend.
    Last,
}

impl Default for Patience {
    fn default() -> Self {
        Self::new()
    }
}

impl Patience {
    /// Nobody is waited for.
    #[must_use]
    pub fn new() -> Self {
        Self(Arc::new(Shared {
            limits: Mutex::default(),
            changed: watch::channel(()).0,
        }))
    }

    /// Begins to wait for the resident.
    #[must_use]
    pub fn turn(&self, of: Duration) -> Turn {
        let until = Instant::now() + of;
        self.lock().turn = Some(Limit { until, of });
        Turn(self.clone())
    }

    /// From now on no turn goes on for longer than this; `None`: as long as it is extended.
    pub(super) fn end_at(&self, last: Option<Instant>) {
        self.lock().last = last;
        self.0.changed.send_replace(());
    }

    /// Gives the whole time again. Nothing happens where nobody is waited for.
    pub fn more(&self) {
        if let Some(limit) = &mut self.lock().turn {
            limit.until = limit.until.max(Instant::now() + limit.of);
        }
        self.0.changed.send_replace(());
    }

    /// The time left, where somebody is waited for.
    #[must_use]
    pub fn time_left(&self) -> Option<TimeLeft> {
        let limits = *self.lock();
        limits.turn.map(|limit| TimeLeft {
            left: limits
                .until(limit)
                .saturating_duration_since(Instant::now()),
            of: limit.of,
        })
    }

    fn lock(&self) -> MutexGuard<'_, Limits> {
        // Two instants cannot be left half changed.
        self.0.limits.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Limits {
    fn until(&self, limit: Limit) -> Instant {
        self.last.map_or(limit.until, |last| limit.until.min(last))
    }
}

impl Turn {
    /// Waits until its time is over, however often it is extended meanwhile.
    pub async fn over(&self) -> Over {
        let mut changed = self.0.0.changed.subscribe();
        loop {
            let Some(until) = self.until() else {
                return Over::Turn;
            };
            tokio::select! {
                () = tokio::time::sleep_until(until) => {}
                // Its sender lives as long as this.
                _ = changed.changed() => continue,
            }
            if self.time().left().is_zero() {
                return self.which();
            }
        }
    }

    /// Which limit it is that ends it.
    #[must_use]
    pub fn which(&self) -> Over {
        match self.0.lock().last {
            Some(last) if last <= Instant::now() => Over::Last,
            Some(_) | None => Over::Turn,
        }
    }

    /// A look at its time.
    #[must_use]
    pub fn time(&self) -> TurnTime {
        TurnTime(self.0.clone())
    }

    fn until(&self) -> Option<Instant> {
        let limits = *self.0.lock();
        limits.turn.map(|limit| limits.until(limit))
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.0.lock().turn = None;
    }
}

impl TurnTime {
    /// The time left; none where the turn is over.
    #[must_use]
    pub fn left(&self) -> Duration {
        self.0.time_left().map_or(Duration::ZERO, |time| time.left)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    #[tokio::test(start_paused = true)]
    async fn a_turn_is_extended_as_often_as_it_is_asked_for() {
        let patience = Patience::new();
        let turn = patience.turn(MINUTE);
        let begun = Instant::now();
        let extending = async {
            for _ in 0..20 {
                tokio::time::sleep(MINUTE - Duration::from_secs(1)).await;
                patience.more();
            }
        };
        let (over, ()) = tokio::join!(turn.over(), extending);
        assert_eq!(over, Over::Turn);
        assert_eq!(
            begun.elapsed(),
            (MINUTE - Duration::from_secs(1)) * 20 + MINUTE
        );
    }

    #[tokio::test(start_paused = true)]
    async fn the_last_limit_is_extended_by_nobody() {
        let patience = Patience::new();
        patience.end_at(Some(Instant::now() + MINUTE * 2));
        let turn = patience.turn(MINUTE);
        let extending = async {
            loop {
                tokio::time::sleep(Duration::from_secs(30)).await;
                patience.more();
            }
        };
        let begun = Instant::now();
        let over = tokio::select! {
            over = turn.over() => over,
            () = extending => Over::Turn,
        };
        assert_eq!((over, begun.elapsed()), (Over::Last, MINUTE * 2));
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_is_waited_for_after_a_turn() {
        let patience = Patience::new();
        let turn = patience.turn(MINUTE);
        let time = turn.time();
        assert_eq!(time.left(), MINUTE);
        let shown = TimeLeft {
            left: MINUTE,
            of: MINUTE,
        };
        assert_eq!(patience.time_left(), Some(shown));
        drop(turn);
        patience.more();
        assert_eq!(patience.time_left(), None);
        assert!(time.left().is_zero());
    }
}
