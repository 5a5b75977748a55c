//! Looking somebody up for an offer, as the register grows: the middle and the slowest hundredth,
//! which divan does not tell, on SQLite and on PostgreSQL over its socket.
//!
//! `scripts/with-postgres.sh --durable cargo bench -p registry --bench lookup`, with the numbers of
//! residents in `AKASHI_BENCH_RESIDENTS` (`10000,100000` where it is not set; ten million take some
//! minutes and 8 GB for each database). Files lie under `AKASHI_BENCH_FOLDER`, else in the
//! temporary folder; PostgreSQL's under `TMPDIR`. A lookup is read, unsealed, recorded, and on the disk
//! when it is answered.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::print_stderr
)] // a benchmark, and it fails by it

#[path = "../tests/register/databases.rs"]
#[expect(dead_code, reason = "a benchmark makes databases and breaks into none")]
mod databases;
#[path = "../tests/register/support.rs"]
#[expect(dead_code, reason = "a benchmark needs less of it than the tests")]
mod support;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use databases::{PostgresDatabase, SqliteFolder};
use registry::MunicipalityRegister;
use sqlx::AssertSqlSafe;
use support::{Database, TestRegistry, number_of, setagaya};

/// Residents that are really there; the rest of a size are rows of the same form.
const GENUINE: u64 = 5_000;
const LOOKUPS: u64 = 10_000;
/// Rows that are filled in by one statement: so long is a write-ahead log.
const AT_ONCE: usize = 250_000;

/// Rows of as many bytes that open for nobody, a dose for every fourth, spread evenly over the
/// indexes as the genuine ones' keyed hashes are. `{key}` is the n-th of `{count}` such keys in order.
const FILL: [&str; 2] = [
    "INSERT INTO resident ({columns} id, individual_number_index, subject, sealed) \
     SELECT {values} {key}, {key}, {subject}, {sealed} FROM ({numbers}) AS numbers",
    "INSERT INTO dose ({columns} resident, id, sealed) \
     SELECT {values} {key}, {key}, {dose} FROM ({numbers}) AS numbers WHERE n % 4 = 0",
];

/// How a database writes what [`FILL`] leaves open.
struct Dialect {
    columns: &'static str,
    values: String,
    hexadecimal: &'static str,
    bytes: &'static str,
    numbers: &'static str,
}

impl Dialect {
    /// The statements that fill a register, no more than [`AT_ONCE`] rows each.
    fn statements(&self, count: u64) -> Vec<String> {
        let starts = || (0..count).step_by(AT_ONCE);
        let chunk = |text, from: u64| {
            let to = count.min(from + AT_ONCE as u64);
            self.statement(text, count, from, to)
        };
        FILL.iter()
            .flat_map(|text| starts().map(move |from| chunk(text, from)))
            .collect()
    }

    fn statement(&self, text: &str, count: u64, from: u64, to: u64) -> String {
        // 64 bits that wrap, so that the keys fill all of their range.
        let step = u64::MAX / count;
        let key = format!("CASE WHEN n < {count} / 2 THEN n ELSE n - {count} END * {step}");
        let length = |bytes: u32| self.bytes.replace("{length}", &bytes.to_string());
        text.replace("{columns}", self.columns)
            .replace("{values}", &self.values)
            .replace("{key}", &self.hexadecimal.replace("{high}", &key))
            .replace("{subject}", &length(94))
            .replace("{sealed}", &length(414))
            .replace("{dose}", &length(414))
            .replace("{numbers}", self.numbers)
            .replace("{from}", &from.to_string())
            .replace("{to}", &to.to_string())
    }
}

trait Fill: Database {
    const NAME: &str;
    async fn fill(&self, count: u64);
}

impl Fill for SqliteFolder {
    const NAME: &str = "SQLite";

