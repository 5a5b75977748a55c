//! A resident at a terminal: everything is asked there, and the PIN is not shown.

#![allow(clippy::unwrap_used)] // a test that cannot go on fails

use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::{Arc, Mutex};

use fixtures::card::{InsertedCard, VirtualCard};
use fixtures::municipality::Kind;
use fixtures::stage::Stage;
use fixtures::stage::ground::Plan;
use fixtures::stage::printer::Behaviour;
use fixtures::stage::process::wait_for;
use fixtures::stage::programs::built;

/// A program in a terminal of its own (`script`, util-linux), and somebody who types.
struct Terminal {
    child: Child,
    keyboard: ChildStdin,
    screen: Arc<Mutex<String>>,
}

impl Terminal {
    fn start(stage: &Stage, arguments: &str) -> Self {
        let program = built("kiosk-agent").unwrap();
        let settings = stage.kiosk_settings.display();
        let line = format!("{} {arguments} --settings {settings}", program.display());
        let mut command = Command::new("script");
        command
            .args(["--quiet", "--return", "--command", &line, "/dev/null"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        let mut child = stage.pcscd.serve(&mut command).spawn().unwrap();
        let screen = Arc::new(Mutex::new(String::new()));
        let (mut output, seen) = (child.stdout.take().unwrap(), screen.clone());
        std::thread::spawn(move || {
            let mut pending = Vec::new();
            let mut buffer = [0; 1024];
            while let Ok(read @ 1..) = output.read(&mut buffer) {
                pending.extend_from_slice(&buffer[..read]);
                let whole = match std::str::from_utf8(&pending) {
                    Ok(text) => text.len(),
                    Err(error) => error.valid_up_to(),
                };
                let text: Vec<u8> = pending.drain(..whole).collect();
                seen.lock()
                    .unwrap()
                    .push_str(&String::from_utf8(text).unwrap());
            }
        });
        Self {
            keyboard: child.stdin.take().unwrap(),
            child,
            screen,
        }
    }

    /// Waits for words on the screen, then types.
    fn when(&mut self, words: &str, typed: &str) {
        self.when_nth(1, words, typed);
    }

    /// The same words for the second time.
    fn when_again(&mut self, words: &str, typed: &str) {
        self.when_nth(2, words, typed);
    }

    fn when_nth(&mut self, times: usize, words: &str, typed: &str) {
        wait_for("screen", || {
            (self.seen().matches(words).count() >= times).then_some(())
        })
        .unwrap_or_else(|_| panic!("not {times} times {words}:\n{}", self.seen()));
        self.keyboard.write_all(typed.as_bytes()).unwrap();
    }

    fn wait_for(&self, words: &str) {
        wait_for("screen", || self.seen().contains(words).then_some(()))
            .unwrap_or_else(|_| panic!("no {words} on the screen:\n{}", self.seen()));
    }

    fn seen(&self) -> String {
        self.screen.lock().unwrap().clone()
    }

    fn exit_code(mut self) -> (Option<i32>, String) {
        let status = self.child.wait().unwrap();
        (status.code(), self.seen())
    }
}

fn stage(folder: &Path) -> (Stage, InsertedCard) {
    stage_for(folder, Kind::ThreeDoses)
}

fn stage_for(folder: &Path, kind: Kind) -> (Stage, InsertedCard) {
    let plan = Plan {
        residents: 25,
        ..Plan::default()
    };
    let stage = Stage::raise(folder, &plan, Behaviour::Prints).unwrap();
    let person = stage.ground.person(kind).unwrap();
    let card = VirtualCard::new(stage.ground.card_of(person).unwrap());
    let inserted = stage.insert(card).unwrap();
    (stage, inserted)
}

#[test]
fn everything_is_asked_and_the_pin_is_not_shown() {
    let folder = tempfile::tempdir().unwrap();
    let (stage, card) = stage(folder.path());
    let mut terminal = Terminal::start(&stage, "issue --language en");
    // Neither yes nor no: asked again. Full-width letters and digits are as good as others.
    terminal.when("Do you agree", "u\n");
    terminal.when("Please answer y or n", "ｙ\n");
    terminal.when("digits, not shown: ", "1234\n");
    terminal.wait_for("Please take your card");
    card.eject();
    terminal.when("Municipality, 6 digits", "000000\n");
    // The municipality of the address on the card is suggested.
    terminal.when("Please enter one of the codes", "\n");
    terminal.when("2 for use in Japan", "7\n");
    terminal.when("Please answer 0, 1, 2 or 3", "２\n");
    terminal.when("Issue it", "y\n");
    terminal.when("Issue another certificate", "y\n");
    terminal.when_nth(3, "Municipality, 6 digits", "\n");
    terminal.when_nth(3, "2 for use in Japan", "1\n");
    terminal.when_again("Issue it", "y\n");
    terminal.when_again("Issue another certificate", "n\n");
    let (exit_code, screen) = terminal.exit_code();
    assert_eq!(exit_code, Some(0), "{screen}");
    assert!(!screen.contains("1234"), "the PIN was shown:\n{screen}");
    assert_eq!(stage.printer.printed().unwrap().len(), 2, "in one sitting");
}

#[test]
fn who_does_not_agree_is_asked_for_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (stage, card) = stage(folder.path());
    let mut terminal = Terminal::start(&stage, "issue --language ja");
    terminal.when("同意しますか", "n\n");
    let (exit_code, screen) = terminal.exit_code();
    assert_eq!(exit_code, Some(10), "{screen}");
    assert!(
        card.card().recorded().is_empty(),
        "the card was not touched"
    );
}

#[test]
fn a_wrong_pin_is_asked_again_and_presented_once_each() {
    let folder = tempfile::tempdir().unwrap();
    let (stage, card) = stage(folder.path());
    let mut terminal = Terminal::start(&stage, "issue --language en --agree");
    // Not four digits: asked again, and never presented.
    terminal.when("digits, not shown: ", "12\n");
    terminal.when("The PIN is four digits", "");
    terminal.when_again("digits, not shown: ", "4321\n");
    terminal.when("You have 2 tries left", "");
    terminal.when("Enter it again", "y\n");
    terminal.when_nth(3, "digits, not shown: ", "1234\n");
    terminal.wait_for("Please take your card");
    card.eject();
    terminal.when("Municipality, 6 digits", "\n");
    terminal.when("2 for use in Japan", "0\n");
    let (exit_code, screen) = terminal.exit_code();
    assert_eq!(exit_code, Some(10), "{screen}");
    assert!(screen.contains("You have 3 tries left"), "{screen}");
    assert_eq!(stage.printer.jobs_started(), 0);
}

#[test]
fn a_terminal_that_goes_away_ends_the_session_with_nothing_issued() {
    let folder = tempfile::tempdir().unwrap();
    let (stage, card) = stage(folder.path());
    let mut terminal = Terminal::start(&stage, "issue --language en");
    terminal.when("Do you agree", "y\n");
    terminal.wait_for("digits, not shown: ");
    terminal.child.kill().unwrap();
    terminal.child.wait().unwrap();
    // The kiosk gives the card back, which cuts its power.
    wait_for("the card to be free", || {
        let mut command = Command::new(built("kiosk-agent").unwrap());
        command
            .args(["issue", "--pin-fd", "0", "--agree", "--json"])
            .arg("--settings")
            .arg(&stage.kiosk_settings)
            .stdin(Stdio::null());
        let output = stage.pcscd.serve(&mut command).output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        said.contains("no-answer").then_some(())
    })
    .unwrap();
    let attempts = card
        .card()
        .recorded()
        .iter()
        .filter(|it| it.length > 5)
        .count();
    assert!(attempts > 0, "it was selected");
    assert_eq!(stage.printer.jobs_started(), 0);
}

#[test]
fn without_a_registered_passport_one_for_use_in_japan_can_be_chosen_still() {
    let folder = tempfile::tempdir().unwrap();
    let (stage, card) = stage_for(folder.path(), Kind::NoPassport);
    let mut terminal = Terminal::start(&stage, "issue --language en --agree");
    terminal.when("digits, not shown: ", "1234\n");
    terminal.wait_for("Please take your card");
    card.eject();
    terminal.when("Municipality, 6 digits", "\n");
    terminal.when("2 for use in Japan", "1\n");
    terminal.wait_for("needs your passport to be registered");
    terminal.when_again("2 for use in Japan", "2\n");
    terminal.when("Issue it", "y\n");
    terminal.when("Issue another certificate", "n\n");
    let (exit_code, screen) = terminal.exit_code();
    assert_eq!(exit_code, Some(0), "{screen}");
    assert_eq!(stage.printer.printed().unwrap().len(), 1);
}
