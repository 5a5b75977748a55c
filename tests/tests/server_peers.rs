//! Who gets nothing: at the kiosk and relay listeners, before anything is read, and inside the
//! seal, where the channel's key decides.
#![allow(clippy::unwrap_used)] // a step that fails ends the test

use std::time::Duration;

use application::ProblemType;
use application::client::ChannelKey;
use application::messages::{ChallengeRequest, OpenRequest};
use system_tests::server_stage::{ChannelClient, Ground, Refused, Running, TlsIdentity};

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
    assert_eq!(refused.problem(), Some(ProblemType::KioskNotRegistered));
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
