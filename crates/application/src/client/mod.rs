//! The channel's side, without I/O: whoever has HTTP posts what [`Exchange::new`] gives to
//! [`crate::outer::GATEWAY_PATH`] and hands the answer to [`PendingReply::open`].
//!
//! ```
//! # use application::{client, messages::OpenRequest};
//! # fn http(_: Vec<u8>) -> client::Answer<'static> { todo!() }
//! # fn show(
//! #     pinned: &client::PinnedKey, channel: &client::ChannelKey, served: &[u8], now: i64,
//! # ) -> Result<(), Box<dyn std::error::Error>> {
//! let configuration = pinned.verify(served, now)?;
//! let exchange = client::Exchange::new(&configuration, channel, &OpenRequest {}, now)?;
//! let answer = http(exchange.sealed_request);
//! let reply = exchange.pending.open(&answer)?;
//! # drop(reply);
//! # Ok(())
//! # }
//! ```

mod channel_key;
mod exchange;
mod pinned_key;

pub use channel_key::{ChannelKey, InvalidChannelKey};
pub use exchange::{Answer, Exchange, ExchangeError, LocalMisuse, PeerMisbehaved, PendingReply};
pub use pinned_key::{ConfigurationRefused, InvalidPinnedKey, PinnedKey, SealingConfiguration};
