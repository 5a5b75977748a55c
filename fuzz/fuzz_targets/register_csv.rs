//! Import files: any bytes are rows that land or rows that are reported, never a panic.
#![no_main]

use libfuzzer_sys::fuzz_target;
use registry::{ImportFile, check_rows};

fuzz_target!(|input: &[u8]| {
    let Some((kind, text)) = input.split_first() else {
        return;
    };
    let file = ImportFile::ALL[usize::from(*kind) % ImportFile::ALL.len()];
    let lines = text.iter().filter(|byte| **byte == b'\n').count() as u64 + 1;
    let (good, bad) = check_rows(file, text);
    assert!(good + bad <= lines, "no more rows than lines");
});
