//! Backups (C32): written while others work, restored into an empty register, the same in
//! everything; whatever is not a whole backup of ours is refused before anything is written.

use std::io::Cursor;
use std::sync::{Arc, mpsc};

use crypto::SystemRandom;
use registry::{
    Actor, AuditArea, AuditVerdict, AuditWriter, BackupContents, BackupError, CsvEncoding,
    ImportSource, MasterKey, Purpose, RegisterPlace, Registry, RestoredArea, Restoring,
    check_backup, restore_backup, write_backup,
};

use super::support::*;

const BOTH: [fn() -> AuditArea; 2] = [|| AuditArea::System, || AuditArea::Municipality(setagaya())];

async fn backup_of(registry: &Registry, areas: &[AuditArea]) -> Vec<u8> {
    let mut handles = Vec::new();
    for area in areas {
        handles.push(registry.upkeep(*area, staff()).await.unwrap());
    }
    let output = Cursor::new(Vec::new());
    let (_, output) = write_backup(&handles, output, |_| ()).await.unwrap();
    output.into_inner()
}

fn everything() -> Vec<AuditArea> {
    BOTH.iter().map(|area| area()).collect()
}

fn master() -> MasterKey {
    MasterKey::new(&[7; 32])
}

async fn contents(backup: &[u8]) -> Result<BackupContents, BackupError> {
    check_backup(Cursor::new(backup.to_vec()), &master()).await
}

fn into(place: RegisterPlace, test: &TestRegistry) -> Restoring {
    Restoring {
        place,
        master: master(),
        clock: test.clock.clone(),
        random: Arc::new(SystemRandom),
        writer: AuditWriter::default(),
        actor: staff(),
    }
}

async fn restore(restoring: &Restoring, backup: &[u8]) -> Result<Vec<RestoredArea>, BackupError> {
    let contents = contents(backup).await?;
    restore_backup(restoring, &contents, Cursor::new(backup.to_vec()), |_| ()).await
}

async fn handle(
    registry: &Registry,
    purpose: Purpose,
    actor: Actor,
) -> registry::MunicipalityRegister {
    let handle = registry.municipality(setagaya(), purpose, actor);
    handle.await.unwrap()
}

#[tokio::test]
async fn a_restored_register_is_the_same_in_every_table_and_goes_on() {
    let test = TestRegistry::with_residents(300).await;
    let id = issue(&test.issuing().await, 1, &order(1)).await.unwrap();
    let counter = test.handle(Purpose::CounterReissue, staff()).await;
    counter.record_reissue(id, &because("lost")).await.unwrap();
    counter.revoke(id, "error").await.unwrap();
    let system = test.registry.system(staff());
    system.suspend_card(&number_of(5)).await.unwrap();
    let backup = backup_of(&test.registry, &everything()).await;
    let held = contents(&backup).await.unwrap();
    assert!(held.rows() > 300 * 5);

    let target = TestRegistry::nowhere().await;
    let restored = restore(&into(target.place(), &test), &backup)
        .await
        .unwrap();
    assert_eq!(restored.len(), 2);
    assert!(restored.iter().all(|area| area.rows > 0 && !area.before));
    let registry = open(target.place(), test.clock.clone()).await;

    // Every table is as it was; the record says besides what was done: that it was restored, and
    // that it was written anew.
    let again = contents(&backup_of(&registry, &everything()).await)
        .await
        .unwrap();
    for (before, after) in held.areas.iter().zip(&again.areas) {
        for (before, after) in before.tables.iter().zip(&after.tables) {
            if before.name == "audit" {
                assert_eq!(after.rows, before.rows + 2);
            } else {
                assert_eq!(before, after);
            }
        }
    }
    let entries = handle(&registry, Purpose::Audit, Actor::Server).await;
    let entries = entries.audit_entries(0, 1000).await.unwrap();
    let restored = entries
        .iter()
        .find(|entry| entry.event == "restored")
        .unwrap();
    assert_eq!(restored.detail, Some(held.id.to_string()));

    // What was issued is there, what was revoked is, and it issues again.
    let issuing = handle(&registry, Purpose::Issuing, kiosk(1)).await;
    let issued = issuing.certificate(id).await.unwrap().unwrap();
    assert!(issued.revoked_at.is_some());
    assert!(issue(&issuing, 2, &order(2)).await.is_ok());
    let system = registry.system(staff());
    assert!(system.is_suspended_card(&number_of(5)).await.unwrap());
    let importing = handle(&registry, Purpose::Import, staff()).await;
    for (file, text) in files(300) {
        let reader = Cursor::new(text.into_bytes());
        let source = ImportSource::plain(file, CsvEncoding::Utf8, reader);
        let report = bring_in(&importing, vec![source]).await.unwrap();
        assert_eq!((report.added(), report.changed()), (0, 0));
    }
}

