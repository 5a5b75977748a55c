//! Answers at even moments, so that the time an answer takes does not tell what it says.
//!
//! Looking up somebody who is there takes a little longer than looking up nobody. Instead of
//! padding every path with invented work, which is equal only until somebody changes one of
//! them, an answer leaves at the first whole multiple of [`STEP`] after its request began.

use std::time::Duration;

use tokio::time::Instant;

/// Several times what a look-up takes, and little against a person's patience.
const STEP: Duration = Duration::from_millis(25);

/// A piece of work whose length must not show.
#[derive(Debug)]
pub struct EvenTime(Instant);

impl EvenTime {
    /// Begins.
    #[must_use]
    pub fn begin() -> Self {
        Self(Instant::now())
    }

    /// Waits for the next whole multiple of the step.
    pub async fn end(self) {
        let passed = self.0.elapsed().as_nanos();
        let steps = passed / STEP.as_nanos() + 1;
        // A request lasts seconds at most: far below 2³² steps.
        let steps = u32::try_from(steps).unwrap_or(u32::MAX);
        tokio::time::sleep_until(self.0 + STEP * steps).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn short_and_shorter_work_end_at_the_same_moment() {
        for (work, steps) in [(0, 1), (1, 1), (24, 1), (26, 2), (60, 3)] {
            let begin = Instant::now();
            let even = EvenTime::begin();
            tokio::time::sleep(Duration::from_millis(work)).await;
            even.end().await;
            assert_eq!(begin.elapsed(), STEP * steps, "{work} ms of work");
        }
    }
}
