//! What goes wrong around the touch screen: printer, server, reader, the agent itself, a second
//! browser; each has its screen, and nothing of the resident stays on it.

#![allow(clippy::unwrap_used)] // a test that cannot go on fails

use domain::Language;
use fixtures::municipality::Kind;
use fixtures::stage::browser::{Browser, Demands, Window};
use fixtures::stage::printer::Behaviour;
use fixtures::stage::serving_kiosk::ServingKiosk;
use system_tests::screen_stage::{AtKiosk, set};

#[test]
fn a_print_that_fails_is_said_to_be_free_next_time() {
    for (behaviour, code) in [
        (Behaviour::Jams, "printer-paper-jam"),
        (Behaviour::RunsOutOfPaper, "printer-paper-out"),
        (Behaviour::PrintsNothing, "printer-pages-missing"),
    ] {
        let mut kiosk = AtKiosk::come(behaviour);
        kiosk.identify(Kind::ThreeDoses);
        kiosk.choose_own();
        kiosk.choose("domestic");
        kiosk.touch("choice-confirm");
        kiosk.wait_for("ending");
        kiosk.look_at(&format!("faults/{code}"));
        assert_eq!(kiosk.staff_code().as_deref(), Some(code));
        assert!(kiosk.papers().is_empty());
    }
}

#[test]
fn a_printer_that_cannot_print_is_out_of_order_until_staff_was_there() {
    let mut kiosk = AtKiosk::come(Behaviour::Prints);
    for (behaviour, code, words) in [
        (Behaviour::Jams, "printer-paper-jam", "プリンター"),
        (Behaviour::RunsOutOfPaper, "printer-paper-out", "用紙"),
        (Behaviour::HasItsDoorOpen, "printer-door-open", "プリンター"),
    ] {
        kiosk.stage.printer.behave(behaviour).unwrap();
        kiosk.identify(Kind::ThreeDoses);
        kiosk.choose_own();
        kiosk.choose("domestic");
        kiosk.touch("choice-confirm");
        kiosk.wait_for("ending");
        kiosk.touch("choice-done");
        kiosk.wait_for("out-of-order");
        kiosk.look_at(&format!("faults/out-of-order-{code}"));
        assert_eq!(kiosk.staff_code().as_deref(), Some(code));
        assert!(kiosk.title().contains(words), "{}", kiosk.title());
        kiosk.stage.printer.repair(Behaviour::Prints).unwrap();
        kiosk.wait_for("start");
    }
}

#[test]
fn a_server_that_is_gone_is_never_said_to_have_no_doses() {
    let mut kiosk = AtKiosk::come(Behaviour::Prints);
    kiosk.identify(Kind::ThreeDoses);
    kiosk.wait_for("municipality");
    kiosk.stage.server.kill();
    kiosk.touch_selector("#ask .choice.main");
    kiosk.wait_for("ending");
    kiosk.look_at("faults/server-gone");
    let said = kiosk.said();
    assert!(
        !said.contains("0回") && !said.contains("接種記録がありません"),
        "{said}"
    );
    assert_eq!(kiosk.staff_code().as_deref(), Some("server-unreachable"));
}

/// Counts how often the page begins to say something.
const COUNT_VOICES: &str = "const play = HTMLMediaElement.prototype.play;
    window.voices = 0;
    HTMLMediaElement.prototype.play = function () {
        window.voices += 1;
        return play.call(this);
    };
    return true";

#[test]
fn a_forgotten_card_is_nobody_else_s() {
    let mut kiosk = AtKiosk::come_with(Behaviour::Prints, |stage| {
        set(stage, "take_card_seconds = 60", "take_card_seconds = 4");
    });
    kiosk.come_to_pin(Kind::ThreeDoses);
    kiosk.enter_pin("1234");
    kiosk.wait_for("take-card");
    kiosk.wait_for("ending");
    kiosk.look_at("faults/card-forgotten");
    kiosk.touch("choice-done");
    kiosk.wait_for("out-of-order");
    kiosk.look_at("faults/card-left-out-of-order");
    assert!(kiosk.title().contains("カード"), "{}", kiosk.title());
    assert!(!kiosk.has("choice-start"), "nobody begins with this card");
    // Said again and again, until somebody takes it.
    assert_eq!(kiosk.value(COUNT_VOICES), true);
    let again = "return window.voices >= 3";
    kiosk.browser.wait_until("reminders", again).unwrap();
    kiosk.take_card();
    kiosk.wait_for("start");
}

#[test]
fn a_card_taken_too_early_is_said_to_be_and_one_left_is_reminded_of() {
    let mut kiosk = AtKiosk::come_with(Behaviour::Prints, |stage| {
        set(stage, "remind_seconds = 1", "remind_seconds = 2");
    });
    kiosk.come_to_pin(Kind::ThreeDoses);
    kiosk.take_card();
    kiosk.enter_pin("1234");
    kiosk.wait_for("ending");
    kiosk.look_at("faults/card-taken-too-early");
    kiosk.touch("choice-done");
    kiosk.wait_for("start");
    kiosk.come_to_pin(Kind::ThreeDoses);
    kiosk.enter_pin("1234");
    kiosk.wait_for("take-card");
    let at_first = kiosk.title();
    kiosk.wait_until_title_is_not(&at_first);
    kiosk.look_at("faults/card-still-there");
    assert_eq!(kiosk.value(COUNT_VOICES), true);
    let again = "return window.voices >= 2";
    kiosk.browser.wait_until("reminders", again).unwrap();
    kiosk.take_card();
    kiosk.wait_for("municipality");
}

