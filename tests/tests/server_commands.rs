//! The server's other commands: reissue, publishing, reading back, import, audit.
#![allow(clippy::unwrap_used)] // a step that fails ends the test

use application::ProblemType;
use application::messages::{HolderTicket, OfferReply, OrderReply};
use certificate::read_back;
use certificate::shc::{Jwks, Jws};
use domain::{CertificateKind, MyNumber};
use fixtures::municipality::Kind;
use registry::{Actor, AuditEvent, Purpose};
use system_tests::server_stage::{Applicant, ChannelClient, Ground, Running};

/// A certificate for use abroad, issued at a kiosk, and the server gone again.
async fn issued(ground: &Ground) -> OrderReply {
    let running = Running::start(ground).await;
    let kiosk = ChannelClient::kiosk(ground, &running, 1);
    let applicant = Applicant::of_kind(ground, Kind::ThreeDoses);
    let ticket: HolderTicket = applicant.apply(&kiosk).await.unwrap();
    let kind = CertificateKind::Abroad;
    let reply = kiosk.order(&ticket, Ground::urayasu(), kind, 120, 1).await;
    running.stop().await;
    reply.unwrap()
}

fn reissue<'a>(
    id: &'a str,
    municipality: &'a str,
    purpose: &'a str,
    out: &'a str,
) -> [&'a str; 12] {
    [
        "reissue",
        id,
        "--municipality",
        municipality,
        "--purpose",
        purpose,
        "--staff",
        "counter-07",
        "--identity-document",
        "passport",
        "--out",
        out,
    ]
}

async fn reissues(ground: &Ground) -> usize {
    let registry = ground.registry().await;
    let register = registry
        .municipality(Ground::urayasu(), Purpose::Audit, Actor::Server)
        .await
        .unwrap();
    let entries = register.audit_entries(0, 1000).await.unwrap();
    registry.close().await;
    entries
        .iter()
        .filter(|entry| entry.event == AuditEvent::CertificateReissued.as_str())
        .count()
}

#[tokio::test]
async fn a_reissue_has_the_same_codes_and_is_recorded() {
    let ground = Ground::lay().await;
    let first = issued(&ground).await;
    let out = ground.path("again.pdf");
    let out = out.to_str().unwrap();
    let id = first.certificate_id;
    ground
        .command(&reissue(id.as_str(), "122271", "paper lost", out))
        .await;
    let page = std::fs::read(out).unwrap();
    let document = first.document.unwrap();
    assert_ne!(&page, &document.expose().0, "it says that it is reissued");
    assert_eq!(
        read_back::from_pdf(&page).unwrap(),
        read_back::from_pdf(document.expose()).unwrap()
    );
    assert_eq!(reissues(&ground).await, 1);

    // Refused: a file that is there, no purpose, an unknown certificate, another municipality.
    let other = ground.path("other.pdf");
    let other = other.to_str().unwrap();
    let long = "x".repeat(501);
    for (what, words) in [
        (
            "a file that is there",
            reissue(id.as_str(), "122271", "paper lost", out),
        ),
        ("no purpose", reissue(id.as_str(), "122271", " ", other)),
        (
            "a purpose too long",
            reissue(id.as_str(), "122271", &long, other),
        ),
        (
            "unknown",
            reissue("AAAAAAAAAAAA", "122271", "paper lost", other),
        ),
        (
            "another's",
            reissue(id.as_str(), "022021", "paper lost", other),
        ),
    ] {
        assert!(ground.try_command(&words).await.is_err(), "{what}");
        assert!(!std::path::Path::new(other).exists(), "{what}");
    }
    assert_eq!(reissues(&ground).await, 1);
}

