//! Many at once: nobody ever gets somebody else's paper (domain rule 11).
#![allow(clippy::unwrap_used)] // a step that fails ends the test

use std::sync::Arc;

use application::ProblemType;
use application::messages::OrderReply;
use certificate::HolderOnCode;
use certificate::read_back::{self, Code, Trust};
use certificate::shc::Jws;
use domain::{BirthDate, CertificateKind, Clock as _, NormalizedName};
use fixtures::municipality::{Kind, Person};
use fixtures::stage::postgres::Postgres;
use system_tests::server_stage::{Applicant, ChannelClient, Ground, Refused, Running};
use time::OffsetDateTime;
use tokio::task::JoinSet;

/// Sessions at once, a fifth of them at kiosks: reading pages back takes the most time.
const SESSIONS: usize = 50;

/// The holder inside what was handed out: a kiosk's out of the page as it will print.
fn holder(reply: &OrderReply, trust: &Trust, now: OffsetDateTime) -> HolderOnCode {
    let codes = match (&reply.document, &reply.credentials) {
        (Some(page), None) => {
            let found = read_back::from_pdf(page.expose()).unwrap();
            found.into_iter().map(|found| found.code).collect()
        }
        (None, Some(credentials)) => {
            let card = Jws::parse(credentials.smart_health_card.expose()).unwrap();
            vec![Code::SmartHealthCard(card)]
        }
        (Some(_), Some(_)) | (None, None) => panic!("a page or credentials"),
    };
    let [code] = codes.as_slice() else {
        panic!("a domestic certificate has one code");
    };
    let verified = code.verify(trust, now).unwrap();
    verified.holder().clone()
}

fn is_of(holder: &HolderOnCode, person: &Person) -> bool {
    let birth_date = BirthDate::parse(person.birth_date.expose().as_bytes()).unwrap();
    holder.matches(&NormalizedName::of(person.name.expose()), birth_date)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn fifty_sessions_at_once_each_get_their_own() {
    each_gets_their_own(&Ground::lay().await, SESSIONS).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_hundred_orders_at_once_on_postgresql_each_get_their_own() {
    let postgres = Postgres::start().unwrap();
    each_gets_their_own(&Ground::lay_on(&postgres).await, 100).await;
}

/// Asks again while the register has no time, as a kiosk does: the same order has the same answer.
async fn until_answered<T, F>(order: impl Fn() -> F) -> T
where
    F: Future<Output = Result<T, Refused>>,
{
    for _ in 0..10 {
        match order().await {
            Err(refused) if refused.problem() == Some(ProblemType::LookupUnavailable) => {
                let wait = refused.retry_after().unwrap();
                tokio::time::sleep(std::time::Duration::from_secs(wait.into())).await;
            }
            answered => return answered.unwrap(),
        }
    }
    panic!("ten times no answer");
}

/// So many sessions at once, a fifth of them at kiosks, with two orders each.
async fn each_gets_their_own(ground: &Ground, at_once: usize) {
    let trust = Arc::new(ground.trust().await);
    let running = Running::start(ground).await;
    let now = running.clock.now();
    let residents: Vec<Person> = ground
        .people
        .people
        .iter()
        .filter(|person| person.kind == Kind::Ordinary || person.kind == Kind::ThreeDoses)
        .filter(|person| person.registers[0].doses > 0)
        .filter(|person| person.registers[0].municipality != Ground::setagaya())
        .cloned()
        .collect();
    assert!(residents.len() > 5, "different people at once");
    let kiosks = [1, 2].map(|number| Arc::new(ChannelClient::kiosk(ground, &running, number)));
    let mut sessions = JoinSet::new();
    for session in 0..at_once {
        let at = session % residents.len();
        let applicant = Applicant::person(ground, &residents[at]);
        let municipality = residents[at].registers[0].municipality;
        let (channel, fee) = if session % 5 == 0 {
            (Arc::clone(&kiosks[session % 2]), 120)
        } else {
            (Arc::new(ChannelClient::phone(ground, &running)), 0)
        };
        let trust = Arc::clone(&trust);
        sessions.spawn(async move {
            let ticket = until_answered(|| applicant.apply(&channel)).await;
            let mut issued = Vec::new();
            for key in [session as u8, session as u8 + 100] {
                let kind = CertificateKind::Domestic;
                let order = || channel.order(&ticket, municipality, kind, fee, key);
                issued.push(until_answered(order).await);
            }
            let read = tokio::task::spawn_blocking(move || {
                let read = issued.iter().map(|reply| {
                    let holder = holder(reply, &trust, now);
                    (reply.certificate_id, holder)
                });
                read.collect::<Vec<_>>()
            });
            (at, read.await.unwrap())
        });
    }
    let mut ids = Vec::new();
    for (at, issued) in sessions.join_all().await {
        for (id, holder) in issued {
            assert!(
                is_of(&holder, &residents[at]),
                "somebody else's certificate"
            );
            let others = residents
                .iter()
                .enumerate()
                .filter(|(other, _)| *other != at);
            assert_eq!(others.filter(|(_, other)| is_of(&holder, other)).count(), 0);
            ids.push(id);
        }
    }
    assert_eq!(ids.len(), 2 * at_once);
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 2 * at_once, "every order its own certificate");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn more_than_the_server_takes_on_is_sent_away_and_can_come_again() {
    let ground = Ground::lay().await;
    let settings = ground.write_settings("one-at-a-time.toml", |text| {
        format!("{text}requests = 1\nwait_milliseconds = 1\n")
    });
    let running = Running::start_with(&settings).await;
    let kiosk = Arc::new(ChannelClient::kiosk(&ground, &running, 1));
    let ticket = Applicant::of_kind(&ground, Kind::ThreeDoses)
        .apply(&kiosk)
        .await
        .unwrap();
    let mut requests = JoinSet::new();
    for _ in 0..20 {
        let (kiosk, ticket) = (Arc::clone(&kiosk), ticket.clone());
        requests.spawn(async move { kiosk.offer(&ticket, Ground::urayasu()).await });
    }
    let answers = requests.join_all().await;
    let refused: Vec<_> = answers
        .iter()
        .filter_map(|one| one.as_ref().err())
        .collect();
    assert!(!refused.is_empty() && refused.len() < answers.len());
    for one in refused {
        assert_eq!(
            one.problem(),
            Some(application::ProblemType::TooManyRequests)
        );
    }
    kiosk.offer(&ticket, Ground::urayasu()).await.unwrap();
}
