//! Ways off the straight one at the touch screen: a wrong PIN, nothing to be had here, another
//! municipality, another certificate. Cancel, back and the end of the time: `screen_ways.rs`.

#![allow(clippy::unwrap_used)] // a test that cannot go on fails

use fixtures::municipality::Kind;
use fixtures::stage::printer::Behaviour;
use system_tests::screen_stage::ways::At;
use system_tests::screen_stage::{AtKiosk, set};

#[test]
fn escape_cancels_and_whoever_does_not_agree_is_asked_for_nothing() {
    let mut kiosk = AtKiosk::come(Behaviour::Prints);
    kiosk.go_to(At::Terms);
    kiosk.press("\u{e00c}");
    kiosk.leave();
    kiosk.go_to(At::Terms);
    kiosk.touch("choice-decline");
    kiosk.leave();
    assert_eq!(kiosk.stage.printer.jobs_started(), 0);
}

#[test]
fn time_is_seen_to_run_is_extended_and_is_over() {
    let mut kiosk = AtKiosk::come_with(Behaviour::Prints, |stage| {
        set(stage, "[times]", "[times]\ndecide_seconds = 5");
    });
    kiosk.go_to(At::Terms);
    let at_first = kiosk.seconds_left();
    assert!(at_first <= 5, "{at_first}");
    kiosk.wait_until_fewer_than(4);
    kiosk.touch("more-time");
    kiosk.wait_until_more_than(3);
    kiosk.wait_until_fewer_than(4);
    // The keypad's key for more time.
    kiosk.press(".");
    kiosk.wait_until_more_than(3);
    assert_eq!(kiosk.shown(), "terms");
    kiosk.wait_for("ending");
    kiosk.look_at("paths/time-over");
    kiosk.touch("choice-done");
    kiosk.wait_for("start");
}

#[test]
fn a_wrong_pin_may_be_tried_again_and_a_locked_one_not() {
    let mut kiosk = AtKiosk::come(Behaviour::Prints);
    kiosk.come_to_card();
    kiosk.put(kiosk.card_of(Kind::ThreeDoses).with_pin_tries(2));
    kiosk.wait_for("pin");
    // Four digits are needed, and no more are taken.
    for digit in ["digit-4", "digit-3", "digit-2"] {
        kiosk.touch(digit);
    }
    kiosk.wait_until_entered(3);
    kiosk.touch("enter");
    kiosk.touch("digit-1");
    kiosk.touch("digit-1");
    kiosk.wait_until_entered(4);
    kiosk.touch("enter");
    kiosk.wait_for_key("choice-on");
    kiosk.look_at("paths/wrong-pin");
    assert!(kiosk.said().contains('1'), "the tries: {}", kiosk.said());
    kiosk.touch("choice-on");
    kiosk.wait_for_key("digit-1");
    kiosk.look_at("paths/last-try");
    kiosk.enter_pin("4321");
    kiosk.wait_for("take-card");
    kiosk.take_card();
    kiosk.wait_for("ending");
    kiosk.look_at("paths/locked");
    assert!(kiosk.title().contains("ロック"), "{}", kiosk.title());
    kiosk.touch("choice-done");
    kiosk.wait_for("start");
    assert_eq!(kiosk.stage.printer.jobs_started(), 0);
}

#[test]
fn the_page_never_holds_the_pin() {
    let mut kiosk = AtKiosk::come(Behaviour::Prints);
    kiosk.go_to(At::Pin);
    kiosk.touch("digit-7");
    kiosk.touch("digit-7");
    kiosk.wait_until_entered(2);
    let dots = kiosk.text_of("return document.querySelector('.dots').outerHTML");
    assert!(!dots.contains('7'), "{dots}");
    assert_eq!(
        kiosk.value("return document.querySelectorAll('input').length"),
        0
    );
    kiosk.touch("erase");
    kiosk.wait_until_entered(1);
    kiosk.touch("cancel");
    kiosk.leave();
}

