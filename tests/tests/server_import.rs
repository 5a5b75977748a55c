//! `server import` as a person gives it: encrypted files, two persons, a report of what did not
//! land, the medium's erasure recorded (C22).

#![allow(clippy::unwrap_used)] // a test that cannot go on has failed

use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use encrypted_file::{EncryptingWriter, Identity, Recipients};
use registry::ImportFile;
use system_tests::server_stage::Ground;

const CITY: &str = "122271";

/// A ground where files are encrypted and a second person is asked.
async fn ground() -> (Ground, Identity) {
    let ground = Ground::lay().await;
    let identity = Identity::generate();
    let file = ground.path("imports.identity");
    std::fs::write(&file, identity.to_text().as_bytes()).unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
    ground.write_settings("settings.toml", |text| {
        let text = text
            .replace("accept_plain_imports = true\n", "")
            .replace("accept_unapproved_imports = true\n", "");
        format!("{text}\n[imports]\nidentity = \"imports.identity\"\n")
    });
    (ground, identity)
}

fn row(resident: &str, birth: &str) -> String {
    format!("{resident},,見本　太郎,,{birth},1,千葉県浦安市,,,,\n")
}

fn residents(rows: &[String]) -> String {
    format!("{}\n{}", ImportFile::Residents.header(), rows.concat())
}

fn write(ground: &Ground, name: &str, content: &[u8]) -> PathBuf {
    let path = ground.path(name);
    std::fs::write(&path, content).unwrap();
    path
}

fn encrypt(ground: &Ground, name: &str, text: &str, identity: &Identity) -> PathBuf {
    let recipients = Recipients::parse(&identity.recipient()).unwrap();
    let mut writer = EncryptingWriter::new(Vec::new(), &recipients).unwrap();
    writer.write_all(text.as_bytes()).unwrap();
    write(ground, name, &writer.finish().unwrap())
}

/// Gives a command; whether it ended well, and what it said.
fn give(ground: &Ground, words: &[&str]) -> (bool, String) {
    let words = [words, &["--municipality", CITY]].concat();
    ground.command_with_input(&words, "")
}

fn ask(ground: &Ground, file: &str) -> (bool, String) {
    let words = ["import", "residents", file, "--staff", "yamada"];
    give(ground, &[&words[..], &["--reason", "transfer"]].concat())
}

/// Has a request approved by another person; gives its id.
fn approved(ground: &Ground, said: &str) -> String {
    let (_, id) = said.split_once("server approvals approve ").unwrap();
    let id = id.trim_start()[..16].to_owned();
    let (done, said) = give(ground, &["approvals", "approve", &id, "--staff", "sato"]);
    assert!(done, "{said}");
    id
}

#[tokio::test]
async fn two_persons_bring_in_an_encrypted_file_and_record_that_its_medium_is_erased() {
    let (ground, identity) = ground().await;
    let rows = [row("9000000001", "19800101"), row("9000000002", "19800231")];
    let file = encrypt(&ground, "r.csv.age", &residents(&rows), &identity);
    let file = file.to_str().unwrap();
    let report = ground.path("refused.jsonl");
    let report_words = ["--report", report.to_str().unwrap()];

    let words = [
        "import",
        "residents",
        file,
        "--staff",
        "yamada",
        "--reason",
        "transfer",
    ];
    let (asked, said) = give(&ground, &[&words[..], &report_words].concat());
    assert!(asked, "{said}");
    assert!(
        said.contains("1 added, 0 changed, 0 unchanged, 1 refused"),
        "{said}"
    );
    assert!(said.contains("1 × no-such-date"), "{said}");
    let id = approved(&ground, &said);

    let words = [
        "import",
        "residents",
        file,
        "--staff",
        "yamada",
        "--approval",
        &id,
    ];
    let (clean, said) = give(&ground, &[&words[..], &report_words].concat());
    assert!(!clean, "one row did not land");
    let (_, batch) = said.split_once("server import erased ").unwrap();
    let batch = batch[..16].to_owned();
    let listed = std::fs::read_to_string(&report).unwrap();
    assert_eq!(
        listed,
        "{\"file\":\"r.csv.age\",\"line\":3,\"column\":\"birth_date\",\"reason\":\"no-such-date\",\
         \"landed\":false,\"message\":\"no such date or time\"}\n"
    );
    assert!(!said.contains("見本") && !said.contains("9000000002"));

    // Given again, as after a crash: it has landed.
    let (clean, said) = give(&ground, &words);
    assert!(clean && said.contains("has landed already"), "{said}");

    let (_, said) = give(&ground, &["import", "batches"]);
    let line = said.lines().find(|line| line.starts_with(&batch)).unwrap();
    assert!(
        line.contains("by yamada") && line.contains("not erased"),
        "{line}"
    );
    let words = [
        "import", "erased", &batch, "--staff", "yamada", "--how", "shredded",
    ];
    let (done, said) = give(&ground, &words);
    assert!(done, "{said}");
    let (_, said) = give(&ground, &["import", "batches"]);
    assert!(!said.contains(&batch), "{said}");
    let (_, said) = give(&ground, &["import", "batches", "--all"]);
    assert!(said.contains("medium erased"), "{said}");
}

