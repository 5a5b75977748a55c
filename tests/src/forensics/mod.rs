//! A forensic look at a kiosk after its residents (control C06): sessions with real reader,
//! printer, server, agent and Chromium; then the memory of the agent and of every living browser
//! process, and every file that was written, searched for anything of the residents.

mod canaries;
mod examination;
mod files;
mod memory;
mod planted;
mod report;
mod sessions;

pub use canaries::Canaries;
pub use examination::{Examination, Extent, examine};
pub use memory::{Hit, Memory, pin_contexts, search};
pub use report::Report;
