//! The individual number is never shown (C28): its digits leave their type where they are stored,
//! hashed or sealed, and nowhere else. Nothing prints them, not even masked; and whoever looks at
//! everything that the kiosk tells its page finds none.

#![allow(clippy::unwrap_used)] // a test that cannot go on has failed

use std::path::{Path, PathBuf};

use fixtures::municipality::Kind;
use fixtures::stage::printer::Behaviour;
use leak_search::LeakSearch;
use system_tests::screen_stage::AtKiosk;
use system_tests::screen_stage::ways::At;

/// Where digits leave a type, and what for. PIN and OCR line have a method of the same name.
const PLACES: [(&str, usize, &str); 6] = [
    (
        "crates/application/src/messages/venue.rs",
        1,
        "the voucher's OCR line, in a sealed message",
    ),
    (
        "crates/my-number-card/src/card_info_input_ap.rs",
        1,
        "the PIN, to the card",
    ),
    (
        "crates/my-number-card/src/holder.rs",
        1,
        "the number, into the sealed holder ticket",
    ),
    (
        "crates/registry/src/keys/mod.rs",
        1,
        "the number, into a keyed hash",
    ),
    (
        "crates/registry/src/model/sealed_forms.rs",
        1,
        "the number, into the resident's sealed text",
    ),
    (
        "server/src/directory.rs",
        1,
        "the number, to the municipality's own directory on its standard input",
    ),
];

/// The program's own lines that let digits out: without tests and without the types themselves.
fn places() -> Vec<(String, usize)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut files = Vec::new();
    for folder in ["crates", "server", "mobile-api", "kiosk-agent"] {
        files.extend(leak_search::files_below(&root.join(folder)).unwrap());
    }
    let is_program = |path: &PathBuf| {
        // Below the root only: a checkout may itself lie in a folder called src.
        let below = path.strip_prefix(root).unwrap();
        let parts: Vec<_> = below.components().map(|part| part.as_os_str()).collect();
        path.extension().is_some_and(|extension| extension == "rs")
            && parts.contains(&"src".as_ref())
            && !path.starts_with(root.join("crates/domain"))
            // Tests in a file of their own.
            && !["of_before.rs", "tests.rs"].iter().any(|name| path.ends_with(name))
    };
    let mut found = Vec::new();
    for path in files.into_iter().filter(is_program) {
        let text = std::fs::read_to_string(&path).unwrap();
        let program = text.split("#[cfg(test)]\nmod tests").next().unwrap();
        let count = program.matches("expose_digits").count();
        if count > 0 {
            let path = path.strip_prefix(root).unwrap();
            found.push((path.to_str().unwrap().to_owned(), count));
        }
    }
    found.sort();
    found
}

#[test]
fn the_numbers_digits_leave_their_type_where_they_are_stored_or_hashed_only() {
    let expected: Vec<(String, usize)> = PLACES
        .iter()
        .map(|(path, count, _)| ((*path).to_owned(), *count))
        .collect();
    assert_eq!(places(), expected, "what is it for, and who sees it?");
}

/// From now on the page keeps every message it is told, and itself as it is drawn by it.
const KEEP: &str = "const parse = JSON.parse;
    window.told = [];
    JSON.parse = (text, ...more) => { window.told.push(text); return parse(text, ...more); };
    document.addEventListener('drawn',
        () => window.told.push(document.documentElement.outerHTML));
    return true";

#[test]
fn no_screen_carries_the_number() {
    let mut kiosk = AtKiosk::come(Behaviour::Prints);
    assert_eq!(kiosk.value(KEEP), true);
    kiosk.go_to(At::Ending);
    let told = kiosk.text_of("return window.told.join('\\n')");
    let log = std::fs::read(kiosk.agent.log()).unwrap();
    let person = kiosk.person(Kind::ThreeDoses);
    let number = person.individual_number.expose();
    // Masked, it is shown as far as this.
    let search = LeakSearch::of([number.as_str(), &number[..8], &number[4..]]);
    for (what, content) in [("screens", told.as_bytes()), ("log", log.as_slice())] {
        assert_eq!(search.found_in(content), None, "{what}");
        let masked = [content, &number.as_bytes()[4..]].concat();
        assert!(search.found_in(&masked).is_some(), "{what} were searched");
    }
    let places = ["preview", "take-paper", "券面事項入力補助用暗証番号"];
    assert!(places.iter().all(|place| told.contains(place)));
}
