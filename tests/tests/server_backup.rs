//! Keys and backups by the server's own commands, while it serves (C12, C32).
#![allow(clippy::unwrap_used)] // a step that fails ends the test

use std::os::unix::fs::PermissionsExt as _;

use application::messages::{HolderTicket, OrderReply};
use certificate::read_back;
use domain::{CertificateKind, SystemClock};
use encrypted_file::Identity;
use fixtures::municipality::Kind;
use system_tests::server_stage::{Applicant, ChannelClient, Ground, Running};

/// Writes the secret key that backups are encrypted to, and settings that name its public half.
fn with_recipient(ground: &Ground, directory: &str) -> String {
    let identity = Identity::generate();
    let path = ground.path("backup.identity");
    if !path.exists() {
        std::fs::write(&path, identity.to_text().as_bytes()).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    }
    let text = std::fs::read_to_string(&path).unwrap();
    let recipient = Identity::parse(&text).unwrap().recipient();
    let recipient = recipient.trim();
    ground.write_settings("settings.toml", |settings| {
        let moved = format!("directory = \"{directory}\"\nmaster_key");
        let settings = settings.replace("directory = \"register\"\nmaster_key", &moved);
        format!("{settings}\n[backups]\nrecipients = [\"{recipient}\"]\n")
    });
    path.to_str().unwrap().to_owned()
}

async fn ordered(ground: &Ground, running: &Running, number: u8) -> OrderReply {
    let kiosk = ChannelClient::kiosk(ground, running, 1);
    let applicant = Applicant::of_kind(ground, Kind::ThreeDoses);
    let ticket: HolderTicket = applicant.apply(&kiosk).await.unwrap();
    let kind = CertificateKind::Domestic;
    let reply = kiosk.order(&ticket, Ground::urayasu(), kind, 120, number);
    reply.await.unwrap()
}

#[tokio::test]
async fn what_is_backed_up_while_serving_is_restored_and_serves() {
    let ground = Ground::lay().await;
    let identity = with_recipient(&ground, "register");
    let running = Running::start(&ground).await;
    let first = ordered(&ground, &running, 1).await;
    let backup = ground.path("akashi.backup.age");
    let backup = backup.to_str().unwrap();
    ground.command(&["backup", "--all", "--out", backup]).await;
    // The keys change under the running server, which goes on with the new ones.
    ground.command(&["keys", "rotate", "--all"]).await;
    ordered(&ground, &running, 2).await;
    ground.command(&["keys", "status", "--all"]).await;
    ground.command(&["audit", "anchor"]).await;
    running.stop().await;
    ground.command(&["audit", "verify"]).await;

    // Into a new folder, with the same keys.
    with_recipient(&ground, "restored");
    let restore = ["restore", backup, "--identity", &identity];
    let check = [&restore[..], &["--check-only"]].concat();
    ground.command(&check).await;
    assert!(!ground.path("restored").exists());
    ground.command(&restore).await;
    let running = Running::start(&ground).await;
    let second = ordered(&ground, &running, 3).await;
    assert_ne!(first.certificate_id, second.certificate_id);
    running.stop().await;
    // What was issued before is there, with its codes, and they verify.
    let out = ground.path("again.pdf");
    let id = first.certificate_id.as_str();
    ground
        .command(&[
            "reissue",
            id,
            "--municipality",
            "122271",
            "--purpose",
            "lost",
            "--staff",
            "counter-07",
            "--identity-document",
            "passport",
            "--out",
            out.to_str().unwrap(),
        ])
        .await;
    let trust = ground.trust().await;
    let codes = read_back::from_pdf(&std::fs::read(&out).unwrap()).unwrap();
    assert!(!codes.is_empty());
    let now = domain::Clock::now(&SystemClock);
    for found in codes {
        assert!(found.code.verify(&trust, now).is_ok());
    }
    // The record reached further than the backup, and the anchor knows it.
    let (ended_well, said) = ground.command_with_input(&["audit", "verify"], "");
    assert!(!ended_well, "{said}");
    assert!(said.contains("rolled back"), "{said}");
}

#[tokio::test]
async fn a_backup_that_cannot_be_trusted_is_refused_with_what_to_do() {
    let ground = Ground::lay().await;
    let out = ground.path("akashi.backup.age");
    let backup = ["backup", "--all", "--out", out.to_str().unwrap()];
    let refused = |words: &[&str]| {
        let (ended_well, said) = ground.command_with_input(words, "");
        assert!(!ended_well, "{said}");
        said
    };
    assert!(refused(&backup).contains("backups.recipients"));
    let identity = with_recipient(&ground, "register");
    ground.command(&backup).await;
    assert!(refused(&backup).contains("is there already"));
    assert!(refused(&["backup", "--out", "x"]).contains("--municipality"));

    let restore = |file: &str, identity: &str| {
        refused(&["restore", file, "--identity", identity, "--check-only"])
    };
    let file = out.to_str().unwrap();
    let stranger = ground.path("stranger.identity");
    std::fs::write(&stranger, Identity::generate().to_text().as_bytes()).unwrap();
    std::fs::set_permissions(&stranger, std::fs::Permissions::from_mode(0o600)).unwrap();
    assert!(restore(file, stranger.to_str().unwrap()).contains("encrypted to others"));
    let whole = std::fs::read(&out).unwrap();
    let cut = ground.path("cut.age");
    std::fs::write(&cut, &whole[..whole.len() / 2]).unwrap();
    assert!(restore(cut.to_str().unwrap(), &identity).contains("changed or cut off"));
    let mut changed = whole.clone();
    let middle = changed.len() / 2;
    changed[middle] ^= 1;
    std::fs::write(&cut, &changed).unwrap();
    assert!(restore(cut.to_str().unwrap(), &identity).contains("changed or cut off"));
    std::fs::write(&cut, b"no backup").unwrap();
    assert!(restore(cut.to_str().unwrap(), &identity).contains("age"));
    // Over the register that is there.
    assert!(refused(&["restore", file, "--identity", &identity]).contains("is not empty"));
    // Under another master key.
    std::fs::write(ground.path("pki/register-master.key"), "ab".repeat(32)).unwrap();
    assert!(restore(file, &identity).contains("master key"));
}

#[tokio::test]
async fn the_master_key_is_replaced_in_two_steps() {
    let ground = Ground::lay().await;
    let old = std::fs::read(ground.path("pki/register-master.key")).unwrap();
    std::fs::write(ground.path("pki/former.key"), &old).unwrap();
    let mode = std::fs::Permissions::from_mode(0o600);
    std::fs::set_permissions(ground.path("pki/former.key"), mode).unwrap();
    std::fs::write(ground.path("pki/register-master.key"), "ab".repeat(32)).unwrap();
    // The new key alone opens nothing; with the former one beside it everything goes on.
    assert!(
        ground
            .try_command(&["keys", "status", "--all"])
            .await
            .is_err()
    );
    ground.write_settings("settings.toml", |settings| {
        let key = "master_key = \"pki/register-master.key\"\n";
        settings.replace(
            key,
            &format!("{key}former_master_keys = [\"pki/former.key\"]\n"),
        )
    });
    let running = Running::start(&ground).await;
    ordered(&ground, &running, 1).await;
    running.stop().await;
    ground.command(&["keys", "rewrap", "--all"]).await;
    std::fs::remove_file(ground.path("pki/former.key")).unwrap();
    ground.write_settings("settings.toml", str::to_owned);
    let running = Running::start(&ground).await;
    ordered(&ground, &running, 2).await;
    running.stop().await;
}
