//! What goes through, and what does not.

use application::outer::{
    GATEWAY_PATH, LONGEST_SEALED_REPLY, PROBLEM_TYPE, SEALED_REPLY_TYPE, SEALED_REQUEST_LENGTH,
    SEALED_REQUEST_TYPE, SEALING_CONFIGURATION_PATH, SEALING_CONFIGURATION_TYPE,
};
use application::{Problem, ProblemType, ReportedProblem};
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use http::header::CONTENT_TYPE;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject as _;

use crate::stage::{Received, Stage};

pub fn sealed_reply(_: &Received) -> Response {
    ([(CONTENT_TYPE, SEALED_REPLY_TYPE)], "a sealed reply").into_response()
}

pub async fn post(stage: &Stage, body: Vec<u8>) -> reqwest::Response {
    stage
        .phone()
        .post(stage.url(GATEWAY_PATH))
        .header(CONTENT_TYPE, SEALED_REQUEST_TYPE)
        .body(body)
        .send()
        .await
        .unwrap()
}

pub async fn problem(response: reqwest::Response) -> ProblemType {
    let status = response.status().as_u16();
    assert_eq!(response.headers()[CONTENT_TYPE], PROBLEM_TYPE);
    let reported = ReportedProblem::parse(&response.bytes().await.unwrap()).unwrap();
    let kind = reported.kind().unwrap();
    assert_eq!(kind.status(), status);
    kind
}

#[tokio::test]
async fn a_sealed_request_passes_and_nothing_else_of_it() {
    let stage = Stage::new(sealed_reply).await;
    let body: Vec<u8> = (0..SEALED_REQUEST_LENGTH).map(|at| at as u8).collect();
    let response = stage
        .phone()
        .post(stage.url(GATEWAY_PATH))
        .header(CONTENT_TYPE, SEALED_REQUEST_TYPE)
        .header("user-agent", "canary")
        .header("cookie", "canary")
        .header("x-forwarded-for", "canary")
        .header("authorization", "canary")
        .body(body.clone())
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()[CONTENT_TYPE], SEALED_REPLY_TYPE);
    assert_eq!(response.headers()["cache-control"], "no-store");
    assert_eq!(response.bytes().await.unwrap(), "a sealed reply");

    let received = stage.received.lock().unwrap().clone();
    let [received] = received.try_into().unwrap();
    assert_eq!(received.path, GATEWAY_PATH);
    assert_eq!(received.body, body);
    assert_eq!(received.headers[CONTENT_TYPE], SEALED_REQUEST_TYPE);
    assert!(!format!("{:?}", received.headers).contains("canary"));
    assert!(!format!("{:?}", received.headers).contains("127.0.0.1"));
    // And the server knows by which relay.
    let relay = CertificateDer::from_pem_file(stage.folder.path().join("relay.pem")).unwrap();
    assert_eq!(received.certificate, relay.to_vec());
}

#[tokio::test]
async fn what_is_no_sealed_request_goes_nowhere() {
    let stage = Stage::new(sealed_reply).await;
    for (length, expected) in [
        (0, ProblemType::MalformedRequest),
        (SEALED_REQUEST_LENGTH - 1, ProblemType::MalformedRequest),
        (SEALED_REQUEST_LENGTH + 1, ProblemType::TooLarge),
        (10_000_000, ProblemType::TooLarge),
    ] {
        let response = post(&stage, vec![7; length]).await;
        assert_eq!(problem(response).await, expected, "{length} bytes");
    }
    let other_type = stage
        .phone()
        .post(stage.url(GATEWAY_PATH))
        .header(CONTENT_TYPE, "application/json")
        .body(vec![7; SEALED_REQUEST_LENGTH])
        .send()
        .await
        .unwrap();
    assert_eq!(problem(other_type).await, ProblemType::MalformedRequest);
    let other_method = stage.phone().get(stage.url(GATEWAY_PATH)).send();
    assert_eq!(other_method.await.unwrap().status(), 405);
    assert_eq!(stage.passed(), 0);
}

