//! The register from outside: what any storage behind it has to keep.

#![allow(clippy::unwrap_used)] // a test that cannot go on has failed

mod approvals;
mod audit;
mod canaries;
mod certificates;
mod concurrency;
mod faults;
mod handles;
mod import;
mod issuing;
mod killed;
mod lookup;
mod rotation;
mod support;
mod system;
