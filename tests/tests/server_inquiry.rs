//! `server inquiry` as staff of two municipalities use it.
#![allow(clippy::unwrap_used)] // a step that fails ends the test

use domain::{CertificateKind, MunicipalityCode, SystemClock, japan_date};
use fixtures::municipality::Kind;
use registry::{Actor, Purpose};
use system_tests::server_stage::{Applicant, ChannelClient, Ground, Running};
use time::Duration;

/// A resident with two doses where they lived before, and one where they live now.
struct Mover<'a> {
    ground: &'a Ground,
    number: String,
    here: MunicipalityCode,
    there: MunicipalityCode,
}

impl<'a> Mover<'a> {
    fn of(ground: &'a Ground) -> Self {
        let person = ground.person(Kind::TwoMunicipalities);
        let registers = &person.registers;
        assert_eq!((registers[0].doses, registers[1].doses), (1, 2));
        Self {
            ground,
            number: person.individual_number.expose().clone(),
            here: registers[0].municipality,
            there: registers[1].municipality,
        }
    }

    /// What a command says; `Err` where it does not end well.
    fn says(&self, code: MunicipalityCode, staff: &str, words: &[&str]) -> Result<String, String> {
        let code = code.to_string();
        let by = ["--municipality", &code, "--staff", staff];
        let words = [words, &by].concat();
        let input = format!("{}\n", self.number);
        let (ended_well, said) = self.ground.command_with_input(&words, &input);
        assert!(!said.contains(&self.number), "the number is never shown");
        if ended_well { Ok(said) } else { Err(said) }
    }

    fn prepare(&self, disease: &str) -> Result<String, String> {
        let to = self.there.to_string();
        let words = [
            "inquiry",
            "prepare",
            "--number-from-stdin",
            "--to",
            &to,
            "--disease",
            disease,
            "--ground",
            "consent",
            "--how",
            "form signed at counter 3",
            "--reason",
            "vaccination plan",
        ];
        self.says(self.here, "sato", &words)
    }

    fn list(&self, code: MunicipalityCode) -> String {
        self.says(code, "sato", &["inquiry", "list"]).unwrap()
    }
}

/// Adds `[inquiry]` to a municipality's declaration, until so many days from today.
fn declare(ground: &Ground, code: MunicipalityCode, days: i64) {
    let today = japan_date(domain::Clock::now(&SystemClock));
    let (from, until) = (today - Duration::days(30), today + Duration::days(days));
    let file = ground
        .path("data")
        .join(code.as_str())
        .join("municipality.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    let own = text.split("[inquiry]").next().unwrap();
    let section = format!(
        "{own}\n[inquiry]\nlegal_basis = \"見本条例\"\nfrom = {from}\nuntil = {until}\n\
         diseases = [\"新型コロナウイルス感染症\"]\n"
    );
    std::fs::write(file, section).unwrap();
}

/// The word after another one.
fn word_after<'a>(said: &'a str, before: &str) -> &'a str {
    let rest = said.split_once(before).unwrap().1;
    rest.split_whitespace().next().unwrap()
}

const COVID: &str = "新型コロナウイルス感染症";

