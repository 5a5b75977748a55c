//! No call reaches another municipality's register (C11): each one is made by the holder of a real
//! ticket for a municipality that is not theirs, with whatever names their data has.
//!
//! The calls are read out of the source: a new one fails here until it is made.
#![allow(clippy::unwrap_used)] // a step that fails ends the test

use std::collections::BTreeSet;

use application::ProblemType;
use application::messages::{OfferReply, Outcome, PreviewReply};
use domain::CertificateKind;
use fixtures::municipality::Kind;
use fixtures::stage::postgres::Postgres;
use registry::{Actor, Purpose};
use system_tests::server_stage::{Applicant, ChannelClient, Ground, Running};

/// Calls that ask no municipality's register, or are made elsewhere, and files that are no calls,
/// and why.
const NO_REGISTER: [(&str, &str); 7] = [
    ("open", "terms and names of municipalities"),
    ("challenge", "random bytes"),
    ("apply", "the card alone; the ticket names no municipality"),
    ("extend", "the ticket alone"),
    (
        "venue",
        "by voucher, which names its municipality; a venue holds no ticket",
    ),
    ("sitting", "no call: how offer, preview and order begin"),
    ("page", "no call: how preview and order make a page"),
];

fn calls() -> BTreeSet<String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../server/src/calls");
    let files = std::fs::read_dir(folder).unwrap();
    let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
    names
        .map(|name| name.trim_end_matches(".rs").to_owned())
        .collect()
}

/// Makes every call for Hirosaki with what belongs to Urayasu.
async fn walk(ground: &Ground) {
    let running = Running::start(ground).await;
    let kiosk = ChannelClient::kiosk(ground, &running, 1);
    let applicant = Applicant::of_kind(ground, Kind::ThreeDoses);
    let ticket = applicant.apply(&kiosk).await.unwrap();
    let (here, there) = (Ground::urayasu(), Ground::hirosaki());
    let kind = CertificateKind::Domestic;
    let issued = kiosk.order(&ticket, here, kind, 120, 1).await.unwrap();
    let id = issued.certificate_id;
    let mut made = BTreeSet::new();

    let offer = kiosk.offer(&ticket, there).await.unwrap();
    assert_eq!(offer, OfferReply::NotHere);
    made.insert("offer");
    let preview = kiosk.preview(&ticket, there, kind).await.unwrap();
    assert_eq!(preview, PreviewReply::NotHere);
    made.insert("preview");
    // The key of an order that was answered here gives nothing there, nor does a new one.
    for key in [1, 2] {
        let refused = kiosk.order(&ticket, there, kind, 120, key).await;
        let refused = refused.unwrap_err().problem();
        assert_eq!(refused, Some(ProblemType::OrderNotAvailable));
    }
    made.insert("order");
    let outcome = kiosk
        .report(&ticket, there, id, Outcome::NotDelivered)
        .await;
    assert!(outcome.is_err());
    made.insert("outcome");
    // Nothing became of it here: the first outcome is still to be told.
    let outcome = kiosk.report(&ticket, here, id, Outcome::Delivered).await;
    outcome.unwrap();
    running.stop().await;

    // What was asked there is recorded there, about nobody.
    let registry = ground.registry().await;
    let audit = registry.municipality(there, Purpose::Audit, Actor::Server);
    let entries = audit.await.unwrap().audit_entries(0, 1000).await.unwrap();
    let about =
        |entry: &&registry::AuditEntry| entry.subject.is_some() || entry.certificate.is_some();
    assert_eq!(entries.iter().find(about), None);
    registry.close().await;

    let made: BTreeSet<String> = made.into_iter().map(str::to_owned).collect();
    let elsewhere = NO_REGISTER.map(|(call, _)| call.to_owned()).into();
    assert_eq!(calls(), &made | &elsewhere, "every call is made");
}

#[tokio::test]
async fn no_call_reaches_another_municipality() {
    walk(&Ground::lay().await).await;
}

#[tokio::test]
async fn no_call_reaches_another_municipality_in_postgresql() {
    let postgres = Postgres::start().unwrap();
    walk(&Ground::lay_on(&postgres).await).await;
}
