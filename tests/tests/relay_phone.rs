//! The example phone through mobile-api to the server: real TLS at every hop, a card in process.

#![allow(clippy::unwrap_used)] // a test that cannot go on has failed

use application::client::{ConfigurationRefused, ExchangeError};
use application::{Problem, ProblemType, ReportedProblem};
use certificate::shc::{self, IssuerUrl, Jwks, RevocationCheck, TrustedIssuer};
use domain::{CertificateKind, Clock as _, Pin};
use fixtures::municipality::Kind;
use fixtures::phone::PhoneError;
use my_number_card::PinTries;
use system_tests::relay_stage::{RelayStage, Shown, mobile_api, wishes};
use system_tests::server_stage::{Ground, Running};

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_gets_and_stores_what_was_ordered() {
    let stage = RelayStage::start().await;
    let phone = stage.phone("phone");
    let person = stage.ground.person(Kind::ThreeDoses);
    let mut shown = Shown::agreeing();
    let abroad = stage
        .apply_with(
            &phone,
            &mut stage.card(person),
            wishes(person, CertificateKind::Abroad),
            &mut shown,
        )
        .await
        .unwrap();
    assert_eq!(shown.terms.as_deref(), Some("Terms for tests"));
    assert!(shown.specimen && shown.card_taken);
    assert_eq!(shown.tries, Some(PinTries::Left(3)));
    assert_eq!(shown.offer, Some((abroad.municipality, 2)));

    // Anyone's own tools can judge what lies there.
    let file = std::fs::read(&abroad.stored.smart_health_card).unwrap();
    let cards = shc::from_file(&file).unwrap();
    let jwks = std::fs::read(stage.ground.path("public/.well-known/jwks.json")).unwrap();
    let issuer = TrustedIssuer {
        url: IssuerUrl::parse(&phone.issuer).unwrap(),
        keys: Jwks::parse(&jwks).unwrap(),
        revocation: RevocationCheck::NotChecked,
    };
    let card = shc::verify(&cards[0], &issuer, stage.running.clock.now()).unwrap();
    assert_eq!(card.doses.len(), 3);
    for path in [
        &abroad.stored.smart_health_card_code,
        abroad.stored.vds_nc_code.as_ref().unwrap(),
    ] {
        assert!(std::fs::read(path).unwrap().starts_with(b"\x89PNG"));
    }
    let vds_nc = std::fs::read_to_string(abroad.stored.vds_nc.unwrap()).unwrap();
    assert!(vds_nc.starts_with(r#"{"data":{"hdr":{"is":"JPN","t":"icao.vacc""#));

    // The same phone is the same channel, and a certificate for Japan has no VDS-NC.
    let domestic = stage
        .apply(&phone, Kind::ThreeDoses, CertificateKind::Domestic)
        .await
        .unwrap();
    assert_ne!(domestic.certificate_id, abroad.certificate_id);
    assert!(domestic.stored.vds_nc.is_none() && domestic.stored.vds_nc_code.is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_read_without_agreement_and_nothing_sent_with_a_wrong_pin() {
    let stage = RelayStage::start().await;
    let phone = stage.phone("phone");
    let person = stage.ground.person(Kind::ThreeDoses);
    let mut card = stage.card(person);
    let mut shown = Shown::default();
    let refused = stage
        .apply_with(
            &phone,
            &mut card,
            wishes(person, CertificateKind::Domestic),
            &mut shown,
        )
        .await;
    assert!(matches!(refused, Err(PhoneError::NotAgreed)));
    assert_eq!(card.recorded().len(), 0, "the card was touched");

    for left in [2, 1] {
        let wrong = fixtures::phone::Wishes {
            pin: Pin::parse(b"9999").unwrap(),
            ..wishes(person, CertificateKind::Domestic)
        };
        let refused = stage
            .apply_with(&phone, &mut card, wrong, &mut Shown::agreeing())
            .await;
        assert!(
            matches!(refused, Err(PhoneError::PinIncorrect { tries_left }) if tries_left == left)
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_must_not_be_told_apart_is_not_here() {
    let stage = RelayStage::start().await;
    let phone = stage.phone("phone");
    for kind in [
        Kind::Protected,
        Kind::Deceased,
        Kind::NoDoses,
        Kind::NameMismatch,
        Kind::NotRegistered,
    ] {
        let refused = stage.apply(&phone, kind, CertificateKind::Domestic).await;
        assert!(matches!(refused, Err(PhoneError::NotHere)), "{kind}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_substituted_sealing_key_gets_nothing() {
    let stage = RelayStage::start().await;
    // A hostile relay: it answers with a server of its own, whose sealing key it can open.
    let ground = Ground::lay().await;
    std::fs::create_dir(ground.path("public")).unwrap();
    let hostile = Running::start(&ground).await;
    let (address, _stop) = mobile_api(&ground, &hostile).await;
    let mut phone = stage.phone("phone");
    phone.api = format!("https://localhost:{}", address.public.port());
    phone.ca = ground.pki.server_ca();
    let person = stage.ground.person(Kind::ThreeDoses);
    let mut card = stage.card(person);
    let refused = stage
        .apply_with(
            &phone,
            &mut card,
            wishes(person, CertificateKind::Domestic),
            &mut Shown::agreeing(),
        )
        .await;
    assert!(matches!(
        refused,
        Err(PhoneError::Configuration(ConfigurationRefused::Signature))
    ));
    assert_eq!(card.recorded().len(), 0, "the card was touched");
    // With the hostile server's key pinned the same phone goes on: it was the pin that refused.
    phone.pinned_key = ground.pki.sealing_configuration_spki();
    let gone_on = stage
        .apply_with(
            &phone,
            &mut card,
            wishes(person, CertificateKind::Domestic),
            &mut Shown::agreeing(),
        )
        .await;
    assert!(!matches!(gone_on, Err(PhoneError::Configuration(_))));
    assert_ne!(card.recorded().len(), 0, "the card was not read");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_that_is_not_registered_gets_nothing() {
    let ground = Ground::lay().await;
    // A register of its own, in which nobody is registered.
    let settings = ground.write_settings("empty.toml", |text| {
        text.replace("directory = \"register\"", "directory = \"register-empty\"")
    });
    let stage = RelayStage::start_with(ground, &settings).await;
    let refused = stage
        .apply(
            &stage.phone("phone"),
            Kind::ThreeDoses,
            CertificateKind::Domestic,
        )
        .await;
    let Err(PhoneError::Exchange(ExchangeError::RefusedOutside(problem))) = refused else {
        panic!("an unregistered relay is refused");
    };
    assert_eq!(
        problem,
        ReportedProblem::Known(Problem::new(ProblemType::RelayNotRegistered))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn phones_are_not_taken_unattested_unless_the_settings_say_so() {
    let ground = Ground::lay().await;
    let settings = ground.write_settings("attested.toml", |text| {
        text.replace(
            "accept_unattested_devices = true",
            "accept_unattested_devices = false",
        )
    });
    let stage = RelayStage::start_with(ground, &settings).await;
    let refused = stage
        .apply(
            &stage.phone("phone"),
            Kind::ThreeDoses,
            CertificateKind::Domestic,
        )
        .await;
    let Err(PhoneError::Exchange(ExchangeError::Refused(problem))) = refused else {
        panic!("an unattested phone is refused");
    };
    assert_eq!(problem.kind(), Some(ProblemType::DeviceNotAccepted));
}