#[tokio::test]
async fn the_servers_own_problems_pass() {
    let stage = Stage::new(|_| {
        let problem = Problem::new(ProblemType::SealingKeyUnknown);
        let status = StatusCode::from_u16(problem.kind.status()).unwrap();
        (status, [(CONTENT_TYPE, PROBLEM_TYPE)], problem.to_json()).into_response()
    })
    .await;
    let response = post(&stage, vec![7; SEALED_REQUEST_LENGTH]).await;
    assert_eq!(problem(response).await, ProblemType::SealingKeyUnknown);
}

#[tokio::test]
async fn the_signed_configuration_passes_as_it_is() {
    let stage = Stage::new(|received| {
        assert_eq!(received.path, SEALING_CONFIGURATION_PATH);
        (
            [(CONTENT_TYPE, SEALING_CONFIGURATION_TYPE)],
            "{\"signed\":1}",
        )
            .into_response()
    })
    .await;
    let url = stage.url(SEALING_CONFIGURATION_PATH);
    let response = stage.phone().get(url).send().await.unwrap();
    assert_eq!(response.headers()[CONTENT_TYPE], SEALING_CONFIGURATION_TYPE);
    assert_eq!(response.bytes().await.unwrap(), "{\"signed\":1}");
}

#[tokio::test]
async fn what_is_no_answer_of_the_protocol_does_not_pass() {
    let wrong: [fn(&Received) -> Response; 4] = [
        |_| ([(CONTENT_TYPE, "text/html")], "<html>canary").into_response(),
        |_| {
            let status = StatusCode::BAD_GATEWAY;
            (status, [(CONTENT_TYPE, SEALED_REPLY_TYPE)], "canary").into_response()
        },
        |_| {
            let long = vec![b'x'; LONGEST_SEALED_REPLY + 1];
            ([(CONTENT_TYPE, SEALED_REPLY_TYPE)], long).into_response()
        },
        // A redirection is not followed, wherever it leads.
        |received| match received.path.as_str() {
            GATEWAY_PATH => {
                (StatusCode::TEMPORARY_REDIRECT, [("location", "/elsewhere")]).into_response()
            }
            _ => sealed_reply(received),
        },
    ];
    for answer in wrong {
        let stage = Stage::new(answer).await;
        let response = post(&stage, vec![7; SEALED_REQUEST_LENGTH]).await;
        assert_eq!(response.headers()["retry-after"], "2");
        assert_eq!(problem(response).await, ProblemType::ServerUnavailable);
    }
}

#[tokio::test]
async fn a_server_that_is_gone_is_said_so() {
    let stage = Stage::with(
        |settings| {
            // The discard port: nobody listens there.
            let (before, after) = settings.split_once("localhost:").unwrap();
            let (_, after) = after.split_once('"').unwrap();
            format!("{before}localhost:9\"{after}")
        },
        sealed_reply,
    )
    .await;
    let response = post(&stage, vec![7; SEALED_REQUEST_LENGTH]).await;
    assert_eq!(problem(response).await, ProblemType::ServerUnavailable);
}

#[tokio::test]
async fn a_server_of_another_ca_gets_nothing() {
    let stage = Stage::with(
        |settings| settings.replace("ca = \"ca.pem\"", "ca = \"foreign-ca.pem\""),
        sealed_reply,
    )
    .await;
    let response = post(&stage, vec![7; SEALED_REQUEST_LENGTH]).await;
    assert_eq!(problem(response).await, ProblemType::ServerUnavailable);
    assert_eq!(stage.passed(), 0);
}

#[tokio::test]
async fn a_relay_of_another_ca_gets_nothing() {
    let stage = Stage::with(
        |settings| settings.replace("\"relay", "\"foreign-relay"),
        sealed_reply,
    )
    .await;
    let response = post(&stage, vec![7; SEALED_REQUEST_LENGTH]).await;
    assert_eq!(problem(response).await, ProblemType::ServerUnavailable);
    assert_eq!(stage.passed(), 0);
}
