//! Who may connect from the internet: anybody, so often and so many at once from one address.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use rustls::ServerConnection;
use tls_listener::{Doorkeeper, HandshakeFailure, TlsListener};

use crate::address_rates::{AddressBlock, AddressRates};
use crate::connection_counts::{ConnectionCounts, OpenConnection};

/// Who is at the other end, as far as it is counted. Every request carries it as an extension.
#[derive(Clone, Copy)]
pub(crate) struct Peer(pub(crate) AddressBlock);

/// The listener for phones and verifiers, bound to its address.
pub(crate) type Listener = TlsListener<CountedAddresses>;

/// Counts what each address does.
pub(crate) struct CountedAddresses {
    pub(crate) rates: Arc<AddressRates>,
    pub(crate) counts: ConnectionCounts,
}

/// A connection that is counted as long as it is open.
pub(crate) struct Counted {
    address: AddressBlock,
    _open: OpenConnection,
}

impl Doorkeeper for CountedAddresses {
    type Admitted = Counted;
    type Peer = Peer;

    fn admit(&self, address: SocketAddr) -> Option<Counted> {
        let address = AddressBlock::from(address.ip());
        if !self.rates.allows(address, Instant::now()) {
            return None;
        }
        let open = self.counts.open(address)?;
        Some(Counted {
            address,
            _open: open,
        })
    }

    fn peer(&self, admitted: &Counted, _: &ServerConnection) -> Option<Peer> {
        Some(Peer(admitted.address))
    }

    /// On the internet most failed handshakes are scanners': not worth a line each.
    fn refused(&self, _: HandshakeFailure) {}
}
