//! The kiosk keeps nothing (control C06): no file is written during a session, and afterwards
//! neither spool nor logs nor register hold anything of the resident in the clear.

#![allow(clippy::unwrap_used)] // a test that cannot go on fails

use std::path::PathBuf;
use std::process::Command;

use fixtures::card::VirtualCard;
use fixtures::municipality::{Kind, Person};
use fixtures::stage::Stage;
use fixtures::stage::ground::Plan;
use fixtures::stage::kiosk;
use fixtures::stage::printer::Behaviour;
use leak_search::LeakSearch;

/// What nobody but the resident, the card and the paper may hold.
fn canaries(person: &Person) -> LeakSearch {
    let name = person.name.expose();
    let mut canaries = vec![
        name.clone(),
        name.replace('\u{3000}', " "),
        person.individual_number.expose().clone(),
        person.address.expose().clone(),
        person.birth_date.expose().clone(),
    ];
    canaries.extend(name.split('\u{3000}').map(str::to_owned));
    // Two characters of a name may stand anywhere by chance.
    canaries.retain(|canary| canary.len() >= 6);
    LeakSearch::of(canaries)
}

/// Files that a traced program opened for writing, or made.
fn opened_for_writing(trace: &str) -> Vec<String> {
    trace
        .lines()
        .filter(|line| {
            ["O_WRONLY", "O_RDWR", "O_CREAT", "creat(", "memfd_create"]
                .iter()
                .any(|word| line.contains(word))
        })
        .filter(|line| !line.contains("ENOENT") && !line.contains("\"/dev/"))
        .map(str::to_owned)
        .collect()
}

#[test]
fn a_session_writes_no_file_and_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let stage = Stage::raise(folder.path(), &Plan::default(), Behaviour::PrintsAndForgets).unwrap();
    let person = stage.ground.person(Kind::VariationSelector).unwrap();
    let empty = tempfile::tempdir().unwrap();
    let trace = empty.path().join("trace");
    let home = empty.path().join("home");
    std::fs::create_dir(&home).unwrap();

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
        .env("HOME", &home)
        .env("TMPDIR", &home)
        .current_dir(&home);
    let run = kiosk::start(
        stage.pcscd.serve(&mut traced),
        person.pin.expose(),
        Some(inserted),
    )
    .unwrap()
    .wait()
    .unwrap();
    assert_eq!(run.exit_code, Some(0), "{}", run.screens);
    assert_eq!(stage.printer.jobs_started(), 1);

    let traced = std::fs::read_to_string(&trace).unwrap();
    assert!(
        traced.contains("kiosk.toml"),
        "the trace saw the settings read"
    );
    assert_eq!(opened_for_writing(&traced), [""; 0]);
    assert_eq!(
        leak_search::files_below(&home).unwrap(),
        Vec::<PathBuf>::new()
    );

    let canaries = canaries(person);
    for part in ["printer", "pcscd", "register", "public"] {
        assert_eq!(
            canaries.found_below(&folder.path().join(part)).unwrap(),
            Vec::<PathBuf>::new()
        );
    }
    let log = std::fs::read(stage.server.log()).unwrap();
    let said = [log.as_slice(), run.screens.as_bytes()].concat();
    assert_eq!(
        canaries.found_in(&said),
        None,
        "in the server's log or on the kiosk's screens"
    );
    assert!(!run.screens.contains(person.pin.expose()));
}

#[test]
fn a_session_that_fails_leaves_nothing_either() {
    let folder = tempfile::tempdir().unwrap();
    let stage = Stage::raise(folder.path(), &Plan::default(), Behaviour::Jams).unwrap();
    let person = stage.ground.person(Kind::VariationSelector).unwrap();
    let card = VirtualCard::new(stage.ground.card_of(person).unwrap());
    let run = stage
        .issue(card, person.pin.expose(), &["--agree", "--kind", "abroad"])
        .unwrap();
    assert_eq!(run.exit_code, Some(31), "{}", run.screens);
    let canaries = canaries(person);
    for part in ["printer", "pcscd", "register"] {
        assert_eq!(
            canaries.found_below(&folder.path().join(part)).unwrap(),
            Vec::<PathBuf>::new()
        );
    }
}
