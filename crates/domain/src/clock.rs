//! What time it is, as an argument.

use std::sync::atomic::{AtomicI64, Ordering};

use time::{Date, OffsetDateTime, UtcOffset, macros::offset};

/// Japan Standard Time, UTC+9 without summer time.
pub const JAPAN: UtcOffset = offset!(+9);

/// Tells the time. Passed in wherever time matters, so that tests decide what time it is.
pub trait Clock: Send + Sync {
    /// Now, in UTC.
    fn now(&self) -> OffsetDateTime;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[allow(clippy::disallowed_methods)] // the one place that reads the machine's clock
    fn now(&self) -> OffsetDateTime {
        OffsetDateTime::now_utc()
    }
}

/// A clock that stands still until it is moved, for tests. Whole seconds.
#[derive(Debug)]
pub struct FixedClock(AtomicI64);

impl FixedClock {
    /// A clock standing at this moment.
    #[must_use]
    pub const fn at(moment: OffsetDateTime) -> Self {
        Self(AtomicI64::new(moment.unix_timestamp()))
    }

    /// Moves the clock by so many seconds.
    pub fn advance(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }
}

impl Clock for FixedClock {
    fn now(&self) -> OffsetDateTime {
        // It was made from a valid moment; moved out of range it shows the epoch.
        OffsetDateTime::from_unix_timestamp(self.0.load(Ordering::SeqCst))
            .unwrap_or(OffsetDateTime::UNIX_EPOCH)
    }
}

/// The date in Japan at this moment: the date of issue on a certificate.
#[must_use]
pub fn japan_date(moment: OffsetDateTime) -> Date {
    moment.to_offset(JAPAN).date()
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::{date, datetime};

    #[test]
    fn the_day_begins_in_japan_nine_hours_earlier() {
        assert_eq!(
            japan_date(datetime!(2026-01-01 15:00 UTC)),
            date!(2026 - 01 - 02)
        );
        assert_eq!(
            japan_date(datetime!(2026-01-01 14:59 UTC)),
            date!(2026 - 01 - 01)
        );
    }
}
