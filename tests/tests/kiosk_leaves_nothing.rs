//! The kiosk keeps nothing (control C06): no file is written during a session, and afterwards
//! neither spool nor logs nor register hold anything of the resident in the clear.

#![allow(clippy::unwrap_used)] // a test that cannot go on fails

use std::path::{Path, PathBuf};
use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use fixtures::card::VirtualCard;
use fixtures::municipality::{Kind, Person};
use fixtures::stage::Stage;
use fixtures::stage::ground::Plan;
use fixtures::stage::kiosk;
use fixtures::stage::printer::Behaviour;

/// What nobody but the resident, the card and the paper may hold.
fn canaries(person: &Person) -> Vec<String> {
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
    canaries
}

/// A text as it may lie in a file: UTF-8, UTF-16, hexadecimal, base64 at each alignment.
fn encodings(text: &str) -> Vec<Vec<u8>> {
    let utf8 = text.as_bytes();
    let mut encodings = vec![
        utf8.to_vec(),
        text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        utf8.iter()
            .flat_map(|byte| format!("{byte:02x}").into_bytes())
            .collect(),
    ];
    for before in 0..3 {
        let padded = [&vec![0; before][..], utf8].concat();
        let encoded = STANDARD_NO_PAD.encode(padded);
        // The characters at both ends also depend on what stands beside the text.
        let whole = &encoded[before + 1..encoded.len() - 1];
        encodings.push(whole.as_bytes().to_vec());
    }
    encodings
}

fn holds(content: &[u8], needle: &[u8]) -> bool {
    content.windows(needle.len()).any(|window| window == needle)
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(files_below(&path));
        } else if path.is_file() {
            files.push(path);
        }
    }
    files
}

/// The files below a folder that hold one of the canaries in some encoding.
fn leaks(folder: &Path, canaries: &[String]) -> Vec<PathBuf> {
    let needles: Vec<Vec<u8>> = canaries.iter().flat_map(|text| encodings(text)).collect();
    let mut leaks = files_below(folder);
    leaks.retain(|file| {
        let content = std::fs::read(file).unwrap();
        needles.iter().any(|needle| holds(&content, needle))
    });
    leaks
}

#[test]
fn a_leak_in_any_encoding_would_be_found() {
    let canaries = ["外字の\u{3000}名前".to_owned()];
    for (number, encoding) in encodings(&canaries[0]).into_iter().enumerate() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("log");
        std::fs::write(
            &file,
            [b"x".repeat(number), encoding, b"y".to_vec()].concat(),
        )
        .unwrap();
        assert_eq!(leaks(folder.path(), &canaries), [file]);
    }
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
    assert_eq!(files_below(&home), Vec::<PathBuf>::new());

    let canaries = canaries(person);
    for part in ["printer", "pcscd", "register", "public"] {
        assert_eq!(
            leaks(&folder.path().join(part), &canaries),
            Vec::<PathBuf>::new()
        );
    }
    let log = std::fs::read(stage.server.log()).unwrap();
    let said = [log.as_slice(), run.screens.as_bytes()].concat();
    for needle in canaries.iter().flat_map(|text| encodings(text)) {
        assert!(
            !holds(&said, &needle),
            "in the server's log or on the kiosk's screens"
        );
    }
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
            leaks(&folder.path().join(part), &canaries),
            Vec::<PathBuf>::new()
        );
    }
}