#[tokio::test]
async fn what_is_revoked_is_on_the_list_that_is_published() {
    let ground = Ground::lay().await;
    let id = issued(&ground).await.certificate_id;
    let revoke = |municipality, purpose| {
        [
            "revoke",
            id.as_str(),
            "--municipality",
            municipality,
            "--purpose",
            purpose,
            "--staff",
            "counter-07",
        ]
    };
    let public = ground.path("public");
    let publish = ["publish", public.to_str().unwrap()];
    for (what, words) in [
        ("another's", revoke("022021", "wrong name")),
        ("no purpose", revoke("122271", " ")),
    ] {
        assert!(ground.try_command(&words).await.is_err(), "{what}");
    }
    ground.command(&publish).await;
    assert_eq!(ground.revoked(&public), Vec::<String>::new());
    let words = revoke("122271", "wrong name");
    ground.command(&words).await;
    ground.command(&publish).await;
    assert_eq!(ground.revoked(&public), [id.to_string()]);
    // Once more it is the same; it is not printed again; and strangers revoke nothing.
    ground.command(&words).await;
    let out = ground.path("again.pdf");
    let again = reissue(id.as_str(), "122271", "paper lost", out.to_str().unwrap());
    assert!(ground.try_command(&again).await.is_err());
    ground.write_settings("settings.toml", |text| {
        text.replace("accept_unauthenticated_staff = true\n", "")
    });
    let refused = ground.try_command(&words).await.unwrap_err();
    assert!(refused.to_string().contains("accept_unauthenticated_staff"));
}

#[tokio::test]
async fn a_lost_card_is_suspended_by_a_number_that_nobody_sees_and_released_by_two() {
    let ground = Ground::lay().await;
    let person = ground.person(Kind::ThreeDoses);
    let number = person.individual_number.expose();
    let line = format!("{number}\n");
    let suspend = ["suspend", "--number-from-stdin"];
    let by = ["--municipality", "122271", "--staff", "counter-07"];
    let release = [&["release", "--number-from-stdin"], &by[..]].concat();
    let ask = [&release[..], &["--reason", "found again"]].concat();
    for (words, ends_well, suspended) in [
        (&ask[..], false, false),
        (&suspend, true, true),
        (&suspend, true, true),
        // Nobody alone, and nobody unnamed.
        (&release, false, true),
        (&["release", "--number-from-stdin"], false, true),
        (&ask, true, true),
    ] {
        let (ended_well, said) = ground.command_with_input(words, &line);
        assert_eq!(ended_well, ends_well, "{said}");
        assert!(!said.contains(number.as_str()));
        let registry = ground.registry().await;
        let card = MyNumber::parse(number.as_bytes()).unwrap();
        let system = registry.system(Actor::Server);
        assert_eq!(system.is_suspended_card(&card).await.unwrap(), suspended);
        registry.close().await;
    }
    // Not as an argument, not a number with more behind it, and not nothing.
    let (ended_well, _) = ground.command_with_input(&["suspend", number], &line);
    assert!(!ended_well);
    let (ended_well, _) = ground.command_with_input(&["suspend"], &line);
    assert!(!ended_well);
    for bad in [format!("{number}1\n"), String::new()] {
        let (ended_well, said) = ground.command_with_input(&suspend, &bad);
        assert!(!ended_well);
        assert!(!said.contains(number.as_str()));
    }
}

