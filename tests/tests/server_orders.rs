//! Orders and outcomes: one key, one certificate; what was shown is what is paid; what was not
//! delivered is owed.
#![allow(clippy::unwrap_used)] // a step that fails ends the test

use application::ProblemType;
use application::messages::{
    Availability, Copies, ExtendRequest, HolderTicket, OfferReply, OpenRequest, OrderReply, Outcome,
};
use certificate::read_back::{self, Code};
use domain::{CertificateId, CertificateKind, Yen};
use fixtures::municipality::Kind;
use registry::{Actor, Purpose};
use system_tests::server_stage::{Applicant, ChannelClient, Ground, Running, order, terms};

const DOMESTIC: CertificateKind = CertificateKind::Domestic;
const ABROAD: CertificateKind = CertificateKind::Abroad;

async fn ticket(ground: &Ground, channel: &ChannelClient, kind: Kind) -> HolderTicket {
    Applicant::of_kind(ground, kind)
        .apply(channel)
        .await
        .unwrap()
}

/// The fee that is offered for a kind.
async fn fee(channel: &ChannelClient, ticket: &HolderTicket, kind: CertificateKind) -> Yen {
    let OfferReply::Available { kinds } = channel.offer(ticket, Ground::urayasu()).await.unwrap()
    else {
        panic!("the holder is here");
    };
    let offered = kinds.iter().find(|one| one.kind == kind).unwrap();
    let Availability::Offered { fee, .. } = offered.availability else {
        panic!("the holder has a passport");
    };
    fee
}

/// The codes on a page, as they would print.
fn codes(reply: &OrderReply) -> Vec<Code> {
    let document = reply.document.as_ref().unwrap();
    let found = read_back::from_pdf(document.expose()).unwrap();
    found.into_iter().map(|found| found.code).collect()
}

#[tokio::test]
async fn a_kiosk_gets_a_page_and_a_phone_credentials() {
    let ground = Ground::lay().await;
    let running = Running::start(&ground).await;
    let kiosk = ChannelClient::kiosk(&ground, &running, 1);
    assert!(kiosk.call(&OpenRequest {}).await.unwrap().specimen);
    let held = ticket(&ground, &kiosk, Kind::ThreeDoses).await;
    assert_eq!(held.suggested_municipality, Some(Ground::urayasu()));
    for (kind, number_of_codes) in [(ABROAD, 2), (DOMESTIC, 1)] {
        let key = number_of_codes as u8;
        let reply = kiosk.order(&held, Ground::urayasu(), kind, 120, key).await;
        let reply = reply.unwrap();
        assert!(reply.credentials.is_none());
        assert_eq!(codes(&reply).len(), number_of_codes);
    }
    let phone = ChannelClient::phone(&ground, &running);
    let held = ticket(&ground, &phone, Kind::ThreeDoses).await;
    let reply = phone.order(&held, Ground::urayasu(), ABROAD, 0, 1).await;
    let reply = reply.unwrap();
    assert!(reply.document.is_none());
    let credentials = reply.credentials.unwrap();
    assert!(credentials.vds_nc_code.is_some());
    assert!(credentials.smart_health_card_code.expose().len() <= 1195);
    running.stop().await;
}

#[tokio::test]
async fn the_same_order_again_gets_the_same_codes() {
    let ground = Ground::lay().await;
    let running = Running::start(&ground).await;
    let kiosk = ChannelClient::kiosk(&ground, &running, 1);
    let held = ticket(&ground, &kiosk, Kind::ThreeDoses).await;
    let first = kiosk.order(&held, Ground::urayasu(), ABROAD, 120, 1).await;
    let first = first.unwrap();
    // Also by a ticket that was extended meanwhile.
    running.clock.advance(60);
    let ticket = held.ticket.clone();
    let extended = kiosk.call(&ExtendRequest { ticket }).await.unwrap();
    let again = kiosk.order(&extended, Ground::urayasu(), ABROAD, 120, 1);
    let again = again.await.unwrap();
    assert_eq!(again.certificate_id, first.certificate_id);
    assert_eq!(codes(&again), codes(&first));
    let other_key = kiosk.order(&held, Ground::urayasu(), ABROAD, 120, 2).await;
    assert_ne!(other_key.unwrap().certificate_id, first.certificate_id);
}