#[tokio::test]
async fn one_municipality_is_put_back_beside_others() {
    let test = TestRegistry::with_residents(2).await;
    let backup = backup_of(&test.registry, &[AuditArea::Municipality(setagaya())]).await;
    let target = TestRegistry::nowhere().await;
    let registry = open(target.place(), test.clock.clone()).await;
    registry.add_municipality(urayasu()).await.unwrap();
    registry.close().await;
    let restored = restore(&into(target.place(), &test), &backup)
        .await
        .unwrap();
    assert_eq!(restored.len(), 1);
    let registry = open(target.place(), test.clock.clone()).await;
    assert_eq!(
        registry.municipalities().await.unwrap(),
        [urayasu(), setagaya()]
    );
    let issuing = handle(&registry, Purpose::Issuing, kiosk(1)).await;
    assert!(issuing.dossier(&number_of(1)).await.unwrap().is_some());
}

#[tokio::test]
async fn nothing_is_restored_over_anything() {
    let test = TestRegistry::with_residents(1).await;
    let mut areas = everything();
    areas.reverse();
    let backup = backup_of(&test.registry, &areas).await;
    let target = TestRegistry::nowhere().await;
    let registry = open(target.place(), test.clock.clone()).await;
    registry.close().await;
    // The system's area is there: the municipality's, which comes first and is not, is not made
    // either.
    let refused = restore(&into(target.place(), &test), &backup).await;
    assert!(matches!(
        refused,
        Err(BackupError::NotEmpty(AuditArea::System))
    ));
    let registry = open(target.place(), test.clock.clone()).await;
    assert_eq!(registry.municipalities().await.unwrap(), []);
    // Nor over the register that the backup is of.
    let refused = restore(&into(test.database.place(), &test), &backup).await;
    assert!(matches!(refused, Err(BackupError::NotEmpty(_))));
}

#[tokio::test]
async fn restored_again_it_leaves_what_is_complete() {
    let test = TestRegistry::with_residents(3).await;
    let backup = backup_of(&test.registry, &everything()).await;
    let target = TestRegistry::nowhere().await;
    let restoring = into(target.place(), &test);
    // Given up within the second area.
    let held = contents(&backup).await.unwrap();
    let system = held.areas[0].tables.iter().map(|table| table.rows).sum();
    let interrupted = tokio::spawn({
        let (input, restoring) = (Cursor::new(backup.clone()), into(target.place(), &test));
        async move {
            let give_up = |progress: registry::BackupProgress| {
                assert!(progress.done <= system, "given up");
            };
            restore_backup(&restoring, &held, input, give_up).await
        }
    });
    assert!(interrupted.await.is_err());
    let restored = restore(&restoring, &backup).await.unwrap();
    assert_eq!([true, false], [restored[0].before, restored[1].before]);
    let restored = restore(&restoring, &backup).await.unwrap();
    assert!(restored.iter().all(|area| area.before));
    let registry = open(target.place(), test.clock.clone()).await;
    let issuing = handle(&registry, Purpose::Issuing, kiosk(1)).await;
    assert!(issuing.dossier(&number_of(3)).await.unwrap().is_some());
}

#[tokio::test]
async fn a_changed_cut_or_foreign_backup_is_refused() {
    let test = TestRegistry::with_residents(2).await;
    let backup = backup_of(&test.registry, &everything()).await;
    for length in [0, 5, 16, 40, 1000, backup.len() / 2, backup.len() - 1] {
        let refused = contents(&backup[..length]).await;
        assert!(
            matches!(
                refused,
                Err(BackupError::Damaged(_) | BackupError::NotABackup)
            ),
            "{length}"
        );
    }
    let mut refusals = 0;
    for at in (0..backup.len()).step_by(97) {
        let mut changed = backup.clone();
        changed[at] ^= 1;
        assert!(contents(&changed).await.is_err(), "byte {at}");
        refusals += 1;
    }
    assert!(refusals > 50);
    let longer = [&backup[..], b"x"].concat();
    assert!(matches!(
        contents(&longer).await,
        Err(BackupError::Damaged(_))
    ));
    let other = check_backup(Cursor::new(backup.clone()), &MasterKey::new(&[8; 32])).await;
    assert!(matches!(other, Err(BackupError::NotOfThisKey(_))));
}

