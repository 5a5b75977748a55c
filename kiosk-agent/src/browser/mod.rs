//! The browser that shows the screen: started by the agent, watched, and replaced with its whole
//! tree of processes after each resident, so that nobody finds in it who was there before
//! (control C06).
//!
//! ```text
//! agent ── keeper (kiosk-agent keep-browser) ── Chromium ── zygotes ── renderers, GPU …
//!                                            └─ crash handlers, which detach themselves
//! ```
//!
//! What detaches itself stays below the keeper, which is its subreaper. The keeper ends when the
//! agent closes its standard input, which the kernel does also when the agent is killed; then it
//! kills everything below it and wipes the profile. A keeper that is killed takes Chromium along,
//! and what it leaves falls to the agent.

mod command_line;
mod entrance;
mod entry_page;
mod group;
pub mod keeper;
mod process_tree;
mod profile;
mod running;
mod settings;
mod supervisor;

pub use entrance::{Entrance, PASS, Pass};
pub use process_tree::living_below;
pub use running::this_program;
pub use settings::BrowserSettings;
pub use supervisor::{Browser, BrowserError};
