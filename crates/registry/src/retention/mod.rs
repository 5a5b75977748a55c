//! Retention and erasure (C26, C31): what is kept for the municipality's declared period goes when
//! it is over, and a resident goes when the municipality erases them.
//!
//! ```text
//! plan_retention(declared, as_of) ─ RetentionPlan: counts, no person
//! erase_retained(declared, as_of, approval) ─ the same in one transaction, if the counts are those
//!                                             that a second person approved
//! plan_resident_erasure(number) · erase_resident(number, approval)
//! ```
//!
//! A plan is the erasure itself, not committed: what it counts is what would go. The audit record
//! says how much went and by whose approval, and stays verifiable: see `audit::erased`.

#[cfg(test)]
mod nothing_left;
mod resident;
mod running;
mod scan;

use declaration::{Declared, Retained, Retention};
use time::{Date, OffsetDateTime, Time};

use crate::approval::{ApprovalScope, ApprovalSubject};

pub use resident::ResidentErasure;

/// What is kept no longer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetentionPlan {
    /// The day for which the periods are reckoned.
    pub as_of: Date,
    /// Each kind of data that has a period.
    pub kinds: Vec<PlannedKind>,
}

/// What is kept no longer of one kind of data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlannedKind {
    /// Which kind.
    pub kind: Retained,
    /// What began on this day or before goes.
    pub until: Date,
    /// How many rows.
    pub rows: u64,
}

/// Why nothing is erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ErasureRefused {
    /// The periods are reckoned for a day that has not come.
    #[error("the periods are reckoned for a day that has not come")]
    DayToCome,
    /// The municipality has no resident of this number.
    #[error("no resident of this number is registered here")]
    UnknownResident,
}

impl RetentionPlan {
    /// Exactly what a second person approves: the day, and for each kind how much goes.
    #[must_use]
    pub fn approval_scope(&self, declared: &Declared<Retention>) -> ApprovalScope {
        let kinds = self.kinds.iter().filter(|planned| planned.rows > 0);
        let kinds: Vec<String> = kinds
            .map(|planned| {
                let (rows, name) = (planned.rows, planned.kind.as_str());
                format!("{rows} {name} until {}", planned.until)
            })
            .collect();
        let words = format!(
            "erase from the register of {} what is kept no longer on {}: {}",
            declared.municipality(),
            self.as_of,
            kinds.join(", ")
        );
        ApprovalScope::new(ApprovalSubject::Retention, words)
    }

    /// Whether nothing goes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.kinds.iter().all(|planned| planned.rows == 0)
    }

    fn until(&self, kind: Retained) -> Option<Date> {
        let planned = self.kinds.iter().find(|planned| planned.kind == kind);
        planned.map(|planned| planned.until)
    }
}

/// The last second of a day in Japan.
fn end_of(day: Date) -> OffsetDateTime {
    let last = Time::from_hms(23, 59, 59).unwrap_or(Time::MIDNIGHT);
    day.with_time(last).assume_offset(domain::JAPAN)
}

/// The last days of every kind that has a period, with nothing counted yet.
fn last_days(declared: &Declared<Retention>, as_of: Date) -> RetentionPlan {
    let planned = |kind| {
        let period = declared.function().period(kind)?;
        Some(PlannedKind {
            kind,
            until: period.over_before(as_of),
            rows: 0,
        })
    };
    RetentionPlan {
        as_of,
        kinds: Retained::ALL.into_iter().filter_map(planned).collect(),
    }
}
