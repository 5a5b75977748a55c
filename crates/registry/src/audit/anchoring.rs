//! Signing the heads that moved, and anchoring them: first outside, then in the database, so that
//! a head in the database and not in the anchor says that somebody cut the anchor.

use std::path::PathBuf;
use std::sync::Arc;

use domain::Clock;

use super::anchor::{self, AnchorError};
use super::head::{AuditKeys, AuditSigner, DigestedHead, SignedHead};
use super::verify::{AuditFault, head_of, walk, writers};
use super::writer::{AuditArea, AuditWriter, ChainName};
use crate::area::Area;
use crate::error::RegistryError;
use crate::keys::RegisterKeys;
use crate::storage::{self, AuditHeadRow, Transaction};

/// With what heads are signed, whom one believes, and where they are anchored.
#[derive(Debug)]
pub struct Anchoring {
    /// Signs.
    pub signer: AuditSigner,
    /// Is believed: the signer's public half, and former ones.
    pub keys: AuditKeys,
    /// Folder on another medium.
    pub folder: PathBuf,
}

/// Why heads were not anchored.
#[derive(Debug, thiserror::Error)]
pub enum AnchoringError {
    /// The anchor.
    #[error(transparent)]
    Anchor(#[from] AnchorError),
    /// The register.
    #[error(transparent)]
    Register(#[from] RegistryError),
    /// The thread that wrote ended before its time.
    #[error("writing the anchor was stopped")]
    Stopped,
}

/// What was anchored.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Anchored {
    /// How many heads: chains that did not move have none.
    pub heads: usize,
    /// Chains that do not hold from their last signed head on: not signed.
    pub broken: Vec<(ChainName, AuditFault)>,
}

/// Signs the heads of an area that moved since they were last signed. Nothing is signed that does
/// not hold.
pub(crate) async fn sign_moved(
    transaction: &mut Transaction,
    keys: &RegisterKeys,
    area: AuditArea,
    anchoring: &Anchoring,
    clock: &dyn Clock,
    anchored: &mut Anchored,
) -> Result<Vec<SignedHead>, AnchoringError> {
    let mut signed = Vec::new();
    for writer in writers(transaction).await? {
        let chain = ChainName { area, writer };
        let start = match last_signed(transaction, &chain, &anchoring.keys).await? {
            Ok(start) => start,
            Err(fault) => {
                anchored.broken.push((chain, fault));
                continue;
            }
        };
        match walk(transaction, keys, &chain.writer, start, &[]).await? {
            Ok(end) if end.head.sequence == start.head.sequence => {}
            Ok(end) => {
                let head = anchoring.signer.sign(&chain, end, clock.now());
                signed.push(head.map_err(|_| AnchorError::Signing)?);
            }
            Err(fault) => anchored.broken.push((chain, fault)),
        }
    }
    Ok(signed)
}

/// The last head of a chain that was signed, or its start.
async fn last_signed(
    transaction: &mut Transaction,
    chain: &ChainName,
    keys: &AuditKeys,
) -> Result<Result<DigestedHead, AuditFault>, RegistryError> {
    let writer = chain.writer.as_str();
    let Some(row) = storage::last_audit_head(transaction, writer, i64::MAX).await? else {
        return Ok(Ok(DigestedHead::start(chain)));
    };
    let head = head_of(chain.area, &row)?;
    let (sequence, found) = (
        head.head.sequence,
        storage::audit_head(transaction, writer).await?,
    );
    let found = found.map_or(0, |(sequence, _)| sequence.unsigned_abs());
    Ok(if head.check(keys).is_err() {
        Err(AuditFault::ForgedHead(sequence))
    } else if found < sequence {
        Err(AuditFault::CutShort {
            found,
            known: sequence,
        })
    } else {
        Ok(head.digested())
    })
}

/// Writes heads into the anchor, off the threads that serve.
pub(crate) async fn anchor(
    anchoring: &Arc<Anchoring>,
    writer: &AuditWriter,
    heads: Vec<SignedHead>,
) -> Result<Vec<SignedHead>, AnchoringError> {
    let (anchoring, writer) = (Arc::clone(anchoring), writer.clone());
    let writing = tokio::task::spawn_blocking(move || {
        anchor::append(&anchoring.folder, &writer, &anchoring.signer, &heads).map(|()| heads)
    });
    Ok(writing.await.map_err(|_| AnchoringError::Stopped)??)
}

/// Stores the heads of an area that were anchored.
pub(crate) async fn store_heads(
    area: &Area,
    heads: impl Iterator<Item = &SignedHead>,
) -> Result<(), RegistryError> {
    let mut transaction = area.begin().await?;
    for signed in heads {
        let row = AuditHeadRow {
            writer: signed.chain.writer.as_str().to_owned(),
            sequence: signed.head.sequence.cast_signed(),
            hash: signed.head.hash.to_vec(),
            digest: signed.digest.to_vec(),
            at: signed.at.unix_timestamp(),
            signature: signed.signature.to_vec(),
        };
        storage::insert_audit_head(&mut transaction, &row).await?;
    }
    transaction.commit().await
}
