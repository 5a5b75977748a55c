//! What the system tests share: real servers on real sockets, and peers that speak to them.
#![allow(clippy::unwrap_used)] // what cannot be set up ends the test that asked for it

pub mod bare_kiosk;
pub mod cutting_proxy;
pub mod forensics;
pub mod load;
pub mod mixed_up;
pub mod relay_stage;
pub mod screen_stage;
pub mod server_stage;
pub mod venue_stage;