#[tokio::test]
async fn what_was_issued_is_fetched_again_after_the_tickets_time_and_nothing_new() {
    let ground = Ground::lay().await;
    let running = Running::start(&ground).await;
    let kiosk = ChannelClient::kiosk(&ground, &running, 1);
    let held = ticket(&ground, &kiosk, Kind::ThreeDoses).await;
    let first = kiosk.order(&held, Ground::urayasu(), ABROAD, 120, 1).await;
    let first = first.unwrap();
    running.clock.advance(3600);
    let again = kiosk.order(&held, Ground::urayasu(), ABROAD, 120, 1).await;
    let again = again.unwrap();
    assert_eq!(again.certificate_id, first.certificate_id);
    assert_eq!(codes(&again), codes(&first));
    // Anything else than that very order is a new one, and the time for it is over.
    let expired = Some(ProblemType::TicketExpired);
    let before = entries(&ground).await;
    for (municipality, kind, key) in [
        (Ground::urayasu(), ABROAD, 2),
        (Ground::urayasu(), DOMESTIC, 2),
        (Ground::hirosaki(), ABROAD, 1),
    ] {
        let refused = kiosk.order(&held, municipality, kind, 120, key).await;
        assert_eq!(refused.unwrap_err().problem(), expired);
    }
    assert_eq!(entries(&ground).await, before, "nothing was done");
    // The ticket is the channel's own, whatever its age.
    let other_kiosk = ChannelClient::kiosk(&ground, &running, 2);
    let refused = other_kiosk.order(&held, Ground::urayasu(), ABROAD, 120, 1);
    let problem = refused.await.unwrap_err().problem();
    assert_eq!(problem, Some(ProblemType::TicketInvalid));
}

#[tokio::test]
async fn what_was_revoked_flagged_suspended_or_issued_long_ago_is_not_fetched_again() {
    let ground = Ground::lay().await;
    let running = Running::start(&ground).await;
    let phone = ChannelClient::phone(&ground, &running);
    let by = ["--municipality", "122271", "--staff", "counter-07"];
    for (kind, what, key) in [
        (Kind::ThreeDoses, "revoked", 1),
        (Kind::OneDose, "protected", 2),
        (Kind::TwoDoses, "suspended", 3),
        (Kind::SevenDoses, "old", 4),
    ] {
        let held = ticket(&ground, &phone, kind).await;
        let ordered = async || {
            phone
                .order(&held, Ground::urayasu(), DOMESTIC, 0, key)
                .await
        };
        let first = ordered().await.unwrap().certificate_id;
        assert_eq!(ordered().await.unwrap().certificate_id, first);
        match what {
            "revoked" => {
                let revoke = ["revoke", first.as_str(), "--purpose", "a test"];
                ground.command(&[&revoke[..], &by].concat()).await;
            }
            "protected" => {
                let number = ground.person(kind).individual_number.expose();
                let order = ["--ordered-by", "head-01", "--ground", "a request"];
                let set = ["flag", "set", "protected", "--number-from-stdin"];
                let set = [&set[..], &order, &by].concat();
                let (done, said) = ground.command_with_input(&set, &format!("{number}\n"));
                assert!(done, "{said}");
            }
            "suspended" => ground.suspend(kind).await,
            _ => running.clock.advance(24 * 3600 + 1),
        }
        let problem = ordered().await.unwrap_err().problem();
        assert_eq!(problem, Some(ProblemType::OrderNotAvailable), "{what}");
    }
}

#[tokio::test]
async fn the_terms_agreed_to_are_recorded_with_every_look_up_and_certificate() {
    let ground = Ground::lay().await;
    let running = Running::start(&ground).await;
    let kiosk = ChannelClient::kiosk(&ground, &running, 1);
    let held = ticket(&ground, &kiosk, Kind::ThreeDoses).await;
    kiosk.offer(&held, Ground::urayasu()).await.unwrap();
    let shown = kiosk.preview(&held, Ground::urayasu(), DOMESTIC).await;
    shown.unwrap();
    let id = kiosk.order(&held, Ground::urayasu(), DOMESTIC, 120, 1);
    let id = id.await.unwrap().certificate_id;
    // And of somebody who is not here: they agreed too.
    running.clock.advance(31);
    let nobody = ticket(&ground, &kiosk, Kind::NotRegistered).await;
    let reply = kiosk.offer(&nobody, Ground::urayasu()).await.unwrap();
    assert_eq!(reply, OfferReply::NotHere);
    running.stop().await;

    let terms = terms();
    let registry = ground.registry().await;
    let of = |purpose| registry.municipality(Ground::urayasu(), purpose, Actor::Server);
    let audit = of(Purpose::Audit).await.unwrap();
    let entries = audit.audit_entries(0, 1000).await.unwrap();
    for (event, times) in [("looked-up", 2), ("previewed", 1)] {
        let found = entries.iter().filter(|entry| entry.event == event);
        let details: Vec<_> = found.map(|entry| entry.detail.as_deref()).collect();
        let expected = format!("terms {}", terms.as_str());
        assert_eq!(details, vec![Some(&*expected); times], "{event}");
    }
    let issued = of(Purpose::Issuing).await.unwrap().certificate(id).await;
    assert_eq!(issued.unwrap().unwrap().terms, terms);
    registry.close().await;
}

