//! What the register costs: run with `cargo bench -p registry`. On the disk under
//! `AKASHI_BENCH_FOLDER` (the temporary folder where it is not set), and in memory on `/dev/shm`.
#![allow(missing_docs, clippy::unwrap_used)] // a benchmark, and it fails by it

#[path = "../tests/register/databases.rs"]
#[expect(dead_code, reason = "a benchmark makes databases and breaks into none")]
mod databases;
#[path = "../tests/register/support.rs"]
#[expect(dead_code, reason = "a benchmark needs less of it than the tests")]
mod support;

use std::cell::Cell;
use std::path::PathBuf;

use databases::SqliteFolder;
use divan::{Bencher, counter::ItemsCount};
use registry::{ImportFile, MunicipalityRegister};
use support::{files, issue, number_of, order};
use tokio::runtime::Runtime;

type TestRegistry = support::TestRegistry<SqliteFolder>;

fn main() {
    divan::main();
}

/// Where the files lie.
#[derive(Debug, Clone, Copy)]
enum Place {
    Disk,
    Memory,
}

const PLACES: [Place; 2] = [Place::Disk, Place::Memory];
const RESIDENTS: u64 = 10_000;

impl Place {
    fn folder(self) -> PathBuf {
        match self {
            Self::Disk => std::env::var_os("AKASHI_BENCH_FOLDER")
                .map_or_else(std::env::temp_dir, PathBuf::from),
            Self::Memory => PathBuf::from("/dev/shm"),
        }
    }
}

/// One thread, as one request has it; the register's own threads come on top.
fn runtime() -> Runtime {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    builder.enable_all().build().unwrap()
}

fn register(runtime: &Runtime, place: Place) -> (TestRegistry, MunicipalityRegister) {
    runtime.block_on(async {
        let test = TestRegistry::with_residents_in(&place.folder(), RESIDENTS).await;
        let handle = test.issuing().await;
        (test, handle)
    })
}

/// A lookup for an offer: read, unseal, record.
#[divan::bench(args = PLACES)]
fn dossier_found(bencher: Bencher<'_, '_>, place: Place) {
    let runtime = runtime();
    let (_test, handle) = register(&runtime, place);
    let next = Cell::new(0);
    bencher.bench_local(|| {
        next.set(next.get() % RESIDENTS + 1);
        runtime
            .block_on(handle.dossier(&number_of(next.get())))
            .unwrap()
            .unwrap()
    });
}

/// The same for somebody who is not there.
#[divan::bench(args = PLACES)]
fn dossier_not_found(bencher: Bencher<'_, '_>, place: Place) {
    let runtime = runtime();
    let (_test, handle) = register(&runtime, place);
    let next = Cell::new(RESIDENTS);
    bencher.bench_local(|| {
        next.set(next.get() + 1);
        assert_eq!(
            runtime
                .block_on(handle.dossier(&number_of(next.get())))
                .unwrap(),
            None
        );
    });
}

/// The read of an order's transaction alone, without anything written.
#[divan::bench(args = PLACES)]
fn dossier_in_a_transaction(bencher: Bencher<'_, '_>, place: Place) {
    let runtime = runtime();
    let (_test, handle) = register(&runtime, place);
    // The transaction gives its connection back to the pool when dropped.
    let _inside = runtime.enter();
    let mut transaction = runtime.block_on(handle.begin_issue()).unwrap();
    let next = Cell::new(0);
    bencher.bench_local(|| {
        next.set(next.get() % RESIDENTS + 1);
        let number = number_of(next.get());
        let dossier = transaction.dossier(&number);
        runtime.block_on(dossier).unwrap().unwrap()
    });
}

/// The whole issuing transaction, from `BEGIN IMMEDIATE` to the commit that is on the disk,
/// without linting and signing.
#[divan::bench(args = PLACES)]
fn issuing_transaction(bencher: Bencher<'_, '_>, place: Place) {
    let runtime = runtime();
    let (_test, handle) = register(&runtime, place);
    let next = Cell::new(0);
    bencher.bench_local(|| {
        next.set(next.get() + 1);
        let n = next.get();
        let order = order(n);
        let issued = issue(&handle, n % RESIDENTS + 1, &order);
        runtime.block_on(issued).unwrap()
    });
}

/// Residents brought in: parsed, sealed, indexed, committed.
#[divan::bench(args = PLACES, sample_count = 10, sample_size = 1)]
fn import_residents(bencher: Bencher<'_, '_>, place: Place) {
    import(bencher, place, ImportFile::Residents, RESIDENTS);
}

/// Doses brought in for residents who are there.
#[divan::bench(args = PLACES, sample_count = 10, sample_size = 1)]
fn import_doses(bencher: Bencher<'_, '_>, place: Place) {
    import(bencher, place, ImportFile::Doses, 2 * RESIDENTS);
}

fn import(bencher: Bencher<'_, '_>, place: Place, measured: ImportFile, rows: u64) {
    let runtime = runtime();
    let files = files(RESIDENTS);
    bencher
        .counter(ItemsCount::new(rows))
        .with_inputs(|| {
            runtime.block_on(async {
                let test = TestRegistry::empty_in(&place.folder()).await;
                for (file, text) in files.iter().take_while(|(file, _)| *file != measured) {
                    test.import(*file, text.clone()).await.unwrap();
                }
                test
            })
        })
        .bench_local_values(|test| {
            let text = files
                .iter()
                .find(|(file, _)| *file == measured)
                .unwrap()
                .1
                .clone();
            let report = runtime.block_on(test.import(measured, text)).unwrap();
            assert_eq!(report.added(), rows);
            test
        });
}

/// Entries in the chain that is verified.
const ENTRIES: u64 = 20_000;

/// Going through a chain from its first entry: read, keyed hash, digest.
#[divan::bench(sample_count = 10)]
fn verify_twenty_thousand_entries(bencher: Bencher<'_, '_>) {
    let runtime = runtime();
    let (test, handle) = register(&runtime, Place::Memory);
    runtime.block_on(async {
        for n in 0..ENTRIES {
            handle.dossier(&number_of(n % RESIDENTS)).await.unwrap();
        }
    });
    let audit = runtime.block_on(test.auditing());
    bencher
        .counter(ItemsCount::new(ENTRIES))
        .bench_local(|| runtime.block_on(audit.verify_audit(None)).unwrap());
}
