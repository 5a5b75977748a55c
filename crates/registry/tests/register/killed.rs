//! Killed at any moment: a certificate exists exactly if its record and its audit entry do.
//!
//! The child is this test's own program, started again for the one test that issues.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use domain::{CertificateKind, FixedClock};
use registry::{AuditVerdict, FoundOrder, Purpose, Registry};
use time::macros::datetime;

use super::support::*;

const PLACE: &str = "AKASHI_TEST_KILLED_PLACE";
const KILL_AT: &str = "AKASHI_TEST_KILLED_AT";
const FIRST: &str = "AKASHI_TEST_KILLED_FIRST";
const RESIDENTS: u64 = 5;

/// Where the child kills itself, in the order in which it comes by.
const STEPS: [&str; 5] = ["begun", "searched", "read", "recorded", "committed"];

/// Kills this very process, as SIGKILL does.
fn kill_at(step: &str) {
    if std::env::var(KILL_AT).as_deref() == Ok(step) {
        let kill = format!("kill -KILL {}", std::process::id());
        let _ = Command::new("sh").args(["-c", &kill]).status();
        unreachable!("nobody outlives SIGKILL");
    }
}

async fn issue_step_by_step(registry: &Registry, n: u64) {
    let handle = registry
        .municipality(setagaya(), Purpose::Issuing, kiosk(1))
        .await
        .unwrap();
    let mut transaction = handle.begin_issue().await.unwrap();
    kill_at("begun");
    if transaction.find_order(&order(n)).await.unwrap().is_some() {
        return;
    }
    kill_at("searched");
    let resident = n % RESIDENTS + 1;
    transaction
        .dossier(&number_of(resident))
        .await
        .unwrap()
        .unwrap();
    kill_at("read");
    let new = certificate(CertificateKind::Domestic, &n.to_be_bytes());
    let recorded = transaction
        .record_certificate(&order(n), &new)
        .await
        .unwrap();
    kill_at("recorded");
    recorded.commit().await.unwrap();
    kill_at("committed");
}

/// Issues until killed, when started as the child; by itself it issues ten, undisturbed.
#[tokio::test]
async fn issuing_step_by_step() {
    let clock = || Arc::new(FixedClock::at(datetime!(2025-04-01 03:00 UTC)));
    let Ok(place) = std::env::var(PLACE) else {
        let test = TestRegistry::with_residents(RESIDENTS).await;
        for n in 0..10 {
            issue_step_by_step(&test.registry, n).await;
        }
        assert_all_or_nothing(&test.registry, 10, 10).await;
        return;
    };
    let first: u64 = std::env::var(FIRST).unwrap().parse().unwrap();
    let registry = open(TestRegistry::place_of(&place), clock()).await;
    for n in first..first + 1_000_000 {
        issue_step_by_step(&registry, n).await;
        let mut output = std::io::stdout().lock();
        writeln!(output, "committed {n}").unwrap();
        output.flush().unwrap();
    }
}

fn child(test: &TestRegistry, first: u64, kill_at: &str) -> Child {
    let this_test = this_test(module_path!(), "issuing_step_by_step");
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", &this_test, "--nocapture"])
        .env(PLACE, test.database.text())
        .env(FIRST, first.to_string())
        .env(KILL_AT, kill_at)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// The orders that a child said were committed.
fn said_committed(line: &str) -> Option<u64> {
    // The harness writes the test's name in front of the first line.
    line.rsplit_once("committed ")?.1.parse().ok()
}

/// Every order below `said` is there, whole; of those from there on, each is whole or not at all;
/// nothing beyond `most`.
async fn assert_all_or_nothing(registry: &Registry, said: u64, most: u64) -> u64 {
    let code = setagaya();
    let audit = registry
        .municipality(code, Purpose::Audit, registry::Actor::Server)
        .await
        .unwrap();
    // The chain holds, and each certificate has its one entry and each entry its certificate.
    let verdict = audit.verify_audit(None).await.unwrap();
    assert!(matches!(verdict, AuditVerdict::Holds(_)), "{verdict:?}");
    let handle = registry
        .municipality(code, Purpose::Issuing, kiosk(1))
        .await
        .unwrap();
    let mut there = 0;
    for n in 0..most {
        let mut transaction = handle.begin_issue().await.unwrap();
        match transaction.find_order(&order(n)).await.unwrap() {
            Some(FoundOrder::Over) => panic!("order {n} is a moment old"),
            Some(FoundOrder::Issued(stored)) => {
                assert_eq!(stored.signed.expose()[..], n.to_be_bytes());
                there += 1;
            }
            None => assert!(n >= said, "order {n} was said to be committed"),
        }
    }
    let mut entries = 0;
    let mut after = 0;
    loop {
        let page = audit.audit_entries(after, 1000).await.unwrap();
        let Some(last) = page.last() else { break };
        after = last.sequence;
        entries += page
            .iter()
            .filter(|e| e.event == "certificate-issued")
            .count() as u64;
    }
    assert_eq!(
        entries, there,
        "as many entries of an issue as certificates"
    );
    there
}

async fn prepared() -> TestRegistry {
    let test = TestRegistry::with_residents(RESIDENTS).await;
    test.registry.close().await;
    test
}

#[tokio::test]
async fn killed_at_every_step() {
    for step in STEPS {
        let test = prepared().await;
        let status = child(&test, 0, step).wait().unwrap();
        assert_eq!(status.signal(), Some(9), "the child was killed");
        let registry = test.open_again().await;
        let there = assert_all_or_nothing(&registry, 0, 3).await;
        assert_eq!(there, u64::from(step == "committed"), "killed when {step}");
        // The same order again gets its certificate, once.
        issue_step_by_step(&registry, 0).await;
        assert_eq!(assert_all_or_nothing(&registry, 1, 3).await, 1);
        registry.close().await;
    }
}

#[tokio::test]
async fn killed_at_any_moment() {
    let test = prepared().await;
    let mut next = 0;
    for round in 0..10_u64 {
        let mut child = child(&test, next, "never");
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut said = next;
        // After some orders, in the middle of whatever it does then.
        for line in lines.map_while(Result::ok) {
            if let Some(n) = said_committed(&line) {
                said = n + 1;
                if said == next + 1 + round {
                    let pause = std::time::Duration::from_micros(round * round * 97 % 4000);
                    std::thread::sleep(pause);
                    child.kill().unwrap();
                }
            }
        }
        child.wait().unwrap();
        assert!(said > next, "the child issued");
        let registry = test.open_again().await;
        let there = assert_all_or_nothing(&registry, said, said + 3).await;
        assert!(
            (said..=said + 1).contains(&there),
            "at most one beyond what was said"
        );
        registry.close().await;
        next = there;
    }
}
