//! An import killed at any moment: the register holds all of the batch or nothing of it, and the
//! next import lands by itself.
//!
//! The child is this test's own program, started again for the one test that brings a batch in.

use std::io::Cursor;
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use domain::FixedClock;
use registry::{
    AuditVerdict, CsvEncoding, ImportBatch, ImportFile, ImportProgress, ImportReport, ImportSource,
    ImportStep, Purpose, Registry, SecondPerson, Unwatched,
};
use time::macros::datetime;

use super::support::*;

const PLACE: &str = "AKASHI_TEST_IMPORT_KILLED_PLACE";
const SPILL: &str = "AKASHI_TEST_IMPORT_KILLED_SPILL";
const KILL_AT: &str = "AKASHI_TEST_IMPORT_KILLED_AT";
const RESIDENTS_THERE: u64 = 1500;
/// A resident, two doses, a voucher and a passport each.
const ROWS: u64 = 5 * RESIDENTS_THERE;

/// The step and the unit of it at which the child kills itself.
const MOMENTS: [&str; 12] = [
    "reading 0",
    "checking 0",
    "checking 1",
    "checking 4000",
    "landing 0",
    "landing 1",
    "landing 1400",
    "landing 1500",
    "landing 3000",
    "landing 6500",
    "landing 7500",
    "landed 0",
];

/// Kills this very process, as SIGKILL does, when an import comes to a moment.
#[derive(Default)]
struct Killer(AtomicU64);

impl Killer {
    fn kill_at(step: &str, done: u64) {
        let Ok(moment) = std::env::var(KILL_AT) else {
            return;
        };
        let (at, units) = moment.split_once(' ').unwrap();
        if at == step && done >= units.parse().unwrap() {
            let kill = format!("kill -KILL {}", std::process::id());
            let _ = Command::new("sh").args(["-c", &kill]).status();
            unreachable!("nobody outlives SIGKILL");
        }
    }
}

/// The step and how far it is, in one number.
const STEP: u64 = 1 << 32;

impl ImportProgress for Killer {
    fn begin(&self, step: ImportStep, _: u64) {
        self.0.store(step as u64 * STEP, Ordering::SeqCst);
        self.advance(0);
    }

    fn advance(&self, units: u64) {
        let now = self.0.fetch_add(units, Ordering::SeqCst) + units;
        let step = ["reading", "checking", "landing"][usize::try_from(now / STEP).unwrap()];
        Self::kill_at(step, now % STEP);
    }
}

fn batch(spill: &str) -> ImportBatch {
    let source = |(file, text): (ImportFile, String)| {
        ImportSource::plain(file, CsvEncoding::Utf8, Cursor::new(text.into_bytes()))
    };
    ImportBatch {
        sources: files(RESIDENTS_THERE).map(source).into(),
        spill: spill.into(),
    }
}

async fn land(registry: &Registry, spill: &str, progress: Arc<dyn ImportProgress>) -> ImportReport {
    let handle = registry.municipality(setagaya(), Purpose::Import, staff());
    let handle = handle.await.unwrap();
    let checked = handle.check_import(batch(spill), &progress).await.unwrap();
    let second = SecondPerson::NotAsked;
    let landed = handle.land_import(checked, second, &progress).await;
    Killer::kill_at("landed", 0);
    landed.unwrap().1
}

/// What would become of the batch now, without landing it.
async fn would_become(registry: &Registry, spill: &str) -> (u64, u64) {
    let handle = registry.municipality(setagaya(), Purpose::Import, staff());
    let progress: Arc<dyn ImportProgress> = Arc::new(Unwatched);
    let checked = handle.await.unwrap();
    let checked = checked.check_import(batch(spill), &progress).await.unwrap();
    let report = checked.report();
    assert_eq!((report.changed(), report.rejected()), (0, 0));
    (report.added(), report.unchanged())
}

/// Brings the batch in until killed, when started as the child; by itself it does it undisturbed.
#[tokio::test]
async fn importing_until_killed() {
    let clock = Arc::new(FixedClock::at(datetime!(2025-04-01 03:00 UTC)));
    let (Ok(place), Ok(spill)) = (std::env::var(PLACE), std::env::var(SPILL)) else {
        let test = TestRegistry::empty().await;
        let spill = tempfile::tempdir().unwrap();
        let spill = spill.path().to_str().unwrap();
        let report = land(&test.registry, spill, Arc::<Killer>::default()).await;
        assert_eq!(report.added(), ROWS);
        return;
    };
    let registry = open(TestRegistry::place_of(&place), clock).await;
    land(&registry, &spill, Arc::<Killer>::default()).await;
}

fn child(place: &str, spill: &str, moment: &str) -> ExitStatus {
    let this_test = this_test(module_path!(), "importing_until_killed");
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", &this_test])
        .env(PLACE, place)
        .env(SPILL, spill)
        .env(KILL_AT, moment)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap()
}

#[tokio::test]
async fn killed_at_any_moment_all_of_it_is_there_or_nothing() {
    let test = TestRegistry::empty().await;
    let folder = tempfile::tempdir().unwrap();
    let spill = folder.path().to_str().unwrap();
    let (place, clock) = (test.database.text(), test.clock.clone());
    test.registry.close().await;
    for moment in MOMENTS {
        let status = child(&place, spill, moment);
        assert_eq!(status.signal(), Some(9), "the child was killed at {moment}");
        let registry = open(TestRegistry::place_of(&place), clock.clone()).await;
        let there = would_become(&registry, spill).await;
        let expected = if moment == "landed 0" {
            (0, ROWS)
        } else {
            (ROWS, 0)
        };
        assert_eq!(there, expected, "killed at {moment}");
        let handle = registry.municipality(setagaya(), Purpose::Import, staff());
        let batches = handle.await.unwrap().import_batches(false).await.unwrap();
        assert_eq!(batches.len(), usize::from(moment == "landed 0"));
        let audit = registry.municipality(setagaya(), Purpose::Audit, staff());
        let verdict = audit.await.unwrap().verify_audit(None).await.unwrap();
        assert!(matches!(verdict, AuditVerdict::Holds(_)), "{verdict:?}");
        registry.close().await;
        // Nothing is left of what lay there on its way in.
        let left = std::fs::read_dir(folder.path()).unwrap().count();
        assert_eq!(left, 0, "killed at {moment}");
    }
    // The next one lands by itself.
    let registry = open(TestRegistry::place_of(&place), clock).await;
    let report = land(&registry, spill, Arc::new(Unwatched)).await;
    assert_eq!((report.added(), report.unchanged()), (0, ROWS));
}
