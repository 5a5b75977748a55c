//! A venue registers a dose through mobile-api, by voucher and birth date, and the kiosk's
//! certificate lists it; whatever speaks against an entry is one refusal (C15).
#![allow(clippy::unwrap_used)] // a step that fails ends the test

use application::ProblemType;
use application::messages::{
    Availability, ChangeReason, EntryState, OfferReply, ReceiptsRequest, RegisterDoseRequest,
    RequestMessage, VoucherEntry,
};
use certificate::read_back::{self, VerifiedCode};
use domain::{BirthDate, CertificateKind, MunicipalityCode, VoucherLine, VoucherNumber};
use fixtures::municipality::Kind;
use system_tests::server_stage::{Applicant, ChannelClient, Ground, Refused};
use system_tests::venue_stage::{VenueStage, advance, birth_date, told, voucher};
use time::Duration;

/// How many doses the kiosk offers to certify.
async fn doses_at_kiosk(stage: &VenueStage, kind: Kind) -> u8 {
    let kiosk = ChannelClient::kiosk(&stage.ground, &stage.running, 1);
    let applicant = Applicant::of_kind(&stage.ground, kind);
    let ticket = applicant.apply(&kiosk).await.unwrap();
    let offer = kiosk.offer(&ticket, Ground::urayasu()).await.unwrap();
    let OfferReply::Available { kinds } = offer else {
        panic!("the holder is here");
    };
    let mut kinds = kinds.into_iter();
    let domestic = kinds.find(|one| one.kind == CertificateKind::Domestic);
    match domestic.unwrap().availability {
        Availability::Offered { doses, .. } => doses,
        Availability::PassportNotRegistered => panic!("no passport is needed"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dose_from_a_venue_is_on_the_next_certificate() {
    let stage = VenueStage::start().await;
    let venue = stage.venue(1);
    let mut terminal = stage.terminal(&venue);
    let person = stage.ground.person(Kind::ThreeDoses);
    let (here, voucher) = (Ground::urayasu(), voucher(person, Ground::urayasu()));
    assert_eq!(doses_at_kiosk(&stage, Kind::ThreeDoses).await, 3);
    let receipt = terminal
        .register(voucher, birth_date(person), stage.dose())
        .await
        .unwrap();
    assert_eq!(doses_at_kiosk(&stage, Kind::ThreeDoses).await, 4);
    // Corrected, it is a dose still; the certificate has what stands.
    let mut dose = stage.dose();
    dose.lot = "CORRECTED".to_owned();
    let (mistyped, not_given) = (ChangeReason::Mistyped, ChangeReason::NotGiven);
    terminal
        .correct(here, receipt.clone(), dose, mistyped)
        .await
        .unwrap();
    let kiosk = ChannelClient::kiosk(&stage.ground, &stage.running, 1);
    let applicant = Applicant::of_kind(&stage.ground, Kind::ThreeDoses);
    let ticket = applicant.apply(&kiosk).await.unwrap();
    let (kind, fee) = (CertificateKind::Domestic, 120);
    let page = kiosk.order(&ticket, here, kind, fee, 1).await.unwrap();
    let page = page.document.unwrap();
    let trust = stage.ground.trust().await;
    let now = domain::Clock::now(&*stage.running.clock);
    let codes = read_back::from_pdf(page.expose()).unwrap();
    let lots: Vec<String> = codes
        .iter()
        .filter_map(|found| found.code.verify(&trust, now).ok())
        .flat_map(|verified| match verified {
            VerifiedCode::SmartHealthCard(card) => card.doses,
            VerifiedCode::VdsNc(object) => object.doses,
        })
        .filter_map(|dose| dose.lot)
        .collect();
    assert!(lots.contains(&"CORRECTED".to_owned()), "{lots:?}");
    // Cancelled, it is on no further one.
    terminal
        .cancel(here, receipt.clone(), not_given)
        .await
        .unwrap();
    assert_eq!(doses_at_kiosk(&stage, Kind::ThreeDoses).await, 3);
    let entries = terminal.receipts(here).await.unwrap();
    assert_eq!(entries.len(), 1);
    assert_eq!(
        (&entries[0].receipt, entries[0].state),
        (&receipt, EntryState::Cancelled)
    );
}

/// Everything that is to be one and the same refusal, with what the audit record calls it.
fn refused_entries(stage: &VenueStage) -> Vec<(&'static str, RegisterDoseRequest)> {
    let entry = |kind, key| stage.entry_of(kind, key);
    let with_voucher = |key, text: &str| RegisterDoseRequest {
        voucher: VoucherEntry::OcrLine(VoucherLine::parse(text).unwrap()),
        ..entry(Kind::ThreeDoses, key)
    };
    let own = voucher(stage.ground.person(Kind::ThreeDoses), Ground::urayasu());
    let number = own.number().expose();
    let typed = VoucherEntry::Number {
        municipality: Ground::urayasu(),
        number: VoucherNumber::parse(number).unwrap(),
        dose: 3,
    };
    vec![
        ("voucher-unknown", with_voucher(1, "241222719999999999")),
        (
            "voucher-unknown",
            with_voucher(2, &format!("14122271{number}")),
        ),
        (
            "voucher-unknown",
            RegisterDoseRequest {
                voucher: typed,
                ..entry(Kind::ThreeDoses, 3)
            },
        ),
        (
            "birth-date",
            RegisterDoseRequest {
                birth_date: BirthDate::parse(b"19000101").unwrap(),
                ..entry(Kind::ThreeDoses, 4)
            },
        ),
        // A municipality that the venue is not registered for, and one that declares no venues.
        (
            "not-for-this-venue",
            with_voucher(5, &format!("24131121{number}")),
        ),
        (
            "not-for-this-venue",
            with_voucher(6, &format!("24022021{number}")),
        ),
        ("moved-out", entry(Kind::MovedOut, 7)),
        ("deceased", entry(Kind::Deceased, 8)),
        ("voucher-used", entry(Kind::TwoDoses, 9)),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_speaks_against_an_entry_is_one_refusal_of_one_length() {
    let stage = VenueStage::start().await;
    let client = stage.client();
    let ask = async |request: &RegisterDoseRequest| {
        let exchange = client.seal(request).await;
        let answer = client.post(exchange.sealed_request.clone()).await.unwrap();
        let length = answer.body.len();
        (length, client.exchange(exchange).await)
    };
    // The reply to what is taken is as long.
    let (accepted, reply) = ask(&stage.entry_of(Kind::TwoDoses, 100)).await;
    reply.unwrap();
    for (code, request) in refused_entries(&stage) {
        // Sent twice, as `exchange` sends it again: each is refused and recorded.
        let (length, reply) = ask(&request).await;
        let Err(Refused::Sealed(problem)) = reply else {
            panic!("{code}: {reply:?}");
        };
        assert_eq!(problem.kind, ProblemType::VoucherNotAccepted, "{code}");
        assert_eq!(length, accepted, "{code}");
        // Nobody is held meanwhile: what counts is what is refused within an hour.
        advance(&stage.running, Duration::hours(2));
    }
    let expected = refused_entries(&stage);
    let expected = expected.iter().flat_map(|(code, _)| [*code, *code]);
    let recorded = stage.recorded(Ground::urayasu(), "dose-refused").await;
    let codes = recorded.iter().filter_map(|entry| entry.detail.as_deref());
    assert!(codes.eq(expected));
    // Of the other municipalities nothing was asked and nothing is known.
    for code in [Ground::hirosaki(), Ground::setagaya()] {
        assert_eq!(stage.recorded(code, "dose-refused").await, []);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn people_under_protection_are_vaccinated_like_others() {
    let stage = VenueStage::start().await;
    let client = stage.client();
    client
        .call(&stage.entry_of(Kind::Protected, 1))
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_entry_again_is_the_same_dose() {
    let stage = VenueStage::start().await;
    let client = stage.client();
    let entry = stage.entry_of(Kind::ThreeDoses, 1);
    let first = client.call(&entry).await.unwrap();
    let again = client.call(&entry).await.unwrap();
    assert_eq!(first, again);
    let mut other = entry;
    other.dose.lot = "OTHER".to_owned();
    let refused = client.call(&other).await.unwrap_err();
    assert_eq!(refused.problem(), Some(ProblemType::OrderKeyReused));
    let registered = stage.recorded(Ground::urayasu(), "dose-registered").await;
    assert_eq!(registered.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_typed_is_judged_by_itself() {
    let stage = VenueStage::start().await;
    let client = stage.client();
    let entry = || stage.entry_of(Kind::ThreeDoses, 1);
    type Change = fn(&mut RegisterDoseRequest);
    let changes: [Change; 5] = [
        |entry| entry.dose.date += Duration::DAY,
        |entry| entry.birth_date = BirthDate::from_date(entry.dose.date + Duration::DAY),
        |entry| entry.dose.product = "水".to_owned(),
        |entry| entry.dose.disease = "かぜ".to_owned(),
        |entry| entry.dose.lot = "1".repeat(21),
    ];
    for change in changes {
        let mut entry = entry();
        change(&mut entry);
        let refused = client.call(&entry).await.unwrap_err();
        assert_eq!(refused.problem(), Some(ProblemType::DoseInvalid));
    }
    // Nobody was looked up for it, whoever's voucher it was, and it is no guess.
    assert_eq!(stage.recorded(Ground::urayasu(), "dose-refused").await, []);
    client.call(&entry()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn who_guesses_is_held_and_the_security_officer_can_see_it() {
    let stage = VenueStage::start().await;
    let venue = stage.venue(1);
    let mut terminal = stage.terminal(&venue);
    let guess = async |terminal: &mut fixtures::venue::Terminal<'_>, number: u64| {
        let line = format!("24122271{:010}", 9_000_000_000 + number);
        let voucher = VoucherEntry::OcrLine(VoucherLine::parse(&line).unwrap());
        let born = BirthDate::parse(b"19800101").unwrap();
        let refused = terminal.register(voucher, born, stage.dose()).await;
        told(refused.unwrap_err())
    };
    for number in 0..12 {
        let (problem, sealed) = guess(&mut terminal, number).await;
        assert_eq!(problem.kind, ProblemType::VoucherNotAccepted);
        assert!(sealed);
    }
    assert_eq!(
        stage
            .recorded(Ground::urayasu(), "venue-blocked")
            .await
            .len(),
        1
    );
    let (problem, _) = guess(&mut terminal, 12).await;
    assert_eq!(problem.kind, ProblemType::VenueBlocked);
    assert_eq!(problem.retry_after, Some(3600));
    // A right entry is held as well, so that nothing tells it from a wrong one.
    let person = stage.ground.person(Kind::ThreeDoses);
    let right = voucher(person, Ground::urayasu());
    let held = terminal.register(right.clone(), birth_date(person), stage.dose());
    let (problem, _) = told(held.await.unwrap_err());
    assert_eq!(problem.kind, ProblemType::VenueBlocked);
    advance(&stage.running, Duration::hours(1));
    let registered = terminal.register(right, birth_date(person), stage.dose());
    registered.await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn so_many_doses_a_day() {
    let stage = VenueStage::start().await;
    let client = stage.client();
    let kinds = [
        Kind::ThreeDoses,
        Kind::OneDose,
        Kind::TwoDoses,
        Kind::NoPassport,
        Kind::LongName,
    ];
    for (key, kind) in (1..).zip(kinds) {
        let registered = client.call(&stage.entry_of(kind, key)).await;
        registered.unwrap_or_else(|refused| panic!("{kind}: {refused:?}"));
    }
    let sixth = stage.entry_of(Kind::ForeignName, 6);
    let refused = client.call(&sixth).await.unwrap_err();
    assert_eq!(refused.problem(), Some(ProblemType::VenueQuotaReached));
    let recorded = stage.recorded(Ground::urayasu(), "venue-quota-refused");
    let [recorded] = &recorded.await[..] else {
        panic!("each refusal once")
    };
    assert_eq!(recorded.detail, Some(client.id().to_string()));
    advance(&stage.running, Duration::hours(12));
    client.call(&sixth).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn another_venue_s_and_another_municipality_s_receipts_are_nobody_s() {
    let stage = VenueStage::start().await;
    register_second(&stage).await;
    let (first, second) = (stage.venue(1), stage.venue(2));
    let (mut first, mut second) = (stage.terminal(&first), stage.terminal(&second));
    let person = stage.ground.person(Kind::ThreeDoses);
    let voucher = voucher(person, Ground::urayasu());
    let receipt = first.register(voucher, birth_date(person), stage.dose());
    let receipt = receipt.await.unwrap();
    let reason = ChangeReason::Mistyped;
    let refused = [
        second
            .cancel(Ground::urayasu(), receipt.clone(), reason)
            .await,
        first
            .cancel(Ground::hirosaki(), receipt.clone(), reason)
            .await,
        first
            .cancel(Ground::urayasu(), [9; 16].into(), reason)
            .await,
    ];
    for refused in refused {
        let (problem, _) = told(refused.unwrap_err());
        assert_eq!(problem.kind, ProblemType::ReceiptNotAccepted);
    }
    assert_eq!(second.receipts(Ground::urayasu()).await.unwrap(), []);
    advance(&stage.running, Duration::days(2) + Duration::SECOND);
    let late = first.cancel(Ground::urayasu(), receipt, reason).await;
    let (problem, _) = told(late.unwrap_err());
    assert_eq!(problem.kind, ProblemType::ReceiptNotAccepted);
    assert_eq!(doses_at_kiosk(&stage, Kind::ThreeDoses).await, 4);
}

async fn register_second(stage: &VenueStage) {
    let certificate = stage.ground.pki.venue(2);
    let city = Ground::urayasu();
    let words = [
        "register-venue",
        certificate.to_str().unwrap(),
        "--name",
        "二",
        "--municipality",
        city.as_str(),
    ];
    stage.ground.command(&words).await;
}

/// Whether a call of venues is answered, or what is said instead.
async fn receipts(client: &ChannelClient, code: MunicipalityCode) -> Option<ProblemType> {
    let request = ReceiptsRequest {
        municipality: code,
        after: None,
    };
    assert_eq!(ReceiptsRequest::CALL.path(), "/v1/receipts");
    match client.call(&request).await {
        Ok(_) => None,
        Err(refused) => refused.problem(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_venue_that_is_shut_out_gets_nothing() {
    let stage = VenueStage::start().await;
    let client = stage.client();
    assert_eq!(receipts(&client, Ground::urayasu()).await, None);
    let id = client.id().to_string();
    stage
        .ground
        .command(&["unregister", "--channel", &id])
        .await;
    let told = receipts(&client, Ground::urayasu()).await;
    assert_eq!(told, Some(ProblemType::VenueNotRegistered));
    assert!(
        stage
            .ground
            .refusals()
            .await
            .contains(&"venue-not-registered".to_owned())
    );
}
