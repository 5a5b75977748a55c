//! Staff at the kiosk's screen: behind a code that is typed and never shown.

#![allow(clippy::unwrap_used)] // a test that cannot go on fails

use fixtures::stage::printer::Behaviour;
use system_tests::screen_stage::{AtKiosk, STAFF_CODE, add, staff_settings};

const F9: &str = "\u{e039}";
const ENTER: &str = "\u{e007}";

#[test]
fn staff_come_in_by_their_code_alone_and_everybody_can_use_their_screen() {
    let kiosk = AtKiosk::come_with(Behaviour::Prints, |stage| {
        add(stage, &staff_settings(STAFF_CODE));
    });
    kiosk.press(F9);
    kiosk.press("482916");
    assert!(!kiosk.said().contains("4829"), "the code is not shown");
    kiosk.press(ENTER);
    std::thread::sleep(std::time::Duration::from_secs(1));
    assert_eq!(kiosk.shown(), "start", "another code opens nothing");
    kiosk.press(F9);
    kiosk.press(STAFF_CODE);
    kiosk.press(ENTER);
    kiosk.wait_for("staff");
    kiosk.look_at("staff/staff");
}
