//! mobile-api as phones, verifiers and the server see it: through its real listeners, with a
//! server that speaks real mutual TLS.

#![allow(clippy::unwrap_used)] // a test that cannot go on has failed

mod files;
mod gateway;
mod limits;
mod process;
mod stage;
mod venues;
