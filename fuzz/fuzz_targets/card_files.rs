//! The card's files: parsed or refused, and nothing but a real card's own bytes verifies.
//!
//! Input: EF 0001, 0002, 0003, 0004, 0007, each after its length as two bytes, big-endian; what
//! is missing is empty.
#![no_main]

use libfuzzer_sys::fuzz_target;
use my_number_card::{
    CardFiles, ElementaryFile, Presence, SignedBasicInformation, TrustedCardCas, verify,
};
use time::macros::date;
use zeroize::Zeroizing;

const REAL: [&[u8]; 5] = [
    include_bytes!("../../fixtures/real-card/text-0001-physical.bin"),
    include_bytes!("../../fixtures/real-card/text-0002.bin"),
    include_bytes!("../../fixtures/real-card/text-0003.bin"),
    include_bytes!("../../fixtures/real-card/text-0004.bin"),
    include_bytes!("../../fixtures/real-card/text-0007.bin"),
];

fuzz_target!(|input: &[u8]| {
    let mut rest = input;
    let mut file = || Zeroizing::new(take(&mut rest).to_vec());
    let files = CardFiles {
        ef0001: file(),
        ef0002: file(),
        ef0003: file(),
        ef0004: file(),
        ef0007: file(),
    };
    let Ok(information) = SignedBasicInformation::from_files(files) else {
        return;
    };
    let trusted = TrustedCardCas::production().accept_test_hierarchy();
    let today = date!(2026 - 01 - 01);
    if verify(&information, &trusted, Presence::NotRequired, today).is_ok() {
        for (file, real) in ElementaryFile::ALL.into_iter().zip(REAL) {
            let bytes = information.files().get(file);
            assert!(bytes.starts_with(real), "EF {file} was forged");
            assert!(
                bytes[real.len()..].iter().all(|byte| *byte == 0xff),
                "EF {file} has other filler"
            );
        }
    }
});

fn take<'a>(rest: &mut &'a [u8]) -> &'a [u8] {
    let Some((length, after)) = rest.split_first_chunk::<2>() else {
        return &[];
    };
    let length = usize::from(u16::from_be_bytes(*length)).min(after.len());
    let (file, after) = after.split_at(length);
    *rest = after;
    file
}
