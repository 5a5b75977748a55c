//! What a folder of files can show.

use registry::{AuditFault, AuditVerdict, Purpose, RegistryError};

use super::support::*;
use crate::databases::SqliteFolder;

#[tokio::test]
async fn a_municipality_s_file_under_another_s_name_does_not_open() {
    let test = TestRegistry::with_residents(1).await;
    test.registry.close().await;
    let file = |code| test.database.file(Some(code));
    std::fs::rename(file(setagaya()), file(urayasu())).unwrap();
    let registry = test.open_again().await;
    let refused = registry
        .municipality(urayasu(), Purpose::Issuing, kiosk(1))
        .await;
    assert_eq!(refused.err(), Some(RegistryError::WrongMasterKey));
}

#[tokio::test]
async fn an_entry_out_of_another_history_is_found() {
    // Two histories of one register, as after a backup was restored: each entry of the other is
    // genuine by itself.
    let test = TestRegistry::with_residents(2).await;
    let other = SqliteFolder::make(&std::env::temp_dir()).await;
    test.registry.close().await;
    std::fs::create_dir(other.0.path().join("municipalities")).unwrap();
    for area in [Some(setagaya()), None] {
        std::fs::copy(test.database.file(area), other.file(area)).unwrap();
    }
    for (folder, numbers) in [(&test.database, [1, 2]), (&other, [2, 1])] {
        let registry = open(folder.place(), test.clock.clone()).await;
        let handle = registry.municipality(setagaya(), registry::Purpose::Issuing, kiosk(1));
        let handle = handle.await.unwrap();
        for n in numbers {
            handle.dossier(&number_of(n)).await.unwrap().unwrap();
        }
        registry.close().await;
    }
    test.tamper_with_audit(format!(
        "ATTACH '{}' AS other; DELETE FROM main.audit WHERE sequence = 6; \
         INSERT INTO main.audit SELECT * FROM other.audit WHERE sequence = 6;",
        other.file(Some(setagaya())).display()
    ))
    .await;
    let registry = test.open_again().await;
    let actor = registry::Actor::Server;
    let handle = registry
        .municipality(setagaya(), registry::Purpose::Audit, actor)
        .await;
    assert_eq!(
        handle.unwrap().verify_audit(None).await.unwrap(),
        AuditVerdict::Broken(AuditFault::Changed(7))
    );
}

#[tokio::test]
async fn write_ahead_logs_are_among_what_is_searched_for_canaries() {
    let test = TestRegistry::with_residents(1).await;
    let open = test.database.everything().await;
    for name in [
        "131121.db",
        "131121.db-wal",
        "131121.db-shm",
        "system.db-wal",
    ] {
        assert!(open.iter().any(|(file, _)| file == name), "{name} is read");
    }
}

#[tokio::test]
async fn the_file_holds_no_trace_of_a_destroyed_key() {
    let test = TestRegistry::with_residents(1).await;
    let wrapped = wrapped_data_key(&test).await;
    let area = registry::AuditArea::Municipality(setagaya());
    let upkeep = test.registry.upkeep(area, staff()).await.unwrap();
    upkeep.rotate_keys(|_| ()).await.unwrap();
    let there = |files: Vec<(String, Vec<u8>)>| {
        let found = |content: &[u8]| memchr::memmem::find(content, &wrapped).is_some();
        files.iter().any(|(_, content)| found(content))
    };
    assert!(!there(test.database.everything().await));
    test.registry.close().await;
    assert!(!there(test.database.everything().await));
}

/// The first data key as it lies in the file.
async fn wrapped_data_key(test: &TestRegistry) -> Vec<u8> {
    use sqlx::ConnectOptions as _;
    let options =
        sqlx::sqlite::SqliteConnectOptions::new().filename(test.database.file(Some(setagaya())));
    let mut connection = options.connect().await.unwrap();
    sqlx::query_scalar("SELECT wrapped FROM wrapped_key WHERE purpose = 'data'")
        .fetch_one(&mut connection)
        .await
        .unwrap()
}
