//! The whole: bound, then serving, then stopped.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use tokio::sync::watch;

use crate::address_rates::AddressRates;
use crate::connection_counts::ConnectionCounts;
use crate::health::Health;
use crate::listener::{CountedAddresses, Listener};
use crate::relay::Relay;
use crate::settings::Settings;
use crate::tls::{self, TlsError};

/// Addresses remembered at once, twice over: about 2 MB.
const ADDRESSES: usize = 32 * 1024;

/// mobile-api, bound to its addresses.
pub struct MobileApi {
    listener: Listener,
    health: Health,
    router: Router,
}

/// Where it listens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Addresses {
    /// For phones and verifiers.
    pub public: SocketAddr,
    /// For who watches this machine.
    pub health: SocketAddr,
}

/// Why mobile-api does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// A certificate or key cannot be used.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// The folder of published files is not there.
    #[error("public.files is not a folder: {0}")]
    Files(std::path::PathBuf),
    /// The way to the server cannot be prepared.
    #[error("the way to the server cannot be prepared: {0}")]
    Relay(#[source] reqwest::Error),
    /// An address cannot be bound.
    #[error("{listener} cannot be bound: {source}")]
    Bind {
        /// Which listener.
        listener: &'static str,
        /// What the operating system says.
        source: std::io::Error,
    },
}

impl MobileApi {
    /// Reads certificates and keys and binds every address; nothing is served yet.
    ///
    /// # Errors
    /// [`StartError`].
    pub async fn bind(settings: &Settings) -> Result<Self, StartError> {
        let files = settings.public.files.relative();
        if !files.is_dir() {
            return Err(StartError::Files(files));
        }
        let limits = settings.limits;
        let rates = Arc::new(AddressRates::new(
            limits.per_address_per_second,
            limits.per_address_burst,
            ADDRESSES,
        ));
        let relay = Relay::new(settings, &limits)?;
        let failed = |listener| move |source| StartError::Bind { listener, source };
        let door = CountedAddresses {
            rates: Arc::clone(&rates),
            counts: ConnectionCounts::new(limits.connections_per_address),
        };
        let listener = Listener::bind(
            "public",
            settings.public.listen,
            tls::public(&settings.public)?,
            limits.of_listener(),
            door,
        )
        .await
        .map_err(failed("public"))?;
        let health = Health::bind(settings.health.listen)
            .await
            .map_err(failed("health"))?;
        Ok(Self {
            listener,
            health,
            router: crate::public::router(settings, relay, rates),
        })
    }

    /// Where it listens.
    ///
    /// # Errors
    /// [`StartError::Bind`].
    pub fn addresses(&self) -> Result<Addresses, StartError> {
        let failed = |listener| move |source| StartError::Bind { listener, source };
        Ok(Addresses {
            public: self.listener.address().map_err(failed("public"))?,
            health: self.health.address().map_err(failed("health"))?,
        })
    }

    /// Serves until `stop` says so, then lets open requests finish.
    pub async fn serve(self, stop: watch::Receiver<bool>) {
        tokio::join!(
            self.listener.serve(self.router, stop.clone()),
            self.health.serve(stop),
        );
    }
}
