//! The files of the real test card; see `fixtures/real-card/README.md`.
#![allow(dead_code)] // each test binary uses its part

use my_number_card::{CardFiles, ElementaryFile};
use zeroize::Zeroizing;

macro_rules! file {
    ($name:literal) => {
        include_bytes!(concat!("../../../../fixtures/real-card/", $name))
    };
}

pub const EF0001: &[u8] = file!("text-0001-physical.bin");
pub const EF0002: &[u8] = file!("text-0002.bin");
pub const EF0003: &[u8] = file!("text-0003.bin");
pub const EF0004: &[u8] = file!("text-0004.bin");
pub const EF0007: &[u8] = file!("text-0007.bin");

/// All five, as read.
pub fn files() -> CardFiles {
    let file = |bytes: &[u8]| Zeroizing::new(bytes.to_vec());
    CardFiles {
        ef0001: file(EF0001),
        ef0002: file(EF0002),
        ef0003: file(EF0003),
        ef0004: file(EF0004),
        ef0007: file(EF0007),
    }
}

/// One of them, to be changed.
pub fn file_mut(files: &mut CardFiles, file: ElementaryFile) -> &mut Vec<u8> {
    match file {
        ElementaryFile::IndividualNumber => &mut files.ef0001,
        ElementaryFile::BasicAttributes => &mut files.ef0002,
        ElementaryFile::Integrity => &mut files.ef0003,
        ElementaryFile::IssuerCertificate => &mut files.ef0004,
        ElementaryFile::CardKey => &mut files.ef0007,
    }
}
