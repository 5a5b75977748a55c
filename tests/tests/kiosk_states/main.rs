//! The kiosk's state machine, with a resident who does anything, devices that fail, and a server
//! that reports whatever problem there is: nothing is printed without consent, the card taken back
//! and the fee; and it always comes back to the start, with nothing of anybody left.

#![allow(clippy::unwrap_used)] // a test that cannot go on fails

mod devices;
mod paths;
mod resident;
mod server;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use application::ProblemType;
use crypto::SystemRandom;
use domain::{Clock, SystemClock};
use kiosk_agent::serving::{Serving, Validity};
use kiosk_agent::session::{CardPlace, Kiosk, Patience};
use kiosk_agent::settings::{ScreenSettings, TimeSettings};
use kiosk_agent::staff::{StaffDesk, StaffSettings};
use kiosk_agent::stop::stop_switch;
use kiosk_agent::touch_screen::{AtScreen, Display};
use proptest::prelude::*;
use serde_json::Value;

use devices::{Event, LiesThere, NotingPayment, Plan, PlannedPrinter, PlannedReader};
use resident::AtRandom;
use server::{Failing, Replay, recorded};

/// So many minutes without a touch bring it back to the start, from everywhere.
const MOST_MINUTES: usize = 20;

/// What happens, and what is left on the screen when nobody is there any more.
struct Ran {
    events: Vec<Event>,
    at_first: Value,
    at_last: Value,
}

/// Lets somebody do these things, then leaves the kiosk alone.
async fn run(plan: Plan, failing: Option<Failing>, actions: &[u8]) -> Ran {
    let acting = async |resident: &mut AtRandom| {
        let at_first = resident.view();
        for action in actions {
            resident.act(*action).await;
        }
        (at_first, left_alone(resident).await)
    };
    let (events, (at_first, at_last)) = serve(plan, failing, acting).await;
    Ran {
        events,
        at_first,
        at_last,
    }
}

/// Serves whoever does this, and tells what happened.
async fn serve<T>(
    plan: Plan,
    failing: Option<Failing>,
    acting: impl AsyncFnOnce(&mut AtRandom) -> T,
) -> (Vec<Event>, T) {
    let recorded = recorded();
    let hangs = plan.hangs.is_some();
    let events = Arc::new(Mutex::new(Vec::new()));
    let patience = Patience::new();
    let display = Display::new(patience.clone());
    let (program, stop) = stop_switch();
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let now = clock.now();
    let mut serving = Serving {
        kiosk: Kiosk {
            server: Replay {
                recorded,
                failing,
                calls: 0,
                slow: plan.slow,
                refused_once: plan.refused_once,
                events: events.clone(),
            },
            cards: CardPlace::new(PlannedReader {
                card: recorded.card.clone(),
                plan: plan.clone(),
                events: events.clone(),
                lies_there: LiesThere::default(),
            }),
            printer: PlannedPrinter {
                plan: plan.clone(),
                events: events.clone(),
            },
            payment: Arc::new(NotingPayment {
                plan,
                events: events.clone(),
            }),
            resident: AtScreen::new(display.clone()),
            verifier: recorded.verifier.clone(),
            clock,
            random: Arc::new(SystemRandom),
            times: TimeSettings {
                // A driver that hangs is waited for on the real clock.
                card_seconds: if hangs { 1 } else { 60 },
                ..TimeSettings::default()
            },
            patience,
            stop: stop.clone(),
        },
        display: display.clone(),
        browser: None,
        settings: ScreenSettings::default(),
        validity: Validity {
            from: now - time::Duration::days(1),
            until: now + time::Duration::days(1),
        },
        staff: StaffDesk::new(&StaffSettings::default()).unwrap(),
    };
    let mut resident = AtRandom {
        display,
        seat: None,
        events: events.clone(),
        pin: recorded.pin.clone(),
    };
    let ended = events.clone();
    let told = async |_: &_| ended.lock().unwrap().push(Event::Ended);
    let alone = async {
        let acted = acting(&mut resident).await;
        program.stop();
        acted
    };
    let (served, acted) = tokio::join!(serving.run(&stop, told), alone);
    served.unwrap();
    let events = events.lock().unwrap().clone();
    (events, acted)
}

/// Nobody touches anything any more; gives the idle screen.
async fn left_alone(resident: &mut AtRandom) -> Value {
    for _ in 0..MOST_MINUTES {
        let view = resident.view();
        let is_idle = view["screen"] == "start" || view["screen"] == "out-of-order";
        if is_idle && view["language"] == "ja" {
            return view;
        }
        tokio::time::sleep(Duration::from_secs(60)).await;
    }
    panic!("still at {}", resident.view()["screen"]);
}

