//! From nobody in front of the kiosk to the paper in somebody's hand: by touch, by keyboard and
//! by keypad alone, in every language; every screen on the way is looked at.

#![allow(clippy::unwrap_used)] // a test that cannot go on fails

use domain::Language;
use fixtures::municipality::Kind;
use fixtures::stage::printer::Behaviour;
use system_tests::screen_stage::AtKiosk;

/// Most touches from the start to the paper, besides the PIN.
const MOST_TOUCHES: usize = 8;

/// One run, with every screen on the way looked at.
fn run_in(kiosk: &mut AtKiosk, language: Language) {
    let tag = language.tag();
    let mut seen = 0;
    let mut arrive = |kiosk: &mut AtKiosk, screen: &str| {
        kiosk.wait_for(screen);
        if screen == "preview" {
            kiosk.wait_until_painted();
        }
        seen += 1;
        kiosk.look_at(&format!("run/{tag}/{seen:02}-{screen}"));
    };
    kiosk.touch(&format!("language-{tag}"));
    kiosk.wait_for_language(tag);
    arrive(kiosk, "start");
    kiosk.touch("choice-start");
    arrive(kiosk, "terms");
    kiosk.touch("choice-agree");
    arrive(kiosk, "card");
    kiosk.put(kiosk.card_of(Kind::ThreeDoses));
    arrive(kiosk, "pin");
    kiosk.enter_pin("1234");
    arrive(kiosk, "take-card");
    kiosk.take_card();
    arrive(kiosk, "municipality");
    kiosk.choose_own();
    arrive(kiosk, "offer");
    kiosk.touch("choice-abroad");
    arrive(kiosk, "preview");
    kiosk.touch("choice-confirm");
    arrive(kiosk, "copies");
    kiosk.touch("choice-1");
    arrive(kiosk, "pay");
    kiosk.touch("choice-confirm");
    kiosk.wait_for("take-paper");
    assert!(
        kiosk.touches() <= MOST_TOUCHES,
        "{} touches",
        kiosk.touches()
    );
    arrive(kiosk, "take-paper");
    kiosk.touch("choice-taken");
    arrive(kiosk, "another");
    kiosk.touch("choice-done");
    arrive(kiosk, "ending");
    kiosk.touch("choice-done");
    kiosk.wait_for("start");
    kiosk.forget_touches();
}

#[test]
fn by_touch_in_japanese_english_and_chinese() {
    by_touch(&[
        Language::Japanese,
        Language::English,
        Language::SimplifiedChinese,
    ]);
}

#[test]
fn by_touch_in_easy_japanese_korean_vietnamese_and_portuguese() {
    by_touch(&[
        Language::EasyJapanese,
        Language::Korean,
        Language::Vietnamese,
        Language::Portuguese,
    ]);
}

fn by_touch(languages: &[Language]) {
    let mut kiosk = AtKiosk::come(Behaviour::Prints);
    for (number, language) in languages.iter().enumerate() {
        run_in(&mut kiosk, *language);
        assert_eq!(kiosk.papers().len(), number + 1, "{language:?}");
    }
}

/// Goes to the next thing by Tab until it is the one with this key, sees that the focus is seen,
/// and presses Enter.
fn tab_to(kiosk: &AtKiosk, key: &str) {
    for _ in 0..40 {
        kiosk.press(TAB);
        if kiosk.focused() == key {
            assert!(kiosk.focus_is_seen(), "the focus on {key} is not seen");
            kiosk.press(ENTER);
            return;
        }
    }
    panic!("Tab does not come to {key}: {}", kiosk.said());
}

const TAB: &str = "\u{e004}";
const ENTER: &str = "\u{e007}";

#[test]
fn by_keyboard_alone() {
    let mut kiosk = AtKiosk::come(Behaviour::Prints);
    tab_to(&kiosk, "language-en");
    kiosk.wait_for_language("en");
    tab_to(&kiosk, "choice-start");
    kiosk.wait_for("terms");
    tab_to(&kiosk, "choice-agree");
    kiosk.wait_for("card");
    kiosk.put(kiosk.card_of(Kind::ThreeDoses));
    kiosk.wait_for("pin");
    for (entered, key) in ["digit-1", "digit-2", "digit-3", "digit-4"]
        .iter()
        .enumerate()
    {
        tab_to(&kiosk, key);
        kiosk.wait_until_entered(entered + 1);
    }
    tab_to(&kiosk, "enter");
    kiosk.wait_for("take-card");
    kiosk.take_card();
    kiosk.wait_for("municipality");
    tab_to(&kiosk, "way-kana");
    tab_to(&kiosk, "kana-0");
    tab_to(&kiosk, "choice-122271");
    kiosk.wait_for("offer");
    tab_to(&kiosk, "choice-domestic");
    kiosk.wait_for("preview");
    tab_to(&kiosk, "choice-confirm");
    kiosk.wait_for("copies");
    tab_to(&kiosk, "choice-1");
    kiosk.wait_for("pay");
    tab_to(&kiosk, "choice-confirm");
    kiosk.wait_for("take-paper");
    tab_to(&kiosk, "choice-taken");
    kiosk.wait_for("another");
    tab_to(&kiosk, "choice-done");
    kiosk.wait_for("ending");
    assert_eq!(kiosk.papers().len(), 1);
    assert_eq!(kiosk.touches(), 0);
}

#[test]
fn by_keypad_alone() {
    let mut kiosk = AtKiosk::come(Behaviour::Prints);
    // The languages' menu, and its third entry.
    kiosk.press("/");
    kiosk.press("3");
    kiosk.wait_for_language("en");
    kiosk.press(ENTER);
    kiosk.wait_for("terms");
    // The text goes on, and from its end its beginning again.
    kiosk.press("0");
    kiosk.press("1");
    kiosk.wait_for("card");
    kiosk.put(kiosk.card_of(Kind::ThreeDoses));
    kiosk.wait_for("pin");
    // One digit too many at first, taken back.
    kiosk.press("12\u{e003}234");
    kiosk.wait_until_entered(4);
    kiosk.press(ENTER);
    kiosk.wait_for("take-card");
    kiosk.take_card();
    kiosk.wait_for("municipality");
    // By prefecture, the first one; back again by cancel, then the card's own.
    kiosk.press("2");
    kiosk.press("1");
    kiosk.press("\u{e00c}");
    kiosk.press("\u{e00c}");
    assert_eq!(kiosk.shown(), "municipality");
    kiosk.press(ENTER);
    kiosk.wait_for("offer");
    kiosk.press("2");
    kiosk.wait_for("preview");
    kiosk.press("1");
    kiosk.wait_for("copies");
    kiosk.press("2");
    kiosk.wait_for("pay");
    kiosk.press(ENTER);
    kiosk.wait_for("take-paper");
    kiosk.press(ENTER);
    kiosk.wait_for("another");
    kiosk.press(ENTER);
    kiosk.wait_for("ending");
    assert_eq!(kiosk.papers().len(), 1, "one job");
    assert_eq!(kiosk.touches(), 0);
}
