//! What a kiosk tells those who look after it from far away: numbers, and nothing about anybody.

#![allow(clippy::unwrap_used)] // a test that cannot go on fails

use std::process::Command;

use fixtures::card::VirtualCard;
use fixtures::municipality::Kind;
use fixtures::stage::Stage;
use fixtures::stage::ground::Plan;
use fixtures::stage::kiosk::KioskPlan;
use fixtures::stage::printer::{Behaviour, Printer};
use fixtures::stage::programs::built;
use leak_search::LeakSearch;

fn health(stage: &Stage) -> String {
    let out = stage.ground.folder().join("akashi.prom");
    let mut command = Command::new(built("kiosk-agent").unwrap());
    command
        .args(["health", "--settings"])
        .arg(&stage.kiosk_settings)
        .arg("--out")
        .arg(&out);
    let output = stage.pcscd.serve(&mut command).output().unwrap();
    assert!(output.status.success() && output.stdout.is_empty());
    std::fs::read_to_string(out).unwrap()
}

#[track_caller]
fn assert_says(text: &str, sample: &str) {
    assert!(text.lines().any(|line| line == sample), "{sample}\n{text}");
}

/// Every sample is a name, labels with words of a–z and digits, and a whole number.
#[track_caller]
fn assert_numbers_and_fixed_words(text: &str) {
    for line in text.lines().filter(|line| !line.starts_with("# ")) {
        let (sample, value) = line.rsplit_once(' ').unwrap();
        assert!(value.parse::<i64>().is_ok(), "{line}");
        let word =
            |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "_-.{}=\",".contains(c);
        assert!(sample.chars().all(word), "{line}");
    }
}

#[test]
fn health_is_numbers_and_codes_and_nothing_about_anybody() {
    let folder = tempfile::tempdir().unwrap();
    let plan = Plan {
        residents: 25,
        ..Plan::default()
    };
    let mut stage = Stage::raise(folder.path(), &plan, Behaviour::Prints).unwrap();
    let person = stage.ground.person(Kind::ThreeDoses).unwrap().clone();
    let issued = stage.ground.card_of(&person).unwrap();
    // Somebody has been served, and the next one's card lies on the reader.
    let run = stage
        .issue(
            VirtualCard::new(issued.clone()),
            "1234",
            &["--agree", "--kind", "domestic"],
        )
        .unwrap();
    assert_eq!(run.exit_code, Some(0), "{}", run.screens);
    let inserted = stage.insert(VirtualCard::new(issued)).unwrap();
    let text = health(&stage);
    inserted.eject();
    for part in [
        "reader",
        "printer",
        "issuer",
        "certificate",
        "clock",
        "server",
    ] {
        assert_says(
            &text,
            &format!("akashi_kiosk_part{{part=\"{part}\",code=\"ok\"}} 2"),
        );
    }
    assert_says(&text, "akashi_kiosk_renewal_waits 0");
    assert_numbers_and_fixed_words(&text);
    let about_somebody = LeakSearch::of([
        person.name.expose().as_str(),
        person.individual_number.expose(),
        person.address.expose(),
        person.birth_date.expose(),
        // Nor where things are.
        "localhost",
        "Virtual PCD",
        stage.ground.folder().to_str().unwrap(),
    ]);
    assert_eq!(about_somebody.found_in(text.as_bytes()), None, "{text}");

    let nobody = Printer::absent_uri().unwrap();
    KioskPlan::registered(&stage.server, nobody)
        .with_certificate("kiosks/kiosk-expired")
        .write(&stage.ground, "kiosk.toml")
        .unwrap();
    stage.pcscd.restart_without_reader().unwrap();
    let text = health(&stage);
    for (part, code) in [
        ("reader", "no-reader"),
        ("printer", "printer-offline"),
        ("certificate", "own-certificate-not-valid"),
        ("server", "own-certificate-expired"),
    ] {
        assert_says(
            &text,
            &format!("akashi_kiosk_part{{part=\"{part}\",code=\"{code}\"}} 0"),
        );
    }
    assert_numbers_and_fixed_words(&text);
    let left = text
        .lines()
        .find_map(|line| line.strip_prefix("akashi_kiosk_certificate_seconds_left "));
    assert!(left.unwrap().parse::<i64>().unwrap() < 0);
}
