//! What a folder of files can show.

use registry::{AuditFault, AuditVerdict, Purpose, RegistryError};

use sqlx::ConnectOptions as _;
use time::macros::datetime;

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
    let options =
        sqlx::sqlite::SqliteConnectOptions::new().filename(test.database.file(Some(setagaya())));
    let mut connection = options.connect().await.unwrap();
    sqlx::query_scalar("SELECT wrapped FROM wrapped_key WHERE purpose = 'data'")
        .fetch_one(&mut connection)
        .await
        .unwrap()
}

const PLACE: &str = "AKASHI_TEST_OPENING_PLACE";

/// Opens a register of whatever version, when started as the child; by itself a new one.
#[tokio::test]
async fn opening_of_whatever_version() {
    let clock = || std::sync::Arc::new(domain::FixedClock::at(datetime!(2025-04-01 03:00 UTC)));
    match std::env::var(PLACE) {
        Ok(place) => {
            let registry = open(TestRegistry::place_of(&place), clock()).await;
            registry.add_municipality(setagaya()).await.unwrap();
            registry.close().await;
        }
        Err(_) => drop(TestRegistry::empty().await),
    }
}

/// A folder with files of the first version, without rows.
async fn first_version() -> SqliteFolder {
    let folder = SqliteFolder::make(&std::env::temp_dir()).await;
    std::fs::create_dir(folder.0.path().join("municipalities")).unwrap();
    for (area, schema) in [(None, "system"), (Some(setagaya()), "municipality")] {
        let source = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/sqlite");
        let source = std::path::Path::new(source).join(schema);
        let migrator = sqlx::migrate::Migrator::new(source).await.unwrap();
        let options = sqlx::sqlite::SqliteConnectOptions::new()
            .filename(folder.file(area))
            .create_if_missing(true);
        let mut connection = options.connect().await.unwrap();
        migrator.run_to(1, &mut connection).await.unwrap();
    }
    folder
}

#[tokio::test]
async fn a_migration_that_was_killed_is_finished_at_the_next_start() {
    let folder = first_version().await;
    let mut killed = 0;
    for pause in (0..).map(|n| std::time::Duration::from_millis(n * 7)) {
        let mut child = std::process::Command::new(std::env::current_exe().unwrap())
            .args([
                "--exact",
                &this_test(module_path!(), "opening_of_whatever_version"),
            ])
            .env(PLACE, folder.text())
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(pause);
        if child
            .try_wait()
            .unwrap()
            .is_some_and(|status| status.success())
        {
            break;
        }
        child.kill().unwrap();
        child.wait().unwrap();
        killed += 1;
    }
    assert!(killed > 1);
    let clock = std::sync::Arc::new(domain::FixedClock::at(datetime!(2025-04-01 03:00 UTC)));
    let registry = open(folder.place(), clock).await;
    registry.add_municipality(setagaya()).await.unwrap();
    let handle = registry.municipality(setagaya(), Purpose::Audit, staff());
    let verdict = handle.await.unwrap().verify_audit(None).await.unwrap();
    assert!(matches!(verdict, AuditVerdict::Holds(head) if head.sequence == 1));
}
