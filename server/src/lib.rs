//! The issuing server: opens applications, verifies them, reads the vaccination register, issues,
//! signs and records.
//!
//! The binary is a thin shell around this library, so that tests can run the same server in their
//! own process, with a clock of their own.

pub mod cli;
pub mod serve;
pub mod settings;

mod anchoring;
mod attempts;
mod calls;
mod cards;
mod commands;
mod directory;
mod dose_entry;
mod eligibility;
mod even_time;
mod gateway;
mod health;
mod listener;
mod municipalities;
mod problems;
mod register_settings;
mod request_line;
mod secrets;
mod service;
mod terms;
mod ticket;
mod tls;
mod unsignable;

pub use commands::run;
pub use service::{Service, StartError};
