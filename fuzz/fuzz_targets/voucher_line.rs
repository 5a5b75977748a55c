//! A voucher's OCR line, as a scanner or a hand gives it: refused, or the same when written again.
#![no_main]

use domain::{VoucherLine, VoucherNumber};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(line) = VoucherLine::parse(text) {
        assert!(line.expose_digits() == text);
    }
    if let Ok(number) = VoucherNumber::parse(text) {
        assert!(number.expose() == text);
    }
});
