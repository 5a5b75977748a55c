//! A restored file, compared with the file it is of by the database itself.

use std::io::Cursor;
use std::sync::Arc;

use crypto::SystemRandom;
use registry::{
    AuditArea, AuditWriter, MasterKey, Restoring, check_backup, restore_backup, write_backup,
};
use sqlx::{AssertSqlSafe, ConnectOptions as _};

use super::support::*;

#[tokio::test]
async fn every_row_of_every_table_is_there_and_no_other() {
    let test = TestRegistry::with_residents(40).await;
    issue(&test.issuing().await, 1, &order(1)).await.unwrap();
    let area = AuditArea::Municipality(setagaya());
    let upkeep = test.registry.upkeep(area, staff()).await.unwrap();
    let output = Cursor::new(Vec::new());
    let (_, output) = write_backup(&[upkeep], output, |_| ()).await.unwrap();
    let backup = output.into_inner();
    let master = || MasterKey::new(&[7; 32]);
    let contents = check_backup(Cursor::new(backup.clone()), &master()).await;
    let target = TestRegistry::nowhere().await;
    let restoring = Restoring {
        place: target.place(),
        master: master(),
        clock: test.clock.clone(),
        random: Arc::new(SystemRandom),
        writer: AuditWriter::default(),
        actor: staff(),
    };
    let input = Cursor::new(backup);
    let restored = restore_backup(&restoring, &contents.unwrap(), input, |_| ()).await;
    assert_eq!(restored.unwrap().len(), 1);

    let options = sqlx::sqlite::SqliteConnectOptions::new();
    let options = options.filename(target.file(Some(setagaya())));
    let mut connection = options.connect().await.unwrap();
    let attach = format!(
        "ATTACH '{}' AS before",
        test.database.file(Some(setagaya())).display()
    );
    sqlx::raw_sql(AssertSqlSafe(attach))
        .execute(&mut connection)
        .await
        .unwrap();
    let tables: Vec<String> = sqlx::query_scalar(
        "SELECT name FROM before.sqlite_master WHERE type = 'table' \
         AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name <> '_sqlx_migrations'",
    )
    .fetch_all(&mut connection)
    .await
    .unwrap();
    assert!(tables.len() > 10);
    for table in tables {
        let both = format!(
            "SELECT (SELECT COUNT(*) FROM (SELECT * FROM before.{table} EXCEPT \
             SELECT * FROM main.{table})), (SELECT COUNT(*) FROM (SELECT * FROM main.{table} \
             EXCEPT SELECT * FROM before.{table}))"
        );
        let (missing, more): (i64, i64) = sqlx::query_as(AssertSqlSafe(both))
            .fetch_one(&mut connection)
            .await
            .unwrap();
        // The record says that it was restored.
        let expected = if table == "audit" { (0, 1) } else { (0, 0) };
        assert_eq!((missing, more), expected, "{table}");
    }
}
