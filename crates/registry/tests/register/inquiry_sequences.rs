//! Whatever staff do in whatever order, and wherever the server is killed: the records of both
//! sides agree one to one.

use std::collections::{BTreeMap, BTreeSet};
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Command, Stdio};
use std::sync::Arc;

use domain::FixedClock;
use registry::{
    AnswerState, AuditVerdict, DisclosureEvent, InquiryAnswer, InquiryId, InquiryState, Purpose,
    Registry,
};
use time::macros::datetime;

use super::inquiry_towns::*;
use super::support::*;

const PEOPLE: u64 = 4;

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: u64) -> u64 {
        // xorshift64
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % most
    }
}

/// One thing that somebody does.
async fn step(test: &TestRegistry, dice: &mut Dice) {
    let n = 1 + dice.below(PEOPLE);
    match dice.below(7) {
        0 => {
            prepared(test, n).await;
        }
        // Sent and then broken off: before it is answered, before it is received, or not at all.
        1..=3 => {
            let all = asking(test).await.inquiries().await.unwrap();
            let mut open = all.iter().filter(|one| one.state != InquiryState::Provided);
            let Some(inquiry) = open.next_back() else {
                return;
            };
            let approval = match inquiry.state {
                InquiryState::Prepared => Some(approval_to_send(test, inquiry.id).await),
                InquiryState::Sent | InquiryState::Provided => None,
            };
            let exchange = exchange(test).await;
            let sent = exchange.send(inquiry.id, approval).await.unwrap();
            let steps = dice.below(3);
            if steps > 0 {
                let answered = sent.ask().await.unwrap();
                if steps > 1 {
                    answered.receive().await.unwrap();
                }
            }
        }
        4 | 5 => {
            let all = answering(test).await.received_inquiries().await.unwrap();
            let waiting = all.iter().find(|one| one.state == AnswerState::Waiting);
            let Some(waiting) = waiting else { return };
            if dice.below(2) == 0 {
                released(test, waiting).await.unwrap();
            } else {
                let register = answering(test).await;
                register.refuse_inquiry(waiting.id, "no").await.unwrap();
            }
        }
        // Flagged, or no longer; or somebody else's name.
        _ => {
            let flags = [",,", ",,20240101"][usize::try_from(dice.below(2)).unwrap()];
            let name = match dice.below(3) {
                0 => person(n).replace("号", "他"),
                _ => person(n),
            };
            changed_in_urayasu(test, n, &name, flags).await;
            test.clock.advance(3600);
        }
    }
}

/// Everything that was sent is sent again, so that nothing is under way.
async fn finish(test: &TestRegistry) {
    for inquiry in asking(test).await.inquiries().await.unwrap() {
        if inquiry.state != InquiryState::Prepared {
            send(test, inquiry.id, None).await.unwrap();
        }
    }
}

/// Inquiries and doses of one event, over everybody.
async fn recorded(
    test: &TestRegistry,
    code: domain::MunicipalityCode,
    event: DisclosureEvent,
) -> BTreeMap<String, (u64, u32)> {
    let mut found = BTreeMap::new();
    for n in 1..=PEOPLE {
        for record in records(test, code, n).await {
            if record.event == event {
                let before = found.insert(record.inquiry, (n, record.doses));
                assert_eq!(before, None, "one record of one event of one inquiry");
            }
        }
    }
    found
}

async fn assert_both_sides_agree(test: &TestRegistry) {
    let asked = recorded(test, setagaya(), DisclosureEvent::Asked).await;
    let received = recorded(test, setagaya(), DisclosureEvent::Received).await;
    let provided = recorded(test, urayasu(), DisclosureEvent::Provided).await;
    let refused = recorded(test, urayasu(), DisclosureEvent::Refused).await;
    let waiting = recorded(test, urayasu(), DisclosureEvent::Waiting).await;
    // What one provided the other received: the same inquiries, people and numbers of doses.
    assert_eq!(received, provided);
    for one in provided.keys() {
        assert!(!refused.contains_key(one), "provided and refused");
    }
    for one in provided.keys().chain(refused.keys()).chain(waiting.keys()) {
        assert!(asked.contains_key(one), "an answer to what nobody asked");
    }
    let register = asking(test).await;
    let mut sent = BTreeSet::new();
    for inquiry in register.inquiries().await.unwrap() {
        let shown = register.inquiry(inquiry.id).await.unwrap().unwrap();
        let doses = provided.get(&inquiry.id.to_string());
        assert_eq!(
            shown.received.len(),
            doses.map_or(0, |(_, doses)| *doses as usize)
        );
        assert_eq!(inquiry.state == InquiryState::Provided, doses.is_some());
        if inquiry.state != InquiryState::Prepared {
            sent.insert(inquiry.id.to_string());
        }
    }
    assert_eq!(asked.into_keys().collect::<BTreeSet<_>>(), sent);
    // One row for each that was answered, and nothing provided is kept that was received.
    let there = answering(test).await.received_inquiries().await.unwrap();
    let there: BTreeSet<String> = there.iter().map(|one| one.inquiry.to_string()).collect();
    assert_eq!(there, sent);
    for code in [setagaya(), urayasu()] {
        let audit = handle_of(test, code, Purpose::Audit, "auditor").await;
        let verdict = audit.verify_audit(None).await.unwrap();
        assert!(matches!(verdict, AuditVerdict::Holds(_)), "{verdict:?}");
    }
}

