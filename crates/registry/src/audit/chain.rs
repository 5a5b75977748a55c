//! The chain: each entry's keyed hash covers the entry and the hash before it.

use crypto::SecureRandom;
use domain::{CertificateId, Redacted};
use time::OffsetDateTime;

use super::entry::{AuditEntry, AuditEvent, NewEntry, RefusalNote, SubjectId};
use crate::error::{RegistryError, not_this_schema};
use crate::keys::RegisterKeys;
use crate::storage::{self, AuditRow, Transaction};
use crate::table::Table;

/// Where a chain ends. Kept outside the database, it shows a chain that was cut short.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AuditHead {
    /// Number of the last entry; 0 for a chain without entries.
    pub sequence: u64,
    /// The last entry's keyed hash; zeros for a chain without entries.
    pub hash: [u8; 32],
}

impl AuditHead {
    /// The head of a chain without entries.
    pub const EMPTY: Self = Self {
        sequence: 0,
        hash: [0; 32],
    };
}

/// What verifying a chain showed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuditVerdict {
    /// It holds up to this head.
    Holds(AuditHead),
    /// It does not.
    Broken(AuditFault),
}

/// The first fault found in a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AuditFault {
    /// Entries are missing after this one.
    #[error("entries are missing between {after} and {found}")]
    Missing {
        /// The last entry before the gap.
        after: u64,
        /// The first entry behind it.
        found: u64,
    },
    /// This entry is not the one that was appended here: changed, moved, or put in.
    #[error("entry {0} is not the one that was appended")]
    Changed(u64),
    /// The chain ends before the head it is known to have had.
    #[error("the chain ends at {found}, and once reached {known}")]
    CutShort {
        /// The last entry found.
        found: u64,
        /// The entry that is known to have been there.
        known: u64,
    },
    /// The entry at the known head is another one.
    #[error("entry {0} is not the one known to have been there")]
    OtherHead(u64),
    /// A certificate is stored without exactly one entry of its issue, or the entry without it.
    #[error("certificate {0} and the entry of its issue do not belong together")]
    Unmatched(CertificateId),
}

/// Number of entries read at once.
const PAGE: u32 = 1000;

/// The head of the chain.
pub(crate) async fn head(transaction: &mut Transaction) -> Result<AuditHead, RegistryError> {
    head_of(storage::audit_head(transaction).await?)
}

fn head_of(stored: Option<(i64, Vec<u8>)>) -> Result<AuditHead, RegistryError> {
    let Some((sequence, hash)) = stored else {
        return Ok(AuditHead::EMPTY);
    };
    Ok(AuditHead {
        sequence: sequence.unsigned_abs(),
        hash: hash[..].try_into().map_err(|_| not_this_schema())?,
    })
}

/// Appends an entry in the transaction of what it records.
pub(crate) async fn append(
    transaction: &mut Transaction,
    keys: &RegisterKeys,
    random: &dyn SecureRandom,
    entry: NewEntry<'_>,
) -> Result<(), RegistryError> {
    let previous = head_of(storage::audit_head(transaction).await?)?;
    let sequence = previous.sequence.cast_signed() + 1;
    let note = entry.note.map(|note| {
        let place = sequence.to_be_bytes();
        keys.seal_once(random, Table::AuditNote, &place, note.as_bytes())
    });
    let mut row = AuditRow {
        sequence,
        at: milliseconds(entry.at),
        actor_kind: entry.actor.kind().to_owned(),
        actor: entry.actor.id().to_vec(),
        purpose: entry.purpose.as_str().to_owned(),
        event: entry.event.as_str().to_owned(),
        subject: entry.subject.map(|subject| subject.0.to_vec()),
        certificate: entry.certificate.map(String::from),
        detail: entry.detail,
        note,
        hash: Vec::new(),
    };
    row.hash = chained_hash(keys, &previous.hash, &row).to_vec();
    storage::append_audit(transaction, &row).await
}

/// Entries after a sequence number, in order, at most `limit`.
pub(crate) async fn page(
    transaction: &mut Transaction,
    after: u64,
    limit: u32,
) -> Result<Vec<AuditEntry>, RegistryError> {
    storage::audit_page(transaction, after.cast_signed(), limit)
        .await?
        .into_iter()
        .map(entry_of)
        .collect()
}

