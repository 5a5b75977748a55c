//! Who gets nothing: at the kiosk and relay listeners, before anything is read, and inside the
//! seal, where the channel's key decides.
#![allow(clippy::unwrap_used)] // a step that fails ends the test

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use application::ProblemType;
use application::client::ChannelKey;
use application::messages::{ChallengeRequest, OpenRequest};
use application::outer::{GATEWAY_PATH, SEALED_REQUEST_TYPE};
use rustls::pki_types::ServerName;
use system_tests::server_stage::{ChannelClient, Ground, Refused, Running, TlsIdentity, peer_tls};

/// A client of the kiosk listener with any TLS identity, which signs with its TLS key.
fn with_identity(ground: &Ground, running: &Running, identity: &TlsIdentity) -> ChannelClient {
    let key = identity.channel_key();
    ChannelClient::new(ground, running.kiosk, &running.clock, identity, key)
}

#[tokio::test]
async fn tls_refuses_expired_foreign_and_other_peers() {
    let ground = Ground::lay().await;
    let running = Running::start(&ground).await;
    let expired = TlsIdentity {
        certificate: ground.pki.expired_kiosk(),
        key: ground.pki.expired_kiosk_key(),
    };
    let foreign = TlsIdentity {
        certificate: ground.pki.foreign_kiosk(),
        key: ground.pki.foreign_kiosk_key(),
    };
    let relay = TlsIdentity::relay(&ground);
    for (who, identity) in [("expired", expired), ("foreign", foreign), ("relay", relay)] {
        let client = with_identity(&ground, &running, &identity);
        let refused = client.call(&OpenRequest {}).await;
        assert!(matches!(refused, Err(Refused::NoConnection(_))), "{who}");
    }
    let kiosk = TlsIdentity::kiosk(&ground, 1);
    let at_relay = ChannelClient::new(
        &ground,
        running.relay,
        &running.clock,
        &kiosk,
        kiosk.channel_key(),
    );
    let refused = at_relay.call(&OpenRequest {}).await;
    assert!(matches!(refused, Err(Refused::NoConnection(_))));
}

#[tokio::test]
async fn a_certificate_that_expires_is_refused_at_the_next_connection() {
    let ground = Ground::lay().await;
    let running = Running::start(&ground).await;
    let before = ChannelClient::kiosk(&ground, &running, 1);
    before.call(&OpenRequest {}).await.unwrap();
    running.clock.advance(100 * 365 * 24 * 3600);
    let after = ChannelClient::kiosk(&ground, &running, 1);
    let refused = after.sealing_configuration().await;
    assert!(matches!(refused, Err(Refused::NoConnection(_))));
}

#[tokio::test]
async fn a_session_that_was_open_before_is_not_resumed_without_the_certificate() {
    let ground = Ground::lay().await;
    let settings = ground.write_settings("short.toml", |text| {
        format!("{text}connection_seconds = 1\n")
    });
    let running = Running::start_with(&settings).await;
    // One client, which remembers its TLS session, and is let go of after a second.
    let kiosk = ChannelClient::kiosk(&ground, &running, 1);
    kiosk.call(&OpenRequest {}).await.unwrap();
    running.clock.advance(100 * 365 * 24 * 3600);
    tokio::time::sleep(Duration::from_secs(3)).await;
    let refused = kiosk.sealing_configuration().await;
    assert!(matches!(refused, Err(Refused::NoConnection(_))));
}

#[tokio::test]
async fn an_unregistered_kiosk_gets_nothing_not_even_the_sealing_key() {
    let ground = Ground::lay().await;
    let running = Running::start(&ground).await;
    let unregistered = ChannelClient::kiosk(&ground, &running, 3);
    let refused = unregistered.sealing_configuration().await.unwrap_err();
    assert_eq!(refused.problem(), Some(ProblemType::KioskNotRegistered));
    // A request sealed by somebody who has the configuration gets no further.
    let registered = ChannelClient::kiosk(&ground, &running, 1);
    let sealed = registered.seal(&OpenRequest {}).await;
    let answer = unregistered.post(sealed.sealed_request).await.unwrap();
    assert_eq!(answer.status, 403);
    assert_eq!(
        answer.content_type.as_deref(),
        Some("application/problem+json")
    );
    running.stop().await;
    let refusals = ground.refusals().await;
    assert_eq!(refusals, ["kiosk-not-registered", "kiosk-not-registered"]);
}

#[tokio::test]
async fn a_relay_that_is_not_registered_gets_nothing() {
    let ground = Ground::lay().await;
    let settings = ground.write_settings("other.toml", |text| {
        // Another register: the right CA vouches for the relay, and nobody registered it.
        text.replace(
            "directory = \"register\"",
            "directory = \"another-register\"",
        )
    });
    let running = Running::start_with(&settings).await;
    let phone = ChannelClient::phone(&ground, &running);
    let refused = phone.sealing_configuration().await.unwrap_err();
    assert_eq!(refused.problem(), Some(ProblemType::RelayNotRegistered));
}

