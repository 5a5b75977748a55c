//! Backups: read whole and believed, or refused; in bounded memory.
#![no_main]

use std::io::Cursor;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use registry::{MasterKey, check_backup};
use tokio::runtime::{Builder, Runtime};

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    let runtime = Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build();
    runtime.expect("a thread")
});

fuzz_target!(|file: &[u8]| {
    // The key under which the seeds are written.
    let master = MasterKey::new(&[7; 32]);
    let _ = RUNTIME.block_on(check_backup(Cursor::new(file.to_vec()), &master));
});
