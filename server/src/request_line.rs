//! What a request leaves in the log: one line, and nothing about anybody.

use std::time::Instant;

use crypto::SecureRandom;

use crate::problems::Refusal;

/// The one line that a request leaves in the log (`docs/LOGGING.md`).
pub(crate) struct Line {
    id: String,
    listener: &'static str,
    /// The registered name of a kiosk or a venue; never anything of a phone.
    pub(crate) peer: String,
    /// The call, once it is known.
    pub(crate) call: &'static str,
    began: Instant,
}

impl Line {
    /// Begins: a random id, the listener, and the call as far as it is known.
    pub(crate) fn new(
        random: &dyn SecureRandom,
        listener: &'static str,
        call: &'static str,
    ) -> Self {
        let mut id = [0; 8];
        random.fill(&mut id);
        Self {
            id: format!("{:016x}", u64::from_be_bytes(id)),
            listener,
            peer: String::new(),
            call,
            began: Instant::now(),
        }
    }

    /// Writes it.
    pub(crate) fn end(&self, status: u16, refusal: Option<&Refusal>) {
        let milliseconds = self.began.elapsed().as_millis() as u64;
        tracing::info!(
            request = self.id,
            listener = self.listener,
            peer = self.peer,
            call = self.call,
            status,
            problem = refusal.map(|refusal| refusal.problem.kind.name()),
            reason = refusal.and_then(|refusal| refusal.reason.as_deref()),
            milliseconds,
            "answered"
        );
    }
}
