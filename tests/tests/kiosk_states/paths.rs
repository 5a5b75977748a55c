//! Single ways through a session, on a clock that is set forward.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use application::{Call, ProblemType};
use tokio::time::sleep;

use super::devices::{Event, Plan};
use super::resident::AtRandom;
use super::server::recorded;
use super::{ALL_WELL, ON, count, on_paused_clock, serve};

/// A byte that means: more time.
const MORE_TIME: u8 = 4;

/// A byte that means: cancel.
const CANCEL: u8 = 0;

impl AtRandom {
    fn screen(&mut self) -> String {
        self.view()["screen"].as_str().unwrap().to_owned()
    }

    /// Goes on until this is on the screen.
    async fn on_to(&mut self, screen: &str) {
        for _ in 0..100 {
            if self.screen() == screen {
                return;
            }
            self.act(ON).await;
        }
        panic!("not at {screen}, but at {}", self.view());
    }
}

#[test]
fn a_card_that_was_left_is_in_the_way_until_it_is_gone() {
    let plan = Plan {
        left: Some(30),
        ..ALL_WELL
    };
    let (events, looked) = on_paused_clock(serve(plan, None, async |resident: &mut AtRandom| {
        resident.on_to("out-of-order").await;
        let shown = resident.view();
        // Nobody can begin, and it is said again and again.
        resident.act(ON).await;
        assert_eq!(resident.screen(), "out-of-order");
        sleep(Duration::from_secs(8)).await;
        assert_ne!(resident.view()["number"], shown["number"]);
        sleep(Duration::from_secs(40)).await;
        assert_eq!(resident.screen(), "start");
        shown
    }));
    let voice = looked["voice"]["files"].to_string();
    assert!(voice.contains("card-left"), "{voice}");
    assert_eq!(count(&events, Event::PinToACardLeft), 0);
}

#[test]
fn paper_waits_for_no_report() {
    let plan = Plan {
        slow: Some((Call::Outcome, 100)),
        ..ALL_WELL
    };
    let (events, ()) = on_paused_clock(serve(plan, None, async |resident: &mut AtRandom| {
        resident.on_to("printing").await;
        sleep(Duration::from_secs(3)).await;
        assert_eq!(resident.screen(), "take-paper");
        resident.act(ON).await;
        // Taken, and the server is not told yet.
        assert_eq!(resident.screen(), "looking-up");
        sleep(Duration::from_secs(100)).await;
        assert_eq!(resident.screen(), "another");
        resident.on_to("ending").await;
    }));
    let place = |wanted| events.iter().position(|event| *event == wanted);
    assert!(
        place(Event::Printing) < place(Event::Reported),
        "{events:?}"
    );
    assert_eq!(count(&events, Event::Reported), 1);
}

#[test]
fn a_report_is_made_also_where_nobody_takes_the_paper() {
    let plan = Plan {
        slow: Some((Call::Outcome, 100)),
        ..ALL_WELL
    };
    let (events, ()) = on_paused_clock(serve(plan, None, async |resident: &mut AtRandom| {
        resident.on_to("take-paper").await;
        sleep(Duration::from_secs(300)).await;
    }));
    let reported = events.iter().position(|event| *event == Event::Reported);
    let ended = events.iter().position(|event| *event == Event::Ended);
    assert!(reported.is_some() && reported < ended, "{events:?}");
}

#[test]
fn what_may_still_come_out_is_not_reported() {
    let plan = Plan {
        cut_off: true,
        ..ALL_WELL
    };
    let (events, code) = on_paused_clock(serve(plan, None, async |resident: &mut AtRandom| {
        resident.on_to("ending").await;
        resident.view()["staff-code"].clone()
    }));
    assert_eq!(code, "print-uncertain");
    assert_eq!(count(&events, Event::Reported), 0);
}

#[test]
fn whoever_needed_long_is_asked_to_take_the_paper_like_everybody_else() {
    on_paused_clock(serve(ALL_WELL, None, async |resident: &mut AtRandom| {
        resident.on_to("copies").await;
        // Twelve minutes of the twelve minutes and twenty seconds that a session has.
        for _ in 0..8 {
            sleep(Duration::from_secs(90)).await;
            resident.act(MORE_TIME).await;
        }
        resident.on_to("take-paper").await;
        assert_eq!(resident.view()["time"]["seconds-left"], 60);
        sleep(Duration::from_secs(40)).await;
        assert_eq!(resident.screen(), "take-paper");
        resident.act(ON).await;
        // There is no ticket for another certificate any more.
        assert_eq!(resident.screen(), "ending");
    }));
}

#[test]
fn a_printer_that_says_nothing_holds_nobody_up() {
    let plan = Plan {
        silent_printer: true,
        ..ALL_WELL
    };
    on_paused_clock(serve(
        plan.clone(),
        None,
        async |resident: &mut AtRandom| {
            resident.act(ON).await;
            assert_eq!(resident.screen(), "looking-up");
            resident.act(CANCEL).await;
            assert_eq!(resident.screen(), "ending");
        },
    ));
    on_paused_clock(serve(plan, None, async |resident: &mut AtRandom| {
        resident.act(ON).await;
        sleep(Duration::from_secs(4)).await;
        assert_eq!(resident.view()["staff-code"], "printer-offline");
    }));
}

#[test]
fn a_register_that_cannot_be_reached_is_not_the_end() {
    let plan = Plan {
        refused_once: Some((Call::Offer, ProblemType::LookupUnavailable)),
        ..ALL_WELL
    };
    on_paused_clock(serve(plan, None, async |resident: &mut AtRandom| {
        resident.on_to("ending").await;
        let shown = resident.view();
        assert_eq!(shown["staff-code"], "lookup-unavailable");
        let words = shown["title"].as_str().unwrap();
        assert!(words.contains("記録がないという意味ではありません"));
        resident.act(ON).await;
        // In the same sitting.
        assert_eq!(resident.screen(), "municipality");
        resident.on_to("offer").await;
    }));
}

#[test]
fn a_card_in_the_hand_is_not_asked_for() {
    let plan = Plan {
        slow: Some((Call::Apply, 10)),
        ..ALL_WELL
    };
    on_paused_clock(serve(plan, None, async |resident: &mut AtRandom| {
        resident.on_to("pin").await;
        resident.act(ON).await;
        sleep(Duration::from_secs(5)).await;
        assert_eq!(resident.screen(), "looking-up");
        resident.on_to("municipality").await;
    }));
}

#[test]
fn a_reader_whose_driver_hangs_holds_nobody_up() {
    let released = Arc::new(AtomicBool::new(false));
    let plan = Plan {
        hangs: Some(released.clone()),
        ..ALL_WELL
    };
    recorded();
    // Its thread does not stand still while a clock is set forward.
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(serve(plan, None, async |resident: &mut AtRandom| {
        resident.on_to("card").await;
        while resident.screen() == "card" {
            sleep(Duration::from_millis(100)).await;
        }
        assert_eq!(resident.view()["staff-code"], "reader-silent");
        released.store(true, Ordering::SeqCst);
        resident.on_to("start").await;
    }));
}