#[tokio::test]
async fn staff_ask_and_are_shown_what_was_provided_and_it_is_not_certified() {
    let ground = Ground::lay().await;
    let mover = Mover::of(&ground);
    let (here, there) = (mover.here, mover.there);

    // Off until both declare it, and again after the last day.
    for (who, declared) in [(here, None), (there, Some(here))] {
        if let Some(code) = declared {
            declare(&ground, code, 30);
        }
        let refused = mover.prepare(COVID).unwrap_err();
        let expected = format!("municipality {who}: [inquiry] is not declared");
        assert!(refused.contains(&expected), "{refused}");
    }
    declare(&ground, there, -1);
    let refused = mover.prepare(COVID).unwrap_err();
    assert!(refused.contains("no longer"), "{refused}");
    declare(&ground, there, 30);
    let refused = mover.prepare("麻しん").unwrap_err();
    assert!(
        refused.contains("both municipalities must declare"),
        "{refused}"
    );

    let said = mover.prepare(COVID).unwrap();
    let id = word_after(&said, "inquiry ").to_owned();
    let approval = word_after(&said, "server approvals approve ").to_owned();
    let send = ["inquiry", "send", &id];
    let with_approval = ["inquiry", "send", &id, "--approval", &approval];
    assert!(
        mover
            .says(here, "sato", &send)
            .unwrap_err()
            .contains("not approved")
    );
    let refused = mover.says(here, "sato", &with_approval).unwrap_err();
    assert!(refused.contains("nobody has approved it yet"), "{refused}");
    let approve = ["approvals", "approve", &approval];
    assert!(
        mover.says(here, "sato", &approve).is_err(),
        "one person is not two"
    );
    mover.says(here, "kato", &approve).unwrap();
    let said = mover.says(here, "sato", &with_approval).unwrap();
    assert!(said.contains("2 doses were provided"), "{said}");

    let shown = mover.says(here, "sato", &["inquiry", "show", &id]).unwrap();
    assert_eq!(shown.matches(&format!("received from {there}")).count(), 2);
    assert!(shown.contains("not certified"));
    assert!(
        mover
            .list(here)
            .contains(&format!("{id} provided to {there}"))
    );
    assert!(mover.list(there).contains(&format!("provided of {here}")));

    // What is issued here lists what was given here.
    let running = Running::start(&ground).await;
    let phone = ChannelClient::phone(&ground, &running);
    let applicant = Applicant::of_kind(&ground, Kind::TwoMunicipalities);
    let ticket = applicant.apply(&phone).await.unwrap();
    let kind = CertificateKind::Domestic;
    let reply = phone.order(&ticket, here, kind, 0, 1).await.unwrap();
    running.stop().await;
    let registry = ground.registry().await;
    let counter = registry
        .municipality(here, Purpose::CounterReissue, Actor::Server)
        .await
        .unwrap();
    let issued = counter.certificate(reply.certificate_id).await.unwrap();
    assert_eq!(issued.unwrap().doses, 1);
    registry.close().await;
}

#[tokio::test]
async fn what_is_flagged_waits_for_two_people_there() {
    let ground = Ground::lay().await;
    let mover = Mover::of(&ground);
    let (here, there) = (mover.here, mover.there);
    declare(&ground, here, 30);
    declare(&ground, there, 30);
    ground.suspend(Kind::TwoMunicipalities).await;
    for refuse in [true, false] {
        let said = mover.prepare(COVID).unwrap();
        let id = word_after(&said, "inquiry ").to_owned();
        let approval = word_after(&said, "server approvals approve ").to_owned();
        mover
            .says(here, "kato", &["approvals", "approve", &approval])
            .unwrap();
        let send = ["inquiry", "send", &id, "--approval", &approval];
        let said = mover.says(here, "sato", &send).unwrap();
        assert!(said.contains("nothing provided"), "{said}");
        let list = mover.list(there);
        assert!(list.contains("waits because: suspended"), "{list}");
        let answer = word_after(&list, "server inquiry release ").to_owned();
        if refuse {
            let words = [
                "inquiry",
                "refuse",
                &answer,
                "--reason",
                "asked not to be told",
            ];
            mover.says(there, "mori", &words).unwrap();
        } else {
            let ask = [
                "inquiry",
                "release",
                &answer,
                "--reason",
                "the person agrees",
            ];
            let said = mover.says(there, "mori", &ask).unwrap();
            let approval = word_after(&said, "server approvals approve ").to_owned();
            mover
                .says(there, "hara", &["approvals", "approve", &approval])
                .unwrap();
            let release = ["inquiry", "release", &answer, "--approval", &approval];
            let said = mover.says(there, "mori", &release).unwrap();
            assert!(said.contains("released: 2 doses"), "{said}");
        }
        let said = mover.says(here, "sato", &["inquiry", "send", &id]).unwrap();
        let expected = if refuse {
            "nothing provided"
        } else {
            "2 doses were provided"
        };
        assert!(said.contains(expected), "{said}");
    }
}

#[tokio::test]
async fn nobody_asks_where_staff_are_not_accepted_or_the_number_is_an_argument() {
    let ground = Ground::lay().await;
    let mover = Mover::of(&ground);
    declare(&ground, mover.here, 30);
    declare(&ground, mover.there, 30);
    let list = ["inquiry", "list", mover.number.as_str()];
    let code = mover.here.to_string();
    let by = ["--municipality", &code, "--staff", "sato"];
    let (ended_well, _) = ground.command_with_input(&[&list[..], &by].concat(), "");
    assert!(!ended_well);
    ground.write_settings("settings.toml", |text| {
        text.replace("accept_unauthenticated_staff = true\n", "")
    });
    let refused = mover.prepare(COVID).unwrap_err();
    assert!(
        refused.contains("accept_unauthenticated_staff"),
        "{refused}"
    );
    let refused = mover
        .says(mover.here, "sato", &["inquiry", "list"])
        .unwrap_err();
    assert!(
        refused.contains("accept_unauthenticated_staff"),
        "{refused}"
    );
}
