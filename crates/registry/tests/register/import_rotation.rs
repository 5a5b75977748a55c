//! A key rotation between a batch's checking and its landing: rows under a key that is gone do not
//! land (C12).

use std::sync::Arc;

use registry::{
    AuditArea, CheckedBatch, CsvEncoding, ImportBatch, ImportFile, ImportProgress, ImportSource,
    MunicipalityRegister, Purpose, Registry, RegistryError, SecondPerson, Unwatched,
};

use super::support::*;

fn progress() -> Arc<dyn ImportProgress> {
    Arc::new(Unwatched)
}

async fn checked(handle: &MunicipalityRegister) -> CheckedBatch {
    let [(file, text), ..] = files(3);
    assert_eq!(file, ImportFile::Residents);
    let medium = std::io::Cursor::new(text.into_bytes());
    let batch = ImportBatch {
        sources: vec![ImportSource::plain(file, CsvEncoding::Detect, medium)],
        spill: std::env::temp_dir(),
    };
    handle.check_import(batch, &progress()).await.unwrap()
}

/// Every text sealed anew, the key of before destroyed.
async fn rotate(registry: &Registry) {
    let area = AuditArea::Municipality(setagaya());
    let upkeep = registry.upkeep(area, staff()).await.unwrap();
    let done = upkeep.rotate_keys(|_| ()).await.unwrap();
    assert_eq!(done.destroyed.len(), 1);
}

async fn lands_nothing(test: &TestRegistry, handle: &MunicipalityRegister, batch: CheckedBatch) {
    let progress = progress();
    let landed = handle.land_import(batch, SecondPerson::NotAsked, &progress);
    assert_eq!(landed.await.err(), Some(RegistryError::RegisterChanged));
    // `None`, and not a row that nobody can open any more.
    let dossier = test.issuing().await.dossier(&number_of(1)).await;
    assert_eq!(dossier.unwrap(), None);
    assert!(handle.import_batches(false).await.unwrap().is_empty());
    // Given again it lands, under the new key.
    let batch = checked(handle).await;
    let landed = handle.land_import(batch, SecondPerson::NotAsked, &progress);
    assert_eq!(landed.await.unwrap().1.added(), 3);
    let dossier = test.issuing().await.dossier(&number_of(1)).await;
    assert!(dossier.unwrap().is_some());
}

#[tokio::test]
async fn rows_sealed_before_a_rotation_do_not_land_after_it() {
    let test = TestRegistry::empty().await;
    let handle = test.handle(Purpose::Import, staff()).await;
    let batch = checked(&handle).await;
    rotate(&test.registry).await;
    lands_nothing(&test, &handle, batch).await;
}

#[tokio::test]
async fn nor_after_the_rotation_of_another_process() {
    let test = TestRegistry::empty().await;
    let handle = test.handle(Purpose::Import, staff()).await;
    let batch = checked(&handle).await;
    // Two registries on one place are, to the register, two processes.
    let other = test.open_again().await;
    rotate(&other).await;
    other.close().await;
    lands_nothing(&test, &handle, batch).await;
}
