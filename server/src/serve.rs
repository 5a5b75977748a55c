//! Serving: every listener bound, then all of them until told to stop.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use serde::Serialize;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tower_http::timeout::RequestBodyTimeoutLayer;

use crate::anchoring;
use crate::gateway;
use crate::health;
use crate::listener::{KeyHolders, Listener};
use crate::service::Service;
use crate::settings::ListenerSettings;
use crate::tls::{self, TlsError};

/// A server with every listener bound, before it serves.
pub struct Server {
    service: Arc<Service>,
    kiosk: Listener,
    relay: Listener,
    venue: Option<Listener>,
    health: TcpListener,
}

/// Where a server listens. Written as one JSON line when it is ready.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Ready {
    ready: bool,
    /// The kiosk listener.
    pub kiosk: SocketAddr,
    /// The relay listener.
    pub relay: SocketAddr,
    /// The venue listener, where it is on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub venue: Option<SocketAddr>,
    /// The health listener.
    pub health: SocketAddr,
}

/// Why a server does not listen.
#[derive(Debug, thiserror::Error)]
pub enum ListenError {
    /// A certificate or key.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// An address.
    #[error("the {listener} listener cannot listen on {address}: {source}")]
    Address {
        /// Which listener.
        listener: &'static str,
        /// The address of the settings.
        address: SocketAddr,
        /// What the operating system says.
        source: std::io::Error,
    },
}

impl Server {
    /// Binds every listener of the service's settings.
    ///
    /// # Errors
    /// [`ListenError`].
    pub async fn bind(service: Service) -> Result<Self, ListenError> {
        let settings = &service.settings;
        let kiosk = listener("kiosk", &settings.kiosk, &service).await?;
        let relay = listener("relay", &settings.relay, &service).await?;
        let venue = match &settings.venue {
            Some(settings) if service.any_venues_declared() => {
                Some(listener("venue", settings, &service).await?)
            }
            Some(_) => {
                tracing::warn!("the venue listener stays off: no municipality declares [venues]");
                None
            }
            None => None,
        };
        let address = settings.health.listen;
        let health = TcpListener::bind(address).await.map_err(|source| {
            let listener = "health";
            ListenError::Address {
                listener,
                address,
                source,
            }
        })?;
        Ok(Self {
            service: Arc::new(service),
            kiosk,
            relay,
            venue,
            health,
        })
    }

    /// Where it listens.
    ///
    /// # Errors
    /// Whatever the operating system says.
    pub fn ready(&self) -> std::io::Result<Ready> {
        Ok(Ready {
            ready: true,
            kiosk: self.kiosk.address()?,
            relay: self.relay.address()?,
            venue: self.venue.as_ref().map(Listener::address).transpose()?,
            health: self.health.local_addr()?,
        })
    }

    /// Serves until `stop` completes; then takes no new request, lets those in work finish, and
    /// closes the register.
    pub async fn serve(self, stop: impl Future<Output = ()>) {
        let (stopping, stopped) = watch::channel(false);
        let layer = |router: Router| {
            // A body that does not come: the request's own time-out, byte by byte.
            router.layer(RequestBodyTimeoutLayer::new(
                self.service.settings.limits.request(),
            ))
        };
        let kiosk = layer(gateway::kiosk_router(Arc::clone(&self.service)));
        let relay = layer(gateway::relay_router(Arc::clone(&self.service)));
        let venue_routes = layer(gateway::venue_router(Arc::clone(&self.service)));
        let health = health::router(Arc::clone(&self.service));
        let mut health_stopped = stopped.clone();
        let until_stopped = async move {
            // An error says that the sender is gone: stopped too.
            let _ = health_stopped.wait_for(|stop| *stop).await;
        };
        let health = axum::serve(self.health, health).with_graceful_shutdown(until_stopped);
        let signal = async {
            stop.await;
            tracing::info!("stopping");
            // Every receiver is one of ours and still there, or done already.
            let _ = stopping.send(true);
        };
        let anchoring = anchoring::until_stopped(Arc::clone(&self.service), stopped.clone());
        let venue_stopped = stopped.clone();
        let venue = async {
            if let Some(venue) = self.venue {
                venue.serve(venue_routes, venue_stopped).await;
            }
        };
        let ((), (), (), health, (), ()) = tokio::join!(
            self.kiosk.serve(kiosk, stopped.clone()),
            self.relay.serve(relay, stopped),
            venue,
            async { health.await },
            anchoring,
            signal,
        );
        if let Err(error) = health {
            tracing::warn!(kind = ?error.kind(), "health listener failed");
        }
        self.service.stop().await;
    }
}

async fn listener(
    name: &'static str,
    settings: &ListenerSettings,
    service: &Service,
) -> Result<Listener, ListenError> {
    let clock = Arc::clone(&service.clock);
    let tls = tls::mutual(&service.settings.tls, &settings.client_ca.relative(), clock)?;
    let limits = service.settings.limits.of_listener();
    let door = KeyHolders { listener: name };
    Listener::bind(name, settings.listen, tls, limits, door)
        .await
        .map_err(|source| ListenError::Address {
            listener: name,
            address: settings.listen,
            source,
        })
}
