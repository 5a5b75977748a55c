//! The issuing server: opens applications, verifies them, reads the vaccination register, issues,
//! signs and records.
//!
//! The binary is a thin shell around this library, so that tests can run the same server in their
//! own process, with a clock of their own.

pub mod cards;
pub mod cli;
pub mod eligibility;
pub mod listener;
pub mod logs;
pub mod municipalities;
pub mod secrets;
pub mod settings;
pub mod terms;
pub mod tls;

mod attempts;
mod even_time;
mod ticket;