#[tokio::test]
async fn staff_are_told_the_character_that_no_font_has() {
    let ground = Ground::lay().await;
    let running = Running::start(&ground).await;
    let kiosk = ChannelClient::kiosk(&ground, &running, 1);
    let person = ground.person(Kind::MissingGlyph);
    let municipality = person.registers.first().unwrap().municipality;
    let ticket: HolderTicket = Applicant::person(&ground, person)
        .apply(&kiosk)
        .await
        .unwrap();
    let offer = kiosk.offer(&ticket, municipality).await.unwrap();
    assert_eq!(offer, OfferReply::NotHere);
    let kind = CertificateKind::Domestic;
    let order = kiosk.order(&ticket, municipality, kind, 120, 1).await;
    assert_eq!(
        order.unwrap_err().problem(),
        Some(ProblemType::OrderNotAvailable)
    );
    running.stop().await;
    let code = municipality.to_string();
    let refusals = [
        "audit",
        "refusals",
        "--municipality",
        &code,
        "--staff",
        "counter-07",
    ];
    let (ended_well, said) = ground.command_with_input(&refusals, "");
    assert!(ended_well, "{said}");
    let lines: Vec<_> = said.lines().collect();
    assert_eq!(lines.len(), 2);
    for (line, event) in lines.iter().zip(["order-refused", "offer-refused"]) {
        assert!(line.contains(event));
        assert!(line.contains("character 0 of the field Name: \u{10fffd} U+10FFFD"));
    }
    ground.write_settings("settings.toml", |text| {
        text.replace("accept_unauthenticated_staff = true\n", "")
    });
    assert!(ground.try_command(&refusals).await.is_err());
}

#[tokio::test]
async fn staff_and_plain_files_only_where_that_is_accepted() {
    let ground = Ground::lay().await;
    let first = issued(&ground).await;
    ground.write_settings("settings.toml", |text| {
        text.replace("accept_unauthenticated_staff = true\n", "")
            .replace("accept_plain_imports = true\n", "")
    });
    let out = ground.path("again.pdf");
    let out = out.to_str().unwrap();
    let words = reissue(first.certificate_id.as_str(), "122271", "paper lost", out);
    let refused = ground.try_command(&words).await.unwrap_err();
    assert!(refused.to_string().contains("accept_unauthenticated_staff"));
    assert_eq!(reissues(&ground).await, 0);
    let data = ground.path("data");
    let refused = ground
        .try_command(&["import", data.to_str().unwrap()])
        .await;
    assert!(
        refused
            .unwrap_err()
            .to_string()
            .contains("accept_plain_imports")
    );
}

#[tokio::test]
async fn what_was_issued_is_read_back_from_every_form() {
    let ground = Ground::lay().await;
    let page = issued(&ground).await.document.unwrap();
    let running = Running::start(&ground).await;
    let phone = ChannelClient::phone(&ground, &running);
    let applicant = Applicant::of_kind(&ground, Kind::ThreeDoses);
    let ticket = applicant.apply(&phone).await.unwrap();
    let kind = CertificateKind::Abroad;
    let reply = phone
        .order(&ticket, Ground::urayasu(), kind, 0, 1)
        .await
        .unwrap();
    running.stop().await;
    let credentials = reply.credentials.unwrap();
    let card = Jws::parse(credentials.smart_health_card.expose()).unwrap();
    let code = Jws::parse(credentials.smart_health_card_code.expose()).unwrap();
    let picture = certificate::qr::to_png(&certificate::qr::encode_shc(&code).unwrap(), 4).unwrap();
    let vds_nc = credentials.vds_nc.unwrap();
    let forms: [(&str, Vec<u8>); 6] = [
        ("page.pdf", page.expose().0.clone()),
        (
            "card.smart-health-card",
            certificate::shc::to_file(&card).into_bytes(),
        ),
        (
            "card.jws",
            credentials.smart_health_card.expose().clone().into_bytes(),
        ),
        (
            "code.txt",
            format!("shc:/{}", certificate::shc::to_digits(&code)).into_bytes(),
        ),
        ("code.png", picture),
        ("object.vds-nc.json", vds_nc.expose().clone().into_bytes()),
    ];
    let public = ground.path("public");
    let public = public.to_str().unwrap();
    ground.command(&["publish", public]).await;
    for (name, content) in forms {
        let file = ground.path(name);
        std::fs::write(&file, &content).unwrap();
        let file = file.to_str().unwrap();
        verify(&[file, "--trust", public]).await.expect(name);
        assert!(
            verify(&[file]).await.is_err(),
            "{name} is not believed without keys"
        );
    }
    // One character of the signature changed: it holds no more.
    let mut forged = credentials.smart_health_card.expose().clone().into_bytes();
    let last = forged.len() - 10;
    forged[last] = if forged[last] == b'A' { b'B' } else { b'A' };
    let file = ground.path("forged.jws");
    std::fs::write(&file, forged).unwrap();
    let file = file.to_str().unwrap();
    assert!(verify(&[file, "--trust", public]).await.is_err());
}

