//! What the security officer looks at (C20): off-hours access, unusual volume, refusals. Counts and
//! names for signing in; nothing about a resident.
//!
//! **Unusual** is measured plainly. Somebody's usual is the median of what they did a day for one
//! purpose, over the days of the eight weeks before on which they did any. A day is unusual with
//! more than three times that, and at least twenty more. Who has fewer than five such days is
//! measured by the median of all others of the same kind and purpose; where there are none either,
//! by a hundred a day.

use std::collections::BTreeMap;

use time::{Date, Duration, OffsetDateTime};

use super::chain::milliseconds;
use crate::error::{RegistryError, not_this_schema};
use crate::storage::{self, DailyRow, OffHoursRow, RefusedRow, Transaction};

/// Somebody's usual is taken from so many days before.
const DAYS_BEFORE: i64 = 56;
/// From fewer days with any, others' usual is taken.
const ENOUGH_DAYS: usize = 5;
/// More than so many times the usual.
const TIMES_USUAL: i64 = 3;
/// And at least so many more.
const AT_LEAST_MORE: i64 = 20;
/// A usual where there is nobody to compare with.
const NOBODYS_USUAL: i64 = 33;

/// What there is to look at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditReport {
    /// Staff's work outside office hours.
    pub off_hours: Vec<OffHours>,
    /// Days on which somebody did far more than usual.
    pub unusual: Vec<UnusualVolume>,
    /// What was refused, the most frequent first.
    pub refused: Vec<RefusalCount>,
    /// Batches of imports whose medium's erasure is not recorded yet (C22).
    pub open_batches: u64,
    /// When the oldest of them landed.
    pub oldest_batch: Option<OffsetDateTime>,
    /// Entries within the time, all in all.
    pub entries: u64,
}

/// What a member of staff did on a day outside office hours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OffHours {
    /// Who.
    pub staff: String,
    /// What, as the record names it.
    pub event: String,
    /// How often.
    pub count: u64,
    /// The first time.
    pub first: OffsetDateTime,
    /// The last time.
    pub last: OffsetDateTime,
}

/// A day on which somebody did far more than usual.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnusualVolume {
    /// The kind of actor: kiosk, phone, venue, staff …
    pub actor_kind: String,
    /// Which one: a channel's 32 bytes, a name for signing in.
    pub actor: Vec<u8>,
    /// For which purpose.
    pub purpose: String,
    /// The day in Japan.
    pub day: Date,
    /// How much.
    pub count: u64,
    /// What is usual; `None`: there is nobody to compare with.
    pub usual: Option<u64>,
}

/// How often something was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusalCount {
    /// The kind of actor.
    pub actor_kind: String,
    /// What was recorded.
    pub event: String,
    /// The code.
    pub detail: Option<String>,
    /// How often.
    pub count: u64,
}

/// Makes the report of a time; `office` is the first and the last minute of office hours, where
/// staff have any.
pub(crate) async fn report(
    transaction: &mut Transaction,
    from: OffsetDateTime,
    until: OffsetDateTime,
    office: Option<(u16, u16)>,
) -> Result<AuditReport, RegistryError> {
    let time = (milliseconds(from), milliseconds(until));
    let before = milliseconds(from - Duration::days(DAYS_BEFORE));
    let earlier = storage::audit_by_day(transaction, before, time.0).await?;
    let days = storage::audit_by_day(transaction, time.0, time.1).await?;
    let entries = days.iter().map(|row| row.count.unsigned_abs()).sum();
    let off_hours = match office {
        None => Vec::new(),
        Some((opens, closes)) => {
            let hours = (opens.into(), closes.into());
            storage::audit_off_hours(transaction, time, hours).await?
        }
    };
    let refused = storage::audit_refusals(transaction, time.0, time.1).await?;
    Ok(AuditReport {
        off_hours: off_hours
            .into_iter()
            .map(off_hours_of)
            .collect::<Result<_, _>>()?,
        unusual: unusual(&earlier, days)?,
        refused: refused.into_iter().map(refusal_of).collect(),
        open_batches: 0,
        oldest_batch: None,
        entries,
    })
}

/// Each one's counts by day, and all of a kind's and purpose's.
struct Usual<'a> {
    own: BTreeMap<(&'a str, &'a [u8], &'a str), Vec<i64>>,
    others: BTreeMap<(&'a str, &'a str), Vec<i64>>,
}

