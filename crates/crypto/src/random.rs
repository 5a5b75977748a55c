//! Randomness, as an argument.

use aws_lc_rs::rand;

/// Gives random bytes. Passed in wherever randomness matters, so that tests can repeat a run.
pub trait SecureRandom: Send + Sync {
    /// Fills the whole slice.
    fn fill(&self, bytes: &mut [u8]);
}

/// The operating system's randomness, through aws-lc-rs.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemRandom;

impl SecureRandom for SystemRandom {
    /// # Panics
    /// Where the operating system has no randomness to give: nothing here may go on without it.
    fn fill(&self, bytes: &mut [u8]) {
        rand::fill(bytes).expect("the operating system gives randomness");
    }
}
