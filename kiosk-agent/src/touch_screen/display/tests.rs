//! What the page is told, and what its touches do.

use super::*;
use crate::payment::PaymentProgress;
use crate::screens::Screen;
use crate::session::Ending;
use crate::stop::{StopSignal, stop_switch};
use crate::touch_screen::ScreenName;
use application::messages::{Terms, TermsText};
use domain::{TermsVersion, Yen};

fn seated() -> (Display, Seat) {
    let display = Display::new(Patience::new());
    let seat = display.take_seat().unwrap();
    (display, seat)
}

fn terms() -> Shown {
    let text = |language: Language| TermsText {
        language,
        text: language.tag().to_owned(),
    };
    Shown::Terms(Terms {
        version: TermsVersion::parse("1").unwrap(),
        texts: vec![text(Language::Japanese), text(Language::English)],
    })
}

fn touch_at(seat: &Seat, view: u64, action: &str) {
    let message = format!(r#"{{"view":{view},"do":{{"type":{action}}}}}"#);
    seat.touch(Touch::parse(&message).unwrap());
}

fn touch(seat: &Seat, action: &str) {
    touch_at(seat, seat.view().number, action);
}

fn session(display: &Display) -> StopSignal {
    let (switch, stop) = stop_switch();
    display.begin(switch);
    stop
}

#[test]
fn a_touch_on_the_very_first_view_counts() {
    let (_display, seat) = seated();
    touch(&seat, r#""language","tag":"vi""#);
    assert_eq!(seat.view().language, Language::Vietnamese);
}

#[test]
fn a_second_touch_does_not_answer_the_next_question() {
    let (display, seat) = seated();
    let mut first = display.ask(terms());
    let number = seat.view().number;
    touch_at(&seat, number, r#""agree""#);
    assert!(matches!(first.try_recv(), Ok(Answer::Agreed(_))));
    let mut second = display.ask(terms());
    touch_at(&seat, number, r#""agree""#);
    assert!(second.try_recv().is_err(), "a touch on the view before");
    touch(&seat, r#""agree""#);
    assert!(second.try_recv().is_ok());
}

#[test]
fn consent_is_in_the_language_that_was_read() {
    let (display, seat) = seated();
    for (tag, expected) in [
        ("en", Language::English),
        // There is no Korean text: the Japanese one is shown.
        ("ko", Language::Japanese),
    ] {
        let mut asked = display.ask(terms());
        let before = seat.view().number;
        touch(&seat, &format!(r#""language","tag":"{tag}""#));
        touch_at(&seat, before, r#""agree""#);
        assert!(asked.try_recv().is_err(), "agreed to what was read before");
        touch(&seat, r#""agree""#);
        let Ok(Answer::Agreed(language)) = asked.try_recv() else {
            panic!("no agreement");
        };
        assert_eq!(language, expected);
    }
}

#[test]
fn digits_typed_faster_than_they_are_shown_all_count() {
    let (display, seat) = seated();
    let mut asked = display.ask(Shown::Pin { tries_left: 3 });
    let number = seat.view().number;
    for digit in [1, 2, 3, 4, 5] {
        touch_at(&seat, number, &format!(r#""digit","digit":{digit}"#));
    }
    touch_at(&seat, number, r#""enter""#);
    touch_at(&seat, number, r#""enter""#);
    let Ok(Answer::Pin(pin)) = asked.try_recv() else {
        panic!("no PIN");
    };
    assert_eq!(pin.expose_digits(), b"1234");
    let mut again = display.ask(Shown::Pin { tries_left: 2 });
    touch(&seat, r#""enter""#);
    assert!(again.try_recv().is_err(), "one attempt for one entry");
}

#[test]
fn cancel_stops_the_session_and_so_does_a_page_that_goes() {
    let (display, seat) = seated();
    let stop = session(&display);
    display.show_screen(&Screen::Reading { done: 1, of: 5 });
    touch(&seat, r#""cancel""#);
    assert!(stop.is_on());
    let stop = session(&display);
    assert!(!stop.is_on());
    drop(seat);
    assert!(stop.is_on());
    assert!(session(&display).is_on(), "nobody is there");
}

#[test]
fn what_is_not_offered_cannot_be_chosen() {
    let (display, seat) = seated();
    let mut asked = display.ask(Shown::TakePaper {
        copies: 1,
        reminded: false,
    });
    for other in [
        r#""choose","id":"confirm""#,
        r#""agree""#,
        r#""back""#,
        r#""start""#,
        r#""digit","digit":1"#,
    ] {
        touch(&seat, other);
        assert!(asked.try_recv().is_err(), "{other}");
    }
    display.ask_still(Shown::TakePaper {
        copies: 1,
        reminded: true,
    });
    touch(&seat, r#""choose","id":"taken""#);
    assert!(asked.try_recv().is_ok());
}

#[test]
fn nothing_is_left_after_wiping() {
    let (display, seat) = seated();
    let fresh = seat.view();
    touch(&seat, r#""language","tag":"vi""#);
    let asked = display.ask(Shown::Pin { tries_left: 3 });
    touch(&seat, r#""digit","digit":1"#);
    display.wipe();
    let wiped = seat.view();
    assert_eq!(wiped.screen, ScreenName::Start);
    let number = fresh.number;
    assert!(
        View {
            number,
            ..View::clone(&wiped)
        } == *fresh
    );
    assert_eq!(display.lock().pin.entered(), 0);
    drop(asked);
}

#[test]
fn each_reminder_is_said_again_and_everything_else_once() {
    let (display, seat) = seated();
    let again = || seat.view().voice.as_ref().unwrap().again;
    display.show_screen(&Screen::TakeCard);
    let at_first = again();
    display.show_screen(&Screen::CardStillThere);
    let once = again();
    touch(&seat, r#""more-time""#);
    assert_eq!(again(), once, "more time is no reminder");
    display.show_screen(&Screen::CardStillThere);
    assert!(at_first < once && once < again());
    let ask = |reminded| {
        display.ask_still(Shown::TakePaper {
            copies: 1,
            reminded,
        })
    };
    ask(false);
    assert_eq!(again(), at_first);
    ask(true);
    let paper = again();
    ask(true);
    assert!(paper < again());
}

#[test]
fn change_that_did_not_come_out_is_said_until_the_session_is_over() {
    let (display, seat) = seated();
    display.show_screen(&Screen::Paying(PaymentProgress::ChangeOwed(Yen(380))));
    let says_it = || {
        let view = seat.view();
        let voice = view.voice.as_ref().unwrap();
        view.lines.iter().any(|line| line.contains("380"))
            && ["change-owed", "not-given-back"]
                .iter()
                .any(|words| voice.files.iter().any(|file| file.contains(words)))
    };
    let asked = display.ask(Shown::TakePaper {
        copies: 1,
        reminded: false,
    });
    assert!(says_it());
    display.show_screen(&Screen::Ending(Ending::Delivered));
    assert!(says_it());
    display.wipe();
    display.show_screen(&Screen::Ending(Ending::Delivered));
    assert!(!says_it());
    drop(asked);
}

#[test]
fn what_was_cancelled_offers_no_cancel() {
    let (display, seat) = seated();
    let _stop = session(&display);
    display.show_screen(&Screen::Issuing);
    assert!(seat.view().cancel.is_some());
    touch(&seat, r#""cancel""#);
    assert_eq!(seat.view().cancel, None);
}