async fn verify(words: &[&str]) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    use clap::Parser as _;
    let words = ["server", "verify-certificate"].iter().chain(words);
    let code = server::run(server::cli::Cli::try_parse_from(words)?).await?;
    if code == std::process::ExitCode::SUCCESS {
        Ok(())
    } else {
        Err("not every code holds".into())
    }
}

#[tokio::test]
async fn what_a_former_key_signed_stays_verifiable_and_can_be_revoked() {
    let ground = Ground::lay().await;
    let reply = issued(&ground).await;
    let page = ground.path("page.pdf");
    std::fs::write(&page, &reply.document.unwrap().expose().0).unwrap();
    let public = ground.path("public");
    let folder = public.to_str().unwrap();
    ground.command(&["publish", folder]).await;
    let keys = std::fs::read(public.join(".well-known/jwks.json")).unwrap();
    let former = Jwks::parse(&keys).unwrap().keys[0].key().to_spki_der();
    std::fs::write(ground.path("former.spki.der"), former).unwrap();
    ground.replace_shc_key();

    // The new key alone: the page holds no more.
    ground.command(&["publish", folder]).await;
    let words = [page.to_str().unwrap(), "--trust", folder];
    assert!(verify(&words).await.is_err());

    let former_keys = |keys: &str| {
        let issuer = format!("[issuer]\nformer_shc_keys = [{keys}]");
        ground.write_settings("settings.toml", |text| text.replace("[issuer]", &issuer));
    };
    former_keys("\"former.spki.der\"");
    ground.command(&["publish", folder]).await;
    verify(&words).await.unwrap();
    let id = reply.certificate_id;
    let revoke = ["revoke", id.as_str(), "--municipality", "122271"];
    let why = ["--purpose", "wrong name", "--staff", "counter-07"];
    ground.command(&[&revoke[..], &why[..]].concat()).await;
    ground.command(&["publish", folder]).await;
    assert_eq!(ground.revoked(&public), [id.to_string()]);
    assert!(verify(&words).await.is_err());

    // One key twice is a mistake.
    former_keys("\"former.spki.der\", \"former.spki.der\"");
    let twice = ground.try_command(&["publish", folder]).await;
    assert!(twice.unwrap_err().to_string().contains("twice"));
}

#[tokio::test]
async fn an_audit_chain_that_was_changed_is_found() {
    let ground = Ground::lay().await;
    issued(&ground).await;
    ground.command(&["audit", "verify"]).await;
    let file = ground.path("register/municipalities/122271.db");
    let event = AuditEvent::CertificateIssued.as_str().as_bytes();
    let mut bytes = std::fs::read(&file).unwrap();
    let at = bytes
        .windows(event.len())
        .position(|window| window == event)
        .expect("the register's file has the entry");
    bytes[at] ^= 0x01;
    std::fs::write(&file, bytes).unwrap();
    assert!(ground.try_command(&["audit", "verify"]).await.is_err());
}

#[tokio::test]
async fn rows_that_do_not_land_are_told_by_line() {
    let ground = Ground::lay().await;
    let file = ground.path("data/122271/residents.csv");
    let text = std::fs::read_to_string(&file).unwrap();
    ground
        .command(&["import", ground.path("data").to_str().unwrap()])
        .await;
    std::fs::write(&file, format!("{text}1,2,3\n")).unwrap();
    let data = ground.path("data");
    assert!(
        ground
            .try_command(&["import", data.to_str().unwrap()])
            .await
            .is_err()
    );
}
