//! Flags and suspended cards, through the real listeners: what each does to kiosk, phone and
//! counter, at once.
#![allow(clippy::unwrap_used)] // a step that fails ends the test

use application::ProblemType;
use application::messages::{HolderTicket, OfferReply, OfferRequest};
use domain::{CertificateId, CertificateKind, MyNumber};
use fixtures::municipality::Kind;
use registry::Actor;
use system_tests::server_stage::{Applicant, ChannelClient, Ground, Running};

const BY: [&str; 4] = ["--municipality", "122271", "--staff", "counter-07"];

/// Runs a command of the program about this resident, whose number is on its standard input.
fn about(ground: &Ground, kind: Kind, words: &[&str]) -> (bool, String) {
    let number = ground.person(kind).individual_number.expose();
    let words = [words, &["--number-from-stdin"], &BY].concat();
    let (done, said) = ground.command_with_input(&words, &format!("{number}\n"));
    assert!(!said.contains(number.as_str()));
    (done, said)
}

fn set(ground: &Ground, kind: Kind, flag: &str) {
    let order = ["--ordered-by", "head-01", "--ground", "a request"];
    let words = [&["flag", "set", flag], &order[..]].concat();
    let (done, said) = about(ground, kind, &words);
    assert!(done, "{said}");
}

/// A command about this resident that one person asks for and another one approves.
fn by_two(ground: &Ground, kind: Kind, words: &[&str]) {
    let (asked, said) = about(ground, kind, &[words, &["--reason", "safe again"]].concat());
    assert!(asked, "{said}");
    let id = said.split("approvals approve ").nth(1).unwrap();
    let id = id.split(' ').next().unwrap();
    let with_approval = [words, &["--approval", id]].concat();
    assert!(!about(ground, kind, &with_approval).0, "nobody approved");
    let approve = ["approvals", "approve", id];
    let (done, _) = ground.command_with_input(&[&approve[..], &BY].concat(), "");
    assert!(!done, "the same person");
    let another = ["--municipality", "122271", "--staff", "head-01"];
    let (done, said) = ground.command_with_input(&[&approve[..], &another].concat(), "");
    assert!(done, "{said}");
    let (done, said) = about(ground, kind, &with_approval);
    assert!(done, "{said}");
}

async fn offered(channel: &ChannelClient, ticket: &HolderTicket) -> (usize, OfferReply) {
    let request = OfferRequest {
        ticket: ticket.ticket.clone(),
        municipality: Ground::urayasu(),
    };
    channel.call_measured(&request).await
}

#[tokio::test]
async fn a_flag_holds_at_once_at_kiosk_and_phone_also_for_an_open_ticket() {
    let ground = Ground::lay().await;
    let running = Running::start(&ground).await;
    let kiosk = ChannelClient::kiosk(&ground, &running, 1);
    let phone = ChannelClient::phone(&ground, &running);
    for (kind, flag, withheld) in [
        (Kind::ThreeDoses, "protected", true),
        (Kind::OneDose, "deceased", true),
        (Kind::TwoDoses, "use-suspended", true),
        (Kind::SevenDoses, "moved-out", false),
    ] {
        let applicant = Applicant::of_kind(&ground, kind);
        let mut before = Vec::new();
        for channel in [&kiosk, &phone] {
            let ticket = applicant.apply(channel).await.unwrap();
            let (length, reply) = offered(channel, &ticket).await;
            assert_ne!(reply, OfferReply::NotHere, "{flag}");
            before.push((channel, ticket, length));
        }
        set(&ground, kind, flag);
        for (key, (channel, ticket, length)) in (1..).zip(before) {
            let (now, reply) = offered(channel, &ticket).await;
            assert_eq!(now, length, "{flag}: equally long");
            assert_eq!(reply == OfferReply::NotHere, withheld, "{flag}");
            let fee = if key == 1 { 120 } else { 0 };
            let kind = CertificateKind::Domestic;
            let order = channel.order(&ticket, Ground::urayasu(), kind, fee, key);
            let order = order.await;
            if withheld {
                let refused = order.err().unwrap().problem();
                assert_eq!(refused, Some(ProblemType::OrderNotAvailable), "{flag}");
            } else {
                order.unwrap();
            }
        }
    }
    running.stop().await;
}

#[tokio::test]
async fn a_card_that_is_reported_lost_gets_nothing_more_with_its_open_ticket() {
    let ground = Ground::lay().await;
    let running = Running::start(&ground).await;
    let kiosk = ChannelClient::kiosk(&ground, &running, 1);
    let kind = Kind::ThreeDoses;
    let applicant = Applicant::of_kind(&ground, kind);
    let ticket = applicant.apply(&kiosk).await.unwrap();
    let (length, reply) = offered(&kiosk, &ticket).await;
    assert_ne!(reply, OfferReply::NotHere);
    let number = ground.person(kind).individual_number.expose();
    let number = MyNumber::parse(number.as_bytes()).unwrap();
    let registry = ground.registry().await;
    let system = registry.system(Actor::Server);
    assert!(system.suspend_card(&number).await.unwrap());
    assert_eq!(
        offered(&kiosk, &ticket).await,
        (length, OfferReply::NotHere)
    );
    let domestic = CertificateKind::Domestic;
    let order = kiosk.order(&ticket, Ground::urayasu(), domestic, 120, 1);
    let refused = order.await.err().unwrap().problem();
    assert_eq!(refused, Some(ProblemType::OrderNotAvailable));
    by_two(&ground, kind, &["release"]);
    assert_eq!(offered(&kiosk, &ticket).await.0, length);
    let order = kiosk.order(&ticket, Ground::urayasu(), domestic, 120, 2);
    order.await.unwrap();
    registry.close().await;
    running.stop().await;
}

