//! The database goes and comes back: while it is gone every call says "cannot be looked up now" and
//! when to ask again, nothing is half done, and the server goes on by itself.

#![allow(clippy::unwrap_used)] // a step that fails ends the test

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::Arc;

use application::ProblemType;
use domain::{CertificateKind, SystemClock};
use fixtures::municipality::Kind;
use fixtures::stage::postgres::Postgres;
use system_tests::server_stage::{
    Applicant, ChannelClient, Ground, Refused, SpawnedServer, TlsIdentity,
};

fn assert_later(refused: &Refused) {
    assert_eq!(refused.problem(), Some(ProblemType::LookupUnavailable));
    assert!(refused.retry_after().is_some(), "when to ask again");
}

fn is_ready(server: &SpawnedServer) -> bool {
    let mut stream = TcpStream::connect(server.health).unwrap();
    let request = "GET /ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer.starts_with("HTTP/1.1 204")
}

#[tokio::test]
async fn a_database_that_goes_and_comes_back_loses_nothing() {
    let postgres = Postgres::start().unwrap();
    let ground = Ground::lay_on(&postgres).await;
    let server = SpawnedServer::start(&ground.settings(), &ground.path("server.log"));
    let identity = TlsIdentity::kiosk(&ground, 1);
    let clock = Arc::new(SystemClock);
    let client = ChannelClient::new(
        &ground,
        server.kiosk,
        &clock,
        &identity,
        identity.channel_key(),
    );
    let applicant = Applicant::of_kind(&ground, Kind::ThreeDoses);
    let ticket = applicant.apply(&client).await.unwrap();
    let at = Ground::urayasu();
    client.offer(&ticket, at).await.unwrap();
    let (kind, fee) = (CertificateKind::Abroad, 120);
    let before = client.order(&ticket, at, kind, fee, 1).await.unwrap();

    postgres.stop().unwrap();
    assert!(!is_ready(&server));
    assert_later(&client.offer(&ticket, at).await.unwrap_err());
    let order = client.order(&ticket, at, kind, fee, 2).await;
    assert_later(&order.unwrap_err());
    assert!(applicant.apply(&client).await.is_err());

    postgres.resume().unwrap();
    client.offer(&ticket, at).await.unwrap();
    assert!(is_ready(&server));
    // What was committed is there, what was not is done now, each once.
    let again = client.order(&ticket, at, kind, fee, 1).await.unwrap();
    assert_eq!(again.certificate_id, before.certificate_id);
    let after = client.order(&ticket, at, kind, fee, 2).await.unwrap();
    assert_ne!(after.certificate_id, before.certificate_id);
    applicant.apply(&client).await.unwrap();
    drop(server);
    ground.command(&["audit", "verify"]).await;
}
