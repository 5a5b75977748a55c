//! Takes connections: TLS, then HTTP/1.1 or HTTP/2, with a bound on everything. Who may connect,
//! and what a request says of its peer, is each process's own affair ([`Doorkeeper`]).

mod connection;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use rustls::{ServerConfig, ServerConnection};
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tokio_rustls::TlsAcceptor;

use connection::Connection;

/// How long open requests get to finish at shutdown.
const GRACE: Duration = Duration::from_secs(10);
/// How long to wait after `accept` failed, so that a lack of file descriptors is no busy loop.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// What a listener takes on at once. Nothing is zero.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Open connections.
    pub connections: u32,
    /// Requests at once on one HTTP/2 connection.
    pub streams: u32,
    /// How long a TLS handshake may take.
    pub handshake: Duration,
    /// How long the head of a request may take to arrive.
    pub head: Duration,
    /// How long an HTTP/2 connection may be silent before it is asked whether it is still there.
    pub silence: Duration,
    /// How long a connection lives: a peer that stays proves itself again.
    pub connection: Duration,
}

/// Why there was no TLS connection.
#[derive(Debug)]
pub enum HandshakeFailure {
    /// rustls names the reason: an expired certificate, an unknown CA, none at all.
    Refused(std::io::Error),
    /// It took too long.
    TooLong,
}

/// Who may connect, and what every request carries of who is at the other end.
pub trait Doorkeeper: Send + Sync + 'static {
    /// What is known of a connection before TLS; kept as long as the connection is open.
    type Admitted: Send + 'static;
    /// What every request of a connection carries as an extension.
    type Peer: Clone + Send + Sync + 'static;

    /// Whether this address may connect now; `None` closes the connection at once.
    fn admit(&self, address: SocketAddr) -> Option<Self::Admitted>;

    /// Who it is; `None` closes the connection.
    fn peer(&self, admitted: &Self::Admitted, tls: &ServerConnection) -> Option<Self::Peer>;

    /// Is told of a connection that TLS did not let in.
    fn refused(&self, failure: HandshakeFailure);
}

/// A bound socket, before it serves.
pub struct TlsListener<D> {
    /// In the log.
    name: &'static str,
    socket: TcpListener,
    tls: TlsAcceptor,
    limits: Limits,
    door: Arc<D>,
}

impl<D: Doorkeeper> TlsListener<D> {
    /// Binds an address. The name is for the log.
    ///
    /// # Errors
    /// Whatever the operating system says.
    pub async fn bind(
        name: &'static str,
        address: SocketAddr,
        tls: Arc<ServerConfig>,
        limits: Limits,
        door: D,
    ) -> std::io::Result<Self> {
        Ok(Self {
            name,
            socket: TcpListener::bind(address).await?,
            tls: TlsAcceptor::from(tls),
            limits,
            door: Arc::new(door),
        })
    }

    /// The address that was bound.
    ///
    /// # Errors
    /// Whatever the operating system says.
    pub fn address(&self) -> std::io::Result<SocketAddr> {
        self.socket.local_addr()
    }

    /// Serves until `stop` says so, or its sender is gone; then refuses new connections and lets
    /// open requests finish, ten seconds at most.
    pub async fn serve(self, router: Router, mut stop: watch::Receiver<bool>) {
        let places = Arc::new(Semaphore::new(self.limits.connections as usize));
        loop {
            // With every place taken, further peers wait in the operating system's queue.
            let place = tokio::select! {
                place = Arc::clone(&places).acquire_owned() => place,
                _ = stop.wait_for(|stop| *stop) => break,
            };
            // The semaphore is never closed.
            let Ok(place) = place else { break };
            let accepted = tokio::select! {
                accepted = self.socket.accept() => accepted,
                _ = stop.wait_for(|stop| *stop) => break,
            };
            match accepted {
                Ok((stream, address)) => {
                    let Some(admitted) = self.door.admit(address) else {
                        continue;
                    };
                    let connection = Connection {
                        tls: self.tls.clone(),
                        limits: self.limits,
                        router: router.clone(),
                        stop: stop.clone(),
                        door: Arc::clone(&self.door),
                        admitted,
                        _place: place,
                    };
                    tokio::spawn(connection.run(stream));
                }
                Err(error) => {
                    tracing::warn!(listener = self.name, kind = ?error.kind(), "accept failed");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            }
        }
        // Whoever comes now is refused, rather than left waiting in the queue.
        drop(self.socket);
        // Every place free again: every connection has ended.
        let all = places.acquire_many(self.limits.connections);
        if tokio::time::timeout(GRACE, all).await.is_err() {
            tracing::warn!(listener = self.name, "connections were cut off at shutdown");
        }
    }
}
