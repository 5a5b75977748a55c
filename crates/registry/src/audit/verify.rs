//! Verifying chains: recomputed from the first entry, and compared with every head that is known.

use std::collections::{BTreeMap, BTreeSet};

use domain::CertificateId;
use time::OffsetDateTime;

use super::anchor::Anchors;
use super::chain::{chained_hash, entry_digest, has_its_note, hash_before};
use super::entry::AuditEvent;
use super::erased::Erased;
use super::head::{AuditHead, AuditKeys, DigestedHead, SignedHead};
use super::writer::{AuditArea, AuditWriter, ChainName};
use crate::error::{RegistryError, not_this_schema};
use crate::keys::RegisterKeys;
use crate::storage::{self, AuditHeadRow, AuditRow, Transaction};

/// Number of entries read at once.
const PAGE: u32 = 1000;

/// What verifying a chain showed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuditVerdict {
    /// It holds up to this head.
    Holds(AuditHead),
    /// It does not.
    Broken(AuditFault),
}

/// What comparing a chain with its anchors showed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainVerdict {
    /// The chain.
    pub chain: ChainName,
    /// Whether it holds.
    pub verdict: AuditVerdict,
    /// The last entry that a head outside the database vouches for; what comes after is the tail
    /// that somebody with the database and the master key could still rewrite.
    pub anchored: u64,
}

/// What verifying an area showed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AreaVerdict {
    /// Each of its chains.
    pub chains: Vec<ChainVerdict>,
    /// A certificate that is stored without exactly one entry of its issue, or the entry without
    /// it, by whatever installation; `None` where each has the other.
    pub unmatched: Option<CertificateId>,
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
    #[error("the chain ends at {found}, and once reached {known}: cut off, or rolled back")]
    CutShort {
        /// The last entry found.
        found: u64,
        /// The entry that is known to have been there.
        known: u64,
    },
    /// The entry at the known head is another one.
    #[error("entry {0} is not the one known to have been there")]
    OtherHead(u64),
    /// A head stored in the database is not signed by a trusted key.
    #[error("the stored head of entry {0} is not signed by the audit key, nor by a former one")]
    ForgedHead(u64),
    /// A head was signed and is not in the anchor: lines were cut off there.
    #[error("the signed head of entry {0} is not in the anchor: the anchor log was cut")]
    NotAnchored(u64),
    /// A certificate is stored without exactly one entry of its issue, or the entry without it.
    #[error("certificate {0} and the entry of its issue do not belong together")]
    Unmatched(CertificateId),
}

/// A head that a chain is known to have had; without a digest where only the head was kept.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Known {
    head: AuditHead,
    digest: Option<[u8; 32]>,
}

impl From<AuditHead> for Known {
    fn from(head: AuditHead) -> Self {
        Self { head, digest: None }
    }
}

impl From<DigestedHead> for Known {
    fn from(known: DigestedHead) -> Self {
        Self {
            head: known.head,
            digest: Some(known.digest),
        }
    }
}

impl Known {
    fn is(&self, found: &DigestedHead) -> bool {
        self.head.hash == found.head.hash && self.digest.is_none_or(|it| it == found.digest)
    }
}

/// Goes through a chain behind `start`; every known head must lie on it.
pub(crate) async fn walk(
    transaction: &mut Transaction,
    keys: &RegisterKeys,
    writer: &AuditWriter,
    start: DigestedHead,
    known: &[Known],
) -> Result<Result<DigestedHead, AuditFault>, RegistryError> {
    let mut by_sequence: BTreeMap<u64, Vec<&Known>> = BTreeMap::new();
    for one in known.iter().filter(|one| one.head.sequence > 0) {
        by_sequence.entry(one.head.sequence).or_default().push(one);
    }
    let erased = Erased::read(transaction).await?;
    let mut end = start;
    loop {
        let after = end.head.sequence.cast_signed();
        let rows = storage::audit_page(transaction, writer.as_str(), after, PAGE).await?;
        let last_page = rows.len() < PAGE as usize;
        for row in rows {
            match step(keys, writer, &end, &row, &erased) {
                Ok(next) => end = next,
                Err(fault) => return Ok(Err(fault)),
            }
            let known = by_sequence.get(&end.head.sequence);
            if known.is_some_and(|known| known.iter().any(|one| !one.is(&end))) {
                return Ok(Err(AuditFault::OtherHead(end.head.sequence)));
            }
        }
        if last_page {
            break;
        }
    }
    let found = end.head.sequence;
    Ok(match by_sequence.keys().next_back() {
        Some(&known) if known > found => Err(AuditFault::CutShort { found, known }),
        Some(_) | None => Ok(end),
    })
}

/// One entry further, if it is the one that belongs here.
fn step(
    keys: &RegisterKeys,
    writer: &AuditWriter,
    end: &DigestedHead,
    row: &AuditRow,
    erased: &Erased,
) -> Result<DigestedHead, AuditFault> {
    let found = row.sequence.unsigned_abs();
    if found != end.head.sequence + 1 {
        return Err(AuditFault::Missing {
            after: end.head.sequence,
            found,
        });
    }
    let hash = chained_hash(keys, &hash_before(keys, writer, &end.head), row);
    if !crypto::constant_time_eq(&hash, &row.hash) || !has_its_note(keys, writer, row, erased) {
        return Err(AuditFault::Changed(found));
    }
    Ok(end.with(hash, &entry_digest(row)))
}

