//! Who may connect to the server: whoever TLS let in, known by the key of its certificate.

use std::net::SocketAddr;

use domain::ChannelId;
use rustls::ServerConnection;
use tls_listener::{Doorkeeper, HandshakeFailure, TlsListener};

use crate::tls;

/// Who is at the other end, by the key of the TLS certificate it proved to hold. Every request
/// of a listener carries it as an extension.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer(pub ChannelId);

/// A listener with mutual TLS, bound to its address.
pub(crate) type Listener = TlsListener<KeyHolders>;

/// Lets in who holds a key of this house's kind.
pub(crate) struct KeyHolders {
    /// In the log.
    pub(crate) listener: &'static str,
}

impl Doorkeeper for KeyHolders {
    type Admitted = ();
    type Peer = Peer;

    fn admit(&self, _: SocketAddr) -> Option<()> {
        Some(())
    }

    /// TLS has verified chain and possession; here the key becomes the channel's identity.
    fn peer(&self, (): &(), tls: &ServerConnection) -> Option<Peer> {
        let certificate = tls.peer_certificates().and_then(<[_]>::first);
        let peer = certificate.and_then(|der| tls::channel_of_certificate(der).ok());
        if peer.is_none() {
            tracing::info!(
                listener = self.listener,
                "TLS peer's key is none of this house's kind"
            );
        }
        peer.map(Peer)
    }

    fn refused(&self, failure: HandshakeFailure) {
        let listener = self.listener;
        match failure {
            HandshakeFailure::Refused(error) => {
                tracing::info!(listener, reason = %error, "TLS refused");
            }
            HandshakeFailure::TooLong => {
                tracing::info!(listener, "TLS handshake took too long");
            }
        }
    }
}
