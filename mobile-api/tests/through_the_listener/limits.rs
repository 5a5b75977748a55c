//! Too much, too slow, too long.

use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use application::ProblemType;
use application::outer::{GATEWAY_PATH, SEALED_REQUEST_LENGTH, SEALED_REQUEST_TYPE};
use http::header::CONTENT_TYPE;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::gateway::{post, problem, sealed_reply};
use crate::stage::Stage;

/// Holds answers back until it is opened.
#[derive(Default)]
struct Gate {
    open: Mutex<bool>,
    opened: Condvar,
}

impl Gate {
    fn wait(&self) {
        let open = self.open.lock().unwrap();
        // Not for ever: where a check is missing, the test fails instead of hanging.
        let limit = Duration::from_secs(60);
        let waited = self.opened.wait_timeout_while(open, limit, |open| !*open);
        drop(waited.unwrap());
    }

    fn open(&self) {
        *self.open.lock().unwrap() = true;
        self.opened.notify_all();
    }
}

/// Not for ever: where it never comes true, the test fails instead of hanging.
async fn until(condition: impl Fn() -> bool) {
    let wait = async {
        while !condition() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), wait)
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_asks_too_often_is_sent_away() {
    let stage = Stage::with(
        |settings| format!("{settings}per_address_per_second = 1\nper_address_burst = 4\n"),
        sealed_reply,
    )
    .await;
    // One connection and three requests, and one more for each second that this takes.
    let phone = stage.phone();
    for _ in 0..1000 {
        let response = phone.get(stage.url("/csca.der")).send().await.unwrap();
        if response.status() != 200 {
            assert_eq!(problem(response).await, ProblemType::TooManyRequests);
            return;
        }
    }
    panic!("nobody was sent away");
}

#[tokio::test(flavor = "multi_thread")]
async fn more_requests_than_places_are_sent_away() {
    let gate = Arc::new(Gate::default());
    let held = Arc::clone(&gate);
    let stage = Stage::with(
        |settings| format!("{settings}requests = 1\n"),
        move |received| {
            held.wait();
            sealed_reply(received)
        },
    )
    .await;
    let stage = Arc::new(stage);
    let first = tokio::spawn({
        let stage = Arc::clone(&stage);
        async move { post(&stage, vec![7; SEALED_REQUEST_LENGTH]).await.status() }
    });
    until(|| stage.passed() == 1).await;
    let second = post(&stage, vec![7; SEALED_REQUEST_LENGTH]).await;
    assert_eq!(problem(second).await, ProblemType::TooManyRequests);
    gate.open();
    assert_eq!(first.await.unwrap(), 200);
    // And the place is free again.
    let third = post(&stage, vec![7; SEALED_REQUEST_LENGTH]).await;
    assert_eq!(third.status(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_slow_with_its_body_takes_no_place_and_is_cut_off() {
    let stage = Stage::with(
        |settings| format!("{settings}requests = 1\nrequest_seconds = 3\n"),
        sealed_reply,
    )
    .await;
    let mut slow = stage.raw().await;
    let head = format!(
        "POST {GATEWAY_PATH} HTTP/1.1\r\nhost: localhost\r\n{CONTENT_TYPE}: {SEALED_REQUEST_TYPE}\r\n\
         content-length: {SEALED_REQUEST_LENGTH}\r\nexpect: 100-continue\r\n\r\n"
    );
    slow.write_all(head.as_bytes()).await.unwrap();
    // The body is waited for from now on.
    let mut told = [0; 25];
    slow.read_exact(&mut told).await.unwrap();
    assert_eq!(&told, b"HTTP/1.1 100 Continue\r\n\r\n");
    slow.write_all(&[7; SEALED_REQUEST_LENGTH / 2])
        .await
        .unwrap();
    let other = post(&stage, vec![7; SEALED_REQUEST_LENGTH]).await;
    assert_eq!(other.status(), 200);
    let mut told = [0; 12];
    slow.read_exact(&mut told).await.unwrap();
    assert_eq!(&told, b"HTTP/1.1 400");
    assert_eq!(stage.passed(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_does_not_answer_is_given_up() {
    let gate = Arc::new(Gate::default());
    let held = Arc::clone(&gate);
    let stage = Stage::with(
        |settings| format!("{settings}request_seconds = 1\n"),
        move |received| {
            held.wait();
            sealed_reply(received)
        },
    )
    .await;
    let response = post(&stage, vec![7; SEALED_REQUEST_LENGTH]).await;
    assert_eq!(problem(response).await, ProblemType::ServerUnavailable);
    gate.open();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_peer_that_never_speaks_tls_is_cut_off() {
    let stage = Stage::with(
        |settings| format!("{settings}handshake_seconds = 1\n"),
        sealed_reply,
    )
    .await;
    let mut silent = TcpStream::connect(stage.addresses.public).await.unwrap();
    // Not for ever: where the limit is missing, the test fails instead of hanging.
    let mut byte = [0; 1];
    let cut_off = tokio::time::timeout(Duration::from_secs(60), silent.read(&mut byte));
    assert_eq!(cut_off.await.unwrap().unwrap(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_address_holds_so_many_connections_open() {
    let stage = Stage::with(
        |settings| format!("{settings}connections_per_address = 2\n"),
        sealed_reply,
    )
    .await;
    let first = TcpStream::connect(stage.addresses.public).await.unwrap();
    let _second = TcpStream::connect(stage.addresses.public).await.unwrap();
    let third = stage.phone().get(stage.url("/csca.der")).send().await;
    assert!(third.is_err(), "a third connection was served");
    // One that closes makes room.
    drop(first);
    while stage
        .phone()
        .get(stage.url("/csca.der"))
        .send()
        .await
        .is_err()
    {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn open_requests_finish_at_shutdown() {
    let gate = Arc::new(Gate::default());
    let held = Arc::clone(&gate);
    let stage = Stage::new(move |received| {
        held.wait();
        sealed_reply(received)
    })
    .await;
    let request = stage
        .phone()
        .post(stage.url(GATEWAY_PATH))
        .header(CONTENT_TYPE, SEALED_REQUEST_TYPE)
        .body(vec![7; SEALED_REQUEST_LENGTH])
        .send();
    let request = tokio::spawn(request);
    until(|| stage.passed() == 1).await;
    stage.stop.send_replace(true);
    // Nobody new is taken.
    let address = stage.addresses.public;
    tokio::time::timeout(Duration::from_secs(20), async {
        while TcpStream::connect(address).await.is_ok() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await
    .unwrap();
    gate.open();
    assert_eq!(request.await.unwrap().unwrap().status(), 200);
    stage.serving.await.unwrap();
}