impl<'a> Usual<'a> {
    fn of(earlier: &'a [DailyRow]) -> Self {
        let mut usual = Self {
            own: BTreeMap::new(),
            others: BTreeMap::new(),
        };
        for row in earlier {
            let (kind, purpose) = (row.actor_kind.as_str(), row.purpose.as_str());
            let own = usual.own.entry((kind, &row.actor, purpose)).or_default();
            own.push(row.count);
            usual
                .others
                .entry((kind, purpose))
                .or_default()
                .push(row.count);
        }
        let all = usual.own.values_mut().chain(usual.others.values_mut());
        all.for_each(|counts| counts.sort_unstable());
        usual
    }

    fn of_row(&self, row: &DailyRow) -> Option<i64> {
        let (kind, purpose) = (row.actor_kind.as_str(), row.purpose.as_str());
        let own = self.own.get(&(kind, &row.actor, purpose));
        own.filter(|days| days.len() >= ENOUGH_DAYS)
            .or_else(|| self.others.get(&(kind, purpose)))
            .map(|counts| counts[counts.len() / 2])
    }
}

fn unusual(earlier: &[DailyRow], days: Vec<DailyRow>) -> Result<Vec<UnusualVolume>, RegistryError> {
    let usual = Usual::of(earlier);
    let mut unusual = Vec::new();
    for row in days {
        let own = usual.of_row(&row);
        let compared = own.unwrap_or(NOBODYS_USUAL);
        if row.count > TIMES_USUAL * compared && row.count - compared >= AT_LEAST_MORE {
            let since_1970 = OffsetDateTime::UNIX_EPOCH.checked_add(Duration::days(row.day));
            unusual.push(UnusualVolume {
                actor_kind: row.actor_kind,
                actor: row.actor,
                purpose: row.purpose,
                day: since_1970.ok_or_else(not_this_schema)?.date(),
                count: row.count.unsigned_abs(),
                usual: own.map(i64::unsigned_abs),
            });
        }
    }
    Ok(unusual)
}

fn off_hours_of(row: OffHoursRow) -> Result<OffHours, RegistryError> {
    let moment =
        |at: i64| OffsetDateTime::from_unix_timestamp(at / 1000).map_err(|_| not_this_schema());
    Ok(OffHours {
        staff: String::from_utf8(row.actor).map_err(|_| not_this_schema())?,
        event: row.event,
        count: row.count.unsigned_abs(),
        first: moment(row.first)?,
        last: moment(row.last)?,
    })
}

fn refusal_of(row: RefusedRow) -> RefusalCount {
    RefusalCount {
        actor_kind: row.actor_kind,
        event: row.event,
        detail: row.detail,
        count: row.count.unsigned_abs(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(actor: &str, day: i64, count: i64) -> DailyRow {
        DailyRow {
            actor_kind: "staff".to_owned(),
            actor: actor.as_bytes().to_vec(),
            purpose: "flags".to_owned(),
            day,
            count,
        }
    }

    fn found(earlier: &[DailyRow], day: DailyRow) -> Option<Option<u64>> {
        let unusual = unusual(earlier, vec![day]).unwrap();
        unusual.first().map(|one| one.usual)
    }

    #[test]
    fn ones_own_median_counts_and_busy_people_stay_unremarkable() {
        let busy: Vec<_> = (0..10).map(|day| row("a", day, 30 + day)).collect();
        assert_eq!(found(&busy, row("a", 20, 100)), None);
        assert_eq!(found(&busy, row("a", 20, 106)), Some(Some(35)));
        // Three times as much as next to nothing is next to nothing.
        let quiet: Vec<_> = (0..10).map(|day| row("a", day, 1)).collect();
        assert_eq!(found(&quiet, row("a", 20, 20)), None);
        assert_eq!(found(&quiet, row("a", 20, 21)), Some(Some(1)));
    }

    #[test]
    fn who_is_new_is_measured_by_others_and_then_by_a_hundred() {
        let others: Vec<_> = (0..10).map(|day| row("a", day, 10)).collect();
        assert_eq!(found(&others, row("new", 20, 30)), None);
        assert_eq!(found(&others, row("new", 20, 31)), Some(Some(10)));
        assert_eq!(found(&[], row("new", 20, 99)), None);
        assert_eq!(found(&[], row("new", 20, 100)), Some(None));
    }
}
