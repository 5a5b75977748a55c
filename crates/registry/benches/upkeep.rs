//! What upkeep costs: a rotation, a backup, a restore. Run with
//! `cargo bench -p registry --bench upkeep`. On the disk under `AKASHI_BENCH_FOLDER` (the temporary
//! folder where it is not set), and in memory on `/dev/shm`.
#![allow(missing_docs, clippy::unwrap_used)] // a benchmark, and it fails by it

#[path = "../tests/register/databases.rs"]
#[expect(dead_code, reason = "a benchmark makes databases and breaks into none")]
mod databases;
#[path = "../tests/register/support.rs"]
#[expect(dead_code, reason = "a benchmark needs less of it than the tests")]
mod support;

use std::io::{Cursor, Write};
use std::path::PathBuf;
use std::sync::Arc;

use databases::SqliteFolder;
use divan::counter::{BytesCount, ItemsCount};
use divan::{Bencher, black_box};
use encrypted_file::{EncryptingWriter, Identity, Recipients};
use registry::{
    AuditArea, AuditWriter, MasterKey, Restoring, Upkeep, check_backup, restore_backup,
    write_backup,
};
use support::{Database as _, setagaya, staff};
use tokio::runtime::Runtime;

type TestRegistry = support::TestRegistry<SqliteFolder>;

const RESIDENTS: u64 = 20_000;
/// Texts of a resident: the row and its random id, a voucher, two doses, a passport.
const TEXTS: u64 = 6 * RESIDENTS;
const FOLDERS: [&str; 2] = ["disk", "/dev/shm"];

fn main() {
    divan::main();
}

fn folder(name: &str) -> PathBuf {
    match name {
        "disk" => {
            std::env::var_os("AKASHI_BENCH_FOLDER").map_or_else(std::env::temp_dir, PathBuf::from)
        }
        path => path.into(),
    }
}

fn register(runtime: &Runtime, place: &str) -> (TestRegistry, Upkeep) {
    runtime.block_on(async {
        let test = TestRegistry::with_residents_in(&folder(place), RESIDENTS).await;
        let area = AuditArea::Municipality(setagaya());
        let upkeep = test.registry.upkeep(area, staff()).await.unwrap();
        (test, upkeep)
    })
}

fn backup<W: Write + Send + 'static>(runtime: &Runtime, upkeep: &Upkeep, output: W) -> W {
    let written = write_backup(std::slice::from_ref(upkeep), output, |_| ());
    runtime.block_on(written).unwrap().1
}

/// Every text sealed anew, in batches with as long a pause after each; the old key destroyed.
#[divan::bench(args = FOLDERS, sample_count = 5, sample_size = 1)]
fn rotation(bencher: Bencher<'_, '_>, place: &str) {
    let runtime = Runtime::new().unwrap();
    let (_test, upkeep) = register(&runtime, place);
    bencher.counter(ItemsCount::new(TEXTS)).bench_local(|| {
        let result = runtime.block_on(upkeep.rotate_keys(|_| ())).unwrap();
        assert!(result.resealed >= TEXTS);
    });
}

/// Read, digested, written to memory; not encrypted.
#[divan::bench(args = FOLDERS, sample_count = 5, sample_size = 1)]
fn backup_plain(bencher: Bencher<'_, '_>, place: &str) {
    let runtime = Runtime::new().unwrap();
    let (_test, upkeep) = register(&runtime, place);
    let length = backup(&runtime, &upkeep, Vec::new()).len();
    bencher
        .counter(BytesCount::new(length))
        .bench_local(|| black_box(backup(&runtime, &upkeep, Vec::new())));
}

/// The same, encrypted to two recipients as `server backup` does.
#[divan::bench(args = FOLDERS, sample_count = 5, sample_size = 1)]
fn backup_encrypted(bencher: Bencher<'_, '_>, place: &str) {
    let runtime = Runtime::new().unwrap();
    let (_test, upkeep) = register(&runtime, place);
    let length = backup(&runtime, &upkeep, Vec::new()).len();
    let keys = [Identity::generate(), Identity::generate()].map(|key| key.recipient());
    let recipients = Recipients::parse(&keys.join("\n")).unwrap();
    bencher.counter(BytesCount::new(length)).bench_local(|| {
        let output = EncryptingWriter::new(Vec::new(), &recipients).unwrap();
        black_box(backup(&runtime, &upkeep, output).finish().unwrap())
    });
}

/// Checked, put into an empty register, read again and compared.
#[divan::bench(args = FOLDERS, sample_count = 5, sample_size = 1)]
fn restore(bencher: Bencher<'_, '_>, place: &str) {
    let runtime = Runtime::new().unwrap();
    let (test, upkeep) = register(&runtime, place);
    let file = backup(&runtime, &upkeep, Vec::new());
    let clock = test.clock.clone();
    bencher
        .counter(BytesCount::new(file.len()))
        .with_inputs(|| runtime.block_on(SqliteFolder::make(&folder(place))))
        .bench_local_values(|target| {
            let restoring = Restoring {
                place: target.place(),
                master: MasterKey::new(&[7; 32]),
                clock: clock.clone(),
                random: Arc::new(crypto::SystemRandom),
                writer: AuditWriter::default(),
                actor: staff(),
            };
            let input = || Cursor::new(file.clone());
            runtime.block_on(async {
                let contents = check_backup(input(), &restoring.master).await.unwrap();
                let restored = restore_backup(&restoring, &contents, input(), |_| ()).await;
                assert_eq!(restored.unwrap().len(), 1);
            });
            target
        });
}
