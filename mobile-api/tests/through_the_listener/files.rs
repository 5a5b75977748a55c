//! The published files, as verifiers get them.

use http::header::CONTENT_TYPE;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::gateway::sealed_reply;
use crate::stage::Stage;

#[tokio::test]
async fn published_files_are_for_every_origin() {
    let stage = Stage::new(sealed_reply).await;
    for (path, media_type, content) in [
        (
            "/.well-known/jwks.json",
            "application/json",
            "{\"keys\":[]}",
        ),
        ("/.well-known/crl/k.json", "application/json", "{}"),
        ("/csca.der", "application/pkix-cert", "der"),
        ("/csca.crl", "application/pkix-crl", "crl"),
    ] {
        let response = stage.phone().get(stage.url(path)).send().await.unwrap();
        assert_eq!(response.status(), 200, "{path}");
        let headers = response.headers();
        assert_eq!(headers[CONTENT_TYPE], media_type);
        assert_eq!(headers["access-control-allow-origin"], "*");
        assert_eq!(headers["x-content-type-options"], "nosniff");
        assert_eq!(headers["cache-control"], "public, max-age=300");
        assert_eq!(response.text().await.unwrap(), content);
    }
}

#[tokio::test]
async fn browsers_may_ask_beforehand() {
    let stage = Stage::new(sealed_reply).await;
    let asked = stage
        .phone()
        .request(http::Method::OPTIONS, stage.url("/.well-known/jwks.json"))
        .header("origin", "https://verifier.example")
        .header("access-control-request-method", "GET")
        .send()
        .await
        .unwrap();
    assert_eq!(asked.status(), 200);
    assert_eq!(asked.headers()["access-control-allow-origin"], "*");
}

#[tokio::test]
async fn the_gateway_is_not_for_other_origins() {
    let stage = Stage::new(sealed_reply).await;
    let asked = stage
        .phone()
        .request(http::Method::OPTIONS, stage.url("/v1/gateway"))
        .header("origin", "https://hostile.example")
        .header("access-control-request-method", "POST")
        .send()
        .await
        .unwrap();
    assert!(!asked.headers().contains_key("access-control-allow-origin"));
}

#[tokio::test]
async fn what_is_not_published_is_not_there() {
    let stage = Stage::new(sealed_reply).await;
    for path in [
        "/nothing.json",
        "/left-behind.key.pem",
        "/",
        "/.well-known/",
        "/.well-known",
    ] {
        let response = stage.phone().get(stage.url(path)).send().await.unwrap();
        assert_eq!(response.status(), 404, "{path}");
    }
    let put = stage.phone().put(stage.url("/csca.der")).body("x").send();
    assert_eq!(put.await.unwrap().status(), 405);
}

/// Asks for a path as it is written: HTTP clients would tidy it up first.
async fn raw(stage: &Stage, path: &str) -> String {
    let mut stream = stage.raw().await;
    let request = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    // The peer may end TCP without ending TLS.
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn nothing_outside_the_folder_is_reached() {
    let stage = Stage::new(sealed_reply).await;
    assert!(raw(&stage, "/csca.der").await.ends_with("der"));
    for path in [
        "/../secret.json",
        "/.well-known/../../secret.json",
        "/%2e%2e/secret.json",
        "/..%2fsecret.json",
        "/..%5csecret.json",
        "/%2e%2e%2fsecret.json",
        "//secret.json",
        "/%00/../secret.json",
        "/csca.der%00.json",
        "/etc/../../../../../../secret.json",
        "https://localhost/../secret.json",
    ] {
        let answer = raw(&stage, path).await;
        let status = answer.split(' ').nth(1).unwrap_or("closed").to_owned();
        assert!(
            ["400", "404"].contains(&status.as_str()),
            "{path}: {status}"
        );
        assert!(!answer.contains("secret"), "{path}");
    }
}
