//! privateKeyUsagePeriod (RFC 3280, section 4.2.1.4): how long a barcode signer may sign. Shorter
//! than its certificate holds, so that the newest signature can still be verified for years.

use time::macros::format_description;
use time::{OffsetDateTime, PrimitiveDateTime};

/// From when and until when a key may sign; either end may be open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyUsagePeriod {
    /// First moment.
    pub not_before: Option<OffsetDateTime>,
    /// Last moment.
    pub not_after: Option<OffsetDateTime>,
}

impl KeyUsagePeriod {
    /// Whether the key may sign at this moment.
    #[must_use]
    pub fn contains(&self, moment: OffsetDateTime) -> bool {
        self.not_before.is_none_or(|start| start <= moment)
            && self.not_after.is_none_or(|end| moment <= end)
    }

    /// Reads `SEQUENCE { [0] GeneralizedTime OPTIONAL, [1] GeneralizedTime OPTIONAL }`.
    pub(super) fn from_der(der: &[u8]) -> Option<Self> {
        let [0x30, length, fields @ ..] = der else {
            return None;
        };
        if usize::from(*length) != fields.len() {
            return None;
        }
        let (not_before, rest) = field(fields, 0x80)?;
        let (not_after, rest) = field(rest, 0x81)?;
        (rest.is_empty() && !fields.is_empty()).then_some(Self {
            not_before,
            not_after,
        })
    }
}

/// A moment under this tag, where the bytes begin with the tag, and what follows.
fn field(bytes: &[u8], tag: u8) -> Option<(Option<OffsetDateTime>, &[u8])> {
    match bytes {
        [first, 15, rest @ ..] if *first == tag => {
            let (moment, rest) = rest.split_at_checked(15)?;
            Some((Some(generalized_time(moment)?), rest))
        }
        _ => Some((None, bytes)),
    }
}

/// `YYYYMMDDHHMMSSZ` (RFC 5280, section 4.1.2.5.2).
fn generalized_time(bytes: &[u8]) -> Option<OffsetDateTime> {
    let text = std::str::from_utf8(bytes).ok()?;
    let form = format_description!("[year][month][day][hour][minute][second]Z");
    PrimitiveDateTime::parse(text, form)
        .ok()
        .map(PrimitiveDateTime::assume_utc)
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn both_ends_and_open_ends() {
        let both = b"\x30\x22\x80\x0f20260101000000Z\x81\x0f20270401000000Z";
        let period = KeyUsagePeriod::from_der(both).unwrap();
        assert!(period.contains(datetime!(2026-01-01 00:00 UTC)));
        assert!(period.contains(datetime!(2027-04-01 00:00 UTC)));
        assert!(!period.contains(datetime!(2027-04-01 00:00:01 UTC)));
        assert!(!period.contains(datetime!(2025-12-31 23:59:59 UTC)));
        let open = b"\x30\x11\x81\x0f20270401000000Z";
        let period = KeyUsagePeriod::from_der(open).unwrap();
        assert!(period.contains(datetime!(1970-01-01 00:00 UTC)));
        for bad in [
            &b"\x30\x00"[..],
            b"",
            b"\x30\x11\x81\x0f20271301000000Z",
            b"\x30\x11\x82\x0f20270401000000Z",
            b"\x30\x10\x81\x0f20270401000000",
            b"\x30\x12\x81\x0f20270401000000Z\x00",
        ] {
            assert_eq!(KeyUsagePeriod::from_der(bad), None);
        }
    }
}
