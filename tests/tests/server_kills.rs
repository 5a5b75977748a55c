//! The real program killed in the middle of orders: a certificate exists exactly if its record
//! does.
#![allow(clippy::unwrap_used)] // a step that fails ends the test

use std::sync::Arc;
use std::time::Duration;

use domain::{CertificateId, CertificateKind, SystemClock};
use fixtures::municipality::Kind;
use registry::{Actor, AuditEvent, AuditVerdict, Purpose};
use system_tests::server_stage::{
    Applicant, ChannelClient, Ground, SpawnedServer, TlsIdentity, order,
};
use tokio::task::JoinSet;

/// Orders in work when the server dies.
const ORDERS: u8 = 4;
/// The server dies so long after they were sent, in milliseconds: from before the first has
/// arrived until after the last is answered.
const DEATHS: [u64; 12] = [0, 2, 4, 6, 9, 12, 16, 20, 30, 45, 70, 400];

fn kiosk(ground: &Ground, server: &SpawnedServer) -> ChannelClient {
    let identity = TlsIdentity::kiosk(ground, 1);
    let (clock, key) = (Arc::new(SystemClock), identity.channel_key());
    ChannelClient::new(ground, server.kiosk, &clock, &identity, key)
}

/// What the register holds: the certificates issued, by its audit chain, which must hold and
/// have exactly one entry for each record.
async fn issued(ground: &Ground) -> Vec<CertificateId> {
    let registry = ground.registry().await;
    let register = registry
        .municipality(Ground::urayasu(), Purpose::Audit, Actor::Server)
        .await
        .unwrap();
    let verdict = register.verify_audit(None).await.unwrap();
    assert!(matches!(verdict, AuditVerdict::Holds(_)), "{verdict:?}");
    let entries = register.audit_entries(0, 1000).await.unwrap();
    registry.close().await;
    let issued = entries
        .iter()
        .filter(|entry| entry.event == AuditEvent::CertificateIssued.as_str());
    issued
        .filter_map(|entry| CertificateId::parse(entry.certificate.as_deref()?).ok())
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_certificate_exists_exactly_if_its_record_does() {
    let ground = Ground::lay().await;
    let (settings, log) = (ground.settings(), ground.path("server.log"));
    let applicant = Applicant::of_kind(&ground, Kind::ThreeDoses);
    let (mut recorded, mut unanswered) = (0, 0);
    for (round, death) in DEATHS.into_iter().enumerate() {
        let mut server = SpawnedServer::start(&settings, &log);
        let client = Arc::new(kiosk(&ground, &server));
        let ticket = applicant.apply(&client).await.unwrap();
        let orders: Vec<_> = (0..ORDERS)
            .map(|at| {
                let key = u8::try_from(round).unwrap() * ORDERS + at;
                let kind = CertificateKind::ALL[usize::from(at % 2)];
                order(&ticket, Ground::urayasu(), kind, 120, key)
            })
            .collect();
        let mut answers = JoinSet::new();
        for (at, order) in orders.iter().cloned().enumerate() {
            let client = Arc::clone(&client);
            answers.spawn(async move { (at, client.call(&order).await) });
        }
        tokio::time::sleep(Duration::from_millis(death)).await;
        server.kill();
        let answers = answers.join_all().await;

        // Whatever was handed out is on record, and nothing else stands half written.
        let on_record = issued(&ground).await;
        for (_, answer) in &answers {
            match answer {
                Ok(reply) => assert!(on_record.contains(&reply.certificate_id), "{death} ms"),
                Err(_) => unanswered += 1,
            }
        }
        // The same orders again end with one certificate each, the same where one was made.
        let server = SpawnedServer::start(&settings, &log);
        let client = kiosk(&ground, &server);
        for (at, answer) in answers {
            let again = client.call(&orders[at]).await.unwrap();
            if let Ok(reply) = answer {
                assert_eq!(again.certificate_id, reply.certificate_id, "{death} ms");
            }
        }
        drop(server);
        recorded += usize::from(ORDERS);
        assert_eq!(issued(&ground).await.len(), recorded, "{death} ms");
    }
    assert!(
        unanswered > 0,
        "no death came before an answer: the test proves nothing"
    );
}
