//! Many kiosks at once, killed and cut off at random: everybody gets their own paper, and register,
//! agents and pages agree (domain rule 11). `make load` is the same with many more.

#![allow(clippy::unwrap_used)] // a test that cannot go on fails

use std::time::Duration;

use system_tests::load::{Findings, Load, Swaps, WrongPage};

const SMALL: Load = Load {
    agents: 12,
    certificates: 60,
    residents: 100,
    restarts: 2,
    one_killed_in: 8,
    scanned: 4,
    real_printer: true,
    swaps: Swaps::None,
};

async fn run(load: Load) -> Findings {
    let folder = tempfile::tempdir().unwrap();
    load.run(folder.path(), Duration::from_secs(10), |_| ())
        .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn everybody_gets_their_own_paper_whatever_dies_meanwhile() {
    let findings = run(SMALL).await;
    assert_eq!(findings.wrong, []);
    assert_eq!(findings.contradictions(), [""; 0], "{findings:?}");
    assert!(findings.pages >= SMALL.certificates);
    assert_eq!(findings.scanned, SMALL.scanned);
    assert!(findings.people > 10);
    // It proves nothing where nothing went wrong.
    assert!(findings.agents.killed > 0 && findings.agents.restarts == SMALL.restarts);
    assert!(
        findings.open > 0 || findings.not_delivered > 0,
        "{findings:?}"
    );
    assert_eq!(findings.ended("page-of-another-holder"), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_swap_between_two_kiosks_is_caught_before_it_is_paper() {
    let findings = run(Load {
        agents: 6,
        certificates: 24,
        restarts: 0,
        one_killed_in: 0,
        scanned: 0,
        real_printer: false,
        swaps: Swaps::InReplies(3),
        ..SMALL
    })
    .await;
    assert_eq!(findings.wrong, []);
    assert_eq!(findings.contradictions(), [""; 0], "{findings:?}");
    let refused = findings.ended("page-of-another-holder");
    assert!(findings.planted > 0 && refused > 0);
    // A page of another kind than the one ordered is refused before it is asked whose it is.
    let of_another_kind = findings.ended("page-codes-do-not-hold");
    assert_eq!(refused + of_another_kind, findings.planted, "{findings:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_swap_behind_the_kiosk_s_back_is_seen_by_the_checker() {
    let findings = run(Load {
        agents: 6,
        certificates: 24,
        restarts: 0,
        one_killed_in: 0,
        scanned: 0,
        real_printer: false,
        swaps: Swaps::OnPaper(3),
        ..SMALL
    })
    .await;
    assert!(findings.planted > 0);
    assert_eq!(findings.wrong.len(), findings.planted, "{findings:?}");
    let somebody_else_s =
        |wrong: &WrongPage| matches!(wrong, WrongPage::SomebodyElses | WrongPage::CodesDoNotHold);
    assert!(findings.wrong.iter().all(somebody_else_s), "{findings:?}");
}
