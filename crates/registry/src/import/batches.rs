//! Batches that landed, and the erasure of their media, on the handle of one municipality.

use super::ImportFile;
use super::batch::{BatchFile, BatchId, ErasureRecorded, LandedBatch, MediumErased};
use crate::access::Act;
use crate::approval::ApprovalId;
use crate::audit::AuditEvent;
use crate::dossier_reading::moment_of;
use crate::error::{RegistryError, not_this_schema};
use crate::municipality_register::MunicipalityRegister;
use crate::storage::{self, ImportBatchRow, ImportFileRow, Transaction};
use crate::table::Table;

/// Longest words on how a medium was erased, in bytes.
const LONGEST_HOW: usize = 500;

impl MunicipalityRegister {
    /// The batches that landed, newest first, at most 1000: those whose medium is not recorded as
    /// erased, or all.
    ///
    /// # Errors
    /// [`RegistryError::NotForThisPurpose`], [`RegistryError::LookupUnavailable`],
    /// [`RegistryError::DamagedRow`].
    pub async fn import_batches(&self, open_only: bool) -> Result<Vec<LandedBatch>, RegistryError> {
        self.permit(Act::Import)?;
        let mut transaction = self.read().await?;
        let rows = storage::import_batches(&mut transaction, open_only).await?;
        let mut batches = Vec::with_capacity(rows.len());
        for row in rows {
            batches.push(self.landed_batch(&mut transaction, row).await?);
        }
        Ok(batches)
    }

    /// The batch that an approval brought in, where it did.
    ///
    /// # Errors
    /// As [`MunicipalityRegister::import_batches`].
    pub async fn batch_of_approval(
        &self,
        approval: ApprovalId,
    ) -> Result<Option<LandedBatch>, RegistryError> {
        self.permit(Act::Import)?;
        let mut transaction = self.read().await?;
        let approval = approval.to_string();
        match storage::import_batch_of_approval(&mut transaction, &approval).await? {
            Some(row) => Ok(Some(self.landed_batch(&mut transaction, row).await?)),
            None => Ok(None),
        }
    }

    /// Records that a batch's medium was erased, and closes the batch. `how` is what staff wrote,
    /// 1 to 500 bytes, stored sealed.
    ///
    /// # Errors
    /// [`RegistryError::NotForThisPurpose`] (also where the actor is not staff),
    /// [`RegistryError::LookupUnavailable`].
    pub async fn record_erasure(
        &self,
        batch: BatchId,
        how: &str,
    ) -> Result<ErasureRecorded, RegistryError> {
        self.permit(Act::Import)?;
        self.permit_staff_only()?;
        let how = how.trim();
        if !(1..=LONGEST_HOW).contains(&how.len()) {
            return Ok(ErasureRecorded::HowMissing);
        }
        let id = batch.to_string();
        let mut transaction = self.begin().await?;
        let Some(row) = storage::import_batch(&mut transaction, &id).await? else {
            return Ok(ErasureRecorded::UnknownBatch);
        };
        if row.erased_at.is_some() {
            return Ok(ErasureRecorded::AlreadyRecorded);
        }
        let (keys, random) = (&self.municipality.keys, &*self.shared.random);
        let sealed = keys.seal_once(random, Table::ImportBatch, id.as_bytes(), how.as_bytes());
        let now = self.shared.clock.now().unix_timestamp();
        storage::close_import_batch(&mut transaction, &id, now, &self.name(), &sealed).await?;
        let mut entry = self.entry(AuditEvent::MediumErased);
        entry.detail = Some(format!("batch {batch}"));
        entry.note = Some(how);
        self.append(&mut transaction, entry).await?;
        transaction.commit().await?;
        Ok(ErasureRecorded::Recorded)
    }

    async fn landed_batch(
        &self,
        transaction: &mut Transaction,
        row: ImportBatchRow,
    ) -> Result<LandedBatch, RegistryError> {
        let files = storage::import_files(transaction, &row.id).await?;
        let erased = match (row.erased_at, row.erased_by, row.erasure) {
            (Some(at), Some(by), Some(sealed)) => {
                let id = row.id.as_bytes();
                let keys = &self.municipality.keys;
                let text = keys.open(Table::ImportBatch, id, &sealed)?;
                let how =
                    String::from_utf8(text.to_vec()).map_err(|_| Table::ImportBatch.damaged())?;
                Some(MediumErased {
                    at: moment_of(at)?,
                    by,
                    how: how.into(),
                })
            }
            _ => None,
        };
        Ok(LandedBatch {
            id: row.id.parse().map_err(|_| not_this_schema())?,
            landed_at: moment_of(row.landed_at)?,
            landed_by: row.landed_by,
            approval: row.approval,
            files: files
                .into_iter()
                .map(batch_file)
                .collect::<Result<_, _>>()?,
            erased,
        })
    }
}

fn batch_file(row: ImportFileRow) -> Result<BatchFile, RegistryError> {
    Ok(BatchFile {
        file: ImportFile::of_name(&row.kind).ok_or(not_this_schema())?,
        digest: row.digest[..].try_into().map_err(|_| not_this_schema())?,
        bytes: row.bytes.unsigned_abs(),
        added: row.added.unsigned_abs(),
        changed: row.changed.unsigned_abs(),
        unchanged: row.unchanged.unsigned_abs(),
        rejected: row.rejected.unsigned_abs(),
    })
}
