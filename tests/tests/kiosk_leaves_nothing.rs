//! The kiosk keeps nothing (control C06): no file is written during a session, however it ends, and
//! afterwards neither spool nor logs nor register hold anything of the resident in the clear.

#![allow(clippy::unwrap_used)] // a test that cannot go on fails

use std::path::{Path, PathBuf};
use std::process::Command;

use fixtures::card::VirtualCard;
use fixtures::municipality::{Kind, Person};
use fixtures::stage::Stage;
use fixtures::stage::ground::Plan;
use fixtures::stage::kiosk::{self, KioskRun};
use fixtures::stage::printer::Behaviour;
use system_tests::forensics::Canaries;
use tempfile::TempDir;

/// Devices that keep nothing of what is written to them. Memory with a name (`/dev/shm`) is none.
const DEVICES: [&str; 2] = ["/dev/null", "/dev/tty"];

/// A session under strace, in a home of its own.
struct Watched {
    run: KioskRun,
    trace: String,
    home: TempDir,
}

fn watched_session(stage: &Stage, person: &Person) -> Watched {
    let traces = tempfile::tempdir().unwrap();
    let trace = traces.path().join("trace");
    let home = tempfile::tempdir().unwrap();
    let card = VirtualCard::new(stage.ground.card_of(person).unwrap());
    let inserted = stage.insert(card).unwrap();
    let arguments = ["--agree", "--kind", "abroad"];
    let issue = kiosk::issue_command(&stage.kiosk_settings, &arguments).unwrap();
    let mut traced = Command::new("strace");
    traced
        .args(["-f", "-qq", "-s", "128", "-e"])
        .arg("trace=open,openat,openat2,creat,memfd_create,rename,renameat2,mkdir,mkdirat")
        .arg("-o")
        .arg(&trace)
        .arg(issue.get_program())
        .args(issue.get_args())
        .env("HOME", home.path())
        .env("TMPDIR", home.path())
        .current_dir(home.path());
    let traced = stage.pcscd.serve(&mut traced);
    let run = kiosk::start(traced, person.pin.expose(), Some(inserted));
    let run = run.unwrap().wait().unwrap();
    // What the kiosk let go of is off the reader when this returns.
    std::thread::sleep(kiosk::EMPTY_AGAIN);
    Watched {
        run,
        trace: std::fs::read_to_string(&trace).unwrap(),
        home,
    }
}

/// Files that a traced program opened for writing, or made.
fn opened_for_writing(trace: &str) -> Vec<String> {
    let writes = |line: &&str| {
        [
            "O_WRONLY",
            "O_RDWR",
            "O_CREAT",
            "creat(",
            "memfd_create",
            "rename",
            "mkdir",
        ]
        .iter()
        .any(|word| line.contains(word))
    };
    let device = |line: &str| {
        let is_path = |device: &&str| line.contains(&format!("\"{device}\""));
        DEVICES.iter().any(is_path)
    };
    trace
        .lines()
        .filter(writes)
        .filter(|line| !line.contains("ENOENT") && !device(line))
        .map(str::to_owned)
        .collect()
}

/// Nothing was written, and nothing of the resident is anywhere.
fn assert_nothing_left(folder: &Path, stage: &Stage, person: &Person, watched: &Watched) {
    let Watched { run, trace, home } = watched;
    let saw_settings = trace.contains("kiosk.toml");
    assert!(saw_settings, "the trace saw the settings read");
    assert_eq!(opened_for_writing(trace), [""; 0]);
    let none = Vec::<PathBuf>::new();
    assert_eq!(leak_search::files_below(home.path()).unwrap(), none);

    let pins = [person.pin.expose().clone()];
    let canaries = Canaries::of(folder, std::slice::from_ref(person), &pins);
    for needed in ["passport number", "PIN command", "individual number"] {
        let known = (0..64).any(|number| canaries.label(number).starts_with(needed));
        assert!(known, "{needed} is searched for");
    }
    for part in ["printer", "pcscd", "register", "public"] {
        let found = canaries.search.found_below(&folder.join(part));
        assert_eq!(found.unwrap(), none, "in {part}");
    }
    let log = std::fs::read(stage.server.log()).unwrap();
    for (place, said) in [("log", &log[..]), ("screens", run.screens.as_bytes())] {
        let found = canaries.search.found_in(said);
        let found = found.map(|number| canaries.label(number));
        assert_eq!(
            found, None,
            "in the server's log or on the screens: {place}"
        );
    }
    assert!(!run.screens.contains(person.pin.expose()));
}

#[test]
fn a_session_writes_no_file_and_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let stage = Stage::raise(folder, &Plan::default(), Behaviour::PrintsAndForgets).unwrap();
    let person = stage.ground.person(Kind::VariationSelector).unwrap();
    let watched = watched_session(&stage, person);
    assert_eq!(watched.run.exit_code, Some(0), "{}", watched.run.screens);
    assert_eq!(stage.printer.jobs_started(), 1);
    assert_nothing_left(folder, &stage, person, &watched);
}

#[test]
fn a_session_that_fails_leaves_nothing_either() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let stage = Stage::raise(folder, &Plan::default(), Behaviour::Jams).unwrap();
    let person = stage.ground.person(Kind::VariationSelector).unwrap();
    let watched = watched_session(&stage, person);
    assert_eq!(watched.run.exit_code, Some(31), "{}", watched.run.screens);
    assert_nothing_left(folder, &stage, person, &watched);
}

#[test]
fn a_file_in_named_memory_is_seen_and_a_named_device_is_none() {
    let open = |path: &str| format!("1 openat(AT_FDCWD, \"{path}\", O_RDWR|O_CREAT, 0600) = 3");
    for seen in ["/dev/shm/page", "/dev/null/page", "/tmp/page"] {
        assert_eq!(opened_for_writing(&open(seen)), [open(seen)]);
    }
    assert_eq!(opened_for_writing(&open("/dev/null")), [""; 0]);
}