#[tokio::test]
async fn after_any_sequence_the_records_of_both_sides_agree() {
    let mut provided = 0;
    for seed in [1, 7, 42] {
        let test = towns(PEOPLE).await;
        let mut dice = Dice(0x9e37_79b9_7f4a_7c15 ^ seed);
        for _ in 0..40 {
            step(&test, &mut dice).await;
        }
        finish(&test).await;
        assert_both_sides_agree(&test).await;
        let found = recorded(&test, urayasu(), DisclosureEvent::Provided).await;
        provided += found.len();
    }
    assert!(provided > 5, "the sequences provide something: {provided}");
}

const PLACE: &str = "AKASHI_TEST_INQUIRY_PLACE";
const INQUIRY: &str = "AKASHI_TEST_INQUIRY_ID";
const APPROVAL: &str = "AKASHI_TEST_INQUIRY_APPROVAL";
const KILL_AT: &str = "AKASHI_TEST_INQUIRY_KILL_AT";
/// Where the child kills itself, in the order in which it comes by.
const STEPS: [&str; 3] = ["sent", "asked", "received"];

/// Kills this very process, as SIGKILL does.
fn kill_at(step: &str) {
    if std::env::var(KILL_AT).as_deref() == Ok(step) {
        let kill = format!("kill -KILL {}", std::process::id());
        let _ = Command::new("sh").args(["-c", &kill]).status();
        unreachable!("nobody outlives SIGKILL");
    }
}

async fn send_step_by_step(registry: &Registry, id: InquiryId, approval: &str) {
    let sides = (declared(setagaya()), declared(urayasu()));
    let exchange = registry.inquiry_exchange(sides.0, sides.1, tester());
    let exchange = exchange.await.unwrap();
    let approval = approval.parse().unwrap();
    let sent = exchange.send(id, Some(approval)).await.unwrap();
    kill_at("sent");
    let answered = sent.ask().await.unwrap();
    kill_at("asked");
    answered.receive().await.unwrap();
    kill_at("received");
}

/// Sends what it is told to when started as the child; by itself it sends one, undisturbed.
#[tokio::test]
async fn sending_step_by_step() {
    let Ok(place) = std::env::var(PLACE) else {
        let test = towns(PEOPLE).await;
        let id = prepared(&test, 1).await;
        let approval = approval_to_send(&test, id).await.to_string();
        send_step_by_step(&test.registry, id, &approval).await;
        return assert_both_sides_agree(&test).await;
    };
    let clock = Arc::new(FixedClock::at(datetime!(2025-04-01 03:00 UTC)));
    let registry = open(TestRegistry::place_of(&place), clock).await;
    let id = std::env::var(INQUIRY).unwrap().parse().unwrap();
    send_step_by_step(&registry, id, &std::env::var(APPROVAL).unwrap()).await;
}

#[tokio::test]
async fn killed_after_every_step_of_sending() {
    let module = module_path!().split_once("::").unwrap().1;
    let this_test = format!("{module}::sending_step_by_step");
    for (step, flags) in STEPS
        .iter()
        .flat_map(|step| [(step, ",,"), (step, ",,20240101")])
    {
        let test = towns(PEOPLE).await;
        changed_in_urayasu(&test, 1, &person(1), flags).await;
        let id = prepared(&test, 1).await;
        let approval = approval_to_send(&test, id).await;
        let status = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", &this_test, "--nocapture"])
            .env(PLACE, test.database.text())
            .env(INQUIRY, id.to_string())
            .env(APPROVAL, approval.to_string())
            .env(KILL_AT, step)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .unwrap();
        assert_eq!(status.signal(), Some(9), "the child was killed");
        // The approval is spent: nothing else can be sent with it, and this needs none.
        let answer = send(&test, id, None).await.unwrap();
        let (doses, expected) = match flags {
            ",," => (2, InquiryAnswer::Provided(2)),
            _ => (0, InquiryAnswer::NothingProvided),
        };
        assert_eq!(answer, expected, "killed when {step}");
        assert_both_sides_agree(&test).await;
        let shown = asking(&test).await.inquiry(id).await.unwrap().unwrap();
        assert_eq!(shown.received.len(), doses);
        let answers = "SELECT answer FROM answered_inquiry WHERE answer IS NOT NULL";
        let kept = test.database.bytes(Some(urayasu()), answers).await;
        assert!(kept.is_empty(), "what was provided is forgotten in the end");
    }
}
