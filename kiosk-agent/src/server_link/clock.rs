//! How far the kiosk's clock is from the server's.

use application::FRESHNESS_SECONDS;
use http::HeaderMap;
use http::header::DATE;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc2822;

/// A clock that is synchronised keeps within a second; a request may take some.
const DRIFT: i64 = 15;

/// How far the kiosk's clock is from the server's, in seconds: positive where it is ahead. The
/// server's time is that of its `Date` (RFC 9110, section 6.6.1), which is good to a second, and
/// comes by the connection on which both have shown who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockOffset(i64);

impl ClockOffset {
    /// By an answer that has just come; `None` where it has no date, or one that is none.
    pub(super) fn of_answer(headers: &HeaderMap, now: OffsetDateTime) -> Option<Self> {
        let date = headers.get(DATE)?.to_str().ok()?;
        let server = OffsetDateTime::parse(date, &Rfc2822).ok()?;
        Some(Self(
            now.unix_timestamp().saturating_sub(server.unix_timestamp()),
        ))
    }

    /// Seconds.
    #[must_use]
    pub const fn seconds(self) -> i64 {
        self.0
    }

    /// Whether time synchronisation does not do its work: further than a network explains.
    #[must_use]
    pub const fn is_far(self) -> bool {
        self.0.saturating_abs() > DRIFT
    }

    /// Whether the server would take this kiosk's requests for expired, or for not yet made.
    #[must_use]
    pub const fn is_too_far(self) -> bool {
        self.0.saturating_abs() > FRESHNESS_SECONDS
    }
}

impl std::fmt::Display for ClockOffset {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:+}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn offset(date: &'static str, now: i64) -> Option<ClockOffset> {
        let mut headers = HeaderMap::new();
        headers.insert(DATE, HeaderValue::from_static(date));
        let now = OffsetDateTime::from_unix_timestamp(now).unwrap();
        ClockOffset::of_answer(&headers, now)
    }

    #[test]
    fn a_clock_is_compared_with_the_servers_date() {
        let date = "Sun, 06 Nov 1994 08:49:37 GMT";
        let server = 784_111_777;
        for (now, seconds, too_far) in [
            (server, 0, false),
            (server + 120, 120, false),
            (server + 121, 121, true),
            (server - 120, -120, false),
            (server - 86_400, -86_400, true),
        ] {
            let offset = offset(date, now).unwrap();
            assert_eq!((offset.seconds(), offset.is_too_far()), (seconds, too_far));
        }
        assert_eq!(offset("yesterday", server), None);
        let now = OffsetDateTime::UNIX_EPOCH;
        assert_eq!(ClockOffset::of_answer(&HeaderMap::new(), now), None);
    }
}
