//! The whole look: sessions of every ending, then memory, files and planted leaks.

use std::collections::HashSet;
use std::path::PathBuf;
use std::time::{Duration, Instant, SystemTime};

use domain::{Clock as _, SystemClock};
use fixtures::municipality::{Kind, Person};
use fixtures::stage::printer::Behaviour;
use kiosk_agent::browser::living_below;
use rand::Rng as _;
use rustix::process::{Pid, getpid};

use super::canaries::Canaries;
use super::memory::{pin_contexts, search};
use super::report::Report;
use super::sessions::{STATES, come_to, kill, leave, lives, picture, processes, visitor};
use super::{files, planted};
use crate::screen_stage::{AtKiosk, set};

/// How much of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// One completed session and a cancelled one.
    Small,
    /// Each ending in each state.
    Whole,
}

/// A look under way.
pub struct Examination<'a> {
    kiosk: AtKiosk,
    people: Vec<Person>,
    canaries: Canaries,
    report: Report,
    told: &'a mut dyn FnMut(&str),
    started: SystemTime,
}

/// PINs whose digits all differ, so that what lies in memory of one cannot be another's.
fn pins() -> [String; 3] {
    let first = rand::rng().random_range(0..10_u8);
    let pin = |shift: u8| {
        let digit = |at: u8| char::from(b'0' + (first + shift + at * 3) % 10);
        (0..4).map(digit).collect()
    };
    [pin(0), pin(1), pin(2)]
}

/// Looks at a kiosk, telling how far it is.
pub fn examine(extent: Extent, told: &mut dyn FnMut(&str)) -> Report {
    let begun = Instant::now();
    let started = SystemTime::from(SystemClock.now());
    told("raising reader, printer, server, agent and browser");
    let kiosk = AtKiosk::come_to_own_browser(rand::rng().random(), |_| ());
    let kinds = [Kind::ThreeDoses, Kind::TwoDoses, Kind::SevenDoses];
    let people: Vec<Person> = kinds
        .into_iter()
        .zip(pins())
        .map(|(kind, pin)| visitor(&kiosk, kind, &pin))
        .collect();
    let canaries = Canaries::of(kiosk.folder(), &people);
    let mut look = Examination {
        kiosk,
        people,
        canaries,
        report: Report::default(),
        told,
        started,
    };
    look.before();
    look.completed();
    look.cancelled(match extent {
        Extent::Small => &["preview"],
        Extent::Whole => &["pin", "municipality", "preview", "pay"],
    });
    look.planted();
    if extent == Extent::Whole {
        look.timed_out();
        look.killed();
    }
    look.remains();
    look.files();
    look.report.heading("Measure");
    let bytes = look.report.bytes() / 1_000_000;
    let needles = look.canaries.search.needles();
    look.report.line(&format!(
        "{bytes} MB searched for {needles} byte strings in {} s; encodings: {}; zlib, gzip and \
         PNG streams unpacked wherever one may begin",
        begun.elapsed().as_secs(),
        leak_search::ENCODINGS
    ));
    look.report
}