/// How many entries the audit chains of the municipalities have in which the test orders.
async fn entries(ground: &Ground) -> [u64; 2] {
    let registry = ground.registry().await;
    let mut entries = [0; 2];
    for (entries, code) in entries
        .iter_mut()
        .zip([Ground::urayasu(), Ground::hirosaki()])
    {
        let register = registry.municipality(code, Purpose::Audit, Actor::Server);
        *entries = register.await.unwrap().audit_head().await.unwrap().sequence;
    }
    registry.close().await;
    entries
}

#[tokio::test]
async fn one_key_is_for_one_order_of_one_application() {
    let ground = Ground::lay().await;
    let running = Running::start(&ground).await;
    let kiosk = ChannelClient::kiosk(&ground, &running, 1);
    let held = ticket(&ground, &kiosk, Kind::ThreeDoses).await;
    let right = order(&held, Ground::urayasu(), DOMESTIC, 120, 1);
    kiosk.call(&right).await.unwrap();

    let mut other_copies = right.clone();
    other_copies.copies = Copies::new(2).unwrap();
    let mut other_kind = right.clone();
    other_kind.kind = ABROAD;
    let mut other_fee = right.clone();
    other_fee.fee = Yen(121);
    let another_sitting = ticket(&ground, &kiosk, Kind::ThreeDoses).await;
    let other_ticket = order(&another_sitting, Ground::urayasu(), DOMESTIC, 120, 1);
    for (what, other) in [
        ("other copies", other_copies),
        ("another kind", other_kind),
        ("another fee", other_fee),
        ("another application's ticket", other_ticket),
    ] {
        let refused = kiosk.call(&other).await.unwrap_err();
        assert_eq!(
            refused.problem(),
            Some(ProblemType::OrderKeyReused),
            "{what}"
        );
    }
}

#[tokio::test]
async fn what_is_not_offered_is_not_issued() {
    let ground = Ground::lay().await;
    let running = Running::start(&ground).await;
    let kiosk = ChannelClient::kiosk(&ground, &running, 1);
    for (kind, ordered) in [
        (Kind::NoPassport, ABROAD),
        (Kind::ExpiredPassport, ABROAD),
        (Kind::Protected, DOMESTIC),
        (Kind::Deceased, DOMESTIC),
        (Kind::NoDoses, DOMESTIC),
        (Kind::BirthDateMismatch, DOMESTIC),
        (Kind::NameMismatch, DOMESTIC),
        (Kind::MissingGlyph, DOMESTIC),
        (Kind::UnknownProduct, DOMESTIC),
        (Kind::NotRegistered, DOMESTIC),
    ] {
        let person = ground.person(kind);
        let register = person
            .registers
            .first()
            .map_or(person.card_issuer, |register| register.municipality);
        let held = ticket(&ground, &kiosk, kind).await;
        let refused = kiosk.order(&held, register, ordered, 120, 1).await;
        let problem = refused.unwrap_err().problem();
        assert_eq!(problem, Some(ProblemType::OrderNotAvailable), "{kind:?}");
        running.clock.advance(31);
    }
}

#[tokio::test]
async fn why_an_order_is_refused_shows_neither_in_words_nor_in_length() {
    let ground = Ground::lay().await;
    let running = Running::start(&ground).await;
    let kiosk = ChannelClient::kiosk(&ground, &running, 1);
    let phone = ChannelClient::phone(&ground, &running);
    for (channel, fee) in [(&kiosk, 120), (&phone, 0)] {
        let (mut refusals, mut lengths) = (0, Vec::new());
        for (key, kind) in (1..).zip(Kind::SPECIAL) {
            let person = ground.person(kind);
            let register = person
                .registers
                .first()
                .map_or(person.card_issuer, |register| register.municipality);
            let held = ticket(&ground, channel, kind).await;
            // No offer was asked for: nothing stops a phone of somebody's own making from that.
            let request = order(&held, register, ABROAD, fee, key);
            let (length, reply) = channel.answer_measured(&request).await;
            if let Err(refused) = reply {
                lengths.push(length);
                let problem = refused.problem();
                assert_eq!(problem, Some(ProblemType::OrderNotAvailable), "{kind:?}");
                refusals += 1;
            }
            running.clock.advance(31);
        }
        assert!(refusals >= 10, "{refusals}");
        lengths.dedup();
        assert_eq!(
            lengths.len(),
            1,
            "the length of an answer tells what it says"
        );
    }
}

