//! What the tests and benchmarks of this crate share: a TEST issuer, certificates, and the real
//! programs that look at a page.

#![allow(dead_code, missing_docs)] // each test binary uses some of it
#![allow(clippy::unwrap_used, clippy::expect_used)] // what cannot be made stops the test

pub mod certificates;
pub mod issuer;
pub mod tools;

use issuance::{FontPaths, Fonts};
use std::sync::OnceLock;

/// The default fonts, loaded once for each test binary.
pub fn fonts() -> &'static Fonts {
    static FONTS: OnceLock<Fonts> = OnceLock::new();
    FONTS.get_or_init(|| Fonts::load(&FontPaths::default()).expect("the fonts are installed"))
}
