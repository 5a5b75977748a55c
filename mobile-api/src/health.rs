//! Whether mobile-api serves, for who watches this machine. Loopback only.

use std::net::SocketAddr;

use axum::Router;
use axum::routing::get;
use tokio::net::TcpListener;
use tokio::sync::watch;

/// A bound socket, before it serves.
pub(crate) struct Health(TcpListener);

impl Health {
    pub(crate) async fn bind(address: SocketAddr) -> std::io::Result<Self> {
        TcpListener::bind(address).await.map(Self)
    }

    pub(crate) fn address(&self) -> std::io::Result<SocketAddr> {
        self.0.local_addr()
    }

    /// Serves until `stop` says so.
    pub(crate) async fn serve(self, mut stop: watch::Receiver<bool>) {
        let router = Router::new().route("/health", get(async || "serving\n"));
        let stopped = async move {
            // A dropped sender stops as well.
            let _ = stop.wait_for(|stop| *stop).await;
        };
        if let Err(error) = axum::serve(self.0, router)
            .with_graceful_shutdown(stopped)
            .await
        {
            tracing::warn!(kind = ?error.kind(), "health stopped serving");
        }
    }
}
