//! Waiting for people: every wait ends by an answer, by time, or by the stop signal.

use std::time::Duration;

use super::patience::{Over, Turn};
use super::{Ending, NoAnswer};
use crate::hardening::wipe_stack;
use crate::stop::StopSignal;

/// Waits for an answer, until the turn is over or told to stop.
pub(super) async fn answer<T>(
    stop: &StopSignal,
    turn: Turn,
    asking: impl Future<Output = Result<T, NoAnswer>>,
) -> Result<T, Ending> {
    tokio::select! {
        biased;
        () = stop.on() => Err(Ending::Stopped),
        answer = asking => answer.map_err(|NoAnswer| Ending::NoAnswer),
        over = turn.over() => Err(over.into()),
    }
}

/// Waits for work that leaves nothing behind where it is dropped, unless told to stop.
pub(super) async fn unless_stopped<T>(
    stop: &StopSignal,
    work: impl Future<Output = T>,
) -> Result<T, Ending> {
    tokio::select! {
        biased;
        () = stop.on() => Err(Ending::Stopped),
        done = work => Ok(done),
    }
}

impl From<Over> for Ending {
    fn from(over: Over) -> Self {
        match over {
            Over::Turn => Self::TimeOver,
            Over::Last => Self::TicketOver,
        }
    }
}

/// Runs what blocks for a bounded time on a thread that may, and waits for it. Nothing of it is
/// left on that thread's stack.
pub(super) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    // On their way through the runtime work and result are pointers: whatever is moved by value
    // leaves copies in frames that nobody wipes.
    let work: Box<dyn FnOnce() -> T + Send> = Box::new(work);
    let and_wipe = move || {
        let result = in_a_frame_below(work);
        wipe_stack();
        result
    };
    match tokio::task::spawn_blocking(and_wipe).await {
        Ok(result) => *result,
        // Cancelled it never is: a panic goes on where it is waited for.
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}

/// The result is made below the caller's frame, where the stack is wiped.
#[inline(never)]
fn in_a_frame_below<T>(work: Box<dyn FnOnce() -> T + Send>) -> Box<T> {
    Box::new(work())
}

/// The same for work on what others sent, whose time nothing else bounds: `None` when it is over.
/// The thread goes on by itself, and drops what it holds at its end.
pub(super) async fn blocking_within<T: Send + 'static>(
    limit: Duration,
    work: impl FnOnce() -> T + Send + 'static,
) -> Option<T> {
    tokio::time::timeout(limit, blocking(work)).await.ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::Patience;
    use crate::stop::stop_switch;

    #[tokio::test]
    async fn work_that_does_not_end_is_not_waited_for() {
        let (go_on, told) = std::sync::mpsc::channel::<()>();
        let endless = move || told.recv().is_ok();
        let given_up = blocking_within(Duration::from_millis(1), endless).await;
        assert_eq!(given_up, None);
        drop(go_on);
        let quick = blocking_within(Duration::from_secs(60), || 1).await;
        assert_eq!(quick, Some(1));
    }

    #[tokio::test(start_paused = true)]
    async fn every_wait_ends() {
        let (switch, signal) = stop_switch();
        let patience = Patience::new();
        let turn = || patience.turn(Duration::from_secs(60));
        let never = || std::future::pending::<Result<(), NoAnswer>>();
        assert_eq!(
            answer(&signal, turn(), never()).await,
            Err(Ending::TimeOver)
        );
        let nothing = async { Err::<(), _>(NoAnswer) };
        assert_eq!(
            answer(&signal, turn(), nothing).await,
            Err(Ending::NoAnswer)
        );
        assert_eq!(answer(&signal, turn(), async { Ok(1) }).await, Ok(1));
        patience.end_at(Some(tokio::time::Instant::now()));
        assert_eq!(
            answer(&signal, turn(), never()).await,
            Err(Ending::TicketOver)
        );
        switch.stop();
        assert_eq!(
            answer(&signal, turn(), async { Ok(1) }).await,
            Err(Ending::Stopped)
        );
        assert_eq!(
            unless_stopped(&signal, async { 1 }).await,
            Err(Ending::Stopped)
        );
    }
}
