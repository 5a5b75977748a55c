//! What the system tests share: real servers on real sockets, and peers that speak to them.

pub mod relay_stage;
pub mod server_stage;
