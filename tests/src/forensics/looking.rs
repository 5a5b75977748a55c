//! Where is looked: the memory of agent and browsers; and what remains elsewhere.

use std::io;
use std::time::Duration;

use kiosk_agent::browser::living_below;
use leak_search::LeakSearch;
use rustix::process::{Pid, getpid};

use super::examination::Examination;
use super::memory::{Memory, pin_places, search};
use super::on_disk::swaps;
use super::stand::lives;

impl Examination<'_> {
    /// Agent and every living process of its browser: nothing may be there. Says in a few words
    /// what was searched, or that something was found.
    pub(super) fn memory(&mut self, when: &str) -> String {
        (self.told)(&format!("memory {when}"));
        self.report.heading(&format!("Memory {when}"));
        let before = (self.report.problems().len(), self.report.bytes());
        let processes = self.stand.processes();
        self.look_into(&processes, true);
        self.locked_in_memory();
        let places = pin_places(
            self.stand.agent().as_raw_nonzero().get(),
            self.pins.search(),
        );
        match places {
            Ok(places) => self.pins.looked(places),
            Err(error) => self.not_searched("the agent", &error),
        }
        match self.report.problems().get(before.0) {
            Some(first) => {
                let found = self.report.problems().len() - before.0;
                let said = format!("  {found} FOUND, the first: {first}");
                (self.told)(&said);
                format!("**{found} found**")
            }
            None => format!(
                "nothing in {} MB",
                (self.report.bytes() - before.1) / 1_000_000
            ),
        }
    }

    /// Searches these, at once.
    fn look_into(&mut self, processes: &[Pid], must_be_clean: bool) {
        let canaries = &self.canaries.search;
        let found: Vec<(String, io::Result<Memory>)> = std::thread::scope(|scope| {
            let looks: Vec<_> = processes
                .iter()
                .map(|process| {
                    scope.spawn(move || {
                        let memory = search_while_it_lives(*process, canaries);
                        (name(*process), memory)
                    })
                })
                .collect();
            looks.into_iter().map(|look| look.join().unwrap()).collect()
        });
        for (process, (name, memory)) in processes.iter().zip(found) {
            match memory {
                Ok(memory) => self.note(&name, memory, must_be_clean),
                // Ended meanwhile; the agent itself does not.
                Err(_) if *process != self.stand.agent() && !lives(*process) => {}
                Err(error) => self.not_searched(&name, &error),
            }
        }
    }

    fn note(&mut self, name: &str, memory: Memory, must_be_clean: bool) {
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

    /// What was not searched is not clean.
    fn not_searched(&mut self, what: &str, error: &io::Error) {
        let problem = format!("{what} could not be searched: {}", error.kind());
        self.report.problem(problem);
    }

    /// The agent's memory never comes to a disk where there is one for it to come to.
    fn locked_in_memory(&mut self) {
        let agent = self.stand.agent();
        let (locked, swapped) = (kilobytes(agent, "VmLck"), kilobytes(agent, "VmSwap"));
        self.report.line(&format!(
            "the agent: {} MB locked in memory, {swapped} kB in swap",
            locked / 1000
        ));
        if swapped > 0 || (locked == 0 && !swaps().is_empty()) {
            let problem = "the agent's memory is not locked".to_owned();
            self.report.problem(problem);
        }
    }

    /// What is nobody's promise, and is said: the reader's service and the printer.
    pub(super) fn remains(&mut self) {
        self.report
            .heading("What remains elsewhere (see docs/DEPLOYMENT.md)");
        let elsewhere = |process: &Pid| {
            let name = name(*process);
            ["pcscd", "ippeveprinter"].contains(&name.as_str())
        };
        let below = living_below(getpid()).unwrap();
        let elsewhere: Vec<Pid> = below.into_iter().filter(elsewhere).collect();
        self.look_into(&elsewhere, false);
    }
}

/// Searches a process; again where its memory went meanwhile, as it does when a process becomes
/// another program or ends.
fn search_while_it_lives(process: Pid, canaries: &LeakSearch) -> io::Result<Memory> {
    const LOOKS: usize = 100;
    let mut memory = search(process.as_raw_nonzero().get(), canaries);
    for _ in 0..LOOKS {
        if memory.is_ok() || !lives(process) {
            break;
        }
        std::thread::sleep(Duration::from_millis(10));
        memory = search(process.as_raw_nonzero().get(), canaries);
    }
    memory
}

/// A number of `/proc/<pid>/status`, in kB.
fn kilobytes(process: Pid, what: &str) -> u64 {
    let path = format!("/proc/{}/status", process.as_raw_nonzero());
    let status = std::fs::read_to_string(path).unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with(what));
    let number = line.and_then(|line| line.split_whitespace().nth(1));
    number.and_then(|number| number.parse().ok()).unwrap_or(0)
}

fn name(process: Pid) -> String {
    let path = format!("/proc/{}/comm", process.as_raw_nonzero());
    std::fs::read_to_string(path)
        .unwrap_or_default()
        .trim()
        .to_owned()
}
