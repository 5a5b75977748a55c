//! `server dose`: staff see what became of a venue's dose, and change it two together (C30).
#![allow(clippy::unwrap_used)] // a step that fails ends the test

use domain::CertificateKind;
use fixtures::municipality::Kind;
use system_tests::server_stage::{Applicant, ChannelClient, Ground};
use system_tests::venue_stage::VenueStage;

/// Gives a command as a member of staff of Urayasu; whether it ended well, and what it said.
fn give(stage: &VenueStage, words: &[&str], staff: &str, input: &str) -> (bool, String) {
    let city = Ground::urayasu();
    let by = ["--municipality", city.as_str(), "--staff", staff];
    stage
        .ground
        .command_with_input(&[words, &by].concat(), input)
}

/// The id that a command said to approve.
fn asked_for(said: &str) -> String {
    let id = said.split("--approval ").nth(1).unwrap();
    id.split_whitespace().next().unwrap().to_owned()
}

const CORRECTED: &str = r#"{"date":"DATE","disease":"新型コロナウイルス感染症",
    "manufacturer":"ファイザー","product":"コミナティ筋注","lot":"BY-STAFF",
    "physician":null,"amount_microlitres":300}"#;

#[tokio::test(flavor = "multi_thread")]
async fn staff_correct_and_cancel_two_together_and_are_told_of_certificates() {
    let stage = VenueStage::start().await;
    let client = stage.client();
    let entry = stage.entry_of(Kind::ThreeDoses, 1);
    let receipt = client.call(&entry).await.unwrap().receipt;
    let receipt = hex::encode(receipt.0);
    let kiosk = ChannelClient::kiosk(&stage.ground, &stage.running, 1);
    let applicant = Applicant::of_kind(&stage.ground, Kind::ThreeDoses);
    let ticket = applicant.apply(&kiosk).await.unwrap();
    let (city, kind) = (Ground::urayasu(), CertificateKind::Domestic);
    let issued = kiosk.order(&ticket, city, kind, 120, 1).await.unwrap();
    let certificate = issued.certificate_id.as_str();

    let date = entry.dose.date.to_string().replace('-', "");
    let dose = CORRECTED.replace("DATE", &date);
    let ask = ["dose", "correct", &receipt, "--reason", "wrong lot"];
    let (ok, said) = give(&stage, &ask, "sato", &dose);
    assert!(ok, "{said}");
    let id = asked_for(&said);
    let act = ["dose", "correct", &receipt, "--approval", &id];
    let (ok, said) = give(&stage, &act, "sato", &dose);
    assert!(!ok, "nobody agreed yet: {said}");
    let (ok, said) = give(&stage, &["approvals", "approve", &id], "sato", "");
    assert!(!ok, "whoever asked does not agree: {said}");
    let (ok, said) = give(&stage, &["approvals", "approve", &id], "suzuki", "");
    assert!(ok, "{said}");
    // Something else than what was agreed to.
    let other = dose.replace("BY-STAFF", "ANOTHER");
    let (ok, said) = give(&stage, &act, "sato", &other);
    assert!(!ok, "{said}");
    let (ok, said) = give(&stage, &act, "sato", &dose);
    assert!(ok && said.contains(certificate), "{said}");

    let (ok, said) = give(&stage, &["dose", "show", &receipt], "suzuki", "");
    assert!(ok, "{said}");
    for part in ["BY-STAFF", "CANARY-LOT", "staff sato", &id, certificate] {
        assert!(said.contains(part), "{part} is shown: {said}");
    }
    let (ok, said) = give(&stage, &["dose", "changed"], "suzuki", "");
    assert!(
        ok && said.contains(&receipt) && said.contains(certificate),
        "{said}"
    );

    let ask = ["dose", "cancel", &receipt, "--reason", "not given"];
    let (_, said) = give(&stage, &ask, "sato", "");
    let id = asked_for(&said);
    let (ok, said) = give(&stage, &["approvals", "approve", &id], "suzuki", "");
    assert!(ok, "{said}");
    let act = ["dose", "cancel", &receipt, "--approval", &id];
    let (ok, said) = give(&stage, &act, "sato", "");
    assert!(ok, "{said}");
    let (_, said) = give(&stage, &["dose", "show", &receipt], "suzuki", "");
    assert!(said.contains("stands no more"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_dose_of_an_import_is_corrected_and_cancelled_by_two() {
    let stage = VenueStage::start().await;
    let mut registers = stage.ground.person(Kind::ThreeDoses).registers.iter();
    let register = registers.find(|one| one.municipality == Ground::urayasu());
    let number = format!("{}\n", register.unwrap().resident_number);
    let listed = || {
        let list = ["dose", "list", "--resident-number-from-stdin"];
        let (ok, said) = give(&stage, &list, "sato", &number);
        assert!(ok, "{said}");
        let lines = said.lines().filter(|line| line.starts_with("  "));
        lines.map(str::to_owned).collect::<Vec<_>>()
    };
    let before = listed();
    // The last one was given today, and then was not given at all.
    let receipt = before.last().unwrap().split_whitespace().next().unwrap();
    let today = stage.dose().date.to_string();
    let dose = CORRECTED.replace("DATE", &today.replace('-', ""));
    for (what, input) in [("correct", dose.as_str()), ("cancel", "")] {
        let ask = ["dose", what, receipt, "--reason", "the ledger was wrong"];
        let (ok, said) = give(&stage, &ask, "sato", input);
        assert!(ok, "{said}");
        let id = asked_for(&said);
        let act = ["dose", what, receipt, "--approval", &id];
        let (ok, said) = give(&stage, &act, "sato", input);
        assert!(!ok, "nobody agreed yet: {said}");
        let (ok, said) = give(&stage, &["approvals", "approve", &id], "suzuki", "");
        assert!(ok, "{said}");
        let (ok, said) = give(&stage, &act, "sato", input);
        assert!(ok, "{said}");
        if what == "correct" {
            let corrected = listed();
            assert_eq!(corrected.len(), before.len());
            let last = corrected.last().unwrap();
            assert!(last.contains(&today) && last.contains(receipt), "{last}");
        }
    }
    assert_eq!(listed(), before[..before.len() - 1]);
    let (_, said) = give(&stage, &["dose", "show", receipt], "suzuki", "");
    assert!(said.contains("BY-STAFF") && said.contains("stands no more"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_dose_or_no_receipt_is_said_so() {
    let stage = VenueStage::start().await;
    let unknown = "0".repeat(32);
    let correct = ["dose", "correct", &unknown, "--reason", "r"];
    for input in ["", "[]", &"x".repeat(9000), "{\"name\":\"CANARY\"}"] {
        let (ok, said) = give(&stage, &correct, "sato", input);
        assert!(!ok && !said.contains("CANARY"), "{said}");
    }
    let (ok, said) = give(&stage, &["dose", "show", &unknown], "sato", "");
    assert!(!ok && said.contains("no dose was registered"), "{said}");
    let (ok, _) = give(&stage, &["dose", "show", "no-receipt"], "sato", "");
    assert!(!ok);
}
