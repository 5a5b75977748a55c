//! The whole look: sessions of every ending in every state, and what each has left.

use std::time::{Duration, Instant, SystemTime};

use domain::{Clock as _, SystemClock};
use fixtures::municipality::{Kind, Person};
use kiosk_agent::touch_screen::ScreenName;
use rand::Rng as _;

use super::canaries::Canaries;
use super::pins::Pins;
use super::planted;
use super::report::Report;
use super::stand::Stand;
use super::states::{Cancel, State, TimeOver};

/// How much of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// Two completed sessions and a cancelled one.
    Small,
    /// Each ending in each state.
    Whole,
}

/// PINs of a run: one for each session, and for those that are planted.
const PINS: usize = 96;

/// So long waits the kiosk for a resident, for a server and for a printer where time runs out: no
/// longer than needed to come as far as that.
const HURRIED: [(&str, u16); 8] = [
    ("decide_seconds", 8),
    ("card_seconds", 8),
    ("pin_seconds", 8),
    ("take_card_seconds", 8),
    ("take_paper_seconds", 8),
    ("server_seconds", 6),
    ("print_seconds", 10),
    ("ending_seconds", 10),
];

/// A look under way.
pub struct Examination<'a> {
    pub(super) stand: Stand,
    people: Vec<Person>,
    pub(super) canaries: Canaries,
    pub(super) pins: Pins,
    pub(super) report: Report,
    pub(super) told: &'a mut dyn FnMut(&str),
    pub(super) started: SystemTime,
    table: Vec<[String; 5]>,
}

/// Looks at a kiosk, telling how far it is.
pub fn examine(extent: Extent, told: &mut dyn FnMut(&str)) -> Report {
    let begun = Instant::now();
    let started = SystemTime::from(SystemClock.now());
    told("raising reader, printer, till, server, agent and browser");
    let stand = Stand::raise(rand::rng().random());
    let pins = Pins::draw(PINS);
    let kinds = [Kind::ThreeDoses, Kind::TwoDoses, Kind::SevenDoses];
    let people: Vec<Person> = kinds.map(|kind| stand.at.person(kind)).to_vec();
    let canaries = Canaries::of(stand.at.folder(), &people, pins.all());
    let table = State::all().map(|state| {
        let [name, stays] = [state.screen.name(), state.stays.said()].map(str::to_owned);
        [name, stays, "—".into(), "—".into(), "—".into()]
    });
    let mut look = Examination {
        stand,
        people,
        canaries,
        pins,
        report: Report::default(),
        told,
        started,
        table: table.collect(),
    };
    look.memory("before anybody came");
    look.completed();
    look.planted();
    match extent {
        Extent::Small => look.cancelled(|state| state.screen == ScreenName::Preview),
        Extent::Whole => {
            look.cancelled(|_| true);
            look.timed_out();
            look.killed();
        }
    }
    look.changing_with_the_pin();
    look.remains();
    look.swap();
    look.files();
    look.in_each_state();
    look.measure(begun.elapsed());
    look.report
}

