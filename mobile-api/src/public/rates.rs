//! Counts requests by address, and sends away what is too much.

use std::sync::Arc;
use std::time::Instant;

use application::ProblemType;
use axum::extract::{Extension, Request, State};
use axum::middleware::Next;
use axum::response::Response;

use crate::address_rates::AddressRates;
use crate::listener::Peer;

pub(super) async fn count(
    State(rates): State<Arc<AddressRates>>,
    Extension(peer): Extension<Peer>,
    request: Request,
    next: Next,
) -> Response {
    if rates.allows(peer.0, Instant::now()) {
        next.run(request).await
    } else {
        crate::answers::problem(ProblemType::TooManyRequests)
    }
}
