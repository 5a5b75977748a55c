//! `POST /v1/gateway`, `POST /v1/venue-gateway`: a sealed request, passed on unread.

use application::ProblemType;
use application::outer::{SEALED_REQUEST_LENGTH, SEALED_REQUEST_TYPE};
use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use tokio::time::{Instant, timeout_at};

use super::Shared;
use crate::answers::{NO_STORE, problem};
use crate::relay::{NotPassed, Passed, Sender};

pub(super) async fn phones(
    State(shared): State<Shared>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    pass(&shared, Sender::Phones, &headers, body).await
}

pub(super) async fn venues(
    State(shared): State<Shared>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    pass(&shared, Sender::Venues, &headers, body).await
}

async fn pass(shared: &Shared, sender: Sender, headers: &HeaderMap, body: Body) -> Response {
    let deadline = Instant::now() + shared.limit;
    // The body first: whoever is slow with it takes no place from others.
    let sealed = match timeout_at(deadline, sealed_request(headers, body)).await {
        Ok(Ok(sealed)) => sealed,
        Ok(Err(kind)) => return problem(kind),
        Err(_) => return problem(ProblemType::MalformedRequest),
    };
    let Ok(_place) = shared.places.try_acquire() else {
        return problem(ProblemType::TooManyRequests);
    };
    match timeout_at(deadline, shared.relay.sealed_request(sender, sealed)).await {
        Ok(Some(Ok(passed))) => answer(passed),
        Ok(Some(Err(error))) => problem(unavailable(error)),
        Ok(None) | Err(_) => problem(ProblemType::ServerUnavailable),
    }
}

/// The body, of exactly the length that every sealed request has.
async fn sealed_request(headers: &HeaderMap, body: Body) -> Result<Bytes, ProblemType> {
    if headers
        .get(CONTENT_TYPE)
        .is_none_or(|found| found != SEALED_REQUEST_TYPE)
    {
        return Err(ProblemType::MalformedRequest);
    }
    let body = Limited::new(body, SEALED_REQUEST_LENGTH)
        .collect()
        .await
        .map_err(|error| match error.downcast_ref::<LengthLimitError>() {
            Some(_) => ProblemType::TooLarge,
            None => ProblemType::MalformedRequest,
        })?
        .to_bytes();
    if body.len() == SEALED_REQUEST_LENGTH {
        Ok(body)
    } else {
        Err(ProblemType::MalformedRequest)
    }
}

/// What is told when the server does not answer; the operators are told why.
pub(super) fn unavailable(error: NotPassed) -> ProblemType {
    tracing::warn!(reason = %error, "not passed on");
    ProblemType::ServerUnavailable
}

/// The server's answer as it is.
pub(super) fn answer(passed: Passed) -> Response {
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static(passed.content_type)),
        (CACHE_CONTROL, NO_STORE),
    ];
    (passed.status, headers, passed.body).into_response()
}
