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
