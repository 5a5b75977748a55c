//! One connection, from its handshake to its end.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use hyper::Request;
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use tokio::net::TcpStream;
use tokio::sync::{OwnedSemaphorePermit, watch};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use tower::ServiceExt as _;

use crate::{Doorkeeper, GRACE, HandshakeFailure, Limits};

/// Most header bytes of a request; ours have a few hundred.
const HEADER_BYTES: u32 = 16 * 1024;

pub(crate) struct Connection<D: Doorkeeper> {
    pub(crate) tls: TlsAcceptor,
    pub(crate) limits: Limits,
    pub(crate) router: Router,
    pub(crate) stop: watch::Receiver<bool>,
    pub(crate) door: Arc<D>,
    pub(crate) admitted: D::Admitted,
    pub(crate) _place: OwnedSemaphorePermit,
}

impl<D: Doorkeeper> Connection<D> {
    pub(crate) async fn run(self, stream: TcpStream) {
        // Small messages there and back: waiting to fill packets only costs time.
        let _ = stream.set_nodelay(true);
        let handshake = tokio::time::timeout(self.limits.handshake, self.tls.accept(stream));
        let stream = match handshake.await {
            Ok(Ok(stream)) => stream,
            Ok(Err(error)) => return self.door.refused(HandshakeFailure::Refused(error)),
            Err(_) => return self.door.refused(HandshakeFailure::TooLong),
        };
        if let Some(peer) = self.door.peer(&self.admitted, stream.get_ref().1) {
            self.serve(stream, peer).await;
        }
    }

    async fn serve(mut self, stream: TlsStream<TcpStream>, peer: D::Peer) {
        let router = self.router;
        let service = hyper::service::service_fn(move |request: Request<Incoming>| {
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(peer.clone());
            router.clone().oneshot(request)
        });
        let http = http(&self.limits);
        let mut connection = std::pin::pin!(http.serve_connection(TokioIo::new(stream), service));
        tokio::select! {
            // How a peer ends its connection is its own affair.
            _ = connection.as_mut() => return,
            () = tokio::time::sleep(self.limits.connection) => {}
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
        .header_read_timeout(limits.head)
        .max_buf_size(HEADER_BYTES as usize);
    http.http2()
        .timer(TokioTimer::new())
        .max_header_list_size(HEADER_BYTES)
        .max_concurrent_streams(limits.streams)
        .keep_alive_interval(limits.silence)
        .keep_alive_timeout(limits.handshake);
    http
}