#[test]
fn a_second_browser_is_refused_and_says_so() {
    let kiosk = AtKiosk::come(Behaviour::Prints);
    let folder = tempfile::tempdir().unwrap();
    let second = Browser::start(folder.path(), Window::KIOSK).unwrap();
    second.open(&kiosk.agent.page()).unwrap();
    let said = second
        .wait_until(
            "refusal",
            "return document.getElementById('title').innerText || null",
        )
        .unwrap();
    assert_eq!(said, "この端末の画面は、別の場所で開いています。");
    second.keep_picture("faults/second-browser").unwrap();
    assert_eq!(second.audit(Demands::KIOSK).unwrap(), Vec::<String>::new());
    assert_eq!(kiosk.shown(), "start", "the first one is not disturbed");
    // The place is free again when the first one goes.
    drop(kiosk.browser);
    let start = "return document.body.dataset.screen === 'start'";
    second.wait_until("the start", start).unwrap();
}

#[test]
fn without_the_agent_nothing_of_the_resident_is_on_the_page() {
    let mut kiosk = AtKiosk::come(Behaviour::Prints);
    kiosk.identify(Kind::ThreeDoses);
    kiosk.choose_own();
    kiosk.touch("choice-domestic");
    kiosk.wait_for("preview");
    kiosk.wait_until_painted();
    kiosk.listen();
    kiosk.agent.kill();
    kiosk.wait_for("");
    kiosk.look_at("faults/no-connection");
    let said = kiosk.text_of("return document.getElementById('main').innerText");
    let lines: Vec<&str> = said
        .lines()
        .filter(|line| !line.trim().is_empty())
        .collect();
    assert_eq!(
        lines.len(),
        Language::ALL.len(),
        "one in each language: {said}"
    );
    for known in [
        "カードを取って、店舗の係員にお知らせください。",
        "Please take your card, and tell the store's staff.",
        "请取回您的卡，并告诉店员。",
    ] {
        assert!(said.contains(known), "{said}");
    }
    assert_eq!(
        kiosk.value("return document.querySelectorAll('canvas').length"),
        0
    );
    // Nobody serves the recordings any more: the page has them.
    let heard = "return played.filter((file) => file.length === 36).length === 2";
    kiosk.browser.wait_until("two voices", heard).unwrap();
    let address = kiosk.agent.address.to_string();
    set(&kiosk.stage, "127.0.0.1:0", &address);
    kiosk.agent = ServingKiosk::start(&kiosk.stage.kiosk_settings, &kiosk.stage.pcscd).unwrap();
    kiosk.wait_for("start");
    assert!(kiosk.papers().is_empty());
}

#[test]
fn the_second_tap_of_a_double_tap_passes_no_second_screen() {
    let mut kiosk = AtKiosk::come(Behaviour::Prints);
    kiosk.touch("choice-start");
    kiosk.wait_for("terms");
    kiosk.settle();
    // A tap, and another one a tenth of a second after the next screen came.
    let taps = "const tap = () => document.querySelector('#ask .choice.main')?.click();
        tap();
        return new Promise((done) => document.addEventListener('drawn', () => setTimeout(() => {
            tap();
            done(true);
        }, 100), { once: true }))";
    assert_eq!(kiosk.value(taps), true);
    kiosk.wait_for("card");
    kiosk.touch("cancel");
    kiosk.wait_for("ending");
    kiosk.settle();
    assert_eq!(kiosk.value(taps), true);
    kiosk.wait_for("start");
    std::thread::sleep(std::time::Duration::from_millis(500));
    assert_eq!(kiosk.shown(), "start", "the second tap did not begin anew");
}

#[test]
fn the_page_asks_nobody_else_and_keeps_nothing() {
    let mut kiosk = AtKiosk::come(Behaviour::Prints);
    kiosk.identify(Kind::ThreeDoses);
    kiosk.choose_own();
    let asked = "return performance.getEntriesByType('resource').map(({ name }) => name)
        .filter((name) => new URL(name).origin !== location.origin)";
    assert_eq!(kiosk.value(asked).as_array().map(Vec::len), Some(0));
    let kept = "return [localStorage.length, sessionStorage.length, document.cookie.length, history.length]";
    let kept = kiosk.value(kept);
    assert_eq!(kept.as_array().unwrap()[..3], [0, 0, 0], "{kept}");
    let caches = kiosk.value("return caches?.keys().then((keys) => keys.length) ?? 0");
    assert_eq!(caches, 0);
    // Larger text and contrast end with the resident.
    kiosk.touch("bar-larger-text");
    kiosk.touch("bar-contrast");
    let modes = "return document.documentElement.className";
    assert_eq!(kiosk.text_of(modes), "larger contrast");
    kiosk.touch("cancel");
    kiosk.wait_for("ending");
    kiosk.touch("choice-done");
    kiosk.wait_for("start");
    assert_eq!(kiosk.text_of(modes), "");
}
