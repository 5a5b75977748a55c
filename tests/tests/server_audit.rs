//! The audit record by the server's commands: anchored while it serves, verified, searched,
//! exported, reported; and what a person is told.
#![allow(clippy::unwrap_used)] // a step that fails ends the test

use std::path::Path;

use domain::CertificateKind;
use fixtures::municipality::Kind;
use sqlx::Connection as _;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use system_tests::server_stage::{Applicant, ChannelClient, Ground, Running};

const MUNICIPALITY: [&str; 2] = ["--municipality", "122271"];

/// A register with a certificate issued at a kiosk, and the server gone again.
async fn with_an_issue() -> Ground {
    let ground = Ground::lay().await;
    let running = Running::start(&ground).await;
    let kiosk = ChannelClient::kiosk(&ground, &running, 1);
    let applicant = Applicant::of_kind(&ground, Kind::ThreeDoses);
    let ticket = applicant.apply(&kiosk).await.unwrap();
    let kind = CertificateKind::Domestic;
    let order = kiosk.order(&ticket, Ground::urayasu(), kind, 120, 1);
    order.await.unwrap();
    running.stop().await;
    ground
}

fn declare(ground: &Ground, section: &str) {
    let file = ground.path("data/122271/municipality.toml");
    let mut text = std::fs::read_to_string(&file).unwrap();
    text.push_str(section);
    std::fs::write(&file, text).unwrap();
}

/// Runs a command that two people give: asked for, approved by another, done.
async fn by_two(ground: &Ground, words: &[&str], input: &str) -> String {
    let by = [&MUNICIPALITY[..], &["--staff", "officer-01"]].concat();
    let asked = [words, &by, &["--reason", "a request"]].concat();
    let (done, said) = ground.command_with_input(&asked, input);
    assert!(done, "{said}");
    let id = said.split("approvals approve ").nth(1).unwrap();
    let id = id.split(' ').next().unwrap();
    let approve = ["approvals", "approve", id, "--staff", "head-01"];
    ground
        .command(&[&approve[..], &MUNICIPALITY].concat())
        .await;
    let (done, said) =
        ground.command_with_input(&[words, &by, &["--approval", id]].concat(), input);
    assert!(done, "{said}");
    said
}

fn number(ground: &Ground) -> String {
    let person = ground.person(Kind::ThreeDoses);
    format!("{}\n", person.individual_number.expose())
}

#[tokio::test]
async fn a_server_anchors_its_record_and_who_rolls_it_back_is_found() {
    let ground = Ground::lay().await;
    let file = ground.path("register/municipalities/122271.db");
    let before = std::fs::read(&file).unwrap();
    let running = Running::start(&ground).await;
    let kiosk = ChannelClient::kiosk(&ground, &running, 1);
    let applicant = Applicant::of_kind(&ground, Kind::ThreeDoses);
    let ticket = applicant.apply(&kiosk).await.unwrap();
    kiosk.offer(&ticket, Ground::urayasu()).await.unwrap();
    running.stop().await;
    let verify = ["audit", "verify"];
    let (holds, said) = ground.command_with_input(&verify, "");
    assert!(holds, "{said}");
    assert!(said.contains("122271/main: ") && said.contains("all of them anchored"));
    // What comes behind the last head is named.
    let by = [&MUNICIPALITY[..], &["--staff", "officer-01"]].concat();
    ground
        .command(&[&["audit", "refusals"], &by[..]].concat())
        .await;
    let (holds, said) = ground.command_with_input(&verify, "");
    assert!(holds && said.contains("not anchored yet"), "{said}");
    ground.command(&["audit", "anchor"]).await;
    // The database of before, in place of what it became: nothing in it is wrong but its age.
    for name in ["122271.db-wal", "122271.db-shm"] {
        let _ = std::fs::remove_file(ground.path(&format!("register/municipalities/{name}")));
    }
    std::fs::write(&file, before).unwrap();
    let (holds, said) = ground.command_with_input(&verify, "");
    assert!(!holds);
    assert!(
        said.contains("122271/main: BROKEN: the chain ends at"),
        "{said}"
    );
}

#[tokio::test]
async fn a_certificate_taken_out_of_the_register_or_put_in_is_found() {
    for (change, told) in [
        ("DELETE FROM certificate", "do not belong together"),
        (
            "CREATE TEMP TABLE another AS SELECT * FROM certificate; \
             UPDATE another SET id = 'AAAAAAAAAAAA', order_key = randomblob(16), \
               revocation_id = 'AAAAAAAAAAAA'; \
             INSERT INTO certificate SELECT * FROM another",
            "certificate AAAAAAAAAAAA and the entry of its issue",
        ),
    ] {
        let ground = with_an_issue().await;
        let (holds, said) = ground.command_with_input(&["audit", "verify"], "");
        assert!(holds, "{said}");
        let file = ground.path("register/municipalities/122271.db");
        change_by_hand(&file, change).await;
        let (holds, said) = ground.command_with_input(&["audit", "verify"], "");
        assert!(!holds, "{change}: {said}");
        // Every chain is as it was: only the comparison tells.
        assert_eq!(said.matches("BROKEN").count(), 1, "{said}");
        assert!(
            said.contains("122271: BROKEN: ") && said.contains(told),
            "{said}"
        );
    }
}

