//! Takes connections: TLS, the peer's identity, time-outs, a bound on everything.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use domain::ChannelId;
use hyper::Request;
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use rustls::ServerConfig;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use tower::ServiceExt as _;

use crate::settings::Limits;
use crate::tls;

/// Most header bytes of a request; ours have a few hundred.
const HEADER_BYTES: u32 = 16 * 1024;
/// Requests at once on one HTTP/2 connection.
const STREAMS: u32 = 64;
/// How long open requests get to finish at shutdown.
const GRACE: Duration = Duration::from_secs(10);
/// How long to wait after `accept` failed, so that a lack of file descriptors is no busy loop.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Who is at the other end, by the key of the TLS certificate it proved to hold. Every request
/// of a listener carries it as an extension.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer(pub ChannelId);

/// A bound socket, before it serves.
pub struct Listener {
    name: &'static str,
    socket: TcpListener,
    tls: TlsAcceptor,
    limits: Limits,
}

impl Listener {
    /// Binds an address.
    ///
    /// # Errors
    /// Whatever the operating system says.
    pub async fn bind(
        name: &'static str,
        address: SocketAddr,
        tls: Arc<ServerConfig>,
        limits: Limits,
    ) -> std::io::Result<Self> {
        Ok(Self {
            name,
            socket: TcpListener::bind(address).await?,
            tls: TlsAcceptor::from(tls),
            limits,
        })
    }

    /// The address that was bound.
    ///
    /// # Errors
    /// Whatever the operating system says.
    pub fn address(&self) -> std::io::Result<SocketAddr> {
        self.socket.local_addr()
    }

    /// Serves until `stop` says so, then lets open requests finish.
    pub async fn serve(self, router: Router, mut stop: watch::Receiver<bool>) {
        let connections = Arc::new(Semaphore::new(self.limits.connections as usize));
        loop {
            // With every place taken, further peers wait in the operating system's queue.
            let place = tokio::select! {
                place = Arc::clone(&connections).acquire_owned() => place,
                _ = stop.wait_for(|stop| *stop) => break,
            };
            // The semaphore is never closed.
            let Ok(place) = place else { break };
            let accepted = tokio::select! {
                accepted = self.socket.accept() => accepted,
                _ = stop.wait_for(|stop| *stop) => break,
            };
            match accepted {
                Ok((stream, _)) => {
                    let connection = Connection {
                        listener: self.name,
                        tls: self.tls.clone(),
                        limits: self.limits,
                        router: router.clone(),
                        stop: stop.clone(),
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
        // Every place free again: every connection has ended.
        let all = connections.acquire_many(self.limits.connections);
        if tokio::time::timeout(GRACE, all).await.is_err() {
            tracing::warn!(listener = self.name, "connections were cut off at shutdown");
        }
    }
}

struct Connection {
    listener: &'static str,
    tls: TlsAcceptor,
    limits: Limits,
    router: Router,
    stop: watch::Receiver<bool>,
    _place: OwnedSemaphorePermit,
}

impl Connection {
    async fn run(self, stream: TcpStream) {
        // Small messages there and back: waiting to fill packets only costs time.
        let _ = stream.set_nodelay(true);
        let handshake = tokio::time::timeout(self.limits.handshake(), self.tls.accept(stream));
        let stream = match handshake.await {
            Ok(Ok(stream)) => stream,
            Ok(Err(error)) => {
                // rustls names the reason: an expired certificate, an unknown CA, none at all.
                tracing::info!(listener = self.listener, reason = %error, "TLS refused");
                return;
            }
            Err(_) => {
                tracing::info!(listener = self.listener, "TLS handshake took too long");
                return;
            }
        };
        let Some(peer) = peer_of(&stream) else {
            tracing::info!(
                listener = self.listener,
                "TLS peer's key is none of this house's kind"
            );
            return;
        };
        self.serve(stream, peer).await;
    }

    async fn serve(mut self, stream: TlsStream<TcpStream>, peer: Peer) {
        let router = self.router;
        let service = hyper::service::service_fn(move |request: Request<Incoming>| {
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(peer);
            router.clone().oneshot(request)
        });
        let http = http(&self.limits);
        let mut connection = std::pin::pin!(http.serve_connection(TokioIo::new(stream), service));
        tokio::select! {
            // How a peer ends its connection is its own affair.
            _ = connection.as_mut() => return,
            () = tokio::time::sleep(self.limits.connection()) => {}
            _ = self.stop.wait_for(|stop| *stop) => {}
        }
        connection.as_mut().graceful_shutdown();
        let _ = tokio::time::timeout(GRACE, connection).await;
    }
}

/// HTTP/1.1 and HTTP/2, bounded.
fn http(limits: &Limits) -> auto::Builder<TokioExecutor> {
    let mut http = auto::Builder::new(TokioExecutor::new());
    http.http1()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.request())
        .max_buf_size(HEADER_BYTES as usize);
    http.http2()
        .timer(TokioTimer::new())
        .max_header_list_size(HEADER_BYTES)
        .max_concurrent_streams(STREAMS)
        .keep_alive_interval(limits.request())
        .keep_alive_timeout(limits.handshake());
    http
}

/// TLS has verified chain and possession; here the key becomes the channel's identity.
fn peer_of(stream: &TlsStream<TcpStream>) -> Option<Peer> {
    let certificate = stream.get_ref().1.peer_certificates()?.first()?;
    tls::channel_of_certificate(certificate).ok().map(Peer)
}