fn reissue<'a>(id: &'a CertificateId, out: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let words = ["reissue", id.as_str(), "--purpose", "lost", "--out", out];
    let shown = ["--identity-document", "passport"];
    [&words, &shown[..], &BY, more].concat()
}

#[tokio::test]
async fn the_counter_issues_to_somebody_flagged_on_a_recorded_ground() {
    let ground = Ground::lay().await;
    let running = Running::start(&ground).await;
    let kiosk = ChannelClient::kiosk(&ground, &running, 1);
    let kind = Kind::ThreeDoses;
    let ticket = Applicant::of_kind(&ground, kind)
        .apply(&kiosk)
        .await
        .unwrap();
    let domestic = CertificateKind::Domestic;
    let order = kiosk.order(&ticket, Ground::urayasu(), domestic, 120, 1);
    let id = order.await.unwrap().certificate_id;
    running.stop().await;
    set(&ground, kind, "protected");
    let out = ground.path("again.pdf");
    let out = out.to_str().unwrap();
    let refused = ground
        .try_command(&reissue(&id, out, &[]))
        .await
        .unwrap_err();
    assert!(refused.to_string().contains("--ground"), "{refused}");
    assert!(!ground.path("again.pdf").exists());
    let ground_given = ["--ground", "known to us in person"];
    ground.command(&reissue(&id, out, &ground_given)).await;
    assert!(ground.path("again.pdf").exists());
    // Without the document that was shown there is no reissue at all.
    let words = ["reissue", id.as_str(), "--purpose", "lost", "--out", out];
    assert!(
        ground
            .try_command(&[&words[..], &BY].concat())
            .await
            .is_err()
    );
}

#[tokio::test]
async fn a_counter_that_is_not_declared_reissues_nothing() {
    let ground = Ground::lay().await;
    let running = Running::start(&ground).await;
    let kiosk = ChannelClient::kiosk(&ground, &running, 1);
    let applicant = Applicant::of_kind(&ground, Kind::ThreeDoses);
    let ticket = applicant.apply(&kiosk).await.unwrap();
    let domestic = CertificateKind::Domestic;
    let order = kiosk.order(&ticket, Ground::urayasu(), domestic, 120, 1);
    let id = order.await.unwrap().certificate_id;
    running.stop().await;
    let file = ground.path("data/122271/municipality.toml");
    let declared = std::fs::read_to_string(&file).unwrap();
    let without = declared
        .replace(", \"counter\"", "")
        .replace("\n    \"counter\",", "");
    assert_ne!(without, declared);
    std::fs::write(&file, without).unwrap();
    let out = ground.path("again.pdf");
    let words = reissue(&id, out.to_str().unwrap(), &[]);
    let refused = ground.try_command(&words).await.unwrap_err();
    assert!(refused.to_string().contains("not declared"), "{refused}");
    assert!(!out.exists());
    std::fs::write(&file, declared).unwrap();
    ground.command(&words).await;
    assert!(out.exists());
}

#[tokio::test]
async fn a_flag_is_lifted_by_two_people_only() {
    let ground = Ground::lay().await;
    let kind = Kind::ThreeDoses;
    set(&ground, kind, "protected");
    let (_, said) = about(&ground, kind, &["flag", "show"]);
    assert!(said.contains("protected since"), "{said}");
    by_two(&ground, kind, &["flag", "lift", "protected"]);
    let (_, said) = about(&ground, kind, &["flag", "show"]);
    assert!(!said.contains("protected since"), "{said}");
}

#[tokio::test]
async fn a_list_of_lost_cards_is_taken_encrypted_only() {
    let ground = Ground::lay().await;
    let identity = encrypted_file::Identity::generate();
    let key = ground.path("imports.key");
    std::fs::write(&key, &*identity.to_text()).unwrap();
    let owner_only = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    std::fs::set_permissions(&key, owner_only).unwrap();
    ground.write_settings("settings.toml", |text| {
        format!("{text}\n[imports]\nidentity = \"imports.key\"\n")
    });
    let number = ground.person(Kind::ThreeDoses).individual_number.expose();
    let text = format!("{number}\nnot a number\n");
    let plain = ground.path("list.txt");
    std::fs::write(&plain, &text).unwrap();
    let suspend = ["suspend", "--list", plain.to_str().unwrap()];
    let (done, said) = ground.command_with_input(&suspend, "");
    assert!(!done && !said.contains(number.as_str()), "{said}");
    let recipients = encrypted_file::Recipients::parse(&identity.recipient()).unwrap();
    let list = ground.path("list.age");
    let file = std::fs::File::create(&list).unwrap();
    let mut file = encrypted_file::EncryptingWriter::new(file, &recipients).unwrap();
    std::io::Write::write_all(&mut file, text.as_bytes()).unwrap();
    file.finish().unwrap();
    let suspend = ["suspend", "--list", list.to_str().unwrap()];
    let (done, said) = ground.command_with_input(&suspend, "");
    assert!(!done, "a bad line is told");
    assert!(
        said.contains("the first: 2") && !said.contains(number.as_str()),
        "{said}"
    );
    let registry = ground.registry().await;
    let number = MyNumber::parse(number.as_bytes()).unwrap();
    let system = registry.system(Actor::Server);
    assert!(system.is_suspended_card(&number).await.unwrap());
    registry.close().await;
}