/// Changes a register's file as somebody with the disk would.
async fn change_by_hand(file: &Path, statements: &str) {
    let options = SqliteConnectOptions::new().filename(file);
    let mut database = SqliteConnection::connect_with(&options).await.unwrap();
    let statements = sqlx::AssertSqlSafe(statements.to_owned());
    sqlx::raw_sql(statements)
        .execute(&mut database)
        .await
        .unwrap();
    database.close().await.unwrap();
}

#[tokio::test]
async fn an_anchor_that_is_missing_or_in_the_wrong_place_is_refused() {
    let ground = Ground::lay().await;
    for (folder, told) in [
        ("not-mounted", "mount its medium"),
        ("register", "another medium"),
    ] {
        ground.write_settings("settings.toml", |text| {
            text.replace("anchor = \"anchor\"", &format!("anchor = \"{folder}\""))
        });
        let refused = ground.try_command(&["audit", "anchor"]).await.unwrap_err();
        assert!(refused.to_string().contains(told), "{refused}");
        let refused = Running::try_start(&ground.settings()).await.err().unwrap();
        assert!(refused.to_string().contains(told), "{refused}");
    }
}

#[tokio::test]
async fn an_export_is_verified_by_somebody_who_has_nothing_else() {
    let ground = with_an_issue().await;
    let auditor = encrypted_file::Identity::generate();
    let key_file = ground.path("auditor.key");
    std::fs::write(&key_file, &*auditor.to_text()).unwrap();
    let owner_only = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    std::fs::set_permissions(&key_file, owner_only).unwrap();
    let out = ground.path("part.age");
    let recipient = auditor.recipient();
    let export = [
        "audit",
        "export",
        "--from",
        "2020-01-01",
        "--to",
        "2099-12-31",
        "--number-from-stdin",
        "--recipient",
        &recipient,
        "--out",
        out.to_str().unwrap(),
    ];
    let said = by_two(&ground, &export, &number(&ground)).await;
    assert!(said.contains("digests of"), "{said}");
    let sealed = std::fs::read(&out).unwrap();
    assert!(!sealed.windows(9).any(|part| part == b"looked-up"));
    // No settings, no register: the program, the file and two keys.
    let verify = |key: &std::path::Path| {
        let done = std::process::Command::new(system_tests::server_stage::program("server"))
            .args(["audit", "verify", "--export"])
            .arg(&out)
            .arg("--identity")
            .arg(&key_file)
            .arg("--key")
            .arg(key)
            .output()
            .unwrap();
        (
            done.status.success(),
            String::from_utf8(done.stdout).unwrap(),
        )
    };
    let (holds, said) = verify(&ground.pki.audit_spki());
    assert!(holds && said.starts_with("holds: "), "{said}");
    let (holds, said) = verify(&ground.pki.sealing_configuration_spki());
    assert!(!holds && said.contains("BROKEN"), "{said}");
}

#[tokio::test]
async fn searching_and_reporting_tell_the_officer_and_are_recorded() {
    let ground = with_an_issue().await;
    let by = [&MUNICIPALITY[..], &["--staff", "officer-01"]].concat();
    let days = ["--from", "2020-01-01", "--to", "2099-12-31"];
    let search = [&["audit", "search"], &days[..], &by].concat();
    let person = [&search[..], &["--number-from-stdin"]].concat();
    let (done, said) = ground.command_with_input(&person, &number(&ground));
    assert!(done, "{said}");
    assert!(
        said.contains("certificate-issued") && !said.contains("imported"),
        "{said}"
    );
    let searched = [&search[..], &["--event", "audit-searched"]].concat();
    let (_, said) = ground.command_with_input(&searched, "");
    assert!(said.contains("time+subject: "), "{said}");
    let report = [&["audit", "report"], &days[..], &by].concat();
    let (done, said) = ground.command_with_input(&report, "");
    assert!(
        !done && said.contains("[reports] is not declared"),
        "{said}"
    );
    declare(
        &ground,
        "\n[reports]\nlegal_basis = \"条例\"\nfrom = 2020-01-01\n\
         office_opens_at = \"08:30\"\noffice_closes_at = \"17:15\"\n",
    );
    let (done, said) = ground.command_with_input(&report, "");
    assert!(done, "{said}");
    for part in ["outside office hours", "far more than usual", "refused"] {
        assert!(said.contains(part), "{said}");
    }
}

#[tokio::test]
async fn a_person_is_told_what_is_held_and_who_looked_by_two_people() {
    let ground = with_an_issue().await;
    let out = ground.path("sheet.html");
    let disclosure = [
        "disclosure",
        "--number-from-stdin",
        "--identity-document",
        "my-number-card",
        "--complete",
        "--plain",
        "--out",
        out.to_str().unwrap(),
    ];
    let by = [&MUNICIPALITY[..], &["--staff", "officer-01"]].concat();
    let asked = [&disclosure[..], &by, &["--reason", "asked"]].concat();
    let (done, said) = ground.command_with_input(&asked, &number(&ground));
    assert!(
        !done && said.contains("[disclosure] is not declared"),
        "{said}"
    );
    declare(
        &ground,
        "\n[disclosure]\nlegal_basis = \"個人情報保護法76条\"\nfrom = 2020-01-01\n",
    );
    let said = by_two(&ground, &disclosure, &number(&ground)).await;
    assert!(said.contains("not encrypted"), "{said}");
    let sheet = std::fs::read_to_string(&out).unwrap();
    let person = ground.person(Kind::ThreeDoses);
    for told in [
        person.individual_number.expose().as_str(),
        "証明書を交付した",
        "接種日",
    ] {
        assert!(sheet.contains(told));
    }
}
