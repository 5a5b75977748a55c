//! Which browser may draw the screen: the one that the agent started last, and no other program
//! on this machine. Where the agent starts none (a demonstration), any may.

use std::sync::Arc;

use crypto::SecureRandom;
use tokio::sync::watch;

/// The name under which a browser says its pass: in the page's address, or as a cookie.
pub const PASS: &str = "pass";

/// What the agent tells a browser in its page's address, so that it is known again: 32
/// hexadecimal digits, new for each browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pass(String);

/// Where browsers come in. Clones are the same entrance.
#[derive(Debug, Clone)]
pub struct Entrance {
    expected: Arc<watch::Sender<Expected>>,
    entered: Arc<watch::Sender<Option<Pass>>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Expected {
    Anybody,
    Nobody,
    Only(Pass),
}

impl Pass {
    pub(crate) fn new(random: &dyn SecureRandom) -> Self {
        let mut bytes = [0; 16];
        random.fill(&mut bytes);
        Self(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// For the page's address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Entrance {
    /// Any browser may come in.
    #[must_use]
    pub fn for_anybody() -> Self {
        Self::new(Expected::Anybody)
    }

    /// Nobody may, until a browser is started.
    #[must_use]
    pub fn for_the_started() -> Self {
        Self::new(Expected::Nobody)
    }

    fn new(expected: Expected) -> Self {
        Self {
            expected: Arc::new(watch::Sender::new(expected)),
            entered: Arc::new(watch::Sender::new(None)),
        }
    }

    /// Whether a browser with this pass, or without one, may draw the screen.
    #[must_use]
    pub fn admits(&self, pass: Option<&str>) -> bool {
        match &*self.expected.borrow() {
            Expected::Anybody => true,
            Expected::Nobody => false,
            Expected::Only(expected) => pass == Some(expected.as_str()),
        }
    }

    /// Whether a browser with this pass takes the place of one that is connected already: the
    /// agent has started it to replace that one.
    #[must_use]
    pub fn replaces(&self, pass: Option<&str>) -> bool {
        let entered = self.entered.borrow();
        let is_new = entered.as_ref().map(Pass::as_str) != pass;
        *self.expected.borrow() != Expected::Anybody && self.admits(pass) && is_new
    }

    /// A browser that was admitted is connected.
    pub fn entered(&self, pass: Option<&str>) {
        let pass = pass.map(|pass| Pass(pass.to_owned()));
        self.entered.send_replace(pass);
    }

    /// From now on only this one may come in.
    pub(crate) fn expect(&self, pass: Pass) {
        self.expected.send_replace(Expected::Only(pass));
    }

    /// From now on nobody may.
    pub(super) fn close(&self) {
        self.expected.send_replace(Expected::Nobody);
    }

    /// Waits until the browser with this pass is connected.
    pub(super) async fn has_entered(&self, pass: &Pass) {
        let mut entered = self.entered.subscribe();
        // This value holds the sender, so the wait ends by the pass alone.
        let _ = entered
            .wait_for(|entered| entered.as_ref() == Some(pass))
            .await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crypto::SystemRandom;

    #[test]
    fn only_the_browser_started_last_comes_in() {
        let entrance = Entrance::for_the_started();
        assert!(!entrance.admits(None));
        let (first, second) = (Pass::new(&SystemRandom), Pass::new(&SystemRandom));
        entrance.expect(first.clone());
        assert!(entrance.admits(Some(first.as_str())));
        assert!(!entrance.admits(Some(second.as_str())));
        assert!(!entrance.admits(None));
        entrance.entered(Some(first.as_str()));
        assert!(!entrance.replaces(Some(first.as_str())));
        entrance.expect(second.clone());
        assert!(!entrance.admits(Some(first.as_str())));
        assert!(entrance.replaces(Some(second.as_str())));
        entrance.close();
        assert!(!entrance.admits(Some(second.as_str())));
    }

    #[test]
    fn in_a_demonstration_anybody_comes_in_and_nobody_is_replaced() {
        let entrance = Entrance::for_anybody();
        assert!(entrance.admits(None));
        assert!(!entrance.replaces(None));
        assert!(!entrance.replaces(Some("x")));
    }

    #[tokio::test]
    async fn the_agent_waits_for_the_browser_it_started() {
        let entrance = Entrance::for_the_started();
        let pass = Pass::new(&SystemRandom);
        let waiting = entrance.clone();
        let expected = pass.clone();
        let waits = tokio::spawn(async move { waiting.has_entered(&expected).await });
        entrance.entered(Some("somebody else"));
        tokio::task::yield_now().await;
        assert!(!waits.is_finished());
        entrance.entered(Some(pass.as_str()));
        waits.await.unwrap();
    }
}