#[tokio::test]
async fn who_is_unregistered_gets_nothing_from_then_on() {
    let ground = Ground::lay().await;
    let running = Running::start(&ground).await;
    let kiosk = ChannelClient::kiosk(&ground, &running, 1);
    let other = ChannelClient::kiosk(&ground, &running, 2);
    let phone = ChannelClient::phone(&ground, &running);
    // Both are connected, and have what is needed for asking on.
    let by_kiosk = kiosk.seal(&OpenRequest {}).await.sealed_request;
    let by_phone = phone.seal(&OpenRequest {}).await.sealed_request;
    let id = kiosk.id().to_string();
    ground.command(&["unregister", "--channel", &id]).await;
    let relay = ground.pki.relay();
    let relay = relay.to_str().unwrap();
    ground.command(&["unregister", "--channel", relay]).await;
    for (client, sealed, problem) in [
        (&kiosk, by_kiosk, ProblemType::KioskNotRegistered),
        (&phone, by_phone, ProblemType::RelayNotRegistered),
    ] {
        assert_eq!(client.post(sealed).await.unwrap().status, 403);
        let refused = client.sealing_configuration().await.unwrap_err();
        assert_eq!(refused.problem(), Some(problem));
    }
    other.call(&OpenRequest {}).await.unwrap();
    // A second time there is nobody to shut out.
    let again = ground.try_command(&["unregister", "--channel", &id]).await;
    assert!(again.is_err());
}

#[tokio::test]
async fn a_kiosk_speaks_for_itself_only() {
    let ground = Ground::lay().await;
    let running = Running::start(&ground).await;
    let own_tls = TlsIdentity::kiosk(&ground, 1);
    let others = TlsIdentity::kiosk(&ground, 2).channel_key();
    let client = ChannelClient::new(&ground, running.kiosk, &running.clock, &own_tls, others);
    let refused = client.call(&ChallengeRequest {}).await.unwrap_err();
    assert_eq!(refused.problem(), Some(ProblemType::ChannelMismatch));
    let (unknown, _) = ChannelKey::generate().unwrap();
    let client = ChannelClient::new(&ground, running.kiosk, &running.clock, &own_tls, unknown);
    let refused = client.call(&ChallengeRequest {}).await.unwrap_err();
    assert_eq!(refused.problem(), Some(ProblemType::ChannelMismatch));
}

#[tokio::test]
async fn a_phone_is_taken_on_first_use_only_where_that_is_accepted() {
    let ground = Ground::lay().await;
    let settings = ground.write_settings("strict.toml", |text| {
        text.replace("accept_unattested_devices = true\n", "")
    });
    let running = Running::start(&ground).await;
    let known = ChannelClient::phone(&ground, &running);
    known.call(&OpenRequest {}).await.unwrap();
    running.stop().await;
    let strict = Running::start_with(&settings).await;
    let unknown = ChannelClient::phone(&ground, &strict);
    let refused = unknown.call(&OpenRequest {}).await.unwrap_err();
    assert_eq!(refused.problem(), Some(ProblemType::DeviceNotAccepted));
}

/// An HTTP/2 frame (RFC 9113, section 4.1) of stream 1, or of the connection.
fn frame(kind: u8, flags: u8, stream: u8, payload: &[u8]) -> Vec<u8> {
    let length = u8::try_from(payload.len()).unwrap();
    [&[0, 0, length, kind, flags, 0, 0, 0, stream], payload].concat()
}

/// A request's head (RFC 7541) for the gateway: indexed fields of the static table, literals.
fn gateway_head() -> Vec<u8> {
    let mut head = vec![0x83, 0x87];
    let fields: [(&[u8], &str); 3] = [
        (&[0x04], GATEWAY_PATH),
        (&[0x01], "localhost"),
        (&[0x0f, 0x10], SEALED_REQUEST_TYPE),
    ];
    for (name, value) in fields {
        head.extend_from_slice(name);
        head.push(u8::try_from(value.len()).unwrap());
        head.extend_from_slice(value.as_bytes());
    }
    head
}

/// A peer that sends the beginning of a body and stays; how its answer's head begins. By HTTP/2,
/// where no time-out of HTTP itself ends a body.
fn send_half_a_body(tls: rustls::ClientConfig, address: SocketAddr) -> u8 {
    let name = ServerName::try_from("localhost").unwrap();
    let connection = rustls::ClientConnection::new(Arc::new(tls), name).unwrap();
    let socket = TcpStream::connect(address).unwrap();
    let mut stream = rustls::StreamOwned::new(connection, socket);
    let request = [
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec(),
        frame(4, 0, 0, &[]),
        frame(1, 4, 1, &gateway_head()),
        frame(0, 0, 1, &[0; 50]),
    ];
    stream.write_all(&request.concat()).unwrap();
    stream.flush().unwrap();
    loop {
        // A peer that is not answered is let go of in the end, and this fails.
        let mut head = [0; 9];
        stream.read_exact(&mut head).unwrap();
        let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
        let mut payload = vec![0; length as usize];
        stream.read_exact(&mut payload).unwrap();
        if head[3] == 1 {
            return payload[0];
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_peer_slow_with_its_body_takes_no_place_and_is_cut_off() {
    let ground = Ground::lay().await;
    let settings = ground.write_settings("slow.toml", |text| {
        format!("{text}requests = 1\nrequest_seconds = 2\n")
    });
    let running = Running::start_with(&settings).await;
    let tls = peer_tls(&ground, &TlsIdentity::kiosk(&ground, 1));
    let address = running.kiosk;
    let slow = tokio::task::spawn_blocking(move || send_half_a_body(tls, address));
    let other = ChannelClient::kiosk(&ground, &running, 2);
    for _ in 0..10 {
        other.call(&OpenRequest {}).await.unwrap();
    }
    // 400, by its place in the static table.
    assert_eq!(slow.await.unwrap(), 0x8c);
}
