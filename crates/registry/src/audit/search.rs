//! Finding entries: by time, event, staff, certificate and subject.

use domain::{CertificateId, Redacted};
use time::OffsetDateTime;

use super::chain::{entry_of, milliseconds, open_note};
use super::entry::{AuditEntry, AuditEvent, SubjectId};
use crate::access::StaffId;
use crate::error::RegistryError;
use crate::keys::RegisterKeys;
use crate::storage::{self, AuditFilter, AuditRow, Transaction};

/// Which entries are wanted.
#[derive(Debug, Clone)]
pub struct AuditQuery {
    /// From this moment on.
    pub from: OffsetDateTime,
    /// Before this moment.
    pub until: OffsetDateTime,
    /// Of this event only.
    pub event: Option<AuditEvent>,
    /// By this member of staff only.
    pub staff: Option<StaffId>,
    /// About this certificate only.
    pub certificate: Option<CertificateId>,
}

/// An entry that was found, with what staff wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundEntry {
    /// The entry.
    pub entry: AuditEntry,
    /// What staff wrote, or are to read, where there is something.
    pub note: Option<Redacted<String>>,
}

impl AuditQuery {
    /// The same for the storage, about this person only where one is given.
    pub(crate) fn filter(&self, subject: Option<SubjectId>) -> AuditFilter {
        AuditFilter {
            from: milliseconds(self.from),
            until: milliseconds(self.until),
            event: self.event.map(|event| event.as_str().to_owned()),
            staff: self.staff.as_ref().map(|staff| staff.as_str().to_owned()),
            certificate: self.certificate.map(String::from),
            subject: subject.map(|subject| subject.0.to_vec()),
        }
    }

    /// By what was searched, for the record: no name and no number.
    pub(crate) fn criteria(&self, by_subject: bool) -> String {
        let criteria = [
            (self.event.is_some(), "event"),
            (self.staff.is_some(), "staff"),
            (self.certificate.is_some(), "certificate"),
            (by_subject, "subject"),
        ];
        let named = criteria.into_iter().filter(|(given, _)| *given);
        let mut words = vec!["time"];
        words.extend(named.map(|(_, name)| name));
        words.join("+")
    }

    /// In words, for a second person.
    pub(crate) fn in_words(&self, whom: Option<&str>) -> String {
        let mut words = format!("from {} until {}", self.from, self.until);
        let mut add = |what: &str, value: Option<&str>| {
            if let Some(value) = value {
                words.push_str(&format!(", {what} {value}"));
            }
        };
        add("event", self.event.map(AuditEvent::as_str));
        add("by staff", self.staff.as_ref().map(StaffId::as_str));
        add(
            "certificate",
            self.certificate.as_ref().map(CertificateId::as_str),
        );
        add("about the resident with resident number", whom);
        words
    }
}

/// Everything about a person before a moment.
pub(crate) fn all_about(subject: SubjectId, until: OffsetDateTime) -> AuditFilter {
    AuditFilter {
        until: milliseconds(until),
        subject: Some(subject.0.to_vec()),
        ..AuditFilter::default()
    }
}

/// The entries wanted, oldest first, at most `limit`.
pub(crate) async fn find(
    transaction: &mut Transaction,
    keys: &RegisterKeys,
    filter: &AuditFilter,
    limit: u32,
) -> Result<Vec<FoundEntry>, RegistryError> {
    let rows = storage::find_audit(transaction, filter, limit).await?;
    let found = |row: AuditRow| {
        Ok(FoundEntry {
            note: open_note(keys, &row)?,
            entry: entry_of(row)?,
        })
    };
    rows.into_iter().map(found).collect()
}
