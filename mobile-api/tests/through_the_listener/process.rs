//! The program: its ready line, its health, its end, and what it says.

use std::process::Stdio;
use std::sync::Arc;

use application::outer::{GATEWAY_PATH, SEALED_REQUEST_LENGTH, SEALED_REQUEST_TYPE};
use http::header::CONTENT_TYPE;
use mobile_api::{MobileApi, Settings, StartError, TlsError};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader};
use tokio::process::Command;

use crate::stage::{Received, behind, phone, set_mode};

fn html_with_canary(_: &Received) -> axum::response::Response {
    axum::response::IntoResponse::into_response(axum::response::Html("CANARY"))
}

#[tokio::test(flavor = "multi_thread")]
async fn it_says_when_it_is_ready_and_nothing_about_a_request() {
    let (folder, received) = behind(Arc::new(html_with_canary)).await;
    let mut child = Command::new(env!("CARGO_BIN_EXE_mobile-api"))
        .args(["serve", "--settings"])
        .arg(folder.path().join("settings.toml"))
        .env("AKASHI_LOG", "trace")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut line = String::new();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    stdout.read_line(&mut line).await.unwrap();
    let ready: serde_json::Value = serde_json::from_str(&line).unwrap();
    assert_eq!(ready["ready"], true);
    let public = ready["public"].as_str().unwrap();

    let health = format!("http://{}/health", ready["health"].as_str().unwrap());
    let client = phone(folder.path());
    assert_eq!(client.get(health).send().await.unwrap().status(), 200);
    let mut body = vec![b'C'; SEALED_REQUEST_LENGTH];
    body[..6].copy_from_slice(b"CANARY");
    let response = client
        .post(format!("https://{public}{GATEWAY_PATH}?CANARY"))
        .header(CONTENT_TYPE, SEALED_REQUEST_TYPE)
        .header("x-canary", "CANARY")
        .body(body)
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 503);
    assert_eq!(received.lock().unwrap().len(), 1);

    let pid = child.id().unwrap().to_string();
    let killed = Command::new("kill").args(["-TERM", &pid]).status().await;
    assert!(killed.unwrap().success());
    assert!(child.wait().await.unwrap().success());
    let mut log = String::new();
    let mut stderr = child.stderr.take().unwrap();
    stderr.read_to_string(&mut log).await.unwrap();
    assert!(log.contains("not passed on"), "the failure is told: {log}");
    assert!(!log.contains("CANARY"), "{log}");
    assert!(
        !log.contains("127.0.0.1"),
        "an address is in the log: {log}"
    );
}

#[tokio::test]
async fn unknown_settings_do_not_start() {
    let (folder, _) = behind(Arc::new(html_with_canary)).await;
    let file = folder.path().join("settings.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, format!("{text}unknown = 1\n")).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_mobile-api"))
        .args(["serve", "--settings"])
        .arg(&file)
        .output()
        .await
        .unwrap();
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("unknown"));
    assert!(output.stdout.is_empty());
}

#[tokio::test]
async fn a_variable_goes_over_the_file_and_is_checked_like_it() {
    let (folder, _) = behind(Arc::new(html_with_canary)).await;
    let output = Command::new(env!("CARGO_BIN_EXE_mobile-api"))
        .args(["serve", "--settings"])
        .arg(folder.path().join("settings.toml"))
        .env("AKASHI_MOBILE_API_HEALTH__LISTEN", "0.0.0.0:0")
        .output()
        .await
        .unwrap();
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("loopback"));
}

#[tokio::test]
async fn a_private_key_that_others_may_read_is_refused() {
    let (folder, _) = behind(Arc::new(html_with_canary)).await;
    let settings = Settings::load(&folder.path().join("settings.toml")).unwrap();
    for name in ["public.key.pem", "relay.key.pem"] {
        let file = folder.path().join(name);
        set_mode(&file, 0o640);
        let Err(StartError::Tls(TlsError::Key(refused))) = MobileApi::bind(&settings).await else {
            panic!("{name} was taken");
        };
        assert!(refused.to_string().contains(name), "{refused}");
        set_mode(&file, 0o600);
    }
    assert!(MobileApi::bind(&settings).await.is_ok());
}
