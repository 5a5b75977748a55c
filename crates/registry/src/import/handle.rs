//! Bringing in a batch, on the handle of one municipality.

use std::sync::Arc;

use super::batch::{BatchId, MOST_FILES};
use super::checking::{Check, Checked};
use super::gathering::{Gathered, Sealing};
use super::landing::Landing;
use super::progress::{ImportProgress, ImportStep};
use super::report::ImportReport;
use super::spill::Spill;
use super::{ImportBatch, SecondPerson};
use crate::access::{Act, Actor};
use crate::approval::{ApprovalScope, ApprovalSubject};
use crate::audit::AuditEvent;
use crate::error::{FileFault, RegistryError, StorageFault};
use crate::keys::KeyVersion;
use crate::municipality_register::MunicipalityRegister;
use crate::storage::{self, ImportBatchRow, ImportFileRow, Transaction};

/// How often a batch is checked again because another one landed meanwhile.
const TRIES: usize = 3;

/// A batch that was read and checked: nothing of it has landed.
pub struct CheckedBatch {
    gathered: Arc<Gathered>,
    checked: Checked,
    /// The key that sealed its rows.
    key: KeyVersion,
    /// The newest batch when it was checked.
    beside: Option<i64>,
}

impl CheckedBatch {
    /// What would become of it.
    #[must_use]
    pub const fn report(&self) -> &ImportReport {
        &self.checked.report
    }

    /// What a second person approves: exactly these files.
    #[must_use]
    pub fn scope(&self) -> ApprovalScope {
        let mut words = String::from("bring in");
        let mut digests = Vec::new();
        for file in &self.gathered.report.files {
            let digest = hex(&file.digest[..8]);
            let (name, bytes) = (file.file.as_str(), file.bytes);
            words += &format!("; {name}, {bytes} bytes, SHA-256 {digest}…");
            digests.push(file.file as u8);
            digests.extend_from_slice(&file.digest);
        }
        ApprovalScope::with_content(ApprovalSubject::Import, words, &digests)
    }
}

impl MunicipalityRegister {
    /// Reads and checks a batch; the register is read alone.
    ///
    /// # Errors
    /// [`RegistryError::NotForThisPurpose`], [`RegistryError::UnreadableFile`],
    /// [`RegistryError::SpillUnavailable`], [`RegistryError::LookupUnavailable`],
    /// [`RegistryError::DamagedRow`].
    pub async fn check_import(
        &self,
        batch: ImportBatch,
        progress: &Arc<dyn ImportProgress>,
    ) -> Result<CheckedBatch, RegistryError> {
        self.permit(Act::Import)?;
        let files = batch.sources.len();
        if !(1..=MOST_FILES).contains(&files) {
            let file = u16::try_from(files).unwrap_or(u16::MAX);
            let fault = FileFault::Count(MOST_FILES);
            return Err(RegistryError::UnreadableFile { file, fault });
        }
        progress.begin(ImportStep::Reading, 0);
        // Which keys there are is known from here on.
        drop(self.read().await?);
        let key = self.municipality.keys.data().current();
        let (municipality, shared) = (Arc::clone(&self.municipality), Arc::clone(&self.shared));
        let today = domain::japan_date(shared.clock.now());
        let gathered = tokio::task::spawn_blocking(move || {
            let spill = Spill::in_folder(&batch.spill, Arc::clone(&shared.random))?;
            let sealing = Sealing {
                keys: &municipality.keys,
                random: &*shared.random,
                municipality: municipality.code,
                today,
            };
            Gathered::of(batch.sources, spill, &sealing)
        });
        // Where it panicked, nothing lands.
        let gathered = gathered
            .await
            .map_err(|_| RegistryError::SpillUnavailable(StorageFault::InputOutput))??;
        let gathered = Arc::new(gathered);
        let (checked, beside) = self.compare(&gathered, &**progress).await?;
        Ok(CheckedBatch {
            gathered,
            checked,
            key,
            beside,
        })
    }

