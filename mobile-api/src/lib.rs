//! The only process that faces the internet. It passes sealed applications on to the issuing
//! server and the answers back, unread and unkept, and serves the files that verifiers need.
//!
//! It knows sizes and names of the protocol ([`application::outer`]) and none of its keys; it
//! links neither register nor issuance. Addresses are counted in memory and written nowhere.

pub mod address_rates;
mod answers;
pub mod cli;
pub mod connection_counts;
mod health;
mod listener;
mod public;
mod relay;
mod service;
mod settings;
mod tls;

pub use service::{Addresses, MobileApi, StartError};
pub use settings::{HealthSettings, Limits, PublicSettings, ServerSettings, Settings};
pub use tls::TlsError;
