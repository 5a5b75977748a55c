//! `docs/PROTOCOL.md` says what the code does, where it says it in numbers and names.

use application::client::ChannelKey;
use application::outer::{
    GATEWAY_PATH, LONGEST_SEALED_REPLY, LONGEST_SEALING_CONFIGURATION, SEALED_REQUEST_LENGTH,
    SEALING_CONFIGURATION_PATH, VENUE_GATEWAY_PATH,
};
use application::{
    Call, FRESHNESS_SECONDS, LONGEST_PROBLEM, LONGEST_VALIDITY_SECONDS, ProblemType, REQUEST_LENGTH,
};

const DOCUMENT: &str = include_str!("../../../docs/PROTOCOL.md");

/// With commas between thousands.
fn written(number: usize) -> String {
    let digits = number.to_string();
    let mut written = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            written.push(',');
        }
        written.push(digit);
    }
    written
}

fn row(beginning: &str) -> &'static str {
    DOCUMENT
        .lines()
        .find(|line| line.starts_with(beginning))
        .unwrap_or_else(|| panic!("no line begins with {beginning}"))
}

#[test]
fn every_problem_has_its_row() {
    for kind in ProblemType::ALL {
        row(&format!("| `{}` | {} |", kind.name(), kind.status()));
    }
    let rows = DOCUMENT.split("| name | status |").nth(1).unwrap();
    let rows = rows.lines().filter(|line| line.starts_with("| `")).count();
    assert_eq!(rows, ProblemType::ALL.len(), "a problem that is none");
}

#[test]
fn every_call_has_its_bucket() {
    for call in Call::ALL {
        let name = call.path().trim_start_matches("/v1/");
        let table = DOCUMENT.split("| call | bucket |").nth(1).unwrap();
        let line = table
            .lines()
            .take(8)
            .find(|line| line.contains(&format!("`{name}`")))
            .unwrap();
        let numbers = format!(
            "| {} | {} |",
            written(call.reply_bucket()),
            written(call.longest_reply())
        );
        assert!(line.ends_with(&numbers), "{line} should end with {numbers}");
    }
}

#[test]
fn every_number_and_path_is_there() {
    for number in [
        SEALED_REQUEST_LENGTH,
        LONGEST_SEALED_REPLY,
        LONGEST_SEALING_CONFIGURATION,
        REQUEST_LENGTH,
        LONGEST_PROBLEM,
        usize::try_from(LONGEST_VALIDITY_SECONDS).unwrap(),
    ] {
        assert!(DOCUMENT.contains(&written(number)), "{}", written(number));
    }
    assert!(DOCUMENT.contains(&format!("{FRESHNESS_SECONDS} s")));
    for path in [GATEWAY_PATH, VENUE_GATEWAY_PATH, SEALING_CONFIGURATION_PATH] {
        assert!(DOCUMENT.contains(path), "{path}");
    }
}

#[test]
fn a_channel_id_is_written_as_in_the_example() {
    let (key, _) = ChannelKey::generate().unwrap();
    let id = key.id().to_string();
    assert_eq!(id.len(), 64);
    assert_eq!(id, id.to_lowercase());
}
