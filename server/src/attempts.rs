//! How often one application has asked the register.
//!
//! A verified card opens every municipality that takes part, so the number of questions within
//! one application is bounded. The count lives in this process's memory: with several instances
//! the bound is per instance, and a restart forgets it, which costs little, as an application
//! ends after fifteen minutes and a new one takes the card and its PIN again.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use registry::ApplicationId;
use time::{Duration, OffsetDateTime};

use crate::ticket::LONGEST_SECONDS;

/// Applications remembered at once. Beyond it the oldest are forgotten.
const MOST_APPLICATIONS: usize = 100_000;

/// Counts questions by application.
#[derive(Debug)]
pub struct Attempts {
    most: u16,
    by_application: Mutex<HashMap<ApplicationId, Count>>,
}

#[derive(Debug, Clone, Copy)]
struct Count {
    asked: u16,
    since: OffsetDateTime,
}

impl Attempts {
    /// Allows so many questions for each application.
    #[must_use]
    pub fn new(most: u16) -> Self {
        Self {
            most,
            by_application: Mutex::default(),
        }
    }

    /// Counts one question; `false` where there were too many.
    #[must_use]
    pub fn count(&self, application: ApplicationId, now: OffsetDateTime) -> bool {
        // A count is whole after every statement, so a poisoned lock holds no half-written one.
        let mut counts = self
            .by_application
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if counts.len() >= MOST_APPLICATIONS {
            make_room(&mut counts, now);
        }
        let count = counts.entry(application).or_insert(Count {
            asked: 0,
            since: now,
        });
        count.asked = count.asked.saturating_add(1);
        count.asked <= self.most
    }
}

/// Forgets the applications that are over; where all are in progress, every one: no limit may
/// stop the service, and the sealed tickets bound an application's life anyhow.
fn make_room(counts: &mut HashMap<ApplicationId, Count>, now: OffsetDateTime) {
    let life = Duration::seconds(LONGEST_SECONDS);
    counts.retain(|_, count| now - count.since < life);
    if counts.len() >= MOST_APPLICATIONS {
        counts.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    const NOW: OffsetDateTime = datetime!(2026-01-10 12:00 +9);

    #[test]
    fn each_application_has_its_own_bound() {
        let attempts = Attempts::new(2);
        let (one, other) = (ApplicationId([1; 16]), ApplicationId([2; 16]));
        assert!(attempts.count(one, NOW));
        assert!(attempts.count(one, NOW));
        assert!(!attempts.count(one, NOW));
        assert!(attempts.count(other, NOW));
    }

    #[test]
    fn applications_that_are_over_make_room() {
        let mut counts = HashMap::new();
        for (id, age) in [(1, 0), (2, LONGEST_SECONDS)] {
            let since = NOW - Duration::seconds(age);
            counts.insert(ApplicationId([id; 16]), Count { asked: 1, since });
        }
        make_room(&mut counts, NOW);
        assert!(counts.contains_key(&ApplicationId([1; 16])));
        assert_eq!(counts.len(), 1);
    }
}
