//! Where is looked besides: what agents and browsers wrote, the machine's logs, swap.

use std::path::{Path, PathBuf};

use super::examination::Examination;
use super::files::Disk;
use super::trace::{is_memory, written};

/// Where programs of this machine leave what they say and what they have in hand.
const SHARED: [&str; 5] = ["/dev/shm", "/var/log", "/var/spool", "/var/tmp", "/run"];

/// Parts of the stage that hold residents' data because they must: the register's sources, the
/// cards, the paper; and what drives the browser.
const NOT_THE_KIOSKS: [&str; 4] = ["municipalities", "pki", "printer/printed", "browser"];

impl Examination<'_> {
    /// Swap is a file like any other, where there is one.
    pub(super) fn swap(&mut self) {
        self.report.heading("Swap");
        let swaps = swaps();
        if swaps.is_empty() {
            self.report.line("none is on");
        }
        let mut disk = Disk::default();
        for swap in &swaps {
            (self.told)(&format!("swap: {}", swap.display()));
            disk.search(swap, &self.canaries.search);
        }
        self.found_on_disk(&disk, "swap in use");
        for gone in &disk.gone {
            let name = gone.display();
            let problem = format!("swap that is not this machine's to search: {name}; turn it off");
            self.report.problem(problem);
        }
    }

    /// Whatever was written since the start.
    pub(super) fn files(&mut self) {
        (self.told)("files");
        self.report.heading("Files");
        let trace = std::fs::read(self.stand.at.trace()).unwrap_or_default();
        let written = written(&String::from_utf8_lossy(&trace));
        if written.files.is_empty() {
            self.report.problem("the trace saw nothing".to_owned());
        }
        for call in written
            .calls
            .iter()
            .map(|call| ("another machine was called", call))
            .chain(
                written
                    .unclear
                    .iter()
                    .map(|call| ("the trace has a line that is not understood", call)),
            )
        {
            self.report.problem(format!("{}: {}", call.0, call.1));
        }
        let mut disk = Disk::default();
        for file in &written.files {
            disk.search(file, &self.canaries.search);
        }
        let unnamed: usize = self
            .stand
            .processes()
            .into_iter()
            .map(|process| {
                let id = process.as_raw_nonzero().get();
                disk.search_unnamed_of(id, &self.canaries.search)
            })
            .sum();
        self.found_on_disk(
            &disk,
            "traced: what agents and browsers wrote and is there still",
        );
        self.report.line(&format!(
            "{unnamed} files without a name that the last agent and browser hold open: among \
             these; {} were made and went with whoever made them",
            written.unnamed
        ));
        self.where_it_was_written(&disk);
        self.all_that_changed();
        self.names_of_what_is_gone(&disk);
    }

    /// A profile and the till are the only places.
    fn where_it_was_written(&mut self, disk: &Disk) {
        let places = [self.stand.at.profiles().to_owned(), self.stand.till()];
        let is_proc = |file: &&PathBuf| !file.starts_with("/proc");
        for file in disk.files.iter().filter(is_proc).chain(&disk.gone) {
            let is_shared_memory = disk.gone.contains(file) && file.starts_with("/dev/shm");
            // The coin machine's line is a link to a device.
            let is_device = file.canonicalize().is_ok_and(|file| is_memory(&file));
            if !is_shared_memory
                && !is_device
                && !places.iter().any(|place| file.starts_with(place))
            {
                let problem = format!("written outside profile and till: {}", file.display());
                self.report.problem(problem);
            }
        }
    }

    /// Every file below these folders, whoever wrote it: logs, journal, spool, register.
    fn all_that_changed(&mut self) {
        let stage = self.stand.at.folder().to_owned();
        let left_out = NOT_THE_KIOSKS.map(|part| stage.join(part));
        let mut folders = vec![stage.clone(), self.stand.at.profiles().to_owned()];
        folders.extend(SHARED.map(PathBuf::from));
        folders.extend(std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".config")));
        let mut disk = Disk::default();
        for folder in &folders {
            disk.search_below(folder, self.started, &left_out, &self.canaries.search);
        }
        self.found_on_disk(
            &disk,
            &format!(
                "changed since the start below stage, profiles, {}, ~/.config",
                SHARED.join(", ")
            ),
        );
        let logs = disk.files.iter().filter(|file| {
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            file.parent() == Some(&stage) && name.starts_with("kiosk.") && name.ends_with(".log")
        });
        let logs: Vec<&PathBuf> = logs.collect();
        let said: u64 = logs.iter().map(|log| length(log)).sum();
        self.report.line(&format!(
            "among them standard output and error of all {} agents, whole, at level debug: {said} \
             bytes",
            logs.len()
        ));
        if said == 0 {
            self.report
                .problem("no agent's output was searched".to_owned());
        }
    }

    fn found_on_disk(&mut self, disk: &Disk, what: &str) {
        self.report.searched(disk.bytes);
        let (files, bytes) = (disk.files.len(), disk.bytes);
        self.report
            .line(&format!("{what}: {files} files, {bytes} bytes"));
        for (file, number) in &disk.hits {
            let what = self.canaries.label(*number);
            self.report.problem(format!("{what} in {}", file.display()));
        }
        for file in &disk.unread {
            let problem = format!("could not be searched: {}", file.display());
            self.report.problem(problem);
        }
    }

    /// What was written and could not be searched, because it is gone: by name, the profiles'
    /// taken together.
    fn names_of_what_is_gone(&mut self, disk: &Disk) {
        self.report.heading("Written and gone since");
        let profiles = self.stand.at.profiles().to_owned();
        let mut names: Vec<String> = disk
            .gone
            .iter()
            .map(|gone| short(gone, &profiles))
            .collect();
        names.sort();
        let all = names.len();
        names.dedup();
        let kinds = names.len();
        self.report.line(&format!(
            "{all} files; in a profile, which is overwritten before it is removed, of {kinds} names"
        ));
        for name in names {
            self.report.line(&name);
        }
    }
}

/// A path that says nothing of which browser's profile it was in, nor of what stands in its name by
/// chance.
fn short(path: &Path, profiles: &Path) -> String {
    let Ok(inside) = path.strip_prefix(profiles) else {
        return path.display().to_string();
    };
    let mut inside: PathBuf = inside.iter().skip(1).collect();
    let last = inside.file_name().unwrap_or_default().to_string_lossy();
    // What is written before it gets its name ends in a few letters by chance.
    if last.starts_with(".org.chromium") {
        inside.set_extension("#");
    }
    let mut name = String::from("profile/");
    for character in inside.to_string_lossy().chars() {
        match character {
            '0'..='9' if name.ends_with('#') => {}
            '0'..='9' => name.push('#'),
            other => name.push(other),
        }
    }
    name
}

fn length(file: &Path) -> u64 {
    std::fs::metadata(file).map_or(0, |about| about.len())
}

/// The swap that is on.
pub(super) fn swaps() -> Vec<PathBuf> {
    let table = std::fs::read_to_string("/proc/swaps").unwrap_or_default();
    let paths = table
        .lines()
        .skip(1)
        .filter_map(|line| line.split_whitespace().next());
    paths.map(PathBuf::from).collect()
}