/// Staff's key (F9) is nobody's inside a session: what is typed after it is the PIN as ever, is not
/// kept for a code, and never goes out as one.
#[test]
fn staff_s_key_at_the_pin_pad_takes_nothing_of_the_pin() {
    let mut kiosk = AtKiosk::come(Behaviour::Prints);
    kiosk.come_to_pin(Kind::ThreeDoses);
    let noting = "window.sent = [];
        const send = WebSocket.prototype.send;
        WebSocket.prototype.send = function (message) {
            sent.push(JSON.parse(message).do.type);
            return send.call(this, message);
        };";
    kiosk.browser.run(noting, Vec::new()).unwrap();
    kiosk.press("\u{e039}4321");
    kiosk.wait_until_entered(4);
    kiosk.press("\u{e007}");
    kiosk.wait_for_key("choice-on");
    assert_eq!(
        kiosk.value("return sent"),
        serde_json::json!(["digit", "digit", "digit", "digit", "enter"])
    );
    kiosk.touch("cancel");
    kiosk.leave();
}

#[test]
fn whoever_is_to_ask_the_counter_sees_one_and_the_same() {
    let mut kiosk = AtKiosk::come(Behaviour::Prints);
    let mut said = Vec::new();
    for kind in [
        Kind::Protected,
        Kind::NoDoses,
        Kind::NotRegistered,
        Kind::NameMismatch,
    ] {
        kiosk.identify(kind);
        kiosk.wait_for("municipality");
        kiosk.touch_selector("#ask .choice.main");
        kiosk.wait_for("ending");
        kiosk.settle();
        said.push((
            kiosk.title(),
            kiosk.text_of("return document.getElementById('lines').innerText"),
        ));
        kiosk.look_at("paths/not-here");
        assert_eq!(kiosk.staff_code(), None);
        kiosk.touch("choice-done");
        kiosk.wait_until_gone("choice-on");
        kiosk.touch("choice-done");
        kiosk.wait_for("start");
    }
    said.dedup();
    assert_eq!(said.len(), 1, "{said:?}");
}

#[test]
fn without_a_passport_the_other_kind_can_be_had() {
    let mut kiosk = AtKiosk::come(Behaviour::Prints);
    kiosk.identify(Kind::NoPassport);
    kiosk.choose_own();
    kiosk.look_at("paths/no-passport");
    kiosk.touch("choice-abroad");
    assert_eq!(kiosk.shown(), "offer", "what cannot be had is not chosen");
    kiosk.choose("domestic");
    kiosk.order_and_take();
    assert_eq!(kiosk.papers().len(), 1);
}

#[test]
fn another_municipality_and_a_second_certificate_in_one_sitting() {
    let mut kiosk = AtKiosk::come(Behaviour::Prints);
    kiosk.identify(Kind::TwoMunicipalities);
    kiosk.choose_own();
    kiosk.choose("domestic");
    // Back to the copies, and on again.
    kiosk.touch("back");
    kiosk.wait_for("copies");
    kiosk.touch("choice-1");
    kiosk.wait_for("pay");
    kiosk.order_and_take();
    kiosk.touch("choice-on");
    kiosk.wait_for("municipality");
    kiosk.touch("way-name");
    kiosk.touch("key-change");
    for letter in ["key-u", "key-r", "key-a"] {
        kiosk.touch(letter);
    }
    kiosk.look_at("paths/by-name");
    kiosk.touch_selector(".found .choice");
    kiosk.wait_for("offer");
    kiosk.touch("choice-another-municipality");
    kiosk.wait_for("municipality");
    kiosk.choose_own();
    kiosk.choose("abroad");
    kiosk.order_and_take();
    kiosk.touch("choice-done");
    kiosk.wait_for("ending");
    assert_eq!(kiosk.papers().len(), 2);
}
