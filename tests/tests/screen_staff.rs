//! Staff at the kiosk's screen: behind a code that is typed and never shown.

#![allow(clippy::unwrap_used)] // a test that cannot go on fails

use std::io::Write as _;
use std::process::{Command, Stdio};

use fixtures::stage::printer::Behaviour;
use fixtures::stage::programs::built;
use system_tests::screen_stage::AtKiosk;

const F9: &str = "\u{e039}";
const ENTER: &str = "\u{e007}";

/// The settings' line for a code, as staff would make it.
fn settings_for(code: &str) -> String {
    let mut child = Command::new(built("kiosk-agent").unwrap())
        .arg("staff-code")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut pipe = child.stdin.take().unwrap();
    pipe.write_all(code.as_bytes()).unwrap();
    drop(pipe);
    let said = child.wait_with_output().unwrap().stdout;
    format!("\n[staff]\n{}", String::from_utf8(said).unwrap())
}

#[test]
fn staff_come_in_by_their_code_alone_and_everybody_can_use_their_screen() {
    let kiosk = AtKiosk::come_with(Behaviour::Prints, |stage| {
        let settings = std::fs::read_to_string(&stage.kiosk_settings).unwrap();
        std::fs::write(&stage.kiosk_settings, settings + &*settings_for("482915")).unwrap();
    });
    kiosk.press(F9);
    kiosk.press("482916");
    assert!(!kiosk.said().contains("4829"), "the code is not shown");
    kiosk.press(ENTER);
    std::thread::sleep(std::time::Duration::from_secs(1));
    assert_eq!(kiosk.shown(), "start", "another code opens nothing");
    kiosk.press(F9);
    kiosk.press("482915");
    kiosk.press(ENTER);
    kiosk.wait_for("staff");
    kiosk.look_at("staff/staff");
}
