//! Files: which there are, and to whom they are given.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::{Served, served};

/// The answer to a request with these lines, as it comes.
async fn asked(served: &Served, lines: &str) -> String {
    let mut stream = TcpStream::connect(served.address).await.unwrap();
    let request = format!("{lines}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

fn status(answer: &str) -> &str {
    answer.split(' ').nth(1).unwrap_or("none")
}

#[tokio::test]
async fn the_page_comes_with_strict_headers() {
    let served = served().await;
    for host in [
        served.address.to_string(),
        format!("localhost:{}", served.address.port()),
    ] {
        let answer = asked(&served, &format!("GET / HTTP/1.1\r\nHost: {host}")).await;
        assert_eq!(status(&answer), "200", "{host}");
        let head = answer.split("\r\n\r\n").next().unwrap().to_lowercase();
        for header in [
            "content-type: text/html",
            "cache-control: no-store",
            "referrer-policy: no-referrer",
            "x-content-type-options: nosniff",
            "default-src 'none'",
            "frame-ancestors 'none'",
        ] {
            assert!(head.contains(header), "{header} in {head}");
        }
        assert!(!head.contains("unsafe"), "{head}");
    }
}

#[tokio::test]
async fn nobody_else_is_given_anything() {
    let served = served().await;
    let own = served.address.to_string();
    let port = served.address.port();
    for (why, lines) in [
        (
            "another name that points here",
            format!("GET / HTTP/1.1\r\nHost: kiosk.example:{port}"),
        ),
        (
            "another port",
            "GET / HTTP/1.1\r\nHost: 127.0.0.1:1".to_owned(),
        ),
        ("no name", "GET / HTTP/1.0".to_owned()),
        (
            "two names",
            format!("GET / HTTP/1.1\r\nHost: {own}\r\nHost: evil.example"),
        ),
        (
            "another page",
            format!("GET / HTTP/1.1\r\nHost: {own}\r\nOrigin: https://evil.example"),
        ),
        (
            "a page without an origin",
            format!("GET / HTTP/1.1\r\nHost: {own}\r\nOrigin: null"),
        ),
        (
            "something to be changed",
            format!("POST / HTTP/1.1\r\nHost: {own}\r\nContent-Length: 0"),
        ),
    ] {
        let answer = asked(&served, &lines).await;
        assert!(matches!(status(&answer), "403" | "400"), "{why}: {answer}");
        assert!(!answer.contains("<html"), "{why}");
    }
}

#[tokio::test]
async fn what_is_no_file_is_not_found() {
    let served = served().await;
    for path in [
        "/nothing",
        "/../Cargo.toml",
        "/%2e%2e/Cargo.toml",
        "/voices/",
    ] {
        let own = served.address;
        let answer = asked(&served, &format!("GET {path} HTTP/1.1\r\nHost: {own}")).await;
        assert_eq!(status(&answer), "404", "{path}");
    }
}
