//! Health, on loopback: whether the process lives, and whether it can issue.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;

use crate::service::Service;

/// `GET /live`: the process answers. `GET /ready`: the register answers too.
pub fn router(service: Arc<Service>) -> Router {
    Router::new()
        .route("/live", get(|| async { StatusCode::NO_CONTENT }))
        .route("/ready", get(ready))
        .with_state(service)
}

async fn ready(State(service): State<Arc<Service>>) -> StatusCode {
    if service.registry_answers().await {
        StatusCode::NO_CONTENT
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    }
}
