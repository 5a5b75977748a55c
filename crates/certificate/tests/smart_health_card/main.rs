//! SMART Health Cards: what is written, and every reason to refuse one.

#![allow(clippy::unwrap_used)] // a test fails by it

mod keys;
mod refused;
#[path = "../stage/mod.rs"]
mod stage;
mod written;
