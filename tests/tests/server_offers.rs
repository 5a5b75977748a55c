//! Offers: who is here, and the one neutral answer for everybody who is not.
#![allow(clippy::unwrap_used)] // a step that fails ends the test

use application::ProblemType;
use application::messages::{Availability, HolderTicket, OfferReply, OfferRequest};
use domain::{CertificateKind, MunicipalityCode, Yen};
use fixtures::municipality::Kind;
use system_tests::server_stage::{Applicant, ChannelClient, Ground, Running};

/// What a resident of a kind is told by the municipality of the card's address.
#[derive(Debug, PartialEq, Eq)]
enum Told {
    /// Both kinds of certificate.
    Both,
    /// Only the one for use in Japan: there is no passport that can be travelled with.
    DomesticOnly,
    /// Not here: please ask the counter.
    NotHere,
}

const fn expected(kind: Kind) -> Told {
    match kind {
        Kind::ThreeDoses
        | Kind::OneDose
        | Kind::TwoDoses
        | Kind::SevenDoses
        | Kind::TwoMunicipalities
        | Kind::VariationSelector
        | Kind::RareCharacter
        | Kind::FormerFamilyName
        | Kind::CommonName
        | Kind::OtherName
        | Kind::ForeignName
        | Kind::NewerPassport
        | Kind::MovedOut
        | Kind::RealCard
        | Kind::LongName
        | Kind::Ordinary => Told::Both,
        Kind::NoPassport | Kind::ExpiredPassport | Kind::Child => Told::DomesticOnly,
        Kind::Protected
        | Kind::Deceased
        | Kind::NoDoses
        | Kind::BirthDateMismatch
        | Kind::NameMismatch
        | Kind::MissingGlyph
        | Kind::UnknownProduct
        | Kind::NotRegistered => Told::NotHere,
    }
}

fn told(reply: &OfferReply) -> Told {
    let OfferReply::Available { kinds } = reply else {
        return Told::NotHere;
    };
    let abroad = kinds.iter().find(|one| one.kind == CertificateKind::Abroad);
    match abroad.unwrap().availability {
        Availability::Offered { .. } => Told::Both,
        Availability::PassportNotRegistered => Told::DomesticOnly,
    }
}

async fn ticket(ground: &Ground, channel: &ChannelClient, kind: Kind) -> HolderTicket {
    Applicant::of_kind(ground, kind)
        .apply(channel)
        .await
        .unwrap()
}

fn request(ticket: &HolderTicket, municipality: MunicipalityCode) -> OfferRequest {
    OfferRequest {
        ticket: ticket.ticket.clone(),
        municipality,
    }
}

#[tokio::test]
async fn every_kind_of_resident_is_told_what_the_rules_say_in_equally_many_bytes() {
    let ground = Ground::lay().await;
    let running = Running::start(&ground).await;
    let kiosk = ChannelClient::kiosk(&ground, &running, 1);
    let mut lengths = Vec::new();
    for kind in Kind::SPECIAL {
        let person = ground.person(kind);
        let ticket = ticket(&ground, &kiosk, kind).await;
        let register = person
            .registers
            .first()
            .map_or(person.card_issuer, |register| register.municipality);
        let (length, reply) = kiosk.call_measured(&request(&ticket, register)).await;
        assert_eq!(told(&reply), expected(kind), "{kind:?}");
        lengths.push(length);
        running.clock.advance(31);
    }
    lengths.dedup();
    assert_eq!(
        lengths.len(),
        1,
        "the length of an answer tells what it says"
    );
}

#[tokio::test]
async fn the_resident_of_one_municipality_is_nobody_in_another() {
    let ground = Ground::lay().await;
    let running = Running::start(&ground).await;
    let kiosk = ChannelClient::kiosk(&ground, &running, 1);
    let ticket = ticket(&ground, &kiosk, Kind::ThreeDoses).await;
    let elsewhere = kiosk.offer(&ticket, Ground::hirosaki()).await.unwrap();
    assert_eq!(elsewhere, OfferReply::NotHere);
}

#[tokio::test]
async fn doses_in_two_municipalities_are_two_certificates_of_one_sitting() {
    let ground = Ground::lay().await;
    let running = Running::start(&ground).await;
    let kiosk = ChannelClient::kiosk(&ground, &running, 1);
    let person = ground.person(Kind::TwoMunicipalities);
    assert_eq!(person.registers.len(), 2);
    let ticket = ticket(&ground, &kiosk, Kind::TwoMunicipalities).await;
    for register in &person.registers {
        let reply = kiosk.offer(&ticket, register.municipality).await.unwrap();
        let OfferReply::Available { kinds } = reply else {
            panic!("a resident of both");
        };
        let Availability::Offered { doses, .. } = kinds[1].availability else {
            panic!("a domestic certificate needs no passport");
        };
        assert_eq!(usize::from(doses), register.doses);
    }
}

