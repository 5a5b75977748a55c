//! The venue listener: off until settings and a declaration switch it on, for registered relays
//! with registered venues behind them, for their own calls only, and unreadable on the way.
#![allow(clippy::unwrap_used)] // a step that fails ends the test

use std::sync::Arc;

use application::ProblemType;
use application::client::{Answer, ChannelKey};
use application::messages::{OpenRequest, ReceiptsRequest, RequestMessage};
use application::outer::SEALED_REQUEST_LENGTH;
use domain::SystemClock;
use fixtures::municipality::Kind;
use system_tests::relay_stage::mobile_api;
use system_tests::server_stage::{
    ChannelClient, Ground, Refused, Running, SpawnedServer, TlsIdentity,
};
use system_tests::venue_stage::{
    DECLARED, VenueStage, birth_date, declare, ground, settings, told, venue_key, voucher,
};

fn receipts() -> ReceiptsRequest {
    ReceiptsRequest {
        municipality: Ground::urayasu(),
        after: None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_off_until_settings_and_a_declaration_switch_it_on() {
    // Declared, and not in the settings.
    let declared = ground(DECLARED).await;
    let running = Running::start(&declared).await;
    assert_eq!(running.venue, None);
    running.stop().await;
    // In the settings, and not declared.
    let undeclared = Ground::lay().await;
    let running = Running::start_with(&settings(&undeclared)).await;
    assert_eq!(running.venue, None);
    // Through mobile-api a venue reaches nothing.
    std::fs::create_dir(undeclared.path("public")).unwrap();
    let (addresses, _stop) = mobile_api(&undeclared, &running).await;
    let venue = fixtures::venue::Venue {
        api: format!("https://localhost:{}", addresses.public.port()),
        ca: undeclared.pki.server_ca(),
        pinned_key: undeclared.pki.sealing_configuration_spki(),
        key: undeclared.pki.venue_key(1),
    };
    let clock = running.clock.as_ref();
    let mut terminal =
        fixtures::venue::Terminal::new(&venue, clock, &crypto::SystemRandom).unwrap();
    let refused = terminal.receipts(Ground::urayasu()).await.unwrap_err();
    let (problem, sealed) = told(refused);
    assert_eq!(problem.kind, ProblemType::ServerUnavailable);
    assert!(!sealed);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_declaration_that_has_ended_is_none() {
    let ended = DECLARED.replace("from = 2020-01-01", "from = 2020-01-01\nuntil = 2020-12-31");
    let stage = VenueStage::start_on(ground(&ended).await).await;
    let client = stage.client();
    let refused = client.call(&stage.entry_of(Kind::ThreeDoses, 1)).await;
    let problem = refused.unwrap_err().problem();
    assert_eq!(problem, Some(ProblemType::VoucherNotAccepted));
    let refused = client.call(&receipts()).await.unwrap_err().problem();
    assert_eq!(refused, Some(ProblemType::ReceiptNotAccepted));
    // Nobody's register was asked: there is no municipality to record it for but the system.
    let refusals = stage.ground.refusals().await;
    assert!(refusals.contains(&"voucher-not-accepted".to_owned()));
    assert_eq!(stage.recorded(Ground::urayasu(), "dose-refused").await, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_venue_of_one_municipality_registers_nothing_for_another() {
    let ground = ground(DECLARED).await;
    declare(&ground, Ground::setagaya(), DECLARED);
    let stage = VenueStage::start_on(ground).await;
    // Setagaya declares venues, and this one is not registered there.
    let people = &stage.ground.people.people;
    let theirs = people.iter().find(|person| {
        let mut registers = person.registers.iter();
        registers.any(|one| one.municipality == Ground::setagaya())
    });
    let theirs = theirs.unwrap();
    let mut entry = stage.entry_of(Kind::ThreeDoses, 1);
    entry.voucher = voucher(theirs, Ground::setagaya());
    entry.birth_date = birth_date(theirs);
    let refused = stage.client().call(&entry).await.unwrap_err();
    assert_eq!(refused.problem(), Some(ProblemType::VoucherNotAccepted));
    assert_eq!(stage.recorded(Ground::setagaya(), "dose-refused").await, []);
    assert_eq!(
        stage.recorded(Ground::setagaya(), "dose-registered").await,
        []
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn unregistered_venues_and_relays_get_nothing() {
    let stage = VenueStage::start().await;
    let (stranger, _) = ChannelKey::generate().unwrap();
    for key in [stranger, venue_key(&stage.ground, 2)] {
        let refused = stage.behind_the_relay(key).call(&receipts()).await;
        let Err(Refused::Sealed(problem)) = refused else {
            panic!("{refused:?}");
        };
        assert_eq!(problem.kind, ProblemType::VenueNotRegistered);
    }
    // A venue that comes by itself, without the relay, is not let in by TLS; the relay's CA does
    // not know it.
    let own = TlsIdentity {
        certificate: stage.ground.pki.venue(1),
        key: stage.ground.pki.venue_key(1),
    };
    let address = stage.running.venue.unwrap();
    let clock = &stage.running.clock;
    let key = venue_key(&stage.ground, 1);
    let direct = ChannelClient::new(&stage.ground, address, clock, &own, key);
    let refused = direct.call(&receipts()).await;
    assert!(matches!(refused, Err(Refused::NoConnection(_))));
    let relay = TlsIdentity::relay(&stage.ground).channel_key().id();
    let id = relay.to_string();
    stage
        .ground
        .command(&["unregister", "--channel", &id])
        .await;
    let refused = stage.client().call(&receipts()).await;
    let Err(Refused::Outside(problem)) = refused else {
        panic!("{refused:?}");
    };
    assert_eq!(problem.kind, ProblemType::RelayNotRegistered);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_listener_answers_its_own_calls_only() {
    let stage = VenueStage::start().await;
    let malformed = Some(ProblemType::MalformedRequest);
    // What kiosks and phones ask is not answered to a venue.
    let open = stage.client().call(&OpenRequest {}).await.unwrap_err();
    assert_eq!(open.problem(), malformed);
    // What a venue asks is not answered on the listeners of kiosks and phones, whoever signs.
    let kiosk = ChannelClient::kiosk(&stage.ground, &stage.running, 1);
    let refused = kiosk.call(&receipts()).await.unwrap_err();
    assert_eq!(refused.problem(), malformed);
    let relay = TlsIdentity::relay(&stage.ground);
    let (address, clock) = (stage.running.relay, &stage.running.clock);
    let key = venue_key(&stage.ground, 1);
    let as_phone = ChannelClient::new(&stage.ground, address, clock, &relay, key);
    let refused = as_phone.call(&receipts()).await.unwrap_err();
    assert_eq!(refused.problem(), malformed);
}

/// What must not pass or be written: everything that was typed.
fn canaries(stage: &VenueStage, kind: Kind) -> Vec<String> {
    let person = stage.ground.person(kind);
    let voucher = voucher(person, Ground::urayasu());
    vec![
        voucher.number().expose().to_owned(),
        person.birth_date.expose().clone(),
        person.name.expose().clone(),
        person.individual_number.expose().clone(),
        "CANARY-LOT".to_owned(),
        "カナリア医師".to_owned(),
    ]
}

fn holds(bytes: &[u8], canary: &str) -> bool {
    let canary = canary.as_bytes();
    bytes.windows(canary.len()).any(|window| window == canary)
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_an_entry_passes_the_relay_in_the_clear() {
    let stage = VenueStage::start().await;
    let client = stage.client();
    let entry = stage.entry_of(Kind::ThreeDoses, 1);
    let exchange = client.seal(&entry).await;
    let sealed = exchange.sealed_request;
    let answer = client.post(sealed.clone()).await.unwrap();
    let opened = exchange.pending.open(&Answer {
        status: answer.status,
        content_type: answer.content_type.as_deref(),
        body: &answer.body,
    });
    opened.unwrap();
    assert_eq!(sealed.len(), SEALED_REQUEST_LENGTH);
    // What is searched for would be found: it is in the message itself.
    let message = serde_json::to_vec(&entry).unwrap();
    assert!(holds(&message, "CANARY-LOT"));
    let path = <application::messages::RegisterDoseRequest as RequestMessage>::CALL.path();
    let mut canaries = canaries(&stage, Kind::ThreeDoses);
    canaries.extend([
        path.to_owned(),
        "receipt".to_owned(),
        "idempotency".to_owned(),
    ]);
    for (at, canary) in canaries.iter().enumerate() {
        assert!(!holds(&sealed, canary), "canary {at} in the request");
        assert!(!holds(&answer.body, canary), "canary {at} in the reply");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_server_s_log_names_the_venue_and_nobody_else() {
    let ground = ground(DECLARED).await;
    let log = ground.path("server.log");
    let settings = settings(&ground);
    let mut server = SpawnedServer::start(&settings, &log);
    // The stage's own server lends its people and entries; the real program is asked.
    let stage = VenueStage::start_on(ground).await;
    let address = server.venue.unwrap();
    let clock = Arc::new(SystemClock);
    let relay = TlsIdentity::relay(&stage.ground);
    let key = venue_key(&stage.ground, 1);
    let client = ChannelClient::new(&stage.ground, address, &clock, &relay, key);
    client
        .call(&stage.entry_of(Kind::ThreeDoses, 1))
        .await
        .unwrap();
    let mut wrong = stage.entry_of(Kind::OneDose, 2);
    wrong.birth_date = birth_date(stage.ground.person(Kind::ThreeDoses));
    client.call(&wrong).await.unwrap_err();
    let mut invalid = stage.entry_of(Kind::OneDose, 3);
    invalid.dose.product = "CANARY-PRODUCT".to_owned();
    client.call(&invalid).await.unwrap_err();
    assert!(server.terminate());
    let log = std::fs::read(&log).unwrap();
    for said in [
        "register-dose",
        "TEST保健センター",
        "voucher-not-accepted",
        "dose-invalid",
    ] {
        assert!(holds(&log, said), "{said} is in the log");
    }
    let mut canaries = canaries(&stage, Kind::ThreeDoses);
    canaries.extend(self::canaries(&stage, Kind::OneDose));
    // Why an entry was refused is for auditors alone.
    canaries.extend(["CANARY-PRODUCT".to_owned(), "birth-date".to_owned()]);
    for (at, canary) in canaries.iter().enumerate() {
        assert!(!holds(&log, canary), "canary {at} is in the log");
    }
}