    /// Lands a checked batch: all of it, or nothing. Its medium is to be erased afterwards, and
    /// the batch stays open until that is recorded.
    ///
    /// # Errors
    /// [`RegistryError::NotForThisPurpose`] (also where somebody else than staff uses an
    /// approval), [`RegistryError::Approval`], [`RegistryError::RegisterChanged`],
    /// [`RegistryError::SpillUnavailable`], [`RegistryError::LookupUnavailable`]; then nothing of
    /// the batch has landed.
    pub async fn land_import(
        &self,
        mut batch: CheckedBatch,
        second: SecondPerson,
        progress: &Arc<dyn ImportProgress>,
    ) -> Result<(BatchId, ImportReport), RegistryError> {
        self.permit(Act::Import)?;
        if matches!(second, SecondPerson::Approved(_)) {
            self.permit_staff_only()?;
        }
        let scope = batch.scope();
        self.approved(second, &scope).await?;
        let area = &self.municipality.area;
        for _ in 0..TRIES {
            let landing = Landing::of(&batch.gathered, &batch.checked).await?;
            let mut transaction = area.begin_beside().await?;
            storage::expect_many_rows(&mut transaction, true).await?;
            landing.store(&mut transaction, &**progress).await?;
            // Whatever follows, nobody else writes meanwhile.
            area.take_turn(&mut transaction).await?;
            if self.municipality.keys.data().current() != batch.key {
                break;
            }
            if storage::newest_import_batch(&mut transaction).await? != batch.beside {
                drop(transaction);
                let again = self.compare(&batch.gathered, &**progress).await?;
                (batch.checked, batch.beside) = again;
                continue;
            }
            if let SecondPerson::Approved(approval) = second {
                self.use_approval(&mut transaction, approval, &scope)
                    .await?;
            }
            let id = self.record_batch(&mut transaction, &batch, second).await?;
            storage::expect_many_rows(&mut transaction, false).await?;
            transaction.commit().await?;
            // What was overwritten is not to stay in the log; where somebody still reads it, the
            // next one clears it.
            let _ = area.forget_overwritten().await;
            return Ok((id, batch.checked.report));
        }
        Err(RegistryError::RegisterChanged)
    }

    /// Looks whether an approval would be good, without using it: before much is written.
    async fn approved(
        &self,
        second: SecondPerson,
        scope: &ApprovalScope,
    ) -> Result<(), RegistryError> {
        let SecondPerson::Approved(approval) = second else {
            return Ok(());
        };
        let mut transaction = self.begin().await?;
        // Dropped with the transaction, it stays good.
        self.use_approval(&mut transaction, approval, scope)
            .await
            .map(drop)
    }

    /// Compares a batch with the register; gives the newest batch that was there.
    async fn compare(
        &self,
        gathered: &Arc<Gathered>,
        progress: &dyn ImportProgress,
    ) -> Result<(Checked, Option<i64>), RegistryError> {
        let mut transaction = self.read().await?;
        let beside = storage::newest_import_batch(&mut transaction).await?;
        let check = Check {
            keys: &self.municipality.keys,
            transaction: &mut transaction,
            gathered,
            progress,
            report: gathered.report.clone(),
        };
        Ok((check.run().await?, beside))
    }

    async fn record_batch(
        &self,
        transaction: &mut Transaction,
        batch: &CheckedBatch,
        second: SecondPerson,
    ) -> Result<BatchId, RegistryError> {
        let mut random = [0; 8];
        self.shared.random.fill(&mut random);
        let id = BatchId::from_random(random);
        let approval = match second {
            SecondPerson::Approved(approval) => Some(approval.to_string()),
            SecondPerson::NotAsked => None,
        };
        let row = ImportBatchRow {
            id: id.to_string(),
            sequence: batch.beside.unwrap_or(0) + 1,
            approval: approval.clone(),
            landed_at: self.shared.clock.now().unix_timestamp(),
            landed_by: self.name(),
            erased_at: None,
            erased_by: None,
            erasure: None,
        };
        storage::insert_import_batch(transaction, &row).await?;
        let agreed = approval.map_or_else(
            || "no second person was asked".to_owned(),
            |approval| format!("approval {approval}"),
        );
        for (position, file) in (1..).zip(&batch.checked.report.files) {
            let row = ImportFileRow {
                kind: file.file.as_str().to_owned(),
                digest: file.digest.to_vec(),
                bytes: stored(file.bytes),
                added: stored(file.added),
                changed: stored(file.changed),
                unchanged: stored(file.unchanged),
                rejected: stored(file.rejected),
            };
            storage::insert_import_file(transaction, &id.to_string(), position, &row).await?;
            let mut entry = self.entry(AuditEvent::Imported);
            entry.detail = Some(format!("{}; batch {id}, {agreed}", file.summary()));
            self.append(transaction, entry).await?;
        }
        Ok(id)
    }

    /// This handle's actor by name.
    pub(super) fn name(&self) -> String {
        match &self.actor {
            Actor::Staff(staff) => staff.as_str().to_owned(),
            Actor::Channel { .. } | Actor::Municipality(_) | Actor::Venue(_) | Actor::Server => {
                self.actor.kind().to_owned()
            }
        }
    }
}

/// A count as the database has it; nobody counts to 2^63.
fn stored(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl std::fmt::Debug for CheckedBatch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "CheckedBatch({} files)",
            self.gathered.report.files.len()
        )
    }
}