#[tokio::test]
async fn only_those_that_take_part_through_this_channel() {
    let ground = Ground::lay().await;
    let running = Running::start(&ground).await;
    let kiosk = ChannelClient::kiosk(&ground, &running, 1);
    let held = ticket(&ground, &kiosk, Kind::ThreeDoses).await;
    let unknown = MunicipalityCode::parse("011002").unwrap();
    for municipality in [Ground::setagaya(), unknown] {
        let refused = kiosk.offer(&held, municipality).await.unwrap_err();
        assert_eq!(
            refused.problem(),
            Some(ProblemType::MunicipalityNotParticipating)
        );
        let refused = kiosk
            .order(&held, municipality, CertificateKind::Domestic, 120, 1)
            .await
            .unwrap_err();
        assert_eq!(
            refused.problem(),
            Some(ProblemType::MunicipalityNotParticipating)
        );
    }
    // The phone is served there, and pays nothing.
    let phone = ChannelClient::phone(&ground, &running);
    let held = ticket(&ground, &phone, Kind::ThreeDoses).await;
    phone.offer(&held, Ground::setagaya()).await.unwrap();
    let OfferReply::Available { kinds } = phone.offer(&held, Ground::urayasu()).await.unwrap()
    else {
        panic!("a resident with three doses is here");
    };
    assert!(matches!(
        kinds[0].availability,
        Availability::Offered { fee: Yen(0), .. }
    ));
}

#[tokio::test]
async fn a_kiosk_registered_for_one_municipality_offers_no_other() {
    let ground = Ground::lay().await;
    let certificate = ground.pki.kiosk(1);
    let words = [
        "register-kiosk",
        certificate.to_str().unwrap(),
        "--name",
        "kiosk-1",
        "--municipality",
        "122271",
    ];
    ground.command(&words).await;
    let running = Running::start(&ground).await;
    let kiosk = ChannelClient::kiosk(&ground, &running, 1);
    let open = kiosk
        .call(&application::messages::OpenRequest {})
        .await
        .unwrap();
    let offered: Vec<_> = open.municipalities.iter().map(|one| one.code).collect();
    assert_eq!(offered, [Ground::urayasu()]);
    let ticket = ticket(&ground, &kiosk, Kind::ThreeDoses).await;
    let refused = kiosk.offer(&ticket, Ground::hirosaki()).await.unwrap_err();
    assert_eq!(
        refused.problem(),
        Some(ProblemType::MunicipalityNotParticipating)
    );
}

#[tokio::test]
async fn a_municipality_is_asked_in_its_hours_only() {
    let ground = Ground::lay().await;
    let running = Running::start(&ground).await;
    let kiosk = ChannelClient::kiosk(&ground, &running, 1);
    // From noon to 23:00:59, the last second in which 弘前市 issues.
    running.clock.advance(11 * 3600 + 59);
    let held = ticket(&ground, &kiosk, Kind::ThreeDoses).await;
    kiosk.offer(&held, Ground::hirosaki()).await.unwrap();
    running.clock.advance(1);
    let refused = kiosk.offer(&held, Ground::hirosaki()).await.unwrap_err();
    assert_eq!(refused.problem(), Some(ProblemType::MunicipalityClosed));
    let refused = kiosk
        .order(&held, Ground::hirosaki(), CertificateKind::Domestic, 120, 1)
        .await
        .unwrap_err();
    assert_eq!(refused.problem(), Some(ProblemType::MunicipalityClosed));
    kiosk.offer(&held, Ground::urayasu()).await.unwrap();
}

#[tokio::test]
async fn a_register_that_cannot_be_asked_is_never_no_doses() {
    let ground = Ground::lay().await;
    let running = Running::start(&ground).await;
    let kiosk = ChannelClient::kiosk(&ground, &running, 1);
    let held = ticket(&ground, &kiosk, Kind::ThreeDoses).await;
    let folder = ground.path("register/municipalities");
    let file = folder.join(format!("{}.db", Ground::urayasu()));
    // In its place, as the server may have it open already.
    std::fs::write(&file, b"no database").unwrap();
    let damaged = kiosk.offer(&held, Ground::urayasu()).await.unwrap_err();
    assert_eq!(damaged.problem(), Some(ProblemType::LookupUnavailable));
    let order = kiosk
        .order(&held, Ground::urayasu(), CertificateKind::Domestic, 120, 1)
        .await
        .unwrap_err();
    assert_eq!(order.problem(), Some(ProblemType::LookupUnavailable));
    // The others are asked as before.
    kiosk.offer(&held, Ground::hirosaki()).await.unwrap();
}