/// As before the first `server serve`: settings whose register's folder is not there yet.
fn without_a_register(ground: &Ground) -> PathBuf {
    ground.write_settings("settings.toml", |text| {
        let text = text
            .replace("directory = \"register\"", "directory = \"fresh\"")
            .replace("accept_unapproved_imports = true\n", "");
        format!("{text}\n[imports]\nidentity = \"imports.identity\"\n")
    });
    let register = ground.path("fresh/municipalities").join(CITY);
    register.with_extension("db")
}

#[tokio::test]
async fn before_the_server_ran_for_the_first_time_an_import_makes_the_register() {
    let (ground, identity) = ground().await;
    let register = without_a_register(&ground);
    let text = residents(&[row("9000000001", "19800101")]);
    let file = encrypt(&ground, "r.csv.age", &text, &identity);
    let file = file.to_str().unwrap();
    let (asked, said) = ask(&ground, file);
    assert!(asked && said.contains("1 added"), "{said}");
    assert!(register.exists());
    let id = approved(&ground, &said);
    let by = ["--staff", "yamada", "--approval", &id];
    let (landed, said) = give(&ground, &[&["import", "residents", file], &by[..]].concat());
    assert!(landed, "{said}");
}

/// What a municipality has not declared is off (C39).
#[tokio::test]
async fn a_municipality_without_a_declaration_gets_no_register() {
    let (ground, identity) = ground().await;
    let register = without_a_register(&ground);
    let declaration = ground.path("data").join(CITY).join("municipality.toml");
    std::fs::remove_file(declaration).unwrap();
    let text = residents(&[row("9000000001", "19800101")]);
    let file = encrypt(&ground, "r.csv.age", &text, &identity);
    let (asked, said) = ask(&ground, file.to_str().unwrap());
    assert!(!asked && said.contains("has no declaration"), "{said}");
    assert!(!register.exists());
}

#[tokio::test]
async fn rows_with_a_fault_are_listed_beside_the_file_where_nobody_says_where() {
    let (ground, identity) = ground().await;
    let text = residents(&[row("9000000001", "19800231")]);
    let file = encrypt(&ground, "r.csv.age", &text, &identity);
    let (asked, said) = ask(&ground, file.to_str().unwrap());
    let listed = ground.path("r.csv.age.rejected.jsonl");
    assert!(asked && said.contains(listed.to_str().unwrap()), "{said}");
    let listed = std::fs::read_to_string(listed).unwrap();
    assert!(listed.contains("\"reason\":\"no-such-date\""), "{listed}");
    // On a medium that takes nothing, it is said what to do.
    let words = ["--report", "/proc/no-such-file.jsonl"];
    let asking = ["import", "residents", file.to_str().unwrap()];
    let by = ["--staff", "yamada", "--reason", "transfer"];
    let (asked, said) = give(&ground, &[&asking[..], &by, &words].concat());
    assert!(!asked && said.contains("--report FILE"), "{said}");
}

#[tokio::test]
async fn a_file_that_changed_after_its_approval_lands_nothing() {
    let (ground, identity) = ground().await;
    let name = "r.csv.age";
    let text = residents(&[row("9000000001", "19800101")]);
    let file = encrypt(&ground, name, &text, &identity);
    let (_, said) = ask(&ground, file.to_str().unwrap());
    let id = approved(&ground, &said);
    // The same text, encrypted again: not the file that was approved.
    let file = encrypt(&ground, name, &text, &identity);
    let file = file.to_str().unwrap();
    let words = [
        "import",
        "residents",
        file,
        "--staff",
        "yamada",
        "--approval",
        &id,
    ];
    let (done, said) = give(&ground, &words);
    assert!(
        !done && said.contains("Nothing of the batch has landed"),
        "{said}"
    );
}

