//! Flags that staff set on a resident, and their history.

use std::borrow::Cow;

use domain::Redacted;
use serde::{Deserialize, Serialize};
use time::{Date, OffsetDateTime};
use zeroize::Zeroizing;

use crate::access::StaffId;
use crate::model::{Resident, SealedForm};

/// What a flag says. Each comes with imports too, but the last; a person has it where either says
/// so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FlagKind {
    /// Under protection (支援措置・自動応答不可): nothing is answered automatically.
    Protected,
    /// Died (死亡): the counter alone, to those entitled.
    Deceased,
    /// Moved out (転出): certificates are issued as before.
    MovedOut,
    /// The person had the use of their data suspended (利用停止): no automated use at all.
    UseSuspended,
}

impl FlagKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [
        Self::Protected,
        Self::Deceased,
        Self::MovedOut,
        Self::UseSuspended,
    ];

    /// The stable name, in records and on the command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Protected => "protected",
            Self::Deceased => "deceased",
            Self::MovedOut => "moved-out",
            Self::UseSuspended => "use-suspended",
        }
    }

    /// The kind of that name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

/// Setting or lifting a flag, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlagEvent {
    /// Which flag.
    pub kind: FlagKind,
    /// Whether it was set; lifted otherwise.
    pub set: bool,
    /// When; whole seconds.
    pub at: OffsetDateTime,
    /// Who did it.
    pub by: StaffId,
    /// The superior who ordered it, or who approved of lifting it.
    pub ordered_by: StaffId,
    /// Why: what staff wrote, or the approval.
    pub ground: Redacted<String>,
}

/// Everything that staff did to a resident's flags, oldest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FlagHistory(pub(crate) Vec<FlagEvent>);

impl FlagHistory {
    /// The events, oldest first.
    #[must_use]
    pub fn events(&self) -> &[FlagEvent] {
        &self.0
    }

    /// Since which day in Japan a flag is set by staff; `None`: it is not.
    #[must_use]
    pub fn since(&self, kind: FlagKind) -> Option<Date> {
        let last = self.0.iter().rev().find(|event| event.kind == kind)?;
        last.set.then(|| domain::japan_date(last.at))
    }
}

impl Resident {
    /// The resident with what staff set: each flag from the earlier of the two days on.
    pub(crate) fn flagged(mut self, history: &FlagHistory) -> Self {
        let earlier = |imported: Option<Date>, kind| match (imported, history.since(kind)) {
            (Some(imported), Some(set)) => Some(imported.min(set)),
            (imported, set) => imported.or(set),
        };
        self.protected_since = earlier(self.protected_since, FlagKind::Protected);
        self.deceased_on = earlier(self.deceased_on, FlagKind::Deceased);
        self.moved_out_on = earlier(self.moved_out_on, FlagKind::MovedOut);
        self.use_suspended_since = history.since(FlagKind::UseSuspended);
        self
    }
}

#[derive(Serialize, Deserialize)]
struct EventForm<'a> {
    flag: Cow<'a, str>,
    set: bool,
    at: i64,
    by: Cow<'a, str>,
    ordered_by: Cow<'a, str>,
    ground: Cow<'a, str>,
}

#[derive(Serialize, Deserialize)]
struct HistoryForm<'a> {
    #[serde(borrow)]
    events: Vec<EventForm<'a>>,
}

impl SealedForm for FlagHistory {
    fn to_text(&self) -> Zeroizing<Vec<u8>> {
        let event = |event: &'_ FlagEvent| EventForm {
            flag: event.kind.as_str().into(),
            set: event.set,
            at: event.at.unix_timestamp(),
            by: event.by.as_str().to_owned().into(),
            ordered_by: event.ordered_by.as_str().to_owned().into(),
            ground: event.ground.expose().clone().into(),
        };
        let form = HistoryForm {
            events: self.0.iter().map(event).collect(),
        };
        // Enough for one event more than most have, so that no half-written copy is left behind.
        let mut text = Zeroizing::new(Vec::with_capacity(1024 * (1 + self.0.len())));
        serde_json::to_writer(&mut *text, &form).expect("texts and numbers always make JSON");
        text
    }

    fn from_text(text: &[u8]) -> Option<Self> {
        let form: HistoryForm<'_> = serde_json::from_slice(text).ok()?;
        let event = |form: EventForm<'_>| {
            Some(FlagEvent {
                kind: FlagKind::of_name(&form.flag)?,
                set: form.set,
                at: OffsetDateTime::from_unix_timestamp(form.at).ok()?,
                by: StaffId::parse(&form.by).ok()?,
                ordered_by: StaffId::parse(&form.ordered_by).ok()?,
                ground: Redacted::new(form.ground.into_owned()),
            })
        };
        form.events
            .into_iter()
            .map(event)
            .collect::<Option<_>>()
            .map(Self)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use time::macros::{date, datetime};

    /// A flag that was set and lifted, and one that is set.
    pub(crate) fn history() -> FlagHistory {
        let event = |kind, set, at| FlagEvent {
            kind,
            set,
            at,
            by: StaffId::parse("counter-07").unwrap(),
            ordered_by: StaffId::parse("head-01").unwrap(),
            ground: Redacted::new("申出 \"1\"".to_owned()),
        };
        FlagHistory(vec![
            event(FlagKind::Protected, true, datetime!(2024-01-01 20:00 UTC)),
            event(FlagKind::UseSuspended, true, datetime!(2024-02-01 0:00 UTC)),
            event(FlagKind::Protected, false, datetime!(2024-03-01 0:00 UTC)),
        ])
    }

    #[test]
    fn the_last_event_of_a_kind_counts_by_japans_day() {
        let mut history = history();
        assert_eq!(history.since(FlagKind::Protected), None);
        let suspended = Some(date!(2024 - 02 - 01));
        assert_eq!(history.since(FlagKind::UseSuspended), suspended);
        history.0.pop();
        let protected = Some(date!(2024 - 01 - 02));
        assert_eq!(history.since(FlagKind::Protected), protected);
        assert_eq!(history.since(FlagKind::Deceased), None);
    }

    #[test]
    fn a_history_is_read_again() {
        let text = history().to_text();
        assert_eq!(FlagHistory::from_text(&text), Some(history()));
    }
}