/// What has to have happened in a session before anything is printed.
fn printed_rightly(session: &[Event]) -> bool {
    let Some(printing) = session.iter().position(|event| *event == Event::Printing) else {
        return true;
    };
    let before = &session[..printing];
    let place = |event| before.iter().position(|it| *it == event);
    let order = [
        place(Event::Agreed),
        place(Event::PinPresented),
        place(Event::Applied),
        place(Event::Paid),
    ];
    let prints = session.iter().filter(|it| **it == Event::Printing).count();
    let fees = session.iter().filter(|it| **it == Event::Paid).count();
    order.iter().all(Option::is_some)
        && order.is_sorted()
        && place(Event::CardTaken).is_some_and(|taken| Some(taken) < place(Event::Paid))
        && prints <= fees
}

fn count(events: &[Event], wanted: Event) -> usize {
    events.iter().filter(|event| **event == wanted).count()
}

fn check(ran: &Ran) {
    let to_a_card_left = count(&ran.events, Event::PinToACardLeft);
    assert_eq!(to_a_card_left, 0, "nobody's PIN goes to another's card");
    for session in ran.events.split(|event| *event == Event::Ended) {
        assert!(printed_rightly(session), "{session:?}");
        let (entered, presented) = (
            count(session, Event::PinEntered),
            count(session, Event::PinPresented),
        );
        assert!(presented <= entered, "{session:?}");
    }
    if ran.at_last["screen"] == "start" {
        let mut last = ran.at_last.clone();
        last["number"] = ran.at_first["number"].clone();
        assert_eq!(last, ran.at_first, "the start is as for the first resident");
    }
    let text = ran.at_last.to_string();
    assert!(!text.contains(&recorded().municipality));
}

fn on_paused_clock<T>(work: impl Future<Output = T>) -> T {
    // The recording has a runtime of its own.
    recorded();
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build()
        .unwrap()
        .block_on(work)
}

fn plan() -> impl Strategy<Value = Plan> {
    (
        prop_oneof![8 => Just(None), 1 => any::<bool>().prop_map(Some)],
        prop_oneof![8 => Just(None), 1 => (1_usize..40).prop_map(Some)],
        prop_oneof![4 => Just(None), 1 => (0_u8..100).prop_map(Some)],
        prop::bool::weighted(0.05),
        prop::bool::weighted(0.2),
        prop::bool::weighted(0.05),
        any::<bool>(),
    )
        .prop_map(
            |(no_card, pulled_at, left, not_ready, print_fails, cut_off, two_ways_to_pay)| Plan {
                no_card,
                pulled_at,
                left,
                not_ready,
                print_fails,
                cut_off,
                two_ways_to_pay,
                ..ALL_WELL
            },
        )
}

fn failing() -> impl Strategy<Value = Option<Failing>> {
    let problem = prop::option::of(prop::sample::select(ProblemType::ALL.to_vec()));
    let failing = (1_usize..12, problem).prop_map(|(call, problem)| Failing { call, problem });
    prop_oneof![3 => Just(None), 1 => failing.prop_map(Some)]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn whatever_anybody_does_it_prints_rightly_and_comes_back_to_the_start(
        plan in plan(),
        failing in failing(),
        actions in prop::collection::vec(any::<u8>(), 8..48),
    ) {
        check(&on_paused_clock(run(plan, failing, &actions)));
    }
}

const ALL_WELL: Plan = Plan {
    no_card: None,
    pulled_at: None,
    left: None,
    silent_printer: false,
    cut_off: false,
    slow: None,
    refused_once: None,
    hangs: None,
    not_ready: false,
    print_fails: false,
    two_ways_to_pay: false,
};

/// A byte that means: on.
const ON: u8 = 47;

#[test]
fn who_only_goes_on_gets_paper() {
    let ran = on_paused_clock(run(ALL_WELL, None, &[ON; 16]));
    check(&ran);
    assert!(ran.events.contains(&Event::Printing), "{:?}", ran.events);
    assert!(ran.events.contains(&Event::Ended));
}

#[test]
fn who_leaves_the_card_or_declines_gets_none() {
    let left = Plan {
        left: Some(20),
        ..ALL_WELL
    };
    let ran = on_paused_clock(run(left, None, &[ON; 16]));
    check(&ran);
    assert!(ran.events.contains(&Event::Applied), "{:?}", ran.events);
    assert!(!ran.events.contains(&Event::Printing), "{:?}", ran.events);
    // Begun, cancelled at the terms.
    let ran = on_paused_clock(run(ALL_WELL, None, &[ON, 0]));
    assert_eq!(ran.events, [Event::Ended]);
}

#[test]
fn what_was_printed_wrongly_would_be_found() {
    let rightly = [
        Event::Agreed,
        Event::PinEntered,
        Event::PinPresented,
        Event::Applied,
        Event::CardTaken,
        Event::Paid,
        Event::Printing,
    ];
    assert!(printed_rightly(&rightly));
    for missing in [
        Event::Agreed,
        Event::PinPresented,
        Event::CardTaken,
        Event::Paid,
    ] {
        let wrongly: Vec<_> = rightly.into_iter().filter(|it| *it != missing).collect();
        assert!(!printed_rightly(&wrongly), "{missing:?}");
    }
}