/// Goes through one writer's chain in an area; `known`, where given, must lie on it.
pub(crate) async fn verify(
    transaction: &mut Transaction,
    keys: &RegisterKeys,
    chain: &ChainName,
    known: Option<&AuditHead>,
) -> Result<AuditVerdict, RegistryError> {
    let known: Vec<Known> = known.into_iter().map(|head| Known::from(*head)).collect();
    let start = DigestedHead::start(chain);
    let end = walk(transaction, keys, &chain.writer, start, &known).await?;
    Ok(match end {
        Ok(end) => AuditVerdict::Holds(end.head),
        Err(fault) => AuditVerdict::Broken(fault),
    })
}

/// Goes through every chain of an area and compares it with the heads that were signed and
/// anchored.
pub(crate) async fn verify_area(
    transaction: &mut Transaction,
    keys: &RegisterKeys,
    area: AuditArea,
    anchors: &Anchors,
    trusted: &AuditKeys,
) -> Result<Vec<ChainVerdict>, RegistryError> {
    let stored = stored_heads(transaction, area).await?;
    let mut chains: BTreeSet<ChainName> = writers(transaction)
        .await?
        .into_iter()
        .map(|writer| ChainName { area, writer })
        .collect();
    chains.extend(stored.iter().map(|head| head.chain.clone()));
    chains.extend(anchors.chains().filter(|one| one.area == area).cloned());
    let mut verdicts = Vec::with_capacity(chains.len());
    for chain in chains {
        let stored: Vec<&SignedHead> = stored.iter().filter(|head| head.chain == chain).collect();
        let anchored = anchors.of(&chain);
        let known: Vec<Known> = anchored
            .iter()
            .copied()
            .chain(stored.iter().map(|head| head.digested()))
            .map(Known::from)
            .collect();
        let start = DigestedHead::start(&chain);
        let walked = walk(transaction, keys, &chain.writer, start, &known).await?;
        let verdict = match walked.and_then(|end| check_stored(&stored, anchored, trusted, end)) {
            Ok(end) => AuditVerdict::Holds(end.head),
            Err(fault) => AuditVerdict::Broken(fault),
        };
        let last = anchored.iter().map(|known| known.head.sequence).max();
        verdicts.push(ChainVerdict {
            chain,
            verdict,
            anchored: last.unwrap_or(0),
        });
    }
    Ok(verdicts)
}

/// Every head that was stored is signed, and lies in the anchor too.
fn check_stored(
    stored: &[&SignedHead],
    anchored: &[DigestedHead],
    trusted: &AuditKeys,
    end: DigestedHead,
) -> Result<DigestedHead, AuditFault> {
    let anchored: BTreeSet<u64> = anchored.iter().map(|known| known.head.sequence).collect();
    for head in stored {
        let sequence = head.head.sequence;
        head.check(trusted)
            .map_err(|_| AuditFault::ForgedHead(sequence))?;
        if !anchored.contains(&sequence) {
            return Err(AuditFault::NotAnchored(sequence));
        }
    }
    Ok(end)
}

/// A certificate of a municipality that is stored without exactly one entry of its issue, or the
/// entry without it.
pub(crate) async fn unmatched(
    transaction: &mut Transaction,
) -> Result<Option<CertificateId>, RegistryError> {
    let issued = AuditEvent::CertificateIssued.as_str();
    let gone = AuditEvent::ResidentErased.as_str();
    let until = Erased::read(transaction).await?.certificates_until();
    let found = storage::unmatched_certificates(transaction, issued, gone, until).await?;
    let id = found.map(|id| CertificateId::parse(&id).map_err(|_| not_this_schema()));
    id.transpose()
}

/// Everybody who appended to an area.
pub(crate) async fn writers(
    transaction: &mut Transaction,
) -> Result<Vec<AuditWriter>, RegistryError> {
    let mut writers = Vec::new();
    let mut after = String::new();
    while let Some(name) = storage::next_audit_writer(transaction, &after).await? {
        writers.push(AuditWriter::parse(&name).map_err(|_| not_this_schema())?);
        after = name;
    }
    Ok(writers)
}

async fn stored_heads(
    transaction: &mut Transaction,
    area: AuditArea,
) -> Result<Vec<SignedHead>, RegistryError> {
    let rows = storage::audit_heads(transaction).await?;
    rows.iter().map(|row| head_of(area, row)).collect()
}

/// A stored head.
pub(super) fn head_of(area: AuditArea, row: &AuditHeadRow) -> Result<SignedHead, RegistryError> {
    let writer = AuditWriter::parse(&row.writer).map_err(|_| not_this_schema())?;
    Ok(SignedHead {
        chain: ChainName { area, writer },
        head: AuditHead {
            sequence: row.sequence.unsigned_abs(),
            hash: row.hash[..].try_into().map_err(|_| not_this_schema())?,
        },
        digest: row.digest[..].try_into().map_err(|_| not_this_schema())?,
        at: OffsetDateTime::from_unix_timestamp(row.at).map_err(|_| not_this_schema())?,
        signature: row.signature[..]
            .try_into()
            .map_err(|_| not_this_schema())?,
    })
}
