//! Everything that goes wrong at the card reader ends in a screen that says what to do, with
//! nothing issued and nothing printed.

#![allow(clippy::unwrap_used)] // a test that cannot go on fails

use std::time::Duration;

use fixtures::card::{Fault, Faults, VirtualCard};
use fixtures::municipality::Kind;
use fixtures::stage::Stage;
use fixtures::stage::ground::Plan;
use fixtures::stage::kiosk::{self, KioskRun};
use fixtures::stage::printer::Behaviour;

struct Stand {
    stage: Stage,
    _folder: tempfile::TempDir,
}

fn stand() -> Stand {
    let folder = tempfile::tempdir().unwrap();
    let plan = Plan {
        residents: 25,
        ..Plan::default()
    };
    let stage = Stage::raise(folder.path(), &plan, Behaviour::Prints).unwrap();
    // Nobody waits long where nothing comes.
    let settings = std::fs::read_to_string(&stage.kiosk_settings).unwrap();
    let hurried = settings.replace("card_seconds = 10", "card_seconds = 2");
    std::fs::write(&stage.kiosk_settings, hurried).unwrap();
    Stand {
        stage,
        _folder: folder,
    }
}

const ALL_GIVEN: [&str; 3] = ["--agree", "--kind", "abroad"];

impl Stand {
    fn card(&self) -> VirtualCard {
        let person = self.stage.ground.person(Kind::ThreeDoses).unwrap();
        VirtualCard::new(self.stage.ground.card_of(person).unwrap())
    }

    fn issue(&self, card: VirtualCard, pin: &str) -> KioskRun {
        self.stage.issue(card, pin, &ALL_GIVEN).unwrap()
    }

    /// A session at a reader on which nobody puts a card.
    fn issue_without_card(&self) -> KioskRun {
        let mut command = kiosk::issue_command(&self.stage.kiosk_settings, &ALL_GIVEN).unwrap();
        kiosk::start(self.stage.pcscd.serve(&mut command), "1234", None)
            .unwrap()
            .wait()
            .unwrap()
    }

    fn assert_nothing_printed(&self) {
        assert_eq!(self.stage.printer.jobs_started(), 0);
    }
}

#[track_caller]
fn assert_ended(run: &KioskRun, outcome: &str, exit_code: i32) {
    let result = run.result.as_ref().expect(&run.screens);
    assert_eq!(result.outcome, outcome, "{}", run.screens);
    assert_eq!(
        (result.exit_code, run.exit_code),
        (exit_code, Some(exit_code))
    );
    assert!(result.certificates.is_empty());
}

#[test]
fn a_wrong_pin_costs_one_try_and_the_last_one_locks() {
    let stand = stand();
    let run = stand.issue(stand.card(), "4321");
    assert_ended(&run, "pin-incorrect", 11);
    assert_eq!(run.result.unwrap().tries_left, Some(2));
    assert!(run.screens.contains("券面事項入力補助用"));

    let run = stand.issue(stand.card().with_pin_tries(1), "4321");
    assert_ended(&run, "pin-blocked", 12);
    assert!(
        run.screens.contains("あと1回"),
        "it was said to be the last"
    );

    let run = stand.issue(stand.card().with_pin_tries(0), "1234");
    assert_ended(&run, "pin-blocked", 12);
    stand.assert_nothing_printed();
}

#[test]
fn one_entry_is_one_attempt() {
    let stand = stand();
    let inserted = stand.stage.insert(stand.card()).unwrap();
    let mut command = kiosk::issue_command(&stand.stage.kiosk_settings, &ALL_GIVEN).unwrap();
    let run = kiosk::start(stand.stage.pcscd.serve(&mut command), "4321", None)
        .unwrap()
        .wait()
        .unwrap();
    assert_ended(&run, "pin-incorrect", 11);
    assert!(
        run.screens.contains("カードがリーダーに残っています"),
        "reminded"
    );
    // VERIFY (20) without data asks for the tries left; with data it is an attempt.
    let commands = inserted.card().recorded().to_vec();
    let attempts = commands
        .iter()
        .filter(|command| command.header[1] == 0x20 && command.length > 5);
    assert_eq!(attempts.count(), 1);
}

#[test]
fn what_is_no_pin_is_never_presented() {
    let stand = stand();
    for pin in ["", "12345", "12a4"] {
        let run = stand.issue(stand.card(), pin);
        assert_ended(&run, "no-answer", 10);
    }
    let run = stand.issue(stand.card(), "1234");
    assert_eq!(run.exit_code, Some(0), "{}", run.screens);
}

#[test]
fn no_service_no_reader_no_card() {
    let mut stand = stand();
    assert_ended(&stand.issue_without_card(), "no-card", 14);
    stand.stage.pcscd.restart_without_reader().unwrap();
    assert_ended(&stand.issue_without_card(), "no-reader", 14);
    stand.stage.pcscd.stop();
    assert_ended(&stand.issue_without_card(), "no-card-service", 14);
    stand.assert_nothing_printed();
}

