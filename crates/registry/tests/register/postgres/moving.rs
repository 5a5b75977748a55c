//! A town moves from files to a database, and back: a backup is the same for both.

use std::io::Cursor;
use std::sync::Arc;

use crypto::SystemRandom;
use registry::{
    AuditArea, AuditWriter, MasterKey, Purpose, RegisterPlace, Registry, Restoring, check_backup,
    restore_backup, write_backup,
};

use crate::databases::{PostgresDatabase, SqliteFolder};
use crate::support::{self, *};

/// Moves everything; gives the digests of every table as they left.
async fn moved(
    test: &support::TestRegistry<SqliteFolder>,
    from: &Registry,
    to: RegisterPlace,
) -> (Registry, Vec<(String, [u8; 32])>) {
    let mut handles = Vec::new();
    for area in [AuditArea::System, AuditArea::Municipality(setagaya())] {
        handles.push(from.upkeep(area, staff()).await.unwrap());
    }
    let output = Cursor::new(Vec::new());
    let (_, output) = write_backup(&handles, output, |_| ()).await.unwrap();
    let backup = output.into_inner();
    let master = || MasterKey::new(&[7; 32]);
    let contents = check_backup(Cursor::new(backup.clone()), &master()).await;
    let contents = contents.unwrap();
    let restoring = Restoring {
        place: to.clone(),
        master: master(),
        clock: test.clock.clone(),
        random: Arc::new(SystemRandom),
        writer: AuditWriter::default(),
        actor: staff(),
    };
    let input = Cursor::new(backup);
    let restored = restore_backup(&restoring, &contents, input, |_| ()).await;
    assert_eq!(restored.unwrap().len(), 2);
    let tables = contents.areas.iter().flat_map(|area| {
        let name = |table: &registry::TableContents| format!("{} {}", area.area, table.name);
        let tables = area.tables.iter().filter(|table| table.name != "audit");
        tables.map(move |table| (name(table), table.digest))
    });
    (open(to, test.clock.clone()).await, tables.collect())
}

#[tokio::test]
async fn from_files_to_a_database_and_back_nothing_is_lost() {
    let test = support::TestRegistry::<SqliteFolder>::with_residents(50).await;
    let id = issue(&test.issuing().await, 1, &order(1)).await.unwrap();
    let counter = test.handle(Purpose::CounterReissue, staff()).await;
    counter.record_reissue(id, &because("lost")).await.unwrap();
    counter.revoke(id, "error").await.unwrap();

    let database = support::TestRegistry::<PostgresDatabase>::nowhere().await;
    let (in_database, left_files) = moved(&test, &test.registry, database.place()).await;
    let issuing = in_database.municipality(setagaya(), Purpose::Issuing, kiosk(1));
    let issuing = issuing.await.unwrap();
    assert!(issuing.certificate(id).await.unwrap().is_some());
    assert!(issuing.dossier(&number_of(50)).await.unwrap().is_some());

    let folder = support::TestRegistry::<SqliteFolder>::nowhere().await;
    let (in_files, left_database) = moved(&test, &in_database, folder.place()).await;
    assert_eq!(left_files, left_database);
    let issuing = in_files.municipality(setagaya(), Purpose::Issuing, kiosk(1));
    let issuing = issuing.await.unwrap();
    assert!(issuing.certificate(id).await.unwrap().is_some());
    // What is numbered goes on where it was.
    let second = issue(&issuing, 2, &order(2)).await.unwrap();
    let counter = in_files.municipality(setagaya(), Purpose::CounterReissue, staff());
    let revoked = counter.await.unwrap().revoke(second, "error").await;
    assert!(matches!(revoked, Ok(registry::RevocationRecorded::Revoked)));
}