#[tokio::test]
async fn a_suspended_card_is_not_here_wherever_it_asks() {
    let ground = Ground::lay().await;
    ground.suspend(Kind::ThreeDoses).await;
    let running = Running::start(&ground).await;
    let kiosk = ChannelClient::kiosk(&ground, &running, 1);
    // Applying tells nothing: whoever found the card learns nothing from it.
    let held = ticket(&ground, &kiosk, Kind::ThreeDoses).await;
    let reply = kiosk.offer(&held, Ground::urayasu()).await.unwrap();
    assert_eq!(reply, OfferReply::NotHere);
    let refused = kiosk
        .order(&held, Ground::urayasu(), DOMESTIC, 120, 1)
        .await;
    assert_eq!(
        refused.unwrap_err().problem(),
        Some(ProblemType::OrderNotAvailable)
    );
}

#[tokio::test]
async fn what_was_shown_is_what_is_paid() {
    let ground = Ground::lay().await;
    let running = Running::start(&ground).await;
    let kiosk = ChannelClient::kiosk(&ground, &running, 1);
    let held = ticket(&ground, &kiosk, Kind::ThreeDoses).await;
    for wrong in [0, 119, 121] {
        let refused = kiosk.order(&held, Ground::urayasu(), DOMESTIC, wrong, 1);
        let problem = refused.await.unwrap_err().problem();
        assert_eq!(problem, Some(ProblemType::FeeChanged), "¥{wrong}");
    }
    // Nothing came of those: the key is still free.
    let right = kiosk
        .order(&held, Ground::urayasu(), DOMESTIC, 120, 1)
        .await;
    right.unwrap();
}

#[tokio::test]
async fn a_phone_gets_one_copy() {
    let ground = Ground::lay().await;
    let running = Running::start(&ground).await;
    let phone = ChannelClient::phone(&ground, &running);
    let held = ticket(&ground, &phone, Kind::ThreeDoses).await;
    let mut two = order(&held, Ground::urayasu(), DOMESTIC, 0, 1);
    two.copies = Copies::new(2).unwrap();
    let refused = phone.call(&two).await.unwrap_err();
    assert_eq!(refused.problem(), Some(ProblemType::MalformedRequest));
}

#[tokio::test]
async fn a_failed_print_is_owed_once_and_revokes_the_spoiled_one() {
    let ground = Ground::lay().await;
    let running = Running::start(&ground).await;
    let kiosk = ChannelClient::kiosk(&ground, &running, 1);
    let held = ticket(&ground, &kiosk, Kind::ThreeDoses).await;
    let spoiled = kiosk.order(&held, Ground::urayasu(), ABROAD, 120, 1).await;
    let spoiled = spoiled.unwrap().certificate_id;
    let report = |id, outcome| kiosk.report(&held, Ground::urayasu(), id, outcome);
    report(spoiled, Outcome::NotDelivered).await.unwrap();
    // Told again it is the same; told otherwise it is refused.
    report(spoiled, Outcome::NotDelivered).await.unwrap();
    let contradiction = report(spoiled, Outcome::Delivered).await.unwrap_err();
    assert_eq!(
        contradiction.problem(),
        Some(ProblemType::CertificateUnknown)
    );

    assert_eq!(fee(&kiosk, &held, ABROAD).await, Yen(0));
    assert_eq!(
        fee(&kiosk, &held, DOMESTIC).await,
        Yen(120),
        "the other kind is as before"
    );
    let paid_again = kiosk.order(&held, Ground::urayasu(), ABROAD, 120, 2).await;
    let problem = paid_again.unwrap_err().problem();
    assert_eq!(problem, Some(ProblemType::FeeChanged));
    let replacement = kiosk.order(&held, Ground::urayasu(), ABROAD, 0, 3).await;
    assert_ne!(replacement.unwrap().certificate_id, spoiled);
    assert_eq!(fee(&kiosk, &held, ABROAD).await, Yen(120), "owed once");
    running.stop().await;

    let public = ground.path("public");
    ground.command(&["publish", public.to_str().unwrap()]).await;
    assert_eq!(ground.revoked(&public), [spoiled.to_string()]);
}