#[tokio::test]
async fn a_backup_with_other_tables_is_refused_by_name() {
    let test = TestRegistry::with_residents(1).await;
    let backup = backup_of(&test.registry, &everything()).await;
    for (what, other) in [
        (r#""name":"voucher""#, r#""name":"wrapper""#),
        (r#"["resident","bytes"]"#, r#"["resistor","bytes"]"#),
        (r#"["sealed","bytes"]"#, r#"["sealed","texts"]"#),
    ] {
        let at = memchr::memmem::find(&backup, what.as_bytes()).unwrap();
        let mut changed = backup.clone();
        changed[at..at + what.len()].copy_from_slice(other.as_bytes());
        let refused = contents(&changed).await;
        assert!(
            matches!(refused, Err(BackupError::OtherTables { .. })),
            "{other}"
        );
    }
}

#[tokio::test]
async fn a_record_that_does_not_hold_is_not_restored() {
    let test = TestRegistry::with_residents(1).await;
    issue(&test.issuing().await, 1, &order(1)).await.unwrap();
    test.tamper_with_audit("UPDATE audit SET detail = 'x' WHERE sequence = 2")
        .await;
    let area = AuditArea::Municipality(setagaya());
    let backup = backup_of(&test.registry, &[area]).await;
    let target = TestRegistry::nowhere().await;
    let refused = restore(&into(target.place(), &test), &backup).await;
    assert!(
        matches!(refused, Err(BackupError::BrokenRecord { .. })),
        "{refused:?}"
    );
}

#[tokio::test]
async fn parts_of_two_backups_make_no_third() {
    let test = TestRegistry::with_residents(2).await;
    let area = [AuditArea::Municipality(setagaya())];
    let one = backup_of(&test.registry, &area).await;
    let other = backup_of(&test.registry, &area).await;
    assert!(contents(&one).await.is_ok());
    // The beginning of the one, with its name, before the area of the other: each part is whole,
    // and the seal is another's.
    let begin = |backup: &[u8]| {
        let length = u32::from_be_bytes(backup[17..21].try_into().unwrap());
        16 + 5 + usize::try_from(length).unwrap()
    };
    let mixed = [&one[..begin(&one)], &other[begin(&other)..]].concat();
    let refused = contents(&mixed).await;
    assert!(
        matches!(refused, Err(BackupError::NotOfThisKey(_))),
        "{refused:?}"
    );
}

/// Where a table's parts begin in a backup of one area, and where they end.
fn place_of_table(backup: &[u8], name: &str) -> std::ops::Range<usize> {
    let head = format!("{{\"name\":\"{name}\"");
    let begins = memchr::memmem::find(backup, head.as_bytes()).unwrap() - 5;
    let mut at = begins;
    loop {
        let length = u32::from_be_bytes(backup[at + 1..at + 5].try_into().unwrap());
        let kind = backup[at];
        at += 5 + usize::try_from(length).unwrap();
        if kind == b't' {
            return begins..at;
        }
    }
}

#[tokio::test]
async fn a_table_of_another_backup_of_the_same_area_is_noticed() {
    let test = TestRegistry::with_residents(2).await;
    let area = [AuditArea::Municipality(setagaya())];
    let one = backup_of(&test.registry, &area).await;
    issue(&test.issuing().await, 1, &order(1)).await.unwrap();
    let other = backup_of(&test.registry, &area).await;
    // Whole as it is, with its own digest: only the area's knows that it is another one's.
    let (here, there) = (
        place_of_table(&one, "certificate"),
        place_of_table(&other, "certificate"),
    );
    assert_ne!(one[here.clone()], other[there.clone()]);
    let mixed = [&one[..here.start], &other[there], &one[here.end..]].concat();
    let refused = contents(&mixed).await;
    assert!(
        matches!(refused, Err(BackupError::Damaged(_))),
        "{refused:?}"
    );
}

#[tokio::test]
async fn a_change_between_checking_and_restoring_is_undone() {
    let test = TestRegistry::with_residents(2).await;
    let area = [AuditArea::Municipality(setagaya())];
    let before = backup_of(&test.registry, &area).await;
    let held = contents(&before).await.unwrap();
    issue(&test.issuing().await, 1, &order(1)).await.unwrap();
    let after = backup_of(&test.registry, &area).await;
    let target = TestRegistry::nowhere().await;
    let restoring = into(target.place(), &test);
    let refused = restore_backup(&restoring, &held, Cursor::new(after), |_| ()).await;
    assert!(matches!(refused, Err(BackupError::NotTheSame(_))));
    let registry = open(target.place(), test.clock.clone()).await;
    let handle = registry.municipality(setagaya(), Purpose::Audit, Actor::Server);
    assert!(handle.await.is_err(), "nothing of it is there");
}

/// A file that is not written further until somebody lets it.
struct Slow {
    written: Vec<u8>,
    go_on: Option<mpsc::Receiver<()>>,
}

impl std::io::Write for Slow {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.written.extend_from_slice(bytes);
        if self.written.len() > 50_000
            && let Some(go_on) = self.go_on.take()
        {
            go_on.recv().unwrap();
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn orders_go_on_while_a_backup_is_written_and_it_is_of_one_moment() {
    const BEFORE: u64 = 3;
    let test = TestRegistry::with_residents(1000).await;
    let issuing = test.issuing().await;
    for n in 1..=BEFORE {
        issue(&issuing, n, &order(n)).await.unwrap();
    }
    let (let_go, go_on) = mpsc::channel();
    let writing = tokio::spawn({
        let area = AuditArea::Municipality(setagaya());
        let upkeep = test.registry.upkeep(area, staff()).await.unwrap();
        let go_on = Some(go_on);
        let written = Vec::new();
        async move { write_backup(&[upkeep], Slow { written, go_on }, |_| ()).await }
    });
    // Its first rows are read: its entry is there, and so is what it is of.
    let audit = test.auditing().await;
    while !audit
        .audit_entries(0, 1000)
        .await
        .unwrap()
        .iter()
        .any(|entry| entry.event == "backed-up")
    {
        tokio::task::yield_now().await;
    }
    for n in BEFORE + 1..=BEFORE + 20 {
        issue(&issuing, n, &order(n)).await.unwrap();
    }
    assert!(!writing.is_finished());
    let_go.send(()).unwrap();
    let backup = writing.await.unwrap().unwrap().1.written;
    let held = contents(&backup).await.unwrap();
    let rows = |name: &str| {
        let mut tables = held.areas[0].tables.iter();
        tables.find(|table| table.name == name).unwrap().rows
    };
    // Whatever moment it is of, certificates and the entries of their issue are of the same one:
    // restoring compares them.
    assert!((BEFORE..BEFORE + 20).contains(&rows("certificate")));
    let target = TestRegistry::nowhere().await;
    restore(&into(target.place(), &test), &backup)
        .await
        .unwrap();
    let registry = open(target.place(), test.clock.clone()).await;
    let audit = handle(&registry, Purpose::Audit, Actor::Server).await;
    let verdict = audit.verify_audit(None).await.unwrap();
    assert!(matches!(verdict, AuditVerdict::Holds(_)), "{verdict:?}");
}

#[tokio::test]
async fn a_backup_of_before_a_rotation_is_restored_with_its_own_key() {
    let test = TestRegistry::with_residents(2).await;
    let area = AuditArea::Municipality(setagaya());
    let backup = backup_of(&test.registry, &[area]).await;
    let upkeep = test.registry.upkeep(area, staff()).await.unwrap();
    upkeep.rotate_keys(|_| ()).await.unwrap();
    let target = TestRegistry::nowhere().await;
    restore(&into(target.place(), &test), &backup)
        .await
        .unwrap();
    let registry = open(target.place(), test.clock.clone()).await;
    let issuing = handle(&registry, Purpose::Issuing, kiosk(1)).await;
    assert!(issuing.dossier(&number_of(1)).await.unwrap().is_some());
}

#[tokio::test]
async fn a_file_that_cannot_be_written_is_no_backup() {
    struct Full(usize);
    impl std::io::Write for Full {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0 = self
                .0
                .checked_sub(bytes.len())
                .ok_or(std::io::ErrorKind::StorageFull)?;
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let test = TestRegistry::with_residents(400).await;
    let area = AuditArea::Municipality(setagaya());
    let upkeep = test.registry.upkeep(area, staff()).await.unwrap();
    let refused = write_backup(&[upkeep], Full(100_000), |_| ()).await;
    let Err(BackupError::File(error)) = refused else {
        panic!("{refused:?}", refused = refused.err());
    };
    assert_eq!(error.kind(), std::io::ErrorKind::StorageFull);
}