    async fn fill(&self, count: u64) {
        let dialect = Dialect {
            columns: "",
            values: String::new(),
            hexadecimal: "unhex(printf('%016x%016x', {high}, n))",
            bytes: "zeroblob({length})",
            numbers: "WITH RECURSIVE number (n) AS (SELECT {from} UNION ALL \
                      SELECT n + 1 FROM number WHERE n + 1 < {to}) SELECT n FROM number",
        };
        let fast = "PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF; \
                    PRAGMA cache_size = -200000;";
        for statement in dialect.statements(count) {
            let statement = format!("{fast} {statement}");
            self.tamper(Some(setagaya()), &statement).await.unwrap();
        }
        let fold = "PRAGMA wal_checkpoint(TRUNCATE)";
        self.tamper(Some(setagaya()), fold).await.unwrap();
    }
}

impl Fill for PostgresDatabase {
    const NAME: &str = "PostgreSQL";

    async fn fill(&self, count: u64) {
        let dialect = Dialect {
            columns: "municipality,",
            values: format!("'{}',", setagaya()),
            hexadecimal: "decode(lpad(to_hex({high}), 16, '0') || lpad(to_hex(n), 16, '0'), 'hex')",
            bytes: "decode(repeat('00', {length}), 'hex')",
            numbers: "SELECT generate_series({from}::BIGINT, {to}::BIGINT - 1) AS n",
        };
        let mut administrator = self.administrator().await;
        let fast = "SET search_path = municipality; SET session_replication_role = replica; \
                    SET synchronous_commit = off";
        let run = async |connection: &mut sqlx::PgConnection, statement: String| {
            let done = sqlx::raw_sql(AssertSqlSafe(statement)).execute(connection);
            done.await.unwrap();
        };
        run(&mut administrator, fast.to_owned()).await;
        for statement in dialect.statements(count) {
            run(&mut administrator, statement).await;
        }
        run(&mut administrator, "VACUUM ANALYZE resident".to_owned()).await;
        run(&mut administrator, "VACUUM ANALYZE dose".to_owned()).await;
        run(&mut administrator, "CHECKPOINT".to_owned()).await;
    }
}

fn folder() -> PathBuf {
    std::env::var_os("AKASHI_BENCH_FOLDER").map_or_else(std::env::temp_dir, PathBuf::from)
}

/// The middle and the slowest hundredth, in microseconds.
fn percentiles(mut times: Vec<Duration>) -> (u128, u128) {
    times.sort_unstable();
    let at = |part: usize| times[(times.len() - 1) * part / 100].as_micros();
    (at(50), at(99))
}

async fn look_up(handle: &MunicipalityRegister, from: u64) -> (u128, u128) {
    let mut times = Vec::new();
    for n in 0..LOOKUPS {
        // In an order that no index has.
        let number = number_of(n * 2_654_435_761 % GENUINE + from);
        let start = Instant::now();
        let found = handle.dossier(&number).await.unwrap();
        times.push(start.elapsed());
        assert_eq!(found.is_some(), from == 1);
    }
    percentiles(times)
}

async fn measure<D: Fill>(folder: PathBuf, size: u64) {
    let test = TestRegistry::<D>::with_residents_in(&folder, GENUINE).await;
    let filling = Instant::now();
    test.database.fill(size - GENUINE).await;
    let filled = filling.elapsed().as_secs();
    eprintln!("filled");
    let handle = test.issuing().await;
    // Once for the caches: of a country's register what is asked for is warm.
    look_up(&handle, 1).await;
    let (found, found_99) = look_up(&handle, 1).await;
    let (none, none_99) = look_up(&handle, GENUINE + 1).await;
    eprintln!("measured");
    println!(
        "{:<10} {size:>10} {found:>8} {found_99:>8} {none:>8} {none_99:>8} {filled:>8}",
        D::NAME
    );
    test.registry.close().await;
}

#[tokio::main]
async fn main() {
    let sizes = std::env::var("AKASHI_BENCH_RESIDENTS").unwrap_or("10000,100000".to_owned());
    println!("µs          residents    found      p99     none      p99   fill s");
    for size in sizes.split(',') {
        let size: u64 = size.parse().unwrap();
        assert!(size > GENUINE);
        measure::<SqliteFolder>(folder(), size).await;
        measure::<PostgresDatabase>(folder(), size).await;
    }
}
