//! The browser's processes: whole trees that are gone, whoever died first.

#![allow(clippy::unwrap_used)] // a test that cannot go on fails

mod chromium;
mod keeper;
mod leftovers;
mod page;

use std::path::Path;
use std::time::{Duration, Instant};

use rustix::process::Pid;

/// The program under test.
const AGENT: &str = env!("CARGO_BIN_EXE_kiosk-agent");

/// Whether a process lives; one that ended and was not waited for does not.
fn lives(process: Pid) -> bool {
    let stat = format!("/proc/{}/stat", process.as_raw_nonzero());
    std::fs::read_to_string(stat)
        .is_ok_and(|stat| !stat.rsplit(") ").next().unwrap().starts_with(['Z', 'X']))
}

/// Waits until something holds; long, because the machine may be busy.
fn until(what: &str, holds: impl Fn() -> bool) {
    let limit = Instant::now() + Duration::from_secs(30);
    while !holds() {
        assert!(Instant::now() < limit, "{what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn entries(folder: &Path) -> usize {
    std::fs::read_dir(folder).unwrap().count()
}

fn in_memory() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm").unwrap()
}
