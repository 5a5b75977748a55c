//! Previews: what an order would print and nothing that proves, to the holder of the card alone,
//! and one neutral answer as long as a page for everybody who gets none.
#![allow(clippy::unwrap_used)] // a step that fails ends the test

use std::io::Write as _;
use std::process::{Command, Stdio};

use application::messages::{HolderTicket, OfferReply, PreviewReply, PreviewedHolder};
use application::{Bytes, ProblemType};
use certificate::{holder_mac, is_holder, read_back};
use crypto::MacKey;
use domain::{BirthDate, CertificateKind, MunicipalityCode, NormalizedName, Redacted};
use fixtures::municipality::{Kind, Person};
use registry::{Actor, AuditEntry, Purpose};
use system_tests::server_stage::{Applicant, ChannelClient, Ground, Running, preview};

const DOMESTIC: CertificateKind = CertificateKind::Domestic;
const ABROAD: CertificateKind = CertificateKind::Abroad;

async fn ticket(ground: &Ground, channel: &ChannelClient, kind: Kind) -> HolderTicket {
    let applicant = Applicant::of_kind(ground, kind);
    applicant.apply(channel).await.unwrap()
}

/// Where a person is registered; whoever is nowhere asks where the card was issued.
fn register(person: &Person) -> MunicipalityCode {
    let first = person.registers.first();
    first.map_or(person.card_issuer, |register| register.municipality)
}

fn shown(reply: PreviewReply) -> Option<(Redacted<Bytes>, PreviewedHolder)> {
    match reply {
        PreviewReply::Page { document, holder } => Some((document, holder)),
        PreviewReply::NotHere => None,
    }
}

/// What the kiosk compares: a seal over the card, and what stands beside the page.
fn is_of(holder: &PreviewedHolder, person: &Person) -> bool {
    let (key, card) = (MacKey::new(&[7; 32]), person.on_card());
    let birth_date = BirthDate::parse(card.birth_date.expose().as_bytes()).unwrap();
    let mac = holder_mac(&key, &NormalizedName::of(card.name.expose()), birth_date);
    is_holder(&key, &mac, &holder.names, holder.birth_date)
}

