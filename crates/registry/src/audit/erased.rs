//! What erasure took by right, as the chain itself says: notes and certificates that an entry
//! speaks of and that are there no longer.
//!
//! The entries that say so lie on the chain: whoever puts one in, or changes one, breaks it.

use std::collections::HashSet;

use time::OffsetDateTime;

use super::chain::milliseconds;
use super::entry::AuditEvent;
use crate::error::RegistryError;
use crate::storage::{self, AuditRow, Transaction};

/// What was erased so far.
#[derive(Debug, Default)]
pub(crate) struct Erased {
    notes_until: Option<i64>,
    certificates_until: Option<i64>,
    subjects: HashSet<Vec<u8>>,
}

const NOTES: &str = "notes-until";
const CERTIFICATES: &str = "certificates-until";

impl Erased {
    /// Reads what the entries of an area say.
    pub(crate) async fn read(transaction: &mut Transaction) -> Result<Self, RegistryError> {
        let events = [AuditEvent::Erased, AuditEvent::ResidentErased].map(AuditEvent::as_str);
        let mut erased = Self::default();
        for (_, detail, subject) in storage::erasures(transaction, events).await? {
            let detail = detail.unwrap_or_default();
            erased.notes_until = erased.notes_until.max(moment_in(&detail, NOTES));
            erased.certificates_until = erased
                .certificates_until
                .max(moment_in(&detail, CERTIFICATES));
            erased.subjects.extend(subject);
        }
        Ok(erased)
    }

    /// Whether the note of this entry was erased, so that nobody misses it.
    pub(super) fn covers_note(&self, row: &AuditRow) -> bool {
        let subject = row.subject.as_ref();
        self.notes_until.is_some_and(|until| row.at <= until)
            || subject.is_some_and(|subject| self.subjects.contains(subject))
    }

    /// Until when certificates were erased, milliseconds since 1970.
    pub(crate) fn certificates_until(&self) -> i64 {
        self.certificates_until.unwrap_or(i64::MIN)
    }
}

/// What an entry of an erasure says in its detail: until when notes and certificates are gone.
pub(crate) fn marks(notes: Option<OffsetDateTime>, certificates: Option<OffsetDateTime>) -> String {
    let mark = |name, until: Option<OffsetDateTime>| match until {
        Some(until) => format!(" {name}={}", milliseconds(until)),
        None => String::new(),
    };
    mark(NOTES, notes) + &mark(CERTIFICATES, certificates)
}

fn moment_in(detail: &str, name: &str) -> Option<i64> {
    detail
        .split(' ')
        .filter_map(|word| word.split_once('='))
        .find(|(key, _)| *key == name)
        .and_then(|(_, value)| value.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn what_an_entry_says_is_read_again() {
        let until = datetime!(2021-11-21 14:59:59 UTC);
        let detail = format!("as-of=2026-11-21{} doses=1", marks(Some(until), None));
        assert_eq!(moment_in(&detail, NOTES), Some(1_637_506_799_000));
        assert_eq!(moment_in(&detail, CERTIFICATES), None);
    }
}
