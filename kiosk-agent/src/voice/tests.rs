//! Every prompt has its recording, and every recording its text.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use super::recordings::Recording;
use super::*;

/// What was recorded: file, SHA-256 of the file, text.
const RECORDED: &str = include_str!("recorded.tsv");

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("voices")
}

fn recorded() -> BTreeMap<&'static str, (&'static str, &'static str)> {
    RECORDED
        .lines()
        .map(|line| {
            let mut columns = line.split('\t');
            let mut column = || columns.next().expect("three columns");
            (column(), (column(), column()))
        })
        .collect()
}

#[test]
fn each_recording_says_the_text_as_it_is_now() {
    let recorded = recorded();
    let wanted = recordings();
    for Recording { file, text } in &wanted {
        let (_, said) = recorded
            .get(file.as_str())
            .unwrap_or_else(|| panic!("{file} is not recorded: scripts/voices.sh"));
        assert_eq!(said, text, "{file} says something else: scripts/voices.sh");
    }
    assert_eq!(wanted.len(), recorded.len(), "recordings without a text");
}

#[test]
fn the_folder_holds_what_was_recorded_and_nothing_else() {
    let recorded = recorded();
    let mut there = BTreeSet::new();
    for entry in std::fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if name == "README.md" {
            continue;
        }
        let (digest, _) = recorded[name.as_str()];
        let content = std::fs::read(&path).unwrap();
        assert_eq!(hex(&crypto::sha256(&content)), digest, "{name}");
        there.insert(name);
    }
    assert_eq!(there.len(), recorded.len());
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A real decoder takes each file to its end, and it is as long as a word or a few sentences.
#[test]
fn each_recording_decodes_and_is_heard() {
    for file in recorded().keys() {
        let seconds = seconds_of(&folder().join(file));
        assert!((0.3..=30.0).contains(&seconds), "{file}: {seconds} s");
    }
}

fn seconds_of(path: &Path) -> f64 {
    let rate = 16_000;
    let decoded = Command::new("ffmpeg")
        .args(["-v", "error", "-xerror", "-i"])
        .arg(path)
        .args(["-f", "s16le", "-ac", "1", "-ar", &rate.to_string(), "-"])
        .output()
        .expect("ffmpeg is there: scripts/install.sh test");
    assert!(decoded.status.success(), "{}", path.display());
    let loudest = decoded
        .stdout
        .chunks_exact(2)
        .map(|sample| i16::from_le_bytes([sample[0], sample[1]]).unsigned_abs())
        .max();
    assert!(loudest > Some(3_000), "{}: {loudest:?}", path.display());
    let samples = u32::try_from(decoded.stdout.len() / 2).unwrap();
    f64::from(samples) / f64::from(rate)
}

#[test]
fn other_languages_hear_english() {
    let put_card = |language| Prompt::Step(Step::PutCard).files(language);
    assert_eq!(put_card(Language::EasyJapanese), ["ja-put-card.opus"]);
    assert_eq!(put_card(Language::Korean), ["en-put-card.opus"]);
}

#[test]
fn counts_have_a_file_each_and_money_is_put_together() {
    let wrong = |tries| Prompt::Step(Step::WrongPin { tries }).files(Language::English);
    assert_eq!(wrong(2), ["en-wrong-pin-2.opus"]);
    assert_eq!(wrong(15), Vec::<String>::new());
    for amount in [0, 10_000] {
        let missing = Step::PutInCoins {
            missing: Yen(amount),
        };
        let files = Prompt::Step(missing).files(Language::English);
        assert_eq!(files, Vec::<String>::new(), "no half sentence");
    }
    let missing = Step::PutInCoins { missing: Yen(110) };
    assert_eq!(
        Prompt::Step(missing).files(Language::Japanese),
        [
            "ja-put-in-coins.opus",
            "ja-number-100.opus",
            "ja-number-10.opus",
            "ja-yen.opus"
        ]
    );
}
