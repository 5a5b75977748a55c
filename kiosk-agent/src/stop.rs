//! The resident, or the operator, stops.

use tokio::sync::watch;

/// Asks a session to stop. A dropped switch asks nothing.
#[derive(Debug)]
pub struct StopSwitch(watch::Sender<bool>);

/// Whether a session was asked to stop.
#[derive(Debug, Clone)]
pub struct StopSignal(watch::Receiver<bool>);

/// A switch and its signal.
#[must_use]
pub fn stop_switch() -> (StopSwitch, StopSignal) {
    let (sender, receiver) = watch::channel(false);
    (StopSwitch(sender), StopSignal(receiver))
}

impl StopSwitch {
    /// Asks to stop, once and for all.
    pub fn stop(&self) {
        self.0.send_replace(true);
    }

    /// Whether it was asked to.
    #[must_use]
    pub fn is_on(&self) -> bool {
        *self.0.borrow()
    }
}

impl StopSignal {
    /// Whether to stop.
    #[must_use]
    pub fn is_on(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits until it is time to stop; for ever where nobody can ask any more.
    pub async fn on(&self) {
        if self.0.clone().wait_for(|on| *on).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_signal_stays_on() {
        let (switch, signal) = stop_switch();
        assert!(!signal.is_on());
        switch.stop();
        signal.on().await;
        drop(switch);
        assert!(signal.is_on());
    }
}
