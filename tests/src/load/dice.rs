//! Chance.

use crypto::{SecureRandom as _, SystemRandom};

/// A number below this one, which is at least 1; evenly enough.
pub(super) fn below(most: u64) -> u64 {
    let mut bytes = [0; 8];
    SystemRandom.fill(&mut bytes);
    u64::from_be_bytes(bytes) % most
}

/// Whether it is one time in so many; never for 0.
pub(super) fn one_in(many: u64) -> bool {
    many > 0 && below(many) == 0
}
