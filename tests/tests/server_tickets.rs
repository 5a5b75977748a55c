//! Holder tickets: for the channel that applied, for their time, and for so many questions.
#![allow(clippy::unwrap_used)] // a step that fails ends the test

use application::ProblemType;
use application::messages::{ExtendRequest, HolderTicket, OfferReply};
use fixtures::municipality::Kind;
use system_tests::server_stage::{Applicant, ChannelClient, Ground, Refused, Running};

async fn ticket(ground: &Ground, channel: &ChannelClient) -> HolderTicket {
    let applicant = Applicant::of_kind(ground, Kind::ThreeDoses);
    applicant.apply(channel).await.unwrap()
}

async fn extend(channel: &ChannelClient, ticket: &HolderTicket) -> Result<HolderTicket, Refused> {
    let ticket = ticket.ticket.clone();
    channel.call(&ExtendRequest { ticket }).await
}

async fn offered(channel: &ChannelClient, ticket: &HolderTicket) -> Option<ProblemType> {
    match channel.offer(ticket, Ground::urayasu()).await {
        Ok(OfferReply::Available { .. } | OfferReply::NotHere) => None,
        Err(refused) => refused.problem(),
    }
}

#[tokio::test]
async fn forged_and_foreign_tickets_are_refused() {
    let ground = Ground::lay().await;
    let running = Running::start(&ground).await;
    let kiosk = ChannelClient::kiosk(&ground, &running, 1);
    let good = ticket(&ground, &kiosk).await;
    assert_eq!(offered(&kiosk, &good).await, None);
    for at in [0, 13, good.ticket.len() - 1] {
        let mut forged = good.clone();
        forged.ticket.0[at] ^= 1;
        assert_eq!(
            offered(&kiosk, &forged).await,
            Some(ProblemType::TicketInvalid),
            "{at}"
        );
    }
    for length in [0, 1, 12, good.ticket.len() - 1] {
        let mut cut = good.clone();
        cut.ticket.0.truncate(length);
        assert_eq!(
            offered(&kiosk, &cut).await,
            Some(ProblemType::TicketInvalid),
            "{length}"
        );
    }
    let other_kiosk = ChannelClient::kiosk(&ground, &running, 2);
    let phone = ChannelClient::phone(&ground, &running);
    for other in [&other_kiosk, &phone] {
        assert_eq!(
            offered(other, &good).await,
            Some(ProblemType::TicketInvalid)
        );
        let refused = extend(other, &good).await.unwrap_err();
        assert_eq!(refused.problem(), Some(ProblemType::TicketInvalid));
    }
}

#[tokio::test]
async fn a_ticket_of_another_ticket_key_is_refused() {
    let ground = Ground::lay().await;
    let running = Running::start(&ground).await;
    let kiosk = ChannelClient::kiosk(&ground, &running, 1);
    let of_before = ticket(&ground, &kiosk).await;
    running.stop().await;
    // Any other 32 bytes will do as another ticket key.
    let settings = ground.write_settings("other-ticket-key.toml", |text| {
        text.replace("pki/ticket.key", "pki/sealing.key")
    });
    let running = Running::start_with(&settings).await;
    let kiosk = ChannelClient::kiosk(&ground, &running, 1);
    assert_eq!(
        offered(&kiosk, &of_before).await,
        Some(ProblemType::TicketInvalid)
    );
}

#[tokio::test]
async fn a_ticket_lasts_five_minutes_and_is_extended_to_fifteen() {
    let ground = Ground::lay().await;
    let running = Running::start(&ground).await;
    let kiosk = ChannelClient::kiosk(&ground, &running, 1);
    let first = ticket(&ground, &kiosk).await;
    assert_eq!(first.valid_seconds, 300);
    running.clock.advance(299);
    assert_eq!(offered(&kiosk, &first).await, None);
    let second = extend(&kiosk, &first).await.unwrap();
    assert_eq!(second.valid_seconds, 300);
    running.clock.advance(1);
    assert_eq!(
        offered(&kiosk, &first).await,
        Some(ProblemType::TicketExpired)
    );
    let refused = extend(&kiosk, &first).await.unwrap_err();
    assert_eq!(refused.problem(), Some(ProblemType::TicketExpired));
    running.clock.advance(290);
    let third = extend(&kiosk, &second).await.unwrap();
    running.clock.advance(290);
    let last = extend(&kiosk, &third).await.unwrap();
    assert_eq!(
        last.valid_seconds, 20,
        "fifteen minutes after the application it ends"
    );
    running.clock.advance(20);
    assert_eq!(
        offered(&kiosk, &last).await,
        Some(ProblemType::TicketExpired)
    );
}

#[tokio::test]
async fn one_application_asks_only_so_often_also_by_extended_tickets() {
    let ground = Ground::lay().await;
    let settings = ground.write_settings("few.toml", |text| {
        format!("{text}offers_per_application = 3\n")
    });
    let running = Running::start_with(&settings).await;
    let kiosk = ChannelClient::kiosk(&ground, &running, 1);
    let first = ticket(&ground, &kiosk).await;
    for _ in 0..3 {
        assert_eq!(offered(&kiosk, &first).await, None);
    }
    assert_eq!(
        offered(&kiosk, &first).await,
        Some(ProblemType::TooManyRequests)
    );
    let extended = extend(&kiosk, &first).await.unwrap();
    assert_eq!(
        offered(&kiosk, &extended).await,
        Some(ProblemType::TooManyRequests)
    );
    let another = ticket(&ground, &kiosk).await;
    assert_eq!(offered(&kiosk, &another).await, None);
}
