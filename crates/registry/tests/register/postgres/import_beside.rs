//! A batch lands beside others until its end (ADR 0017): also beside a rotation that begins and
//! ends while it is being stored.

use std::sync::{Arc, Mutex};

use registry::{
    AuditArea, CsvEncoding, ImportBatch, ImportFile, ImportProgress, ImportSource, ImportStep,
    Purpose, RegistryError, SecondPerson,
};
use tokio::runtime::Handle;

use super::support::*;

/// Rotates the keys in another process's place while the first rows are stored and not committed.
struct RotatingMeanwhile {
    runtime: Handle,
    upkeep: Mutex<Option<registry::Upkeep>>,
    storing: Mutex<bool>,
}

impl ImportProgress for RotatingMeanwhile {
    fn begin(&self, step: ImportStep, _: u64) {
        *self.storing.lock().unwrap() = step == ImportStep::Landing;
    }

    fn advance(&self, _: u64) {
        if !*self.storing.lock().unwrap() {
            return;
        }
        if let Some(upkeep) = self.upkeep.lock().unwrap().take() {
            let rotating = async { upkeep.rotate_keys(|_| ()).await.unwrap() };
            let done = tokio::task::block_in_place(|| self.runtime.block_on(rotating));
            assert_eq!(done.destroyed.len(), 1);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rotation_while_a_batch_is_stored_lets_nothing_land() {
    let test = TestRegistry::empty().await;
    let other = test.open_again().await;
    let area = AuditArea::Municipality(setagaya());
    let rotating = Arc::new(RotatingMeanwhile {
        runtime: Handle::current(),
        upkeep: Mutex::new(Some(other.upkeep(area, staff()).await.unwrap())),
        storing: Mutex::new(false),
    });
    let progress: Arc<dyn ImportProgress> = Arc::<RotatingMeanwhile>::clone(&rotating);
    let handle = test.handle(Purpose::Import, staff()).await;
    let [(file, text), ..] = files(3);
    assert_eq!(file, ImportFile::Residents);
    let medium = std::io::Cursor::new(text.into_bytes());
    let batch = ImportBatch {
        sources: vec![ImportSource::plain(file, CsvEncoding::Detect, medium)],
        spill: std::env::temp_dir(),
    };
    let batch = handle.check_import(batch, &progress).await.unwrap();
    let landed = handle.land_import(batch, SecondPerson::NotAsked, &progress);
    assert_eq!(landed.await.err(), Some(RegistryError::RegisterChanged));
    assert!(rotating.upkeep.lock().unwrap().is_none(), "it rotated");
    let dossier = test.issuing().await.dossier(&number_of(1)).await;
    assert_eq!(dossier.unwrap(), None);
}
