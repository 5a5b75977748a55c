//! `kiosk-agent check` tells staff what works and what does not.

#![allow(clippy::unwrap_used)] // a test that cannot go on fails

use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

use fixtures::stage::Stage;
use fixtures::stage::ground::Plan;
use fixtures::stage::kiosk::KioskPlan;
use fixtures::stage::printer::{Behaviour, Printer};
use fixtures::stage::programs::built;

fn check(stage: &Stage) -> (Option<i32>, String) {
    let mut command = Command::new(built("kiosk-agent").unwrap());
    command
        .args(["check", "--settings"])
        .arg(&stage.kiosk_settings);
    let output = stage.pcscd.serve(&mut command).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    (output.status.code(), said)
}

/// The line about one part.
fn line<'a>(said: &'a str, part: &str) -> &'a str {
    said.lines()
        .find(|line| line.contains(&format!(" {part}: ")))
        .unwrap_or_else(|| panic!("nothing about {part}:\n{said}"))
}

#[test]
fn each_part_is_good_or_named() {
    let folder = tempfile::tempdir().unwrap();
    let plan = Plan {
        residents: 25,
        ..Plan::default()
    };
    let mut stage = Stage::raise(folder.path(), &plan, Behaviour::Prints).unwrap();
    let (code, said) = check(&stage);
    assert_eq!(code, Some(0), "{said}");
    for part in [
        "memory",
        "reader",
        "printer",
        "issuer",
        "certificate",
        "server",
    ] {
        assert!(!line(&said, part).starts_with("FAIL"), "{said}");
    }
    assert!(line(&said, "server").contains("specimens"));

    KioskPlan::registered(&stage.server, Printer::absent_uri().unwrap())
        .with_certificate("kiosks/kiosk-0002")
        .write(&stage.ground, "kiosk.toml")
        .unwrap();
    stage.pcscd.restart_without_reader().unwrap();
    let (code, said) = check(&stage);
    assert_eq!(code, Some(1), "{said}");
    for (part, word) in [
        ("reader", "none is there"),
        ("printer", "does not answer"),
        ("server", "kiosk-not-registered"),
    ] {
        assert!(line(&said, part).starts_with("FAIL"), "{said}");
        assert!(line(&said, part).contains(word), "{said}");
    }

    KioskPlan::registered(&stage.server, stage.printer.uri())
        .with_certificate("kiosks/kiosk-expired")
        .write(&stage.ground, "kiosk.toml")
        .unwrap();
    let (code, said) = check(&stage);
    assert_eq!(code, Some(1), "{said}");
    assert!(line(&said, "certificate").starts_with("FAIL"), "{said}");
}

#[test]
fn a_key_that_others_may_read_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let plan = Plan {
        residents: 25,
        ..Plan::default()
    };
    let stage = Stage::raise(folder.path(), &plan, Behaviour::Prints).unwrap();
    let key = stage.ground.pki().kiosk_key(1);
    std::fs::set_permissions(key, std::fs::Permissions::from_mode(0o640)).unwrap();
    let (code, said) = check(&stage);
    assert_eq!(code, Some(1), "{said}");
    assert!(line(&said, "certificate").contains("0640"), "{said}");
}

#[test]
fn settings_that_are_not_understood_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let settings = folder.path().join("kiosk.toml");
    std::fs::write(&settings, "[pirnter]\n").unwrap();
    for command in ["check", "issue"] {
        let output = Command::new(built("kiosk-agent").unwrap())
            .args([command, "--settings"])
            .arg(&settings)
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(2));
        assert!(String::from_utf8_lossy(&output.stderr).contains("pirnter"));
    }
}