#[tokio::test]
async fn what_is_not_as_it_should_be_says_what_and_where() {
    let (ground, identity) = ground().await;
    let text = residents(&[row("9000000001", "19800101")]);
    let plain = write(&ground, "plain.csv", text.as_bytes());
    let elsewhere = encrypt(&ground, "others.age", &text, &Identity::generate());
    let whole = encrypt(&ground, "whole.age", &text, &identity);
    let whole = std::fs::read(whole).unwrap();
    let cut = write(&ground, "cut.age", &whole[..whole.len() - 20]);
    let empty = encrypt(&ground, "empty.age", "", &identity);
    let header = encrypt(&ground, "header.age", "a,b\n1,2\n", &identity);
    let other_file = ImportFile::Vouchers.header() + "\n";
    let vouchers = encrypt(&ground, "vouchers.age", &other_file, &identity);
    for (file, expected) in [
        (plain, "it is not encrypted"),
        (elsewhere, "encrypted to others"),
        (cut, "changed or cut off"),
        (empty, "it is empty"),
        (header, "not the header"),
        (vouchers, "column 2 of the header"),
        (ground.path("nowhere.age"), "nowhere.age"),
    ] {
        let (done, said) = ask(&ground, file.to_str().unwrap());
        assert!(!done && said.contains(expected), "{said}");
        assert!(said.contains(file.file_name().unwrap().to_str().unwrap()));
    }
    // CP932 that is said to be UTF-8.
    let (cp932, _, _) = encoding_rs::SHIFT_JIS.encode(&text);
    let recipients = Recipients::parse(&identity.recipient()).unwrap();
    let mut writer = EncryptingWriter::new(Vec::new(), &recipients).unwrap();
    writer.write_all(&cp932).unwrap();
    let file = write(&ground, "cp932.age", &writer.finish().unwrap());
    let file = file.to_str().unwrap();
    let words = [
        "import",
        "residents",
        file,
        "--staff",
        "yamada",
        "--reason",
        "x",
    ];
    let (done, said) = give(&ground, &[&words[..], &["--encoding", "utf-8"]].concat());
    let byte = ImportFile::Residents.header().len() + "\n9000000001,,".len() + 1;
    let expected = format!("from byte {byte} of the file, in line 2");
    assert!(!done && said.contains(&expected), "{said}");
    let (done, said) = give(&ground, &words);
    assert!(done, "told apart by itself: {said}");
}

#[tokio::test]
async fn one_person_alone_brings_in_nothing() {
    let (ground, identity) = ground().await;
    let text = residents(&[row("9000000001", "19800101")]);
    let file = encrypt(&ground, "r.csv.age", &text, &identity);
    let file = file.to_str().unwrap();
    let (done, said) = give(&ground, &["import", "residents", file]);
    assert!(!done && said.contains("a second person approves"), "{said}");
    let (done, said) = give(&ground, &["import", "residents", file, "--reason", "x"]);
    assert!(!done && said.contains("--staff"), "{said}");
    let (_, said) = ask(&ground, file);
    let (_, id) = said.split_once("server approvals approve ").unwrap();
    let id = &id.trim_start()[..16];
    let (done, said) = give(&ground, &["approvals", "approve", id, "--staff", "yamada"]);
    assert!(!done, "{said}");
    let words = [
        "import",
        "residents",
        file,
        "--staff",
        "yamada",
        "--approval",
        id,
    ];
    let (done, said) = give(&ground, &words);
    assert!(
        !done && said.contains("Nothing of the batch has landed"),
        "{said}"
    );
    // Nor a folder, without the setting for invented data.
    let data = ground.path("data");
    let refused = ground
        .try_command(&["import", data.to_str().unwrap()])
        .await;
    let said = refused.unwrap_err().to_string();
    assert!(said.contains("a second person approves"), "{said}");
}

#[tokio::test]
async fn an_identity_that_others_may_read_is_refused() {
    let (ground, _) = ground().await;
    let file = ground.path("imports.identity");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o640)).unwrap();
    let (done, said) = ask(&ground, "whatever.age");
    assert!(!done && said.contains("chmod 600"), "{said}");
}
