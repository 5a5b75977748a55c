//! A forensic look at a kiosk after its residents (control C06): sessions with real reader,
//! printer, server, agent and Chromium; then the memory of the agent and of every living browser
//! process, and every file that was written, searched for anything of the residents.

mod canaries;
mod examination;
mod files;
mod looking;
mod memory;
mod on_disk;
mod pins;
mod planted;
mod report;
mod stand;
mod states;
mod trace;
mod walking;

pub use canaries::Canaries;
pub use examination::{Examination, Extent, examine};
pub use memory::{Hit, Memory, pin_places, search};
pub use report::Report;
