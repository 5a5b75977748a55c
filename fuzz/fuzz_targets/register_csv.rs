//! Import files: any bytes are rows that land or rows that are reported, never a panic.
#![no_main]

use libfuzzer_sys::fuzz_target;
use registry::{ImportFile, check_rows};

fuzz_target!(|input: &[u8]| {
    let Some((kind, text)) = input.split_first() else {
        return;
    };
    let file = ImportFile::ALL[usize::from(*kind) % ImportFile::ALL.len()];
    // Most inputs get the header, which nobody guesses; the others show that one is needed.
    let mut lines = Vec::new();
    if kind & 0x80 == 0 {
        lines.extend_from_slice(file.header().as_bytes());
        lines.push(b'\n');
    }
    lines.extend_from_slice(text);
    let most = lines.iter().filter(|byte| **byte == b'\n').count() as u64 + 1;
    let (good, bad) = check_rows(file, std::io::Cursor::new(lines));
    assert!(good + bad <= most, "no more rows than lines");
});
