//! The real program: ready line, health, its log, its end, and settings that it does not take.
#![allow(clippy::unwrap_used)] // a step that fails ends the test

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use application::messages::Outcome;
use domain::{CertificateKind, SystemClock};
use fixtures::municipality::Kind;
use system_tests::server_stage::{
    Applicant, ChannelClient, Ground, SpawnedServer, TlsIdentity, program,
};

fn kiosk(ground: &Ground, server: &SpawnedServer, number: u16) -> ChannelClient {
    let identity = TlsIdentity::kiosk(ground, number);
    let (clock, key) = (Arc::new(SystemClock), identity.channel_key());
    ChannelClient::new(ground, server.kiosk, &clock, &identity, key)
}

/// `GET` without TLS; the status line.
fn health(server: &SpawnedServer, path: &str) -> String {
    let mut stream = TcpStream::connect(server.health).unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer.lines().next().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn a_whole_session_leaves_lines_and_nothing_about_anybody_in_them() {
    let ground = Ground::lay().await;
    let log = ground.path("server.log");
    let mut server = SpawnedServer::start(&ground.settings(), &log);
    assert!(health(&server, "/live").contains("204"));
    assert!(health(&server, "/ready").contains("204"));
    assert!(health(&server, "/v1/gateway").contains("404"));
    let client = kiosk(&ground, &server, 1);
    let person = ground.person(Kind::ThreeDoses);
    let applicant = Applicant::person(&ground, person);
    let ticket = applicant.apply(&client).await.unwrap();
    client.offer(&ticket, Ground::urayasu()).await.unwrap();
    let (kind, at) = (CertificateKind::Abroad, Ground::urayasu());
    let reply = client.order(&ticket, at, kind, 120, 1).await.unwrap();
    let outcome = Outcome::Delivered;
    let told = client
        .report(&ticket, at, reply.certificate_id, outcome)
        .await;
    told.unwrap();
    // And refusals, which say more than answers.
    let protected = Applicant::of_kind(&ground, Kind::Protected);
    let others = protected.apply(&client).await.unwrap();
    client.offer(&others, at).await.unwrap();
    client.order(&others, at, kind, 120, 2).await.unwrap_err();
    kiosk(&ground, &server, 3)
        .sealing_configuration()
        .await
        .unwrap_err();
    assert!(server.terminate(), "told to stop, it ends well");

    let log = std::fs::read_to_string(&log).unwrap();
    for call in ["challenge", "apply", "offer", "order", "outcome"] {
        assert!(log.contains(&format!("\"call\":\"{call}\"")), "{call}");
    }
    for said in [
        "kiosk-not-registered",
        "order-not-available",
        "\"peer\":\"kiosk-1\"",
    ] {
        assert!(log.contains(said), "{said}");
    }
    for line in log.lines() {
        serde_json::from_str::<serde_json::Value>(line).expect("one JSON object a line");
    }
    let hidden = ground.person(Kind::Protected);
    for person in [person, hidden] {
        let name = person.name.expose();
        let (family, given) = name.split_once('\u{3000}').unwrap();
        for (what, canary) in [
            ("number", person.individual_number.expose().as_str()),
            ("family name", family),
            ("given name", given),
            ("address", person.address.expose()),
            ("birth date", person.birth_date.expose()),
        ] {
            assert!(!log.contains(canary), "the {what} is in the log");
        }
    }
    assert!(
        !log.contains(reply.certificate_id.as_str()),
        "the certificate's id is in the log"
    );
    assert!(
        !log.to_lowercase().contains("protected"),
        "who is protected shows in the log"
    );
}

/// Starts the server, which must refuse to start; what it says.
fn refusal_to_start(mut program: Command, settings: &Path) -> String {
    let mut child = program
        .args(["serve", "--settings"])
        .arg(settings)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Where it starts all the same it says so in a line, and must not be left behind.
    let mut line = String::new();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    stdout.read_line(&mut line).unwrap();
    if !line.is_empty() {
        child.kill().unwrap();
    }
    let output = child.wait_with_output().unwrap();
    assert!(line.is_empty(), "the server started");
    assert!(!output.status.success());
    String::from_utf8(output.stderr).unwrap()
}

#[tokio::test]
async fn settings_that_are_not_understood_or_not_taken_stop_the_start() {
    let ground = Ground::lay().await;
    type Change = fn(&str) -> String;
    let cases: [(&str, Change, &str); 5] = [
        (
            "unknown key",
            |text| format!("no_such_key = 1\n{text}"),
            "no_such_key",
        ),
        (
            "a TEST card CA without its switch",
            |text| text.replace("accept_test_cards = true", "accept_test_cards = false"),
            "accept_test_cards",
        ),
        (
            "health for everybody",
            |text| {
                text.replace(
                    "[health]\nlisten = \"127.0.0.1:0\"",
                    "[health]\nlisten = \"0.0.0.0:0\"",
                )
            },
            "loopback",
        ),
        (
            "a key that is not there",
            |text| text.replace("pki/ticket.key", "pki/no-such.key"),
            "no-such.key",
        ),
        (
            "an issuer's address with a slash at its end",
            |text| {
                text.replace(
                    "certificates.example.jp\"\nver",
                    "certificates.example.jp/\"\nver",
                )
            },
            "issuer.url",
        ),
    ];
    for (name, change, said) in cases {
        let settings = ground.write_settings("refused.toml", change);
        let error = refusal_to_start(Command::new(program("server")), &settings);
        assert!(error.contains(said), "{name}: {error}");
    }
}

#[tokio::test]
async fn a_variable_goes_over_the_file_and_an_unknown_one_is_refused() {
    let ground = Ground::lay().await;
    for (name, value, said) in [
        ("AKASHI_SERVER_KIOSK__LISTEN", "nowhere", "listen"),
        ("AKASHI_SERVER_NO_SUCH_KEY", "1", "no_such_key"),
    ] {
        let mut program = Command::new(program("server"));
        program.env(name, value);
        let error = refusal_to_start(program, &ground.settings()).to_lowercase();
        assert!(error.contains(said), "{name}: {error}");
    }
}
