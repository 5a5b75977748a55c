//! What bringing files in costs, on both databases: time, rate, what is held in memory, and for how
//! long the write lock is held. `AKASHI_BENCH_RESIDENTS` says how many residents (20,000 where it is
//! not set), each with three doses, in one batch; a thousandth of it changed is brought in again.
//! Files lie under `AKASHI_BENCH_FOLDER`. PostgreSQL is measured where
//! `scripts/with-postgres.sh --durable` started one.
#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)] // a benchmark, and it tells

#[path = "../tests/register/databases.rs"]
#[expect(dead_code, reason = "a benchmark makes databases and breaks into none")]
mod databases;
#[path = "../tests/register/support.rs"]
#[expect(dead_code, reason = "a benchmark needs less of it than the tests")]
mod support;

use std::io::{Read, Write as _};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use databases::{Database, PostgresDatabase, SqliteFolder};
use registry::{
    CsvEncoding, ImportBatch, ImportFile, ImportProgress, ImportSource, ImportStep, Purpose,
    SecondPerson,
};
use support::{DOSES, RESIDENTS, TestRegistry, digits_of, staff};

const DAYS: [&str; 3] = ["20210601", "20210622", "20220115"];

fn main() {
    let residents = std::env::var("AKASHI_BENCH_RESIDENTS")
        .map_or(20_000, |text| text.parse().expect("a number of residents"));
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        measure::<SqliteFolder>("SQLite", residents).await;
        if std::env::var_os("AKASHI_TEST_POSTGRES").is_some() {
            measure::<PostgresDatabase>("PostgreSQL", residents).await;
        }
    });
}

async fn measure<D: Database>(name: &str, residents: u64) {
    let folder =
        std::env::var_os("AKASHI_BENCH_FOLDER").map_or_else(std::env::temp_dir, PathBuf::from);
    let test = TestRegistry::<D>::empty_in(&folder).await;
    once(name, "first", &test, residents, 0).await;
    once(name, "again, one in 1,000 changed", &test, residents, 1_000).await;
    test.registry.close().await;
}

/// Brings everybody in, every n-th resident's doses with another lot.
async fn once<D: Database>(
    name: &str,
    which: &str,
    test: &TestRegistry<D>,
    residents: u64,
    changed: u64,
) {
    // From here on the most memory is this import's.
    let _ = std::fs::write("/proc/self/clear_refs", "5");
    let handle = test.handle(Purpose::Import, staff()).await;
    let steps = Arc::new(Steps::default());
    let progress: Arc<dyn ImportProgress> = Arc::<Steps>::clone(&steps);
    let begun = Instant::now();
    let source = |file, header: &str, write| {
        let rows = Rows::new(header, residents, changed, write);
        ImportSource::plain(file, CsvEncoding::Utf8, rows)
    };
    let batch = ImportBatch {
        sources: vec![
            source(ImportFile::Residents, RESIDENTS, resident),
            source(ImportFile::Doses, DOSES, doses),
        ],
        spill: std::env::temp_dir(),
    };
    let checked = handle.check_import(batch, &progress).await.unwrap();
    let second = SecondPerson::NotAsked;
    let landed = handle.land_import(checked, second, &progress).await;
    let (_, report) = landed.unwrap();
    let whole = begun.elapsed().as_secs_f64();
    assert_eq!(report.rejected(), 0);
    let rows = residents * 4;
    let [checking, landing] = steps.since(begun);
    println!(
        "import, {name}, {which}: {rows} rows in {whole:.1} s ({:.0} a second): gathered {checking:.1}, \
         compared {:.1}, stored {} in {:.1} s; most memory {} MB",
        rows as f64 / whole,
        landing - checking,
        report.added() + report.changed(),
        whole - landing,
        most_memory() / 1024,
    );
}

/// The most memory that was held, in KiB.
fn most_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.unwrap().trim().trim_end_matches(" kB");
    number.parse().unwrap()
}

/// When comparing and storing began.
#[derive(Default)]
struct Steps(Mutex<Vec<Instant>>);

impl Steps {
    fn since(&self, begun: Instant) -> [f64; 2] {
        let steps = self.0.lock().unwrap();
        [1, 2].map(|step| (steps[step] - begun).as_secs_f64())
    }
}

impl ImportProgress for Steps {
    fn begin(&self, _: ImportStep, _: u64) {
        self.0.lock().unwrap().push(Instant::now());
    }

    fn advance(&self, _: u64) {}
}

type WriteRows = fn(&mut Vec<u8>, u64, bool);

/// A file that is made up while it is read.
struct Rows {
    rows: Vec<u8>,
    at: usize,
    next: u64,
    last: u64,
    changed: u64,
    write: WriteRows,
}

impl Rows {
    fn new(header: &str, residents: u64, changed: u64, write: WriteRows) -> Self {
        Self {
            rows: header.as_bytes().to_vec(),
            at: 0,
            next: 1,
            last: residents,
            changed,
            write,
        }
    }
}

impl Read for Rows {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.at == self.rows.len() {
            self.rows.clear();
            self.at = 0;
            let until = self.last.min(self.next + 255);
            for n in self.next..=until {
                let changed = self.changed > 0 && n % self.changed == 0;
                (self.write)(&mut self.rows, n, changed);
            }
            self.next = until + 1;
        }
        let rest = &self.rows[self.at..];
        let length = rest.len().min(buffer.len());
        buffer[..length].copy_from_slice(&rest[..length]);
        self.at += length;
        Ok(length)
    }
}

fn resident(rows: &mut Vec<u8>, n: u64, _: bool) {
    writeln!(
        rows,
        "{n:015},{},見本\u{3000}{n}号,ミホン\u{3000}{n}ゴウ,19800101,2,東京都世田谷区{n}丁目,,,,",
        digits_of(n)
    )
    .unwrap();
}

fn doses(rows: &mut Vec<u8>, n: u64, changed: bool) {
    let lot = if changed { 'B' } else { 'A' };
    for (number, day) in (1..).zip(DAYS) {
        writeln!(
            rows,
            "{n:015},{day}120000,{day},{n:010},見本会場,見本医師,ファイザー,コミナティ筋注,mRNA,\
             新型コロナウイルス感染症,{lot}{number},{number},0.3"
        )
        .unwrap();
    }
}
