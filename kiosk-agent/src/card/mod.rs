//! The card reader: PC/SC as a [`my_number_card::CardTransport`].
//!
//! ```text
//! CardReaders::open → list
//!                   → wait_for_card → ConnectedCard (exclusive) → give_back → CardToTake
//!                                                                             → wait_until_taken
//! ```
//!
//! Everything here blocks, for a bounded time; the agent runs it on a thread of its own. Nothing
//! that passes is logged. The card is held exclusively, because a PIN that was presented opens
//! the card for whoever else holds it; and its power is cut when it is given back, because on a
//! card a warm reset was observed to leave it open.

mod connected_card;
mod error;
mod exchange_thread;
mod readers;
mod removal;

pub use connected_card::ConnectedCard;
pub use error::ReaderError;
pub use readers::{CardReaders, LookFor, ReaderName, Waiting};
pub use removal::CardToTake;
