//! A municipality's declaration: refused as a whole, or every function says whether it is on.
#![no_main]

use declaration::Municipality;
use libfuzzer_sys::fuzz_target;
use time::macros::{date, datetime};

fuzz_target!(|text: &str| {
    if let Ok(municipality) = Municipality::parse(text) {
        assert!(!municipality.functions(date!(2026 - 04 - 01)).is_empty());
        let _ = municipality.is_open(datetime!(2026-04-01 00:00 UTC));
    }
});
