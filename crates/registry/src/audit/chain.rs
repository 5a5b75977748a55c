//! The chain: each entry's keyed hash covers the entry and the hash before it.

use crypto::SecureRandom;
use domain::Redacted;
use time::OffsetDateTime;

use super::entry::{AuditEntry, AuditEvent, NewEntry, RefusalNote, SubjectId};
use super::erased::Erased;
use super::head::{AuditHead, sum_of};
use super::writer::AuditWriter;
use crate::error::{RegistryError, not_this_schema};
use crate::keys::RegisterKeys;
use crate::storage::{self, AuditRow, Transaction};
use crate::table::Table;

/// The head of a writer's chain.
pub(crate) async fn head(
    transaction: &mut Transaction,
    writer: &AuditWriter,
) -> Result<AuditHead, RegistryError> {
    head_of(storage::audit_head(transaction, writer.as_str()).await?)
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

/// Appends an entry to this writer's chain, in the transaction of what it records.
pub(crate) async fn append(
    transaction: &mut Transaction,
    keys: &RegisterKeys,
    random: &dyn SecureRandom,
    writer: &AuditWriter,
    entry: NewEntry<'_>,
) -> Result<(), RegistryError> {
    let previous = head(transaction, writer).await?;
    let sequence = previous.sequence.cast_signed() + 1;
    let note = entry.note.map(|note| {
        let place = note_place(writer, sequence);
        keys.seal_once(random, Table::AuditNote, &place, note.as_bytes())
    });
    let mut row = AuditRow {
        writer: writer.as_str().to_owned(),
        sequence,
        at: milliseconds(entry.at),
        actor_kind: entry.actor.kind().to_owned(),
        actor: entry.actor.id().to_vec(),
        purpose: entry.purpose.as_str().to_owned(),
        event: entry.event.as_str().to_owned(),
        subject: entry.subject.map(|subject| subject.0.to_vec()),
        certificate: entry.certificate.map(String::from),
        detail: entry.detail,
        note_digest: entry
            .note
            .map(|note| note_digest(keys, writer, sequence, note).to_vec()),
        note,
        hash: Vec::new(),
    };
    let before = hash_before(keys, writer, &previous);
    row.hash = chained_hash(keys, &before, &row).to_vec();
    storage::append_audit(transaction, &row).await
}

/// What a note is bound to: its entry's place.
pub(crate) fn note_place(writer: &AuditWriter, sequence: i64) -> Vec<u8> {
    [&sequence.to_be_bytes(), writer.mark()].concat()
}

/// What the chain covers of a note: a keyed digest of its text, so that the note can be sealed
/// under another key and the chain stays as it is.
fn note_digest(keys: &RegisterKeys, writer: &AuditWriter, sequence: i64, note: &str) -> [u8; 32] {
    let place = note_place(writer, sequence);
    keys.audit_hash(&[b"the note of", &place, note.as_bytes()])
}

/// What a note of before has in front of what the chain covers of it: the note as it was sealed
/// then. With it, it is longer than a digest.
const OF_BEFORE: [u8; 8] = [0; 8];

/// The part of an entry's note that the chain covers; empty where there is none.
fn covered_note(row: &AuditRow) -> &[u8] {
    match row.note_digest.as_deref() {
        None => &[],
        Some(digest) if digest.len() == 32 => digest,
        Some(of_before) => of_before.strip_prefix(&OF_BEFORE).unwrap_or(of_before),
    }
}

/// Whether an entry has the note that the chain covers, or none where it covers none. One that was
/// erased is missed by nobody.
pub(super) fn has_its_note(
    keys: &RegisterKeys,
    writer: &AuditWriter,
    row: &AuditRow,
    erased: &Erased,
) -> bool {
    let Ok(note) = open_note(keys, row) else {
        return false;
    };
    if note.is_none() && row.note_digest.is_some() {
        return erased.covers_note(row);
    }
    if note.is_some() && row.note_digest.as_ref().is_some_and(|it| it.len() > 32) {
        // Of before: it opens, and under its key no other text does in this place.
        return true;
    }
    let digest = note.map(|note| note_digest(keys, writer, row.sequence, note.expose()));
    digest.as_ref().map(|digest| &digest[..]) == row.note_digest.as_deref()
}

/// A writer's entries after a sequence number, in order, at most `limit`.
pub(crate) async fn page(
    transaction: &mut Transaction,
    writer: &AuditWriter,
    after: u64,
    limit: u32,
) -> Result<Vec<AuditEntry>, RegistryError> {
    storage::audit_page(transaction, writer.as_str(), after.cast_signed(), limit)
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
    let note = open_note(keys, &row)?.ok_or(Table::AuditNote.damaged())?;
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

/// What staff wrote, or are to read, with this entry.
pub(crate) fn open_note(
    keys: &RegisterKeys,
    row: &AuditRow,
) -> Result<Option<Redacted<String>>, RegistryError> {
    let Some(sealed) = &row.note else {
        return Ok(None);
    };
    let writer = AuditWriter::parse(&row.writer).map_err(|_| not_this_schema())?;
    let text = keys.open(Table::AuditNote, &note_place(&writer, row.sequence), sealed)?;
    let text = std::str::from_utf8(&text).map_err(|_| Table::AuditNote.damaged())?;
    Ok(Some(Redacted::new(text.to_owned())))
}

/// The hash that the next entry covers: the last entry's, or before the first what tells this
/// writer's chain from others', so that no entry moves between them.
pub(super) fn hash_before(keys: &RegisterKeys, writer: &AuditWriter, head: &AuditHead) -> [u8; 32] {
    match writer.mark() {
        [] => head.hash,
        _ if head.sequence > 0 => head.hash,
        mark => keys.audit_hash(&[b"the chain of", mark]),
    }
}

/// The keyed hash over an entry and the hash before it; absent parts are empty, as none that is
/// there can be.
pub(super) fn chained_hash(keys: &RegisterKeys, previous: &[u8; 32], row: &AuditRow) -> [u8; 32] {
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
        covered_note(row),
    ])
}

