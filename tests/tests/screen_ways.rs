//! The ways out that do not lead on, from every place there is: cancel, back, and the end of the
//! time. [`At`] says which there are; a place that offers another one, or lacks one, fails.

#![allow(clippy::unwrap_used)] // a test that cannot go on fails

use domain::Yen;
use fixtures::panel::Till;
use fixtures::stage::Stage;
use fixtures::stage::printer::Behaviour;
use fixtures::stage::process::wait_for;
use system_tests::screen_stage::ways::At;
use system_tests::screen_stage::{AtKiosk, STAFF_CODE, add, set, staff_settings};

/// So long a place waits where its end is waited for, in seconds.
const LIMIT: u64 = 12;

/// A kiosk with a staff code and a till.
fn with_till(change: impl FnOnce(&mut Stage)) -> (AtKiosk, Till, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let till = Till::simulated(folder.path()).unwrap();
    let kiosk = AtKiosk::come_with(Behaviour::Prints, |stage| {
        add(stage, &staff_settings(STAFF_CODE));
        add(stage, till.settings());
        change(stage);
    });
    (kiosk, till, folder)
}

/// The same with limits that a test can wait for.
fn hurried() -> (AtKiosk, Till, tempfile::TempDir) {
    with_till(|stage| {
        set(
            stage,
            "[staff]\n",
            &format!("[staff]\nleave_seconds = {LIMIT}\n"),
        );
        hurry(stage);
    })
}

fn hurry(stage: &mut Stage) {
    for times in ["card_seconds", "pin_seconds", "take_card_seconds"] {
        set(
            stage,
            &format!("{times} = 60"),
            &format!("{times} = {LIMIT}"),
        );
    }
    let more = ["decide_seconds", "take_paper_seconds"];
    let more = more.map(|times| format!("{times} = {LIMIT}\n")).concat();
    set(stage, "[times]\n", &format!("[times]\n{more}"));
    add(
        stage,
        &format!(
            "\n[screen]\naddress = \"127.0.0.1:0\"\nlook_seconds = 1\nending_seconds = {LIMIT}\n"
        ),
    );
}

/// What is offered here is what is declared.
#[track_caller]
fn see_ways(kiosk: &AtKiosk, place: At) {
    assert_eq!(kiosk.has("cancel"), place.can_cancel(), "cancel: {place:?}");
    assert_eq!(kiosk.has("back"), place.back().is_some(), "back: {place:?}");
    assert_eq!(kiosk.has("more-time"), place.waits(), "time: {place:?}");
}

fn cancel_at(kiosk: &mut AtKiosk, place: At) {
    kiosk.go_to(place);
    see_ways(kiosk, place);
    if !place.can_cancel() {
        return;
    }
    kiosk.touch("cancel");
    if place == At::TakeCard {
        kiosk.wait_until_gone("cancel");
        assert_eq!(kiosk.shown(), "take-card", "the card is still there");
        kiosk.look_at("ways/cancelled-card-still-there");
    }
    kiosk.let_go(place);
    kiosk.leave();
}

#[test]
fn cancel_before_the_order_ends_it_with_nothing_printed() {
    let (mut kiosk, _till, _folder) = with_till(|_| ());
    let places = At::ALL.into_iter().filter(|at| at.can_cancel());
    for place in places.take_while(|at| *at != At::Issuing) {
        cancel_at(&mut kiosk, place);
    }
    assert_eq!(kiosk.stage.printer.jobs_started(), 0);
}

#[test]
fn where_nothing_can_be_cancelled_nothing_says_so() {
    let mut kiosk = AtKiosk::come_with(Behaviour::Prints, |stage| {
        add(stage, &staff_settings(STAFF_CODE));
    });
    for place in At::ALL.into_iter().filter(|at| !at.can_cancel()) {
        kiosk.go_to(place);
        see_ways(&kiosk, place);
        kiosk.let_go(place);
        if place == At::Staff {
            kiosk.touch("choice-leave");
        }
        // On, from the last places.
        let last = [
            (At::TakePaper, "choice-taken", At::Another),
            (At::Another, "choice-done", At::Ending),
            (At::Ending, "choice-done", At::Start),
        ];
        for (_, on, next) in last.into_iter().skip_while(|(at, ..)| *at != place) {
            kiosk.touch(on);
            kiosk.wait_for_place(next);
        }
        kiosk.wait_for("start");
    }
}

#[test]
fn cancelled_at_the_printer_the_paper_stays_in_and_the_next_is_free() {
    let mut kiosk = AtKiosk::come(Behaviour::Prints);
    for place in [At::Issuing, At::Printing] {
        kiosk.go_to(place);
        see_ways(&kiosk, place);
        kiosk.touch("cancel");
        kiosk.wait_until_gone("cancel");
        if place == At::Issuing {
            kiosk.let_go(place);
        }
        kiosk.wait_for("ending");
        kiosk.look_at(&format!("ways/cancelled-{place:?}"));
        assert!(
            kiosk.said().contains("手数料はかかりません"),
            "{}",
            kiosk.said()
        );
        kiosk.let_go(place);
        kiosk.touch("choice-done");
        kiosk.wait_for("start");
    }
    assert!(kiosk.papers().is_empty());
    kiosk.go_to(At::Confirm);
    assert!(kiosk.said().contains("手数料なし"), "{}", kiosk.said());
    kiosk.order_and_take();
    assert_eq!(kiosk.papers().len(), 1);
}

