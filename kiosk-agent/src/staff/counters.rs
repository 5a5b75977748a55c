//! What the kiosk did since midnight: numbers, in memory only, about nobody.

use std::collections::BTreeMap;

use domain::{Clock, japan_date};
use time::Date;

use crate::session::{Ending, SessionReport};

/// Numbers since midnight in Japan.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counters {
    day: Option<Date>,
    sessions: u32,
    certificates: u32,
    pages: u32,
    endings: BTreeMap<&'static str, u32>,
}

impl Counters {
    /// Counts a session.
    pub fn count(&mut self, report: &SessionReport, clock: &dyn Clock) {
        self.turn(clock);
        self.sessions += 1;
        let certificates = u32::try_from(report.delivered.len()).unwrap_or(u32::MAX);
        self.certificates = self.certificates.saturating_add(certificates);
        self.pages = self.pages.saturating_add(report.pages);
        if report.ending != Ending::Delivered {
            *self.endings.entry(report.ending.staff_code()).or_default() += 1;
        }
    }

    /// Begins anew after midnight.
    pub fn turn(&mut self, clock: &dyn Clock) {
        let today = Some(japan_date(clock.now()));
        if self.day != today {
            *self = Self {
                day: today,
                ..Self::default()
            };
        }
    }

    /// Sessions that were begun.
    #[must_use]
    pub const fn sessions(&self) -> u32 {
        self.sessions
    }

    /// Certificates whose pages came out.
    #[must_use]
    pub const fn certificates(&self) -> u32 {
        self.certificates
    }

    /// Pages that came out.
    #[must_use]
    pub const fn pages(&self) -> u32 {
        self.pages
    }

    /// How often sessions ended otherwise, by staff code.
    pub fn endings(&self) -> impl Iterator<Item = (&'static str, u32)> {
        self.endings.iter().map(|(code, count)| (*code, *count))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::FixedClock;
    use time::macros::datetime;

    #[test]
    fn sessions_count_until_midnight_in_japan() {
        let clock = FixedClock::at(datetime!(2026-03-01 14:59:00 UTC));
        let mut counters = Counters::default();
        let ended = |ending| SessionReport::nothing_issued(ending);
        let printed = SessionReport {
            delivered: vec![domain::CertificateId::from_random([7; 12])],
            pages: 2,
            ..ended(Ending::Delivered)
        };
        counters.count(&printed, &clock);
        counters.count(&ended(Ending::PinBlocked), &clock);
        counters.count(&ended(Ending::PinBlocked), &clock);
        let counted = (
            counters.sessions(),
            counters.certificates(),
            counters.pages(),
        );
        assert_eq!(counted, (3, 1, 2));
        assert_eq!(counters.endings().collect::<Vec<_>>(), [("pin-blocked", 2)]);
        clock.advance(60);
        counters.turn(&clock);
        assert_eq!((counters.sessions(), counters.endings().count()), (0, 0));
    }
}