pub(crate) fn entry_of(row: AuditRow) -> Result<AuditEntry, RegistryError> {
    let subject = match row.subject {
        Some(subject) => Some(SubjectId(
            subject[..].try_into().map_err(|_| not_this_schema())?,
        )),
        None => None,
    };
    let at = OffsetDateTime::from_unix_timestamp_nanos(i128::from(row.at) * 1_000_000)
        .map_err(|_| not_this_schema())?;
    Ok(AuditEntry {
        writer: row.writer,
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

/// SHA-256 over an entry, its keyed hash included: what an auditor can check without any key.
/// The keyed hash makes it a secret to whoever is not shown the entry.
pub(super) fn entry_digest(row: &AuditRow) -> [u8; 32] {
    sum_of(&[
        &row.sequence.to_be_bytes(),
        &row.at.to_be_bytes(),
        row.actor_kind.as_bytes(),
        &row.actor,
        row.purpose.as_bytes(),
        row.event.as_bytes(),
        row.subject.as_deref().unwrap_or_default(),
        row.certificate.as_deref().unwrap_or_default().as_bytes(),
        row.detail.as_deref().unwrap_or_default().as_bytes(),
        covered_note(row),
        &row.hash,
    ])
}

/// Milliseconds since 1970; the range of the type is not reached before the year 9999.
pub(crate) fn milliseconds(at: OffsetDateTime) -> i64 {
    at.unix_timestamp() * 1000 + i64::from(at.millisecond())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::Secrets;
    use crypto::SystemRandom;

    /// Somebody with every key seals another note in the place of the one that was written.
    #[test]
    fn another_note_is_found_though_it_opens() {
        let keys = Secrets::make(&SystemRandom).keys().unwrap();
        let writer = AuditWriter::default();
        let sealed = |note: &str| {
            let place = note_place(&writer, 7);
            keys.seal_once(&SystemRandom, Table::AuditNote, &place, note.as_bytes())
        };
        let mut row = AuditRow {
            writer: writer.as_str().to_owned(),
            sequence: 7,
            at: 0,
            actor_kind: "staff".to_owned(),
            actor: b"tester".to_vec(),
            purpose: "flags".to_owned(),
            event: "flag-set".to_owned(),
            subject: None,
            certificate: None,
            detail: None,
            note_digest: Some(note_digest(&keys, &writer, 7, "a request").to_vec()),
            note: Some(sealed("a request")),
            hash: Vec::new(),
        };
        assert!(has_its_note(&keys, &writer, &row, &Erased::default()));
        row.note = Some(sealed("another"));
        assert!(!has_its_note(&keys, &writer, &row, &Erased::default()));
        row.note = None;
        assert!(!has_its_note(&keys, &writer, &row, &Erased::default()));
    }
}