/// The newest notes of refusals, at most `limit`, newest first.
pub(crate) async fn refusal_notes(
    transaction: &mut Transaction,
    keys: &RegisterKeys,
    limit: u32,
) -> Result<Vec<RefusalNote>, RegistryError> {
    let events = [AuditEvent::OfferRefused, AuditEvent::OrderRefused].map(AuditEvent::as_str);
    let rows = storage::noted_audit(transaction, events, limit).await?;
    let notes = rows.into_iter().map(|row| note_of(keys, row));
    notes.collect()
}

fn note_of(keys: &RegisterKeys, row: AuditRow) -> Result<RefusalNote, RegistryError> {
    let sealed = row.note.as_deref().unwrap_or_default();
    let text = keys.open(Table::AuditNote, &row.sequence.to_be_bytes(), sealed)?;
    let text = std::str::from_utf8(&text).map_err(|_| Table::AuditNote.damaged())?;
    let note = Redacted::new(text.to_owned());
    let AuditEntry {
        sequence,
        at,
        event,
        ..
    } = entry_of(row)?;
    Ok(RefusalNote {
        sequence,
        at,
        event,
        note,
    })
}

/// Goes through the whole chain; `known`, where given, must lie on it.
pub(crate) async fn verify(
    transaction: &mut Transaction,
    keys: &RegisterKeys,
    known: Option<&AuditHead>,
) -> Result<AuditVerdict, RegistryError> {
    let mut head = AuditHead::EMPTY;
    loop {
        let rows = storage::audit_page(transaction, head.sequence.cast_signed(), PAGE).await?;
        let last_page = rows.len() < PAGE as usize;
        for row in rows {
            match next_head(keys, &head, &row, known) {
                Ok(next) => head = next,
                Err(fault) => return Ok(AuditVerdict::Broken(fault)),
            }
        }
        if last_page {
            break;
        }
    }
    Ok(match known {
        Some(known) if known.sequence > head.sequence => {
            AuditVerdict::Broken(AuditFault::CutShort {
                found: head.sequence,
                known: known.sequence,
            })
        }
        Some(_) | None => AuditVerdict::Holds(head),
    })
}

fn next_head(
    keys: &RegisterKeys,
    head: &AuditHead,
    row: &AuditRow,
    known: Option<&AuditHead>,
) -> Result<AuditHead, AuditFault> {
    let found = row.sequence.unsigned_abs();
    if found != head.sequence + 1 {
        return Err(AuditFault::Missing {
            after: head.sequence,
            found,
        });
    }
    let hash = chained_hash(keys, &head.hash, row);
    if !crypto::constant_time_eq(&hash, &row.hash) {
        return Err(AuditFault::Changed(found));
    }
    match known {
        Some(known) if known.sequence == found && known.hash != hash => {
            Err(AuditFault::OtherHead(found))
        }
        Some(_) | None => Ok(AuditHead {
            sequence: found,
            hash,
        }),
    }
}

/// The keyed hash over an entry and the hash before it; absent parts are empty, as none that is
/// there can be.
fn chained_hash(keys: &RegisterKeys, previous: &[u8; 32], row: &AuditRow) -> [u8; 32] {
    keys.audit_hash(&[
        previous,
        &row.sequence.to_be_bytes(),
        &row.at.to_be_bytes(),
        row.actor_kind.as_bytes(),
        &row.actor,
        row.purpose.as_bytes(),
        row.event.as_bytes(),
        row.subject.as_deref().unwrap_or_default(),
        row.certificate.as_deref().unwrap_or_default().as_bytes(),
        row.detail.as_deref().unwrap_or_default().as_bytes(),
        row.note.as_deref().unwrap_or_default(),
    ])
}

fn entry_of(row: AuditRow) -> Result<AuditEntry, RegistryError> {
    let subject = match row.subject {
        Some(subject) => Some(SubjectId(
            subject[..].try_into().map_err(|_| not_this_schema())?,
        )),
        None => None,
    };
    let at = OffsetDateTime::from_unix_timestamp_nanos(i128::from(row.at) * 1_000_000)
        .map_err(|_| not_this_schema())?;
    Ok(AuditEntry {
        sequence: row.sequence.unsigned_abs(),
        at,
        actor_kind: row.actor_kind,
        actor: row.actor,
        purpose: row.purpose,
        event: row.event,
        subject,
        certificate: row.certificate,
        detail: row.detail,
    })
}

/// Milliseconds since 1970; the range of the type is not reached before the year 9999.
fn milliseconds(at: OffsetDateTime) -> i64 {
    at.unix_timestamp() * 1000 + i64::from(at.millisecond())
}