#[test]
fn cancelled_while_paying_each_coin_comes_back() {
    let (mut kiosk, till, _folder) = with_till(|_| ());
    kiosk.go_to(At::Paying);
    wait_for("a coin", || till.coin(Yen(100)).ok()).unwrap();
    kiosk.wait_for_words("20円");
    kiosk.touch("cancel");
    kiosk.wait_for("ending");
    kiosk.wait_for_words("100円をお返ししました");
    kiosk.look_at("ways/coins-back");
    let coins = till.coins();
    assert_eq!((coins.taken, coins.paid_out), (Yen(100), Yen(100)));
    assert_eq!(kiosk.stage.printer.jobs_started(), 0);
}

#[test]
fn cancelled_at_the_printer_a_fee_is_kept_for_the_next_which_is_free() {
    let (mut kiosk, till, _folder) = with_till(|_| ());
    kiosk.go_to(At::Paying);
    kiosk.stage.printer.behave(Behaviour::StopsMidJob).unwrap();
    for yen in [100, 10, 10] {
        wait_for("a coin", || till.coin(Yen(yen)).ok()).unwrap();
    }
    kiosk.wait_for("printing");
    kiosk.touch("cancel");
    kiosk.wait_for("ending");
    assert!(
        kiosk.said().contains("手数料はかかりません"),
        "{}",
        kiosk.said()
    );
    kiosk.let_go(At::Printing);
    kiosk.touch("choice-done");
    kiosk.wait_for("start");
    kiosk.go_to(At::Confirm);
    // Nothing is to be paid: from here it goes straight to the printer.
    kiosk.order_and_take();
    let coins = till.coins();
    assert_eq!((coins.taken, coins.paid_out), (Yen(120), Yen(0)));
    assert_eq!(kiosk.papers().len(), 1);
}

#[test]
fn back_leads_to_the_step_before() {
    let mut kiosk = AtKiosk::come(Behaviour::Prints);
    kiosk.go_to(At::Confirm);
    let mut place = At::Confirm;
    while let Some(before) = place.back() {
        see_ways(&kiosk, place);
        kiosk.touch("back");
        kiosk.wait_for_place(before);
        place = before;
    }
    see_ways(&kiosk, place);
    assert_eq!(place, At::Municipality);
    assert_eq!(At::ALL.iter().filter(|at| at.back().is_some()).count(), 4);
}

/// More time is asked for and had; then nobody does anything any more.
fn nobody_is_there(kiosk: &mut AtKiosk, place: At) {
    kiosk.go_to(place);
    see_ways(kiosk, place);
    kiosk.wait_until_fewer_than(LIMIT - 2);
    kiosk.touch("more-time");
    kiosk.wait_until_more_than(LIMIT - 2);
    if place == At::TakeCard {
        kiosk.wait_for("ending");
        kiosk.touch("choice-done");
        kiosk.wait_for("out-of-order");
        kiosk.take_card();
    } else if !matches!(place, At::Staff | At::Ending) {
        kiosk.leave();
    }
    kiosk.wait_for("start");
}

/// Every place in which somebody is waited for, from one to another.
fn waiting(from: At, to: At) -> impl Iterator<Item = At> {
    let places = At::ALL.into_iter().filter(|at| at.waits());
    places.filter(move |at| (from as usize..=to as usize).contains(&(*at as usize)))
}

#[test]
fn time_is_seen_is_extended_and_is_over_before_the_card_is_back() {
    let (mut kiosk, _till, _folder) = hurried();
    for place in waiting(At::Start, At::TakeCard) {
        nobody_is_there(&mut kiosk, place);
    }
}

#[test]
fn time_is_seen_is_extended_and_is_over_before_the_preview() {
    let (mut kiosk, _till, _folder) = hurried();
    for place in waiting(At::Municipality, At::Offer) {
        nobody_is_there(&mut kiosk, place);
    }
}

#[test]
fn time_is_seen_is_extended_and_is_over_before_it_is_paid() {
    let (mut kiosk, _till, _folder) = hurried();
    for place in waiting(At::Preview, At::Paying) {
        nobody_is_there(&mut kiosk, place);
    }
    assert_eq!(kiosk.stage.printer.jobs_started(), 0);
}

#[test]
fn time_is_seen_is_extended_and_is_over_after_the_order() {
    let mut kiosk = AtKiosk::come_with(Behaviour::Prints, hurry);
    for place in waiting(At::Issuing, At::Ending) {
        nobody_is_there(&mut kiosk, place);
    }
}
