//! What needs a second person, as staff of a municipality do it: the ledger export and erasure.
#![allow(clippy::unwrap_used)] // a step that fails ends the test

use std::io::Read as _;

use domain::{MunicipalityCode, SystemClock, japan_date};
use encrypted_file::{DecryptingReader, Identity};
use registry::{Actor, Purpose};
use system_tests::server_stage::Ground;
use time::Duration;

/// What a command says to a member of staff; `Err` where it does not end well.
fn says(ground: &Ground, staff: &str, words: &[&str], input: &str) -> Result<String, String> {
    let code = Ground::urayasu().to_string();
    let by = ["--municipality", &code, "--staff", staff];
    let (ended_well, said) = ground.command_with_input(&[words, &by].concat(), input);
    if ended_well { Ok(said) } else { Err(said) }
}

/// The id in what a request printed.
fn asked_for(said: &str) -> String {
    assert!(said.contains("asked for, not done yet"), "{said}");
    let (_, id) = said.split_once("server approvals approve ").unwrap();
    id.split(' ').next().unwrap().to_owned()
}

/// Adds sections to the municipality's declaration.
fn declare(ground: &Ground, sections: &[(&str, &str)]) {
    let from = japan_date(domain::Clock::now(&SystemClock)) - Duration::days(1);
    let folder = ground.path("data").join(Ground::urayasu().as_str());
    let file = folder.join("municipality.toml");
    let mut text = std::fs::read_to_string(&file).unwrap();
    for (section, keys) in sections {
        text += &format!("\n[{section}]\nlegal_basis = \"見本条例\"\nfrom = {from}\n{keys}");
    }
    std::fs::write(&file, text).unwrap();
}

fn export<'a>(out: &'a str, last: [&'a str; 2]) -> Vec<&'a str> {
    let words = [
        "export",
        "ledger",
        "--from",
        "2021-02-17",
        "--until",
        "2024-03-31",
        "--disease",
        "新型コロナウイルス感染症",
        "--encoding",
        "utf-8",
        "--out",
        out,
    ];
    [&words[..], &last[..]].concat()
}

#[tokio::test]
async fn a_ledger_is_asked_for_approved_and_written_once() {
    let ground = Ground::lay().await;
    let out = ground.path("ledger.csv.age");
    let out = out.to_str().unwrap();
    let ask = export(out, ["--reason", "monthly"]);
    let off = says(&ground, "yamada", &ask, "").unwrap_err();
    assert!(off.contains("[export] is not declared"), "{off}");

    let identity = Identity::generate();
    let recipients = format!("recipients = [\"{}\"]\n", identity.recipient().trim());
    declare(&ground, &[("export", &recipients)]);
    let id = asked_for(&says(&ground, "yamada", &ask, "").unwrap());
    let approve = ["approvals", "approve", &id];
    let waits = says(&ground, "sato", &["approvals", "list"], "").unwrap();
    assert!(waits.contains("asked for by yamada 0 h"), "{waits}");
    let shown = says(&ground, "sato", &["approvals", "show", &id], "").unwrap();
    assert!(
        shown.contains("why:    monthly") && shown.contains("encrypted to age1"),
        "{shown}"
    );

    let run = export(out, ["--approval", &id]);
    let early = says(&ground, "yamada", &run, "").unwrap_err();
    assert!(early.contains("nobody has approved it yet"), "{early}");
    let alone = says(&ground, "Yamada", &approve, "").unwrap_err();
    assert!(alone.contains("a second person must"), "{alone}");
    says(&ground, "sato", &approve, "").unwrap();
    let done = says(&ground, "yamada", &run, "").unwrap();
    assert!(done.contains("SHA-256"), "{done}");

    let file = std::fs::read(out).unwrap();
    assert!(done.contains(&hex::encode(crypto::sha256(&file))));
    let mut content = Vec::new();
    DecryptingReader::open(&file[..], &identity)
        .unwrap()
        .read_to_end(&mut content)
        .unwrap();
    let content = String::from_utf8(content).unwrap();
    assert!(content.lines().count() > 1);
    for person in &ground.people.people {
        assert!(!content.contains(person.individual_number.expose().as_str()));
    }
    let names: Vec<_> = std::fs::read_dir(ground.path("ledger.csv.age").parent().unwrap())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with("ledger"))
        .collect();
    assert_eq!(
        names,
        ["ledger.csv.age"],
        "nothing half-written, no empty report"
    );

    let again = says(&ground, "yamada", &run, "").unwrap_err();
    assert!(again.contains("nothing is overwritten"), "{again}");
    let other = ground.path("other");
    let again = export(other.to_str().unwrap(), ["--approval", &id]);
    let again = says(&ground, "yamada", &again, "").unwrap_err();
    assert!(again.contains("it was used before"), "{again}");
    assert!(!other.exists());
}

#[tokio::test]
async fn what_is_kept_no_longer_and_a_resident_are_erased_by_two() {
    let ground = Ground::lay().await;
    let plan = ["retention", "plan"];
    let off = says(&ground, "yamada", &plan, "").unwrap_err();
    assert!(off.contains("[retention] is not declared"), "{off}");
    declare(&ground, &[("retention", "passports = \"1 day\"\n")]);
    let planned = says(&ground, "yamada", &plan, "").unwrap();
    assert!(planned.contains(" passports until "), "{planned}");

    let run = says(
        &ground,
        "yamada",
        &["retention", "run", "--reason", "yearly"],
        "",
    )
    .unwrap();
    let id = asked_for(&run);
    says(&ground, "sato", &["approvals", "approve", &id], "").unwrap();
    let erased = ["retention", "run", "--approval", &id];
    assert!(
        says(&ground, "yamada", &erased, "")
            .unwrap()
            .contains("erased:")
    );
    let planned = says(&ground, "yamada", &plan, "").unwrap();
    assert!(planned.contains("  0 passports until "), "{planned}");

    let number = ground
        .people
        .people
        .iter()
        .flat_map(|person| &person.registers)
        .find(|register| register.municipality == Ground::urayasu())
        .map(|register| format!("{}\n", register.resident_number))
        .unwrap();
    let erase = [
        "erase",
        "--resident-number-from-stdin",
        "--reason",
        "court order",
    ];
    let id = asked_for(&says(&ground, "yamada", &erase, &number).unwrap());
    says(&ground, "sato", &["approvals", "approve", &id], "").unwrap();
    let erase = ["erase", "--resident-number-from-stdin", "--approval", &id];
    assert!(
        says(&ground, "yamada", &erase, &number)
            .unwrap()
            .contains("1 resident")
    );
    let gone = says(&ground, "yamada", &erase, &number).unwrap_err();
    assert!(gone.contains("no resident of this number"), "{gone}");
    let shown = says(&ground, "sato", &["approvals", "show", &id], "").unwrap();
    assert!(
        !shown.contains(number.trim()) && shown.contains("erased, with its period"),
        "{shown}"
    );

    let registry = ground.registry().await;
    let urayasu: MunicipalityCode = Ground::urayasu();
    let audit = registry
        .municipality(urayasu, Purpose::Audit, Actor::Server)
        .await
        .unwrap();
    let verdict = audit.verify_audit(None).await.unwrap();
    assert!(
        matches!(verdict, registry::AuditVerdict::Holds(_)),
        "{verdict:?}"
    );
}
