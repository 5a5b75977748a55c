//! Somebody who does not see the screen: the voice says each screen, each choice with its key, that
//! time is nearly over, and reminds of card and paper until they are taken.

#![allow(clippy::unwrap_used)] // a test that cannot go on fails

use fixtures::municipality::Kind;
use fixtures::stage::printer::Behaviour;
use system_tests::screen_stage::{AtKiosk, set};

const ENTER: &str = "\u{e007}";
const ESCAPE: &str = "\u{e00c}";

#[test]
fn card_and_paper_are_reminded_of_aloud_again_and_again() {
    let mut kiosk = AtKiosk::come_with(Behaviour::Prints, |stage| {
        set(stage, "remind_seconds = 1", "remind_seconds = 2");
    });
    kiosk.listen();
    kiosk.identify_up_to_card();
    kiosk.wait_until_heard_again("ja-card-still-there.opus", 3);
    kiosk.take_card();
    kiosk.choose_own();
    kiosk.choose("domestic");
    kiosk.touch("choice-confirm");
    kiosk.wait_for("take-paper");
    kiosk.wait_until_heard_again("ja-paper-still-there.opus", 3);
    kiosk.touch("choice-taken");
    kiosk.wait_for("another");
}

/// The keypad alone, and nothing but what was said before.
#[test]
fn each_choice_is_said_before_its_key_is_pressed() {
    let mut kiosk = AtKiosk::come(Behaviour::Prints);
    kiosk.listen();
    kiosk.press("*");
    kiosk.wait_until_heard(&["ja-start.opus", "ja-number-1.opus", "ja-begin.opus"]);
    kiosk.press("1");
    kiosk.wait_for("terms");
    kiosk.wait_until_told("1: ");
    kiosk.press("1");
    kiosk.wait_for("card");
    kiosk.put(kiosk.card_of(Kind::ThreeDoses));
    kiosk.wait_for("pin");
    kiosk.press(&format!("1234{ENTER}"));
    kiosk.wait_for("take-card");
    kiosk.take_card();
    kiosk.wait_for("municipality");
    kiosk.wait_until_told("2: 都道府県から");
    // The prefectures and the rows of the kana table are read out, the names in them are told.
    kiosk.press("2");
    kiosk.wait_until_told("1: 青森県");
    kiosk.wait_until_heard(&["ja-number-1.opus", "ja-prefecture-2.opus"]);
    kiosk.press("1");
    kiosk.wait_until_heard(&["ja-names-are-shown.opus"]);
    kiosk.wait_until_told("弘前市");
    kiosk.press(ESCAPE);
    kiosk.press(ESCAPE);
    kiosk.press("3");
    kiosk.wait_until_told("1: あ");
    kiosk.wait_until_heard(&["ja-number-1.opus", "ja-kana-row-1.opus"]);
    kiosk.press(ESCAPE);
    kiosk.press("1");
    kiosk.wait_for("offer");
    kiosk.press("2");
    kiosk.wait_for("preview");
    kiosk.wait_until_told("1: 進む");
    kiosk.press("1");
    kiosk.wait_for("copies");
    kiosk.press("1");
    kiosk.wait_for("pay");
    kiosk.wait_until_told("1: ");
    kiosk.press("1");
    kiosk.wait_for("take-paper");
    kiosk.press("1");
    kiosk.wait_for("another");
    kiosk.press("2");
    kiosk.wait_for("ending");
    assert_eq!(kiosk.papers().len(), 1);
    assert_eq!(kiosk.touches(), 0);
}

#[test]
fn time_that_is_nearly_over_is_said_once_and_again_after_more() {
    let mut kiosk = AtKiosk::come_with(Behaviour::Prints, |stage| {
        set(stage, "[times]", "[times]\ndecide_seconds = 23");
    });
    kiosk.listen();
    kiosk.touch("choice-start");
    kiosk.wait_for("terms");
    kiosk.wait_until_told("あと20秒");
    kiosk.wait_until_heard_again("ja-time-soon.opus", 1);
    kiosk.press(".");
    kiosk.wait_until_heard_again("ja-time-soon.opus", 2);
    let times = "return played.filter((file) => file === 'ja-time-soon.opus').length";
    assert_eq!(kiosk.value(times), 2, "not at every second");
}

#[test]
fn help_says_which_key_does_what_and_another_language_is_found_by_ear() {
    let kiosk = AtKiosk::come(Behaviour::Prints);
    kiosk.listen();
    kiosk.browser.touch("[data-key=\"bar-help\"]").unwrap();
    kiosk.wait_until_heard(&["ja-keys.opus"]);
    kiosk.press(ESCAPE);
    let voice = "return fetch('/voices/en-this-language.opus').then(({ ok }) => ok)";
    assert_eq!(kiosk.value(voice), true);
    // The number that the English voice says is that of the English tile.
    let tile = "return document.querySelector('[data-key=language-en] > kbd').textContent";
    assert_eq!(kiosk.text_of(tile), "4");
    kiosk.press("4");
    kiosk.wait_for_language("en");
    kiosk.wait_until_heard(&["en-start.opus"]);
}

#[test]
fn the_voice_says_what_the_screen_says_and_says_it_again() {
    let mut kiosk = AtKiosk::come(Behaviour::Prints);
    kiosk.touch("choice-start");
    kiosk.wait_for("terms");
    let heard = "return performance.getEntriesByType('resource').map(({ name }) => name)
        .findLast((name) => name.includes('/voices/')) ?? null";
    let file = kiosk.browser.wait_until("a voice", heard).unwrap();
    // Played to its end by a browser: what it cannot decode is passed over without a sound.
    let played = "const audio = new Audio(arguments[0]);
        audio.playbackRate = 8;
        return new Promise((done) => {
            audio.addEventListener('ended', () => done(audio.duration));
            audio.addEventListener('error', () => done(0));
            audio.play().catch(() => done(0));
        })";
    let seconds = kiosk.browser.run(played, vec![file]).unwrap();
    assert!(
        seconds.as_f64().is_some_and(|seconds| seconds > 0.5),
        "{seconds}"
    );
    let live = kiosk.text_of("return document.getElementById('live').textContent");
    assert!(!live.trim().is_empty(), "screen readers are told too");
    kiosk.press("*");
    kiosk.press("+");
    let level = "return document.querySelector('.tool-volume-up').dataset.level";
    assert_eq!(kiosk.text_of(level), "4");
}
