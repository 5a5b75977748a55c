//! What residents do at the kiosk: come as far as a state, and end there in one way or another.

use std::time::{Duration, Instant};

use base64::Engine as _;
use fixtures::card::VirtualCard;
use fixtures::municipality::{Kind, Person};
use fixtures::stage::printer::Behaviour;
use kiosk_agent::browser::living_below;
use rustix::process::Pid;

use crate::screen_stage::AtKiosk;

/// Every state that somebody can be in, in their order.
pub(super) const STATES: [&str; 12] = [
    "terms",
    "card",
    "pin",
    "take-card",
    "municipality",
    "offer",
    "preview",
    "copies",
    "pay",
    "printing",
    "take-paper",
    "another",
];

/// A resident with a PIN of their own.
pub(super) fn visitor(kiosk: &AtKiosk, kind: Kind, pin: &str) -> Person {
    Person {
        pin: domain::Redacted::new(pin.to_owned()),
        ..kiosk.person(kind)
    }
}

/// From the start as far as this state.
pub(super) fn come_to(kiosk: &mut AtKiosk, person: &Person, state: &str) {
    if state == "printing" {
        kiosk.stage.printer.behave(Behaviour::StopsMidJob).unwrap();
    }
    let steps = STATES.iter().take_while(|step| **step != state);
    for step in steps.chain([&state]) {
        match *step {
            "terms" => kiosk.touch("choice-start"),
            "card" => kiosk.touch("choice-agree"),
            "pin" => {
                let card = kiosk.stage.ground.card_of(person).unwrap();
                kiosk.put(VirtualCard::new(card));
            }
            "take-card" => kiosk.enter_pin(person.pin.expose()),
            "municipality" => kiosk.take_card(),
            "offer" => kiosk.touch_selector("#ask .choice.main"),
            "preview" => {
                keep_picture(kiosk);
                kiosk.touch("choice-abroad");
                kiosk.wait_for("preview");
                kiosk.wait_until_painted();
            }
            "copies" => kiosk.touch("choice-confirm"),
            "pay" => kiosk.touch("choice-1"),
            "printing" if state != "printing" => continue,
            "printing" => kiosk.touch("choice-confirm"),
            "take-paper" => kiosk.touch("choice-confirm"),
            _ => kiosk.touch("choice-taken"),
        }
        kiosk.wait_for(step);
    }
}

/// The page's picture is kept aside when it comes, for [`picture`].
fn keep_picture(kiosk: &AtKiosk) {
    let keep = "const draw = window.createImageBitmap;
        window.createImageBitmap = blob => { window.kept = blob; return draw(blob); };
        return true";
    assert!(kiosk.value(keep).as_bool().unwrap());
}

/// The preview's PNG, as it came to the browser.
pub(super) fn picture(kiosk: &AtKiosk) -> Vec<u8> {
    let read = "return window.kept.arrayBuffer().then(buffer => {
        let text = '';
        for (const byte of new Uint8Array(buffer)) text += String.fromCharCode(byte);
        return btoa(text); })";
    let text = kiosk.text_of(read);
    base64::engine::general_purpose::STANDARD
        .decode(text)
        .unwrap()
}

/// Ends a session whose ending is shown, and waits for the next browser.
pub(super) fn leave(kiosk: &mut AtKiosk) {
    let profile = kiosk.profile();
    kiosk.wait_for("ending");
    kiosk.touch("choice-done");
    kiosk.look_at_the_next(profile.as_deref());
}

/// The agent's process id, and all that live below it.
pub(super) fn processes(kiosk: &AtKiosk) -> Vec<Pid> {
    let agent = i32::try_from(kiosk.agent.id())
        .ok()
        .and_then(Pid::from_raw)
        .unwrap();
    [vec![agent], living_below(agent).unwrap()].concat()
}

/// Kills the agent. Gives how long it took until nothing of it and of its browser lived, and
/// until the profile was gone.
pub(super) fn kill(kiosk: &mut AtKiosk) -> (Duration, bool) {
    const LIMIT: Duration = Duration::from_secs(20);
    let tree = processes(kiosk);
    let killed = Instant::now();
    kiosk.agent.kill();
    while tree.iter().any(|process| lives(*process)) && killed.elapsed() < LIMIT {
        std::thread::sleep(Duration::from_millis(2));
    }
    let took = killed.elapsed();
    let is_gone = took < LIMIT
        && std::fs::read_dir(kiosk.profiles())
            .unwrap()
            .next()
            .is_none();
    (took, is_gone)
}

/// Whether a process lives; one that ended and was not waited for does not.
pub(super) fn lives(process: Pid) -> bool {
    let stat = format!("/proc/{}/stat", process.as_raw_nonzero());
    std::fs::read_to_string(stat).is_ok_and(|stat| {
        !stat
            .rsplit(") ")
            .next()
            .unwrap_or("")
            .starts_with(['Z', 'X'])
    })
}
