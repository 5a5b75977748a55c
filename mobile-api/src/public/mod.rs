//! What phones, venues and verifiers reach.

mod files;
mod gateway;
mod rates;
mod sealing_configuration;

use std::sync::Arc;
use std::time::Duration;

use application::outer::{GATEWAY_PATH, SEALING_CONFIGURATION_PATH, VENUE_GATEWAY_PATH};
use axum::Router;
use axum::routing::{get, post};
use http::HeaderValue;
use http::header::{STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS};
use tokio::sync::Semaphore;
use tower_http::set_header::SetResponseHeaderLayer;

use crate::address_rates::AddressRates;
use crate::relay::Relay;
use crate::settings::Settings;

/// What the routes share.
#[derive(Clone)]
pub(crate) struct Shared {
    relay: Relay,
    /// Places for sealed requests in work.
    places: Arc<Semaphore>,
    /// How long a request may take.
    limit: Duration,
}

/// All routes. Every request carries its [`crate::listener::Peer`] as an extension.
pub(crate) fn router(settings: &Settings, relay: Relay, rates: Arc<AddressRates>) -> Router {
    let shared = Shared {
        relay,
        places: Arc::new(Semaphore::new(settings.limits.requests as usize)),
        limit: settings.limits.request(),
    };
    Router::new()
        .route(GATEWAY_PATH, post(gateway::phones))
        .route(VENUE_GATEWAY_PATH, post(gateway::venues))
        .route(SEALING_CONFIGURATION_PATH, get(sealing_configuration::pass))
        .with_state(shared)
        .fallback_service(files::service(&settings.public.files.relative()))
        .layer(axum::middleware::from_fn_with_state(rates, rates::count))
        .layer(SetResponseHeaderLayer::overriding(
            X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        ))
        .layer(SetResponseHeaderLayer::overriding(
            STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static("max-age=31536000"),
        ))
}