/// The lines of a page, as poppler reads them.
fn lines(document: &Redacted<Bytes>) -> Vec<String> {
    let mut poppler = Command::new("pdftotext")
        .args(["-layout", "-", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut into = poppler.stdin.take().unwrap();
    into.write_all(document.expose()).unwrap();
    drop(into);
    let output = poppler.wait_with_output().unwrap();
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).unwrap();
    let words = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    text.lines()
        .map(words)
        .filter(|line| !line.is_empty())
        .collect()
}

/// Whether a page's lines have a name, however the page parts it.
fn has_name(lines: &[String], name: &str) -> bool {
    let text = NormalizedName::of(&lines.concat());
    text.expose().contains(NormalizedName::of(name).expose())
}

async fn entries(ground: &Ground) -> Vec<AuditEntry> {
    let registry = ground.registry().await;
    let audit = registry.municipality(Ground::urayasu(), Purpose::Audit, Actor::Server);
    let entries = audit.await.unwrap().audit_entries(0, 1000).await.unwrap();
    registry.close().await;
    entries
}

#[tokio::test]
async fn every_kind_of_resident_sees_what_an_offer_promised_in_equally_many_bytes() {
    let ground = Ground::lay().await;
    let running = Running::start(&ground).await;
    let kiosk = ChannelClient::kiosk(&ground, &running, 1);
    let mut lengths = Vec::new();
    for kind in Kind::SPECIAL {
        let person = ground.person(kind);
        let held = ticket(&ground, &kiosk, kind).await;
        let offer = kiosk.offer(&held, register(person)).await.unwrap();
        let asked = preview(&held, register(person), DOMESTIC);
        let (length, reply) = kiosk.call_measured(&asked).await;
        lengths.push(length);
        let is_offered = matches!(offer, OfferReply::Available { .. });
        let shown = shown(reply);
        assert_eq!(shown.is_some(), is_offered, "{kind:?}");
        if let Some((_, holder)) = shown {
            assert!(is_of(&holder, person), "{kind:?}");
        }
        running.clock.advance(31);
    }
    // A problem is as long: closing time, here.
    let held = ticket(&ground, &kiosk, Kind::ThreeDoses).await;
    let setagaya = preview(&held, Ground::setagaya(), DOMESTIC);
    let refused = kiosk.post(kiosk.seal(&setagaya).await.sealed_request).await;
    lengths.push(refused.unwrap().body.len());
    lengths.dedup();
    assert_eq!(
        lengths.len(),
        1,
        "the length of an answer tells what it says"
    );
}

#[tokio::test]
async fn nobody_sees_anything_of_another() {
    let ground = Ground::lay().await;
    let running = Running::start(&ground).await;
    let kiosk = ChannelClient::kiosk(&ground, &running, 1);
    let kinds = [
        Kind::ThreeDoses,
        Kind::OneDose,
        Kind::RareCharacter,
        Kind::CommonName,
    ];
    for kind in kinds {
        let held = ticket(&ground, &kiosk, kind).await;
        for certificate in CertificateKind::ALL {
            let reply = kiosk.preview(&held, Ground::urayasu(), certificate).await;
            let (document, holder) = shown(reply.unwrap()).unwrap();
            let lines = lines(&document);
            for other in kinds {
                let own = other == kind;
                let person = ground.person(other);
                assert_eq!(is_of(&holder, person), own, "{kind:?}, {other:?}");
                // As registered: on the card another name may stand in brackets behind it.
                let name = person
                    .name
                    .expose()
                    .split(['［', '（'])
                    .next()
                    .unwrap()
                    .to_owned();
                assert_eq!(has_name(&lines, &name), own, "{kind:?}, {other:?}");
            }
        }
        running.clock.advance(31);
    }
}

#[tokio::test]
async fn an_order_after_a_preview_has_the_same_lines_and_what_proves_besides() {
    let ground = Ground::lay().await;
    let running = Running::start(&ground).await;
    let kiosk = ChannelClient::kiosk(&ground, &running, 1);
    let mut key = 0;
    for kind in Kind::SPECIAL {
        let person = ground.person(kind);
        let held = ticket(&ground, &kiosk, kind).await;
        for certificate in CertificateKind::ALL {
            let reply = kiosk.preview(&held, register(person), certificate).await;
            let shown = shown(reply.unwrap());
            key += 1;
            let ordered = kiosk
                .order(&held, register(person), certificate, 120, key)
                .await;
            let Some((preview, _)) = shown else {
                assert!(ordered.is_err(), "{kind:?}");
                continue;
            };
            let ordered = ordered.unwrap();
            let page = ordered.document.unwrap();
            if kind == Kind::ThreeDoses {
                assert_eq!(read_back::from_pdf(preview.expose()).unwrap(), []);
                assert!(!read_back::from_pdf(page.expose()).unwrap().is_empty());
            }
            let id = ordered.certificate_id;
            let shown = lines(&preview);
            assert!(!shown.iter().any(|line| line.contains(id.as_str())));
            let table = |lines: &[String]| -> Vec<String> {
                let rows = lines.iter().skip_while(|line| !line.contains("Name"));
                let rows = rows.take_while(|line| !line.contains("証明書ID"));
                rows.cloned().collect()
            };
            let rows = table(&shown);
            assert!(rows.len() > 5, "{kind:?}: {rows:?}");
            assert_eq!(rows, table(&lines(&page)), "{kind:?}");
        }
        running.clock.advance(31);
    }
}

#[tokio::test]
async fn a_preview_leaves_nothing_but_the_record_of_the_access() {
    let ground = Ground::lay().await;
    let running = Running::start(&ground).await;
    let kiosk = ChannelClient::kiosk(&ground, &running, 1);
    let held = ticket(&ground, &kiosk, Kind::ThreeDoses).await;
    let before = entries(&ground).await.len();
    let reply = kiosk.preview(&held, Ground::urayasu(), ABROAD).await;
    assert!(shown(reply.unwrap()).is_some());
    let after = entries(&ground).await;
    let [entry] = &after[before..] else {
        panic!("{} entries", after.len() - before);
    };
    assert_eq!(entry.event, "previewed");
    assert_eq!(entry.purpose, Purpose::Issuing.as_str());
    assert_eq!(
        (&*entry.actor_kind, &entry.actor[..]),
        ("kiosk", &kiosk.id().0[..])
    );
    assert!(entry.subject.is_some());
    assert_eq!(entry.certificate, None);
    // Nothing is owed for it either: the fee is what it was.
    let ordered = kiosk.order(&held, Ground::urayasu(), ABROAD, 120, 1).await;
    ordered.unwrap();
}

#[tokio::test]
async fn a_preview_is_for_the_kiosk_that_applied_in_its_time_and_hours() {
    let ground = Ground::lay().await;
    let running = Running::start(&ground).await;
    let kiosk = ChannelClient::kiosk(&ground, &running, 1);
    let held = ticket(&ground, &kiosk, Kind::ThreeDoses).await;
    let problem = async |channel: &ChannelClient, held: &HolderTicket, of| {
        let refused = channel.preview(held, of, DOMESTIC).await;
        refused.err().and_then(|refused| refused.problem())
    };
    let here = Ground::urayasu();
    let other_kiosk = ChannelClient::kiosk(&ground, &running, 2);
    let invalid = Some(ProblemType::TicketInvalid);
    assert_eq!(problem(&other_kiosk, &held, here).await, invalid);
    let phone = ChannelClient::phone(&ground, &running);
    let of_phone = ticket(&ground, &phone, Kind::ThreeDoses).await;
    let malformed = Some(ProblemType::MalformedRequest);
    assert_eq!(problem(&phone, &of_phone, here).await, malformed);
    let elsewhere = Some(ProblemType::MunicipalityNotParticipating);
    assert_eq!(problem(&kiosk, &held, Ground::setagaya()).await, elsewhere);
    // From noon to 23:01, when 弘前市 has closed.
    running.clock.advance(301);
    assert_eq!(
        problem(&kiosk, &held, here).await,
        Some(ProblemType::TicketExpired)
    );
    running.clock.advance(11 * 3600 + 60 - 301);
    let late = ticket(&ground, &kiosk, Kind::ThreeDoses).await;
    let closed = Some(ProblemType::MunicipalityClosed);
    assert_eq!(problem(&kiosk, &late, Ground::hirosaki()).await, closed);
    assert_eq!(problem(&kiosk, &late, here).await, None);
}

#[tokio::test]
async fn previews_count_against_what_one_application_may_ask() {
    let ground = Ground::lay().await;
    let settings = ground.write_settings("few.toml", |text| {
        format!("{text}offers_per_application = 2\n")
    });
    let running = Running::start_with(&settings).await;
    let kiosk = ChannelClient::kiosk(&ground, &running, 1);
    let held = ticket(&ground, &kiosk, Kind::ThreeDoses).await;
    kiosk.offer(&held, Ground::urayasu()).await.unwrap();
    let second = kiosk.preview(&held, Ground::urayasu(), DOMESTIC).await;
    second.unwrap();
    let third = kiosk.preview(&held, Ground::urayasu(), DOMESTIC).await;
    let problem = third.unwrap_err().problem();
    assert_eq!(problem, Some(ProblemType::TooManyRequests));
}

#[tokio::test]
async fn a_card_reported_lost_shows_nothing_also_with_an_open_ticket() {
    let ground = Ground::lay().await;
    let running = Running::start(&ground).await;
    let kiosk = ChannelClient::kiosk(&ground, &running, 1);
    let held = ticket(&ground, &kiosk, Kind::ThreeDoses).await;
    let before = kiosk.preview(&held, Ground::urayasu(), DOMESTIC).await;
    assert!(shown(before.unwrap()).is_some());
    ground.suspend(Kind::ThreeDoses).await;
    let after = kiosk.preview(&held, Ground::urayasu(), DOMESTIC).await;
    assert_eq!(after.unwrap(), PreviewReply::NotHere);
}
