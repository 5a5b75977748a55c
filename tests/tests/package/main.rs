//! The Debian packages: built, looked through, installed into a folder, updated and gone back from.

#![allow(clippy::unwrap_used)] // a test that cannot go on fails

mod contents;
mod installing;
mod packages;
mod units;
mod updating;
