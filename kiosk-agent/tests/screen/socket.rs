//! The WebSocket: one page at a time, and nothing from it that is no touch.

use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use kiosk_agent::browser::Entrance;
use serde_json::Value;
use tokio_tungstenite::tungstenite::Message;

use super::{Connected, served, served_to};

/// The next view.
async fn view(socket: &mut Connected) -> Value {
    let next = async {
        loop {
            match socket.next().await.unwrap().unwrap() {
                Message::Text(text) => return serde_json::from_str(&text).unwrap(),
                Message::Ping(_) | Message::Pong(_) => {}
                other @ (Message::Binary(_) | Message::Close(_) | Message::Frame(_)) => {
                    panic!("no view: {other:?}")
                }
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(10), next)
        .await
        .unwrap()
}

async fn touch(socket: &mut Connected, view: &Value, action: &str) {
    let message = format!(r#"{{"view":{},"do":{action}}}"#, view["number"]);
    socket.send(Message::text(message)).await.unwrap();
}

/// Whether the agent ends the connection, whatever it sends before.
async fn ends(mut socket: Connected) -> bool {
    let end = async {
        loop {
            match socket.next().await {
                None | Some(Err(_) | Ok(Message::Close(_))) => return,
                Some(Ok(_)) => {}
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(10), end)
        .await
        .is_ok()
}

#[tokio::test]
async fn the_language_changes_at_a_touch() {
    let served = served().await;
    let mut socket = served.connect().await.unwrap();
    let start = view(&mut socket).await;
    assert_eq!(
        (&start["screen"], &start["language"]),
        (&"start".into(), &"ja".into())
    );
    touch(&mut socket, &start, r#"{"type":"language","tag":"en"}"#).await;
    let english = view(&mut socket).await;
    assert_eq!(english["language"], "en");
    assert_ne!(english["title"], start["title"]);
    assert_eq!(english["number"], start["number"].as_u64().unwrap() + 1);
}

#[tokio::test]
async fn a_second_page_is_refused_until_the_first_is_gone() {
    let served = served().await;
    let first = served.connect().await.unwrap();
    assert_eq!(served.connect().await.unwrap_err(), 409);
    drop(first);
    let again = async {
        while served.connect().await.is_err() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), again)
        .await
        .unwrap();
}

#[tokio::test]
async fn a_browser_that_the_agent_did_not_start_is_refused() {
    let served = served_to(Entrance::for_the_started()).await;
    assert_eq!(served.connect().await.unwrap_err(), 409);
}

#[tokio::test]
async fn another_pages_socket_is_refused() {
    let served = served().await;
    for origin in [
        None,
        Some("https://evil.example"),
        Some("null"),
        Some("http://127.0.0.1:1"),
    ] {
        assert_eq!(
            served.connect_as(origin).await.unwrap_err(),
            403,
            "{origin:?}"
        );
    }
    assert!(served.connect().await.is_ok(), "nobody took the place");
}

#[tokio::test]
async fn what_is_no_touch_ends_the_connection() {
    let served = served().await;
    let mut socket = served.connect().await.unwrap();
    for _ in 0..=10 {
        socket.send(Message::text("{}")).await.unwrap();
    }
    assert!(ends(socket).await, "endless nonsense");
    for bad in [
        Message::text(" ".repeat(4096)),
        Message::binary(vec![0; 16]),
    ] {
        let mut socket = loop {
            match served.connect().await {
                Ok(socket) => break socket,
                Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
            }
        };
        socket.send(bad).await.unwrap();
        assert!(ends(socket).await);
    }
}

/// Touches whose time is measured.
const TOUCHES: usize = 300;

#[tokio::test]
async fn every_touch_has_its_view_and_the_time_until_then_is_reported() {
    let served = served().await;
    let mut socket = served.connect().await.unwrap();
    let mut shown = view(&mut socket).await;
    let mut times = Vec::with_capacity(TOUCHES);
    for number in 0..TOUCHES {
        let tag = if number % 2 == 0 { "en" } else { "ja" };
        let touched = std::time::Instant::now();
        let action = format!(r#"{{"type":"language","tag":"{tag}"}}"#);
        touch(&mut socket, &shown, &action).await;
        shown = view(&mut socket).await;
        times.push(touched.elapsed());
        assert_eq!(shown["language"], tag);
    }
    times.sort();
    let (half, most) = (times[TOUCHES / 2], times[TOUCHES * 99 / 100]);
    println!("touch to view: median {half:?}, 99th percentile {most:?}");
}
