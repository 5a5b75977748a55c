//! The code that opens the staff screen: few tries, with growing pauses.

use std::time::Duration;

use crypto::CodeHash;
use tokio::time::Instant;

use crate::touch_screen::StaffCode;

/// So many wrong codes cost nothing: fingers slip.
const FREE: u32 = 3;

/// The first pause; each further wrong code doubles it.
const FIRST_PAUSE: Duration = Duration::from_secs(5);

/// The longest pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(15 * 60);

/// Compares codes with the one that is configured.
#[derive(Debug)]
pub struct Gate {
    hash: CodeHash,
    wrong: u32,
    open_at: Option<Instant>,
}

impl Gate {
    /// Opens for the code of this hash.
    #[must_use]
    pub const fn new(hash: CodeHash) -> Self {
        Self {
            hash,
            wrong: 0,
            open_at: None,
        }
    }

    /// Whether this is the code. During a pause no code is, and none is compared.
    pub async fn opens(&mut self, code: StaffCode) -> bool {
        if self.open_at.is_some_and(|at| Instant::now() < at) {
            return false;
        }
        let hash = self.hash.clone();
        let compared =
            tokio::task::spawn_blocking(move || hash.matches(code.expose().as_bytes())).await;
        if compared.unwrap_or(false) {
            self.wrong = 0;
            self.open_at = None;
            return true;
        }
        self.wrong = self.wrong.saturating_add(1);
        self.open_at = pause(self.wrong).map(|pause| Instant::now() + pause);
        false
    }
}

/// The pause after so many wrong codes in a row.
fn pause(wrong: u32) -> Option<Duration> {
    let doublings = wrong.checked_sub(FREE)?;
    let factor = 1u32.checked_shl(doublings).unwrap_or(u32::MAX);
    Some(FIRST_PAUSE.saturating_mul(factor).min(LONGEST_PAUSE))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::touch_screen::{Do, Touch};
    use crypto::SystemRandom;

    fn code(digits: &str) -> StaffCode {
        let touch = format!(r#"{{"view":1,"do":{{"type":"staff-code","code":"{digits}"}}}}"#);
        let Do::StaffCode(code) = Touch::parse(&touch).unwrap().action else {
            panic!("another touch");
        };
        code
    }

    #[tokio::test(start_paused = true)]
    async fn after_three_wrong_codes_the_right_one_has_to_wait_ever_longer() {
        let mut gate = Gate::new(CodeHash::of(b"48151623", &SystemRandom));
        assert!(gate.opens(code("48151623")).await);
        for _ in 0..FREE {
            assert!(!gate.opens(code("1")).await);
        }
        assert!(!gate.opens(code("48151623")).await);
        tokio::time::advance(FIRST_PAUSE).await;
        assert!(!gate.opens(code("1")).await);
        tokio::time::advance(FIRST_PAUSE).await;
        assert!(
            !gate.opens(code("48151623")).await,
            "the second pause is longer"
        );
        tokio::time::advance(FIRST_PAUSE).await;
        assert!(gate.opens(code("48151623")).await);
        assert!(!gate.opens(code("1")).await);
        assert!(
            gate.opens(code("48151623")).await,
            "it counts from the beginning"
        );
    }

    #[test]
    fn pauses_grow_and_end() {
        assert_eq!(pause(FREE - 1), None);
        assert_eq!(pause(FREE), Some(FIRST_PAUSE));
        assert_eq!(pause(FREE + 1), Some(FIRST_PAUSE * 2));
        for many in [FREE + 20, FREE + 32, u32::MAX] {
            assert_eq!(pause(many), Some(LONGEST_PAUSE));
        }
    }
}