#[test]
fn a_card_that_is_pulled_ends_the_session_wherever_it_was() {
    let stand = stand();
    let (mut pulled, mut delivered) = (0, false);
    for command in 1.. {
        let card = stand.card();
        let run = stand.issue(
            card.with_faults(Faults::default().at(command, Fault::Pull)),
            "1234",
        );
        if run.exit_code == Some(0) {
            delivered = true;
            break;
        }
        assert_ended(&run, "card-removed", 13);
        stand.assert_nothing_printed();
        pulled += 1;
    }
    // Selecting, asking, presenting, five files, signing.
    assert!(delivered && pulled >= 14, "{pulled}");
}

#[test]
fn another_card_and_a_broken_one_are_told_apart() {
    let stand = stand();
    let first = |fault| stand.card().with_faults(Faults::default().at(1, fault));
    let run = stand.issue(first(Fault::Status(0x6a82)), "1234");
    assert_ended(&run, "not-a-my-number-card", 13);
    let run = stand.issue(first(Fault::Instead(vec![0x90])), "1234");
    assert_ended(&run, "card-exchange-failed", 13);
    let run = stand.issue(first(Fault::Status(0x6f00)), "1234");
    assert_ended(&run, "card-unreadable", 13);
    stand.assert_nothing_printed();
}

#[test]
fn a_reader_that_goes_away_while_reading_is_the_reader_s_fault() {
    let mut stand = stand();
    let slow = Faults::default().at(8, Fault::Slow(Duration::from_secs(2)));
    let running = stand
        .stage
        .start_issue(stand.card().with_faults(slow), "1234", &ALL_GIVEN)
        .unwrap();
    running.wait_for_screen("カードを読み取っています").unwrap();
    stand.stage.pcscd.stop();
    let run = running.wait().unwrap();
    let outcome = run.result.as_ref().expect(&run.screens).outcome.clone();
    assert!(
        ["reader-gone", "card-removed", "no-card-service", "no-card"].contains(&outcome.as_str()),
        "{outcome}"
    );
    stand.assert_nothing_printed();
}

#[test]
fn nobody_agreed_so_no_card_was_touched() {
    let stand = stand();
    let inserted = stand.stage.insert(stand.card()).unwrap();
    let mut command =
        kiosk::issue_command(&stand.stage.kiosk_settings, &["--kind", "abroad"]).unwrap();
    let run = kiosk::start(stand.stage.pcscd.serve(&mut command), "1234", None)
        .unwrap()
        .wait()
        .unwrap();
    assert_ended(&run, "no-answer", 10);
    assert!(run.screens.contains("利用規約"), "the terms were shown");
    assert!(
        inserted.card().recorded().is_empty(),
        "the card was not touched"
    );
}

#[test]
fn cancelled_while_the_kiosk_waits_for_a_card_or_for_it_to_be_taken() {
    let stand = stand();
    let mut command = kiosk::issue_command(&stand.stage.kiosk_settings, &ALL_GIVEN).unwrap();
    let running = kiosk::start(stand.stage.pcscd.serve(&mut command), "1234", None).unwrap();
    running
        .wait_for_screen("カードリーダーに置いてください")
        .unwrap();
    running.interrupt().unwrap();
    assert_ended(&running.wait().unwrap(), "stopped", 10);

    let inserted = stand.stage.insert(stand.card()).unwrap();
    let mut command = kiosk::issue_command(&stand.stage.kiosk_settings, &ALL_GIVEN).unwrap();
    let running = kiosk::start(stand.stage.pcscd.serve(&mut command), "1234", None).unwrap();
    running
        .wait_for_screen("カードがリーダーに残っています")
        .unwrap();
    running.interrupt().unwrap();
    assert_ended(&running.wait().unwrap(), "stopped", 10);
    drop(inserted);
    stand.assert_nothing_printed();
}

#[test]
fn a_card_that_is_forgotten_ends_the_session_with_nothing_issued() {
    let stand = stand();
    let settings = std::fs::read_to_string(&stand.stage.kiosk_settings).unwrap();
    let hurried = settings.replace("take_card_seconds = 10", "take_card_seconds = 2");
    std::fs::write(&stand.stage.kiosk_settings, hurried).unwrap();
    let _forgotten = stand.stage.insert(stand.card()).unwrap();
    let mut command = kiosk::issue_command(&stand.stage.kiosk_settings, &ALL_GIVEN).unwrap();
    let run = kiosk::start(stand.stage.pcscd.serve(&mut command), "1234", None)
        .unwrap()
        .wait()
        .unwrap();
    assert_ended(&run, "card-forgotten", 13);
    assert!(
        run.screens.contains("カードがリーダーに残っています"),
        "reminded"
    );
    stand.assert_nothing_printed();
}