impl Examination<'_> {
    /// Somebody with a card whose PIN nobody had yet.
    fn somebody(&mut self, who: usize) -> Person {
        Person {
            pin: domain::Redacted::new(self.pins.next()),
            ..self.people[who].clone()
        }
    }

    fn completed(&mut self) {
        let mut pictures = Vec::new();
        for who in 0..2 {
            (self.told)(&format!("completed session {}", who + 1));
            let person = self.somebody(who);
            pictures.push(self.stand.complete(&person));
            self.memory(&format!("after completed session {}", who + 1));
        }
        for (one, other) in [(0, 1), (1, 0)] {
            let canaries = self.canaries.clone();
            self.canaries = canaries.and_picture(&pictures[one], &pictures[other]);
        }
        if let [first, second, ..] = self.stand.at.papers().as_slice() {
            let canaries = self.canaries.clone();
            self.canaries = canaries.and_page(second, first).and_page(first, second);
        } else {
            self.report.problem("no two pages were printed".to_owned());
        }
        self.memory("after two completed sessions, searched for their pages too");
        self.changing_with_the_pin();
    }

    fn cancelled(&mut self, which: impl Fn(&State) -> bool) {
        for (row, state) in State::all().enumerate().filter(|(_, state)| which(state)) {
            let name = state.screen.name();
            if let Cancel::None(why) = state.cancel {
                self.table[row][2] = format!("no cancel: {why}");
                continue;
            }
            (self.told)(&format!("cancelled at {name}"));
            let person = self.somebody(2);
            self.stand.come_to(&person, state);
            self.stand.cancel();
            self.stand.leave(state);
            self.table[row][2] = self.memory(&format!("after a session cancelled at {name}"));
        }
    }

    fn timed_out(&mut self) {
        let settings = std::fs::read_to_string(self.stand.settings()).unwrap();
        let _ = self.kill();
        self.stand.hurry(&HURRIED);
        self.start_again();
        for (row, state) in State::all().enumerate() {
            let name = state.screen.name();
            let limit = match state.time {
                TimeOver::Countdown => String::new(),
                TimeOver::Limit(whose) => format!("; the limit {whose}"),
                TimeOver::None(why) => {
                    self.table[row][3] = format!("no limit: {why}");
                    continue;
                }
            };
            (self.told)(&format!("time over at {name}"));
            let person = self.somebody(1);
            self.stand.come_to(&person, state);
            let is_seen = self.stand.has_countdown();
            if state.is_the_end() {
                self.stand.leave_alone();
            } else {
                self.stand.leave(state);
            }
            let left = self.memory(&format!("after time was over at {name}"));
            self.table[row][3] = format!("{left}{limit}");
            if is_seen != (state.time == TimeOver::Countdown) {
                let problem = format!("a countdown at {name}: {is_seen}");
                self.report.problem(problem);
            }
        }
        let _ = self.kill();
        std::fs::write(self.stand.settings(), settings).unwrap();
        self.start_again();
    }

    fn killed(&mut self) {
        for (row, state) in State::all().enumerate() {
            let name = state.screen.name();
            (self.told)(&format!("killed at {name}"));
            let person = self.somebody(0);
            self.stand.come_to(&person, state);
            if self.stand.has_cancel() != (state.cancel == Cancel::Ends) {
                let problem = format!("whether there is a cancel at {name} is not as expected");
                self.report.problem(problem);
            }
            let took = self.kill();
            self.start_again();
            let left = self.memory(&format!("of agent and browser after a kill at {name}"));
            self.table[row][4] = match took {
                Some(took) => format!("gone after {} ms; {left}", took.as_millis()),
                None => "**something is left**".to_owned(),
            };
        }
    }

    /// Kills the agent; says how long it took until nothing was left, or that something is.
    fn kill(&mut self) -> Option<Duration> {
        let (took, is_gone) = self.stand.kill();
        if !is_gone {
            let left = "killed: processes or profile are left".to_owned();
            self.report.problem(left);
        }
        is_gone.then_some(took)
    }

    fn start_again(&mut self) {
        self.stand.start_again();
        self.pins.forget_the_last_look();
    }

    fn planted(&mut self) {
        (self.told)("planted leaks");
        self.report.heading("Leaks made on purpose");
        let number = self.people[0].individual_number.expose().clone();
        let search = &self.canaries.search;
        for (what, found) in planted::plant(&self.stand, &number, search, &mut self.pins) {
            if found {
                self.report.line(&format!("found: {what}"));
            } else {
                self.report.problem(format!("NOT found: {what}"));
            }
        }
        // The browser that holds one goes with its resident, and the agent's buffer is free.
        let person = self.somebody(2);
        let terms = State::of(ScreenName::Terms).expect("somebody reads the terms");
        self.stand.come_to(&person, terms);
        self.stand.cancel();
        self.stand.leave(terms);
        self.memory("after what was planted went");
    }

    fn changing_with_the_pin(&mut self) {
        let changing = self.pins.take_changing();
        if changing > 0 {
            let problem = format!("{changing} places of the agent's memory change with the PIN");
            self.report.problem(problem);
        }
    }

    /// What became of every state.
    fn in_each_state(&mut self) {
        self.report.heading("In each state");
        let head = ["state", "stays because", "cancelled", "time over", "killed"];
        self.report.table(head, &self.table);
    }

    fn measure(&mut self, took: Duration) {
        self.report.heading("Measure");
        let bytes = self.report.bytes() / 1_000_000;
        let needles = self.canaries.search.needles();
        self.report.line(&format!(
            "{bytes} MB searched for {needles} byte strings in {} s; encodings: {}; zlib, gzip and \
             PNG streams unpacked wherever one may begin",
            took.as_secs(),
            leak_search::ENCODINGS
        ));
        self.report.line(&format!(
            "{} sessions, each with a PIN of its own, looked for as the card's command; no place \
             of the agent's memory changed with it",
            self.pins.used()
        ));
    }
}
