//! Nobody ever gets somebody else's paper (domain rule 11): a planted swap is caught by the
//! kiosk, whatever the server says.

#![allow(clippy::unwrap_used)] // a test that cannot go on fails

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crypto::SystemRandom;
use domain::{CertificateKind, Clock, SystemClock};
use fixtures::card::VirtualCard;
use fixtures::municipality::{Kind, Person};
use fixtures::stage::Stage;
use fixtures::stage::ground::Plan;
use fixtures::stage::in_memory::{PreparedResident, ReaderInMemory, server_link, trust};
use fixtures::stage::printer::Behaviour;
use kiosk_agent::payment::AtTheStore;
use kiosk_agent::printer::{IppPrinter, PrintLimits};
use kiosk_agent::session::{
    CardPlace, CodeVerifier, Ending, Kiosk, NotDelivered, PageRefused, Patience, SessionReport,
};
use kiosk_agent::settings::TimeSettings;
use kiosk_agent::stop::stop_switch;
use system_tests::mixed_up::{Instead, MixedUp};

/// One session; gives how it ended and the outcomes reported.
async fn serve(
    stage: &Stage,
    person: &Person,
    page: Option<Vec<u8>>,
) -> (SessionReport, Vec<String>) {
    serve_at(stage, person, page, Arc::new(SystemClock)).await
}

/// The same by another clock of the kiosk's.
async fn serve_at(
    stage: &Stage,
    person: &Person,
    page: Option<Vec<u8>>,
    clock: Arc<dyn Clock>,
) -> (SessionReport, Vec<String>) {
    let outcomes = Arc::new(Mutex::new(Vec::new()));
    let (_switch, stop) = stop_switch();
    let limits = PrintLimits {
        answer: Duration::from_secs(10),
        job: Duration::from_secs(20),
        counts_pages: true,
    };
    let card = VirtualCard::new(stage.ground.card_of(person).unwrap());
    let mut kiosk = Kiosk {
        server: MixedUp {
            server: server_link(&stage.ground, &stage.server, clock.clone()).unwrap(),
            instead: page.map(|page| -> Instead { Box::new(move |_| page.clone()) }),
            outcomes: outcomes.clone(),
        },
        cards: CardPlace::of_one_session(ReaderInMemory::with(card)),
        printer: IppPrinter::new(&stage.printer.uri(), Vec::new(), limits).unwrap(),
        payment: Arc::new(AtTheStore),
        resident: PreparedResident::new(person.pin.clone(), CertificateKind::Abroad),
        verifier: CodeVerifier::new(trust(&stage.ground).unwrap(), clock.clone()),
        clock,
        random: Arc::new(SystemRandom),
        times: TimeSettings::default(),
        patience: Patience::new(),
        stop,
    };
    let report = kiosk.serve().await;
    let outcomes = outcomes.lock().unwrap().clone();
    (report, outcomes)
}

fn stage(folder: &Path) -> Stage {
    Stage::raise(folder, &Plan::default(), Behaviour::Prints).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_anybody_or_anything_else_is_not_printed() {
    let folder = tempfile::tempdir().unwrap();
    let stage = stage(folder.path());
    let one = stage.ground.person(Kind::ThreeDoses).unwrap();
    let other = stage.ground.person(Kind::OneDose).unwrap();

    let (report, outcomes) = serve(&stage, other, None).await;
    assert_eq!(report.ending, Ending::Delivered);
    assert_eq!(outcomes, ["delivered"]);
    let others_page = std::fs::read(&stage.printer.printed().unwrap()[0]).unwrap();

    let mut broken = others_page.clone();
    broken.truncate(others_page.len() / 2);
    for (page, refused) in [
        (others_page, PageRefused::AnotherHolder),
        (broken, PageRefused::NoCode),
        (Vec::new(), PageRefused::NoCode),
    ] {
        let (report, outcomes) = serve(&stage, one, Some(page)).await;
        let expected = Ending::NotDelivered {
            cause: NotDelivered::Page(refused),
            reported: true,
        };
        assert_eq!(report.ending, expected);
        assert!(report.delivered.is_empty() && report.not_delivered.is_some());
        assert_eq!(outcomes, ["not-delivered"]);
    }
    assert_eq!(
        stage.printer.jobs_started(),
        1,
        "the printer got none of them"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn whose_card_adds_another_name_in_brackets_gets_their_paper() {
    let folder = tempfile::tempdir().unwrap();
    let stage = stage(folder.path());
    for kind in [Kind::FormerFamilyName, Kind::CommonName, Kind::OtherName] {
        let person = stage.ground.person(kind).unwrap();
        let (report, _) = serve(&stage, person, None).await;
        assert_eq!(report.ending, Ending::Delivered, "{kind:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_earlier_page_of_the_same_holder_is_not_this_order_s() {
    let folder = tempfile::tempdir().unwrap();
    let stage = stage(folder.path());
    let person = stage.ground.person(Kind::ThreeDoses).unwrap();
    let (report, _) = serve(&stage, person, None).await;
    assert_eq!(report.ending, Ending::Delivered);
    let earlier = std::fs::read(&stage.printer.printed().unwrap()[0]).unwrap();
    let (report, outcomes) = serve(&stage, person, Some(earlier)).await;
    let expected = Ending::NotDelivered {
        cause: NotDelivered::Page(PageRefused::AnotherCertificate),
        reported: true,
    };
    assert_eq!(report.ending, expected);
    assert_eq!(outcomes, ["not-delivered"]);
}

/// A clock that is behind by so many seconds.
#[derive(Debug)]
struct Behind(i64);

impl Clock for Behind {
    fn now(&self) -> time::OffsetDateTime {
        SystemClock.now() - time::Duration::seconds(self.0)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kiosk_whose_clock_is_a_little_behind_prints_what_was_signed_just_now() {
    let folder = tempfile::tempdir().unwrap();
    let stage = stage(folder.path());
    let person = stage.ground.person(Kind::ThreeDoses).unwrap();
    let (report, outcomes) = serve_at(&stage, person, None, Arc::new(Behind(100))).await;
    assert_eq!(report.ending, Ending::Delivered);
    assert_eq!(outcomes, ["delivered"]);
}
