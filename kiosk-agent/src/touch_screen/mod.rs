//! The touch screen: the agent tells the page a [`View`], the page sends [`Touch`]es.
//!
//! The page draws what it is told and knows nothing else: every word is in the view already, in
//! the resident's language, and time, PIN and order of the screens are the agent's.
//!
//! ```text
//! session ── AtScreen ── Display ── PageServer ── page
//!            questions    state      WebSocket     a browser on this machine
//! ```

mod at_screen;
mod display;
mod drawing;
mod files;
#[cfg(test)]
mod gallery;
mod page_server;
mod pin_entry;
mod screen_name;
mod shown;
mod socket;
mod state;
mod touch;
mod view;

pub use at_screen::AtScreen;
pub use display::{Display, Seat};
pub use page_server::PageServer;
pub use screen_name::ScreenName;
pub use touch::{ChoiceId, Digit, Do, StaffCode, Touch, TouchRefused};
pub use view::{
    Ask, Bar, Choice, Entry, KanaRow, LanguageName, ListsAloud, Prefecture, Progress, SearchLabels,
    TimeLeft, Tone, View, Voice, Warning,
};
