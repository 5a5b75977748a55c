//! A whole server on real sockets, with test keys and invented residents, and the channels that
//! speak to it.

mod applicant;
mod channel;
mod ground;
mod running;

pub use applicant::{Applicant, order, presence_signature, preview, terms};
pub use channel::{ChannelClient, HttpAnswer, Refused, TlsIdentity, peer_tls};
pub use ground::{Ground, noon, open_register};
pub use running::{Running, SpawnedServer, program};