#[tokio::test]
async fn a_phone_earns_no_free_print_by_telling_that_it_got_nothing() {
    let ground = Ground::lay().await;
    let running = Running::start(&ground).await;
    let phone = ChannelClient::phone(&ground, &running);
    let on_phone = ticket(&ground, &phone, Kind::ThreeDoses).await;
    let free = phone
        .order(&on_phone, Ground::urayasu(), DOMESTIC, 0, 1)
        .await;
    let free = free.unwrap().certificate_id;
    let report = phone.report(&on_phone, Ground::urayasu(), free, Outcome::NotDelivered);
    report.await.unwrap();

    running.clock.advance(31);
    let kiosk = ChannelClient::kiosk(&ground, &running, 1);
    let held = ticket(&ground, &kiosk, Kind::ThreeDoses).await;
    assert_eq!(fee(&kiosk, &held, DOMESTIC).await, Yen(120));
    let unpaid = kiosk.order(&held, Ground::urayasu(), DOMESTIC, 0, 2).await;
    let problem = unpaid.unwrap_err().problem();
    assert_eq!(problem, Some(ProblemType::FeeChanged));
}

#[tokio::test]
async fn a_print_that_is_owed_stays_owed_whatever_a_phone_orders() {
    let ground = Ground::lay().await;
    let running = Running::start(&ground).await;
    let kiosk = ChannelClient::kiosk(&ground, &running, 1);
    let held = ticket(&ground, &kiosk, Kind::ThreeDoses).await;
    let spoiled = kiosk.order(&held, Ground::urayasu(), DOMESTIC, 120, 1);
    let spoiled = spoiled.await.unwrap().certificate_id;
    let report = kiosk.report(&held, Ground::urayasu(), spoiled, Outcome::NotDelivered);
    report.await.unwrap();

    running.clock.advance(31);
    let phone = ChannelClient::phone(&ground, &running);
    let on_phone = ticket(&ground, &phone, Kind::ThreeDoses).await;
    let on_phone = phone.order(&on_phone, Ground::urayasu(), DOMESTIC, 0, 2);
    on_phone.await.unwrap();

    assert_eq!(fee(&kiosk, &held, DOMESTIC).await, Yen(0), "still owed");
    let replacement = kiosk.order(&held, Ground::urayasu(), DOMESTIC, 0, 3).await;
    replacement.unwrap();
    assert_eq!(fee(&kiosk, &held, DOMESTIC).await, Yen(120), "owed once");
    running.stop().await;
    let public = ground.path("public");
    ground.command(&["publish", public.to_str().unwrap()]).await;
    assert_eq!(ground.revoked(&public), [spoiled.to_string()]);
}

#[tokio::test]
async fn only_the_channel_that_ordered_tells_the_outcome() {
    let ground = Ground::lay().await;
    let running = Running::start(&ground).await;
    let kiosk = ChannelClient::kiosk(&ground, &running, 1);
    let held = ticket(&ground, &kiosk, Kind::ThreeDoses).await;
    let reply = kiosk
        .order(&held, Ground::urayasu(), DOMESTIC, 120, 1)
        .await;
    let id = reply.unwrap().certificate_id;
    let other_kiosk = ChannelClient::kiosk(&ground, &running, 2);
    let others = ticket(&ground, &other_kiosk, Kind::ThreeDoses).await;
    let no_such = CertificateId::from_random([3; 12]);
    for (client, ticket, municipality, id) in [
        (&other_kiosk, &others, Ground::urayasu(), id),
        (&kiosk, &held, Ground::hirosaki(), id),
        (&kiosk, &held, Ground::urayasu(), no_such),
    ] {
        let refused = client.report(ticket, municipality, id, Outcome::NotDelivered);
        let problem = refused.await.unwrap_err().problem();
        assert_eq!(problem, Some(ProblemType::CertificateUnknown));
    }
    let by_others_ticket = other_kiosk.report(&held, Ground::urayasu(), id, Outcome::Delivered);
    let problem = by_others_ticket.await.unwrap_err().problem();
    assert_eq!(problem, Some(ProblemType::TicketInvalid));
    // A jam that takes longer than any ticket does not cost the resident what is owed.
    running.clock.advance(3600);
    kiosk
        .report(&held, Ground::urayasu(), id, Outcome::NotDelivered)
        .await
        .unwrap();
}
