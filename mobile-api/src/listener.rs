//! Takes connections from the internet: TLS, time-outs, a bound on everything.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
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

use crate::address_rates::{AddressBlock, AddressRates};
use crate::connection_counts::{ConnectionCounts, OpenConnection};
use crate::settings::Limits;

/// Most header bytes of a request.
const HEADER_BYTES: u32 = 16 * 1024;
/// Requests at once on one HTTP/2 connection.
const STREAMS: u32 = 16;
/// How long open requests get to finish at shutdown.
const GRACE: Duration = Duration::from_secs(10);
/// How long to wait after `accept` failed, so that a lack of file descriptors is no busy loop.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Who is at the other end, as far as it is counted. Every request carries it as an extension.
#[derive(Clone, Copy)]
pub(crate) struct Peer(pub(crate) AddressBlock);

/// A bound socket, before it serves.
pub(crate) struct Listener {
    socket: TcpListener,
    tls: TlsAcceptor,
    limits: Limits,
    rates: Arc<AddressRates>,
    counts: ConnectionCounts,
}

impl Listener {
    pub(crate) async fn bind(
        address: SocketAddr,
        tls: Arc<ServerConfig>,
        limits: Limits,
        rates: Arc<AddressRates>,
    ) -> std::io::Result<Self> {
        Ok(Self {
            socket: TcpListener::bind(address).await?,
            tls: TlsAcceptor::from(tls),
            limits,
            rates,
            counts: ConnectionCounts::new(limits.connections_per_address),
        })
    }

    pub(crate) fn address(&self) -> std::io::Result<SocketAddr> {
        self.socket.local_addr()
    }

    /// Serves until `stop` says so, then lets open requests finish.
    pub(crate) async fn serve(self, router: Router, mut stop: watch::Receiver<bool>) {
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
                Ok((stream, peer)) => self.take(stream, peer, place, &router, &stop),
                Err(error) => {
                    tracing::warn!(kind = ?error.kind(), "accept failed");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            }
        }
        // Whoever comes now is refused, rather than left waiting in the queue.
        drop(self.socket);
        // Every place free again: every connection has ended.
        let all = places.acquire_many(self.limits.connections);
        if tokio::time::timeout(GRACE, all).await.is_err() {
            tracing::warn!("connections were cut off at shutdown");
        }
    }

    /// Starts a connection, or closes it at once where its address has enough.
    fn take(
        &self,
        stream: TcpStream,
        peer: SocketAddr,
        place: OwnedSemaphorePermit,
        router: &Router,
        stop: &watch::Receiver<bool>,
    ) {
        let address = AddressBlock::from(peer.ip());
        if !self.rates.allows(address, Instant::now()) {
            return;
        }
        let Some(counted) = self.counts.open(address) else {
            return;
        };
        let connection = Connection {
            tls: self.tls.clone(),
            limits: self.limits,
            router: router.clone(),
            stop: stop.clone(),
            peer: Peer(address),
            _place: place,
            _counted: counted,
        };
        tokio::spawn(connection.run(stream));
    }
}

struct Connection {
    tls: TlsAcceptor,
    limits: Limits,
    router: Router,
    stop: watch::Receiver<bool>,
    peer: Peer,
    _place: OwnedSemaphorePermit,
    _counted: OpenConnection,
}

impl Connection {
    async fn run(self, stream: TcpStream) {
        // Small messages there and back: waiting to fill packets only costs time.
        let _ = stream.set_nodelay(true);
        let handshake = tokio::time::timeout(self.limits.handshake(), self.tls.accept(stream));
        // On the internet most failed handshakes are scanners': not worth a line each.
        if let Ok(Ok(stream)) = handshake.await {
            self.serve(stream).await;
        }
    }

    async fn serve(mut self, stream: TlsStream<TcpStream>) {
        let (router, peer) = (self.router, self.peer);
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
        .header_read_timeout(limits.handshake())
        .max_buf_size(HEADER_BYTES as usize);
    http.http2()
        .timer(TokioTimer::new())
        .max_header_list_size(HEADER_BYTES)
        .max_concurrent_streams(STREAMS)
        .keep_alive_interval(limits.request())
        .keep_alive_timeout(limits.handshake());
    http
}
