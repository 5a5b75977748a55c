//! Venues' sealed requests: to a listener of their own on the server, and only where it is set.

use application::ProblemType;
use application::outer::{
    GATEWAY_PATH, SEALED_REQUEST_LENGTH, SEALED_REQUEST_TYPE, VENUE_GATEWAY_PATH,
};
use http::header::CONTENT_TYPE;

use crate::gateway::{post, problem, sealed_reply};
use crate::stage::Stage;

/// The server's venue listener, here by a path of its own.
fn with_venues(settings: &str) -> String {
    let server = settings
        .split("url = \"")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .unwrap();
    settings.replace(
        "[health]",
        &format!("[venues]\nurl = \"{server}/venues\"\n[health]"),
    )
}

async fn post_as_venue(stage: &Stage, body: Vec<u8>) -> reqwest::Response {
    let request = stage.phone().post(stage.url(VENUE_GATEWAY_PATH));
    let request = request.header(CONTENT_TYPE, SEALED_REQUEST_TYPE);
    request.body(body).send().await.unwrap()
}

#[tokio::test]
async fn a_venue_s_request_goes_to_the_venue_listener_and_a_phone_s_does_not() {
    let stage = Stage::with(with_venues, sealed_reply).await;
    let body = vec![7; SEALED_REQUEST_LENGTH];
    assert_eq!(post_as_venue(&stage, body.clone()).await.status(), 200);
    assert_eq!(post(&stage, body.clone()).await.status(), 200);
    let received = stage.received.lock().unwrap();
    let paths: Vec<&str> = received.iter().map(|one| one.path.as_str()).collect();
    assert_eq!(paths, [&format!("/venues{GATEWAY_PATH}"), GATEWAY_PATH]);
    assert_eq!(received[0].body, body);
}

#[tokio::test]
async fn venues_reach_nothing_where_they_are_not_switched_on() {
    let stage = Stage::new(sealed_reply).await;
    let refused = post_as_venue(&stage, vec![7; SEALED_REQUEST_LENGTH]).await;
    assert_eq!(problem(refused).await, ProblemType::ServerUnavailable);
    assert_eq!(stage.passed(), 0);
}

#[tokio::test]
async fn a_venue_s_request_is_as_bounded_as_a_phone_s() {
    let stage = Stage::with(with_venues, sealed_reply).await;
    for (length, told) in [
        (SEALED_REQUEST_LENGTH - 1, ProblemType::MalformedRequest),
        (SEALED_REQUEST_LENGTH + 1, ProblemType::TooLarge),
    ] {
        let refused = post_as_venue(&stage, vec![7; length]).await;
        assert_eq!(problem(refused).await, told);
    }
    assert_eq!(stage.passed(), 0);
}