impl Examination<'_> {
    /// What stands in a fresh agent and browser by chance would be no leak.
    fn before(&mut self) {
        self.memory("before anybody came");
    }

    fn completed(&mut self) {
        (self.told)("two completed sessions");
        let mut contexts: Vec<HashSet<Vec<u8>>> = Vec::new();
        let mut pages = Vec::new();
        let mut pictures = Vec::new();
        for number in 0..2 {
            let person = self.people[number].clone();
            come_to(&mut self.kiosk, &person, "preview");
            pictures.push(picture(&self.kiosk));
            self.kiosk.touch("choice-confirm");
            self.kiosk.wait_for("copies");
            self.kiosk.touch("choice-1");
            self.kiosk.wait_for("pay");
            self.kiosk.order_and_take();
            pages = self.kiosk.papers();
            self.kiosk.touch("choice-done");
            leave(&mut self.kiosk);
            let agent = processes(&self.kiosk)[0].as_raw_nonzero().get();
            contexts.push(pin_contexts(agent, person.pin.expose()).unwrap());
        }
        for (one, other) in [(0, 1), (1, 0)] {
            let canaries = self.canaries.clone();
            self.canaries = canaries.and_picture(&pictures[one], &pictures[other]);
        }
        if let [first, second, ..] = pages.as_slice() {
            self.canaries = self
                .canaries
                .clone()
                .and_page(second, first)
                .and_page(first, second);
        } else {
            self.report.problem("no two pages were printed".to_owned());
        }
        self.memory("after two completed sessions");
        let same = contexts[0].intersection(&contexts[1]).count();
        if same > 0 {
            self.report
                .problem(format!("{same} places of the agent's memory hold the PIN"));
        } else {
            self.report
                .line("no place of the agent's memory changes with the PIN");
        }
    }

    fn cancelled(&mut self, states: &[&str]) {
        for state in states {
            (self.told)(&format!("cancelled at {state}"));
            let person = self.people[2].clone();
            come_to(&mut self.kiosk, &person, state);
            self.kiosk.touch("cancel");
            if *state == "pin" {
                self.kiosk.wait_for("take-card");
                self.kiosk.take_card();
            }
            leave(&mut self.kiosk);
            self.memory(&format!("after a session cancelled at {state}"));
        }
    }

    fn timed_out(&mut self) {
        (self.told)("timed out");
        let settings = std::fs::read_to_string(&self.kiosk.stage.kiosk_settings).unwrap();
        let _ = kill(&mut self.kiosk);
        set(&self.kiosk.stage, "[times]", "[times]\ndecide_seconds = 15");
        self.kiosk.start_again();
        let person = self.people[1].clone();
        come_to(&mut self.kiosk, &person, "offer");
        leave(&mut self.kiosk);
        self.memory("after a session whose time was over");
        let _ = kill(&mut self.kiosk);
        std::fs::write(&self.kiosk.stage.kiosk_settings, settings).unwrap();
        self.kiosk.start_again();
    }

    fn killed(&mut self) {
        self.report
            .heading("Killed in each state (SIGKILL to the agent)");
        let mut longest = Duration::ZERO;
        for state in STATES {
            (self.told)(&format!("killed at {state}"));
            let person = self.people[1].clone();
            come_to(&mut self.kiosk, &person, state);
            let (took, is_gone) = kill(&mut self.kiosk);
            longest = longest.max(took);
            if !is_gone {
                let left = format!("killed at {state}: processes or profile are left");
                self.report.problem(left);
            }
            if state == "printing" {
                self.kiosk.stage.printer.repair(Behaviour::Prints).unwrap();
                // What a printer without power keeps of a job is the printer's.
                let spool = self.kiosk.folder().join("printer/spool");
                for file in leak_search::files_below(&spool).unwrap() {
                    std::fs::remove_file(file).unwrap();
                }
            }
            std::thread::sleep(fixtures::stage::kiosk::EMPTY_AGAIN);
            self.kiosk.start_again();
        }
        self.report.line(&format!(
            "{} states; all processes gone after {} ms at most, profile wiped",
            STATES.len(),
            longest.as_millis()
        ));
        self.memory("of the agent and browser that came after");
    }

    fn planted(&mut self) {
        (self.told)("planted leaks");
        self.report.heading("Leaks made on purpose");
        let number = self.people[0].individual_number.expose().clone();
        for (what, found) in planted::plant(&self.kiosk, &number, &self.canaries.search) {
            if found {
                self.report.line(&format!("found: {what}"));
            } else {
                self.report.problem(format!("NOT found: {what}"));
            }
        }
        // The browser that holds one goes with its resident, and the agent's buffer is free.
        let person = self.people[2].clone();
        come_to(&mut self.kiosk, &person, "terms");
        self.kiosk.touch("cancel");
        leave(&mut self.kiosk);
        self.memory("after what was planted went");
    }

    /// Agent and every living process of its browser: nothing may be there.
    fn memory(&mut self, when: &str) {
        (self.told)(&format!("memory {when}"));
        self.report.heading(&format!("Memory {when}"));
        let before = self.report.problems().len();
        for process in processes(&self.kiosk) {
            self.look_into(process, true);
        }
        if let Some(first) = self.report.problems().get(before) {
            let found = self.report.problems().len() - before;
            let said = format!("  {found} FOUND, the first: {first}");
            (self.told)(&said);
        }
    }

    fn look_into(&mut self, process: Pid, must_be_clean: bool) {
        let name = name(process);
        let id = process.as_raw_nonzero().get();
        match search(id, &self.canaries.search) {
            Ok(memory) => {
                self.report.searched(memory.bytes);
                self.report.line(&format!(
                    "{name}: {} MB, {} packed streams, {} hits",
                    memory.bytes / 1_000_000,
                    memory.streams,
                    memory.hits.len()
                ));
                for hit in memory.hits {
                    let what = self.canaries.label(hit.number);
                    let packed = if hit.packed { ", packed" } else { "" };
                    let place = format!(
                        "{what} in {name}, {} {:x}{packed}",
                        hit.mapping, hit.address
                    );
                    if must_be_clean {
                        self.report.problem(place);
                    } else {
                        self.report.line(&place);
                    }
                }
            }
            // Ended meanwhile; the agent itself does not.
            Err(_) if !lives(process) && id.cast_unsigned() != self.kiosk.agent.id() => {}
            Err(error) => self
                .report
                .problem(format!("{name} could not be searched: {}", error.kind())),
        }
    }

    /// What is nobody's promise, and is said: the reader's service and the printer.
    fn remains(&mut self) {
        self.report
            .heading("What remains elsewhere (see docs/DEPLOYMENT.md)");
        for process in living_below(getpid()).unwrap() {
            if ["pcscd", "ippeveprinter"].contains(&name(process).as_str()) {
                self.look_into(process, false);
            }
        }
        let swaps = std::fs::read_to_string("/proc/swaps").unwrap_or_default();
        match swaps.lines().count() {
            0 | 1 => self.report.line("swap: none"),
            more => self.report.line(&format!(
                "swap: {} in use; what the agent has is locked in memory and never there",
                more - 1
            )),
        }
    }

    fn files(&mut self) {
        (self.told)("files");
        self.report.heading("Files");
        // The register, the cards and the paper are not the kiosk's.
        let left_out: Vec<PathBuf> = ["municipalities", "pki", "printer/printed", "browser"]
            .iter()
            .map(|part| self.kiosk.folder().join(part))
            .collect();
        let mut folders = vec![
            self.kiosk.folder().to_owned(),
            self.kiosk.profiles().to_owned(),
        ];
        folders
            .extend(["/dev/shm", "/var/log", "/var/spool", "/var/tmp", "/run"].map(PathBuf::from));
        folders.extend(std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".config")));
        let disk = files::search(&folders, self.started, &left_out, &self.canaries.search);
        self.report.searched(disk.bytes);
        self.report.line(&format!(
            "{} files changed since the start, {} bytes, {} unreadable, below: stage, profiles, \
             /dev/shm, /var/log (journal), /var/spool, /var/tmp, /run, ~/.config",
            disk.files, disk.bytes, disk.unread
        ));
        for (file, number) in disk.hits {
            let what = self.canaries.label(number);
            self.report.problem(format!("{what} in {}", file.display()));
        }
        let written = files::written(&self.kiosk.trace(), self.kiosk.profiles());
        self.report.line(&format!(
            "last agent and its browsers, traced: {} paths opened for writing, {} times inside a \
             profile",
            written.paths.len(),
            written.in_profiles
        ));
        if written.paths.is_empty() {
            self.report.problem("the trace saw nothing".to_owned());
        }
        for path in written.elsewhere {
            self.report
                .problem(format!("written outside the profile: {}", path.display()));
        }
        for call in written.calls {
            self.report
                .problem(format!("another machine was called: {call}"));
        }
    }
}

fn name(process: Pid) -> String {
    let path = format!("/proc/{}/comm", process.as_raw_nonzero());
    std::fs::read_to_string(path)
        .unwrap_or_default()
        .trim()
        .to_owned()
}
