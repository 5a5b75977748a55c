//! Applications: every card that is not what it says, every challenge that is not this channel's
//! own and fresh, and what the resident did not agree to.
#![allow(clippy::unwrap_used)] // a step that fails ends the test

use application::messages::{ApplyRequest, ChallengeReply, ChallengeRequest};
use application::{Bytes, ProblemType};
use domain::{Redacted, TermsVersion};
use fixtures::municipality::Kind;
use fixtures::pki::Forgery;
use system_tests::server_stage::{Applicant, ChannelClient, Ground, Running};

async fn challenge(channel: &ChannelClient) -> ChallengeReply {
    channel.call(&ChallengeRequest {}).await.unwrap()
}

/// An application of a resident with three doses, right in every way.
async fn right(ground: &Ground, channel: &ChannelClient) -> ApplyRequest {
    let challenge = challenge(channel).await;
    Applicant::of_kind(ground, Kind::ThreeDoses).application(channel.id(), &challenge)
}

async fn refused(channel: &ChannelClient, request: &ApplyRequest) -> Option<ProblemType> {
    channel.call(request).await.unwrap_err().problem()
}

/// What the server says to a forged card; `None` for the one that no verifier can tell
/// (docs/SECURITY.md).
const fn told(forgery: Forgery) -> Option<ProblemType> {
    match forgery {
        Forgery::KeyOfSameIssuer => None,
        Forgery::UnknownCa
        | Forgery::ImpostorCa
        | Forgery::KeyOfOtherIssuer
        | Forgery::NumberOfAnother
        | Forgery::AttributesOfAnother
        | Forgery::BrokenIssuerCertificate
        | Forgery::BrokenIntegrity
        | Forgery::BrokenCardKey => Some(ProblemType::CardNotAuthentic),
        Forgery::OtherLivingKey => Some(ProblemType::CardPresenceInvalid),
        Forgery::CopiedFiles => Some(ProblemType::CardPresenceMissing),
        Forgery::WrongCheckDigit => Some(ProblemType::IndividualNumberInvalid),
        Forgery::ImpossibleDate | Forgery::FutureBirthDate | Forgery::CutAttributes => {
            Some(ProblemType::CardMalformed)
        }
    }
}

#[tokio::test]
async fn every_forged_card_is_refused_for_its_own_reason() {
    let ground = Ground::lay().await;
    let running = Running::start(&ground).await;
    let kiosk = ChannelClient::kiosk(&ground, &running, 1);
    let person = ground.person(Kind::ThreeDoses);
    for forgery in Forgery::ALL {
        let card = ground
            .cards
            .forge(person.card_issuer, &person.on_card(), forgery)
            .unwrap();
        let result = Applicant { card }.apply(&kiosk).await;
        let problem = result.err().and_then(|refused| refused.problem());
        assert_eq!(problem, told(forgery), "{forgery}");
        // A challenge lives for 30 s, and a channel holds 30 of them.
        running.clock.advance(31);
    }
    running.stop().await;
    // Each refusal is on record, by the step that refused.
    let refusals = ground.refusals().await;
    assert_eq!(refusals.len(), Forgery::ALL.len() - 1);
    for step in [
        "card: unknown CA",
        "card: issuer certificate",
        "card: card key",
    ] {
        assert!(refusals.iter().any(|refusal| refusal == step), "{step}");
    }
}

/// A file of the card, as it travels.
type Field = fn(&mut ApplyRequest) -> &mut Redacted<Bytes>;

const FILES: [(&str, Field); 5] = [
    ("EF 0001", |r| &mut r.signed_basic_information.ef0001),
    ("EF 0002", |r| &mut r.signed_basic_information.ef0002),
    ("EF 0003", |r| &mut r.signed_basic_information.ef0003),
    ("EF 0004", |r| &mut r.signed_basic_information.ef0004),
    ("EF 0007", |r| &mut r.signed_basic_information.ef0007),
];

#[tokio::test]
async fn every_malformed_file_is_refused_before_anything_is_spent() {
    let ground = Ground::lay().await;
    let running = Running::start(&ground).await;
    let kiosk = ChannelClient::kiosk(&ground, &running, 1);
    let request = right(&ground, &kiosk).await;
    type Damage = fn(&mut Vec<u8>);
    let damages: [(&str, Damage); 7] = [
        ("nothing", |file| file.clear()),
        ("cut off in the middle", |file| {
            file.truncate(file.len() / 2)
        }),
        ("another tag", |file| file[0] ^= 0x01),
        ("an indefinite length", |file| file[2] = 0x80),
        ("a length of four bytes", |file| file[2] = 0x84),
        ("longer than the file", |file| file[2] = 0x7f),
        ("no filler behind", |file| {
            file.extend_from_slice(&[0, 1, 2])
        }),
    ];
    for (name, field) in FILES {
        for (what, damage) in damages {
            let mut damaged = request.clone();
            let mut file = field(&mut damaged).expose().0.clone();
            damage(&mut file);
            *field(&mut damaged) = Redacted::new(Bytes(file));
            assert_eq!(
                refused(&kiosk, &damaged).await,
                Some(ProblemType::CardMalformed),
                "{name}: {what}"
            );
        }
    }
    // The same challenge is good still: nothing was spent on all that.
    kiosk.call(&request).await.unwrap();
}

#[tokio::test]
async fn a_challenge_is_good_once_here_and_now() {
    let ground = Ground::lay().await;
    let running = Running::start(&ground).await;
    let kiosk = ChannelClient::kiosk(&ground, &running, 1);
    let applicant = Applicant::of_kind(&ground, Kind::ThreeDoses);

    let invented = ChallengeReply {
        challenge: [7; 32].into(),
        valid_seconds: 30,
    };
    let request = applicant.application(kiosk.id(), &invented);
    assert_eq!(
        refused(&kiosk, &request).await,
        Some(ProblemType::ChallengeUnknown)
    );

    let other_kiosk = ChannelClient::kiosk(&ground, &running, 2);
    let foreign = challenge(&other_kiosk).await;
    let request = applicant.application(kiosk.id(), &foreign);
    assert_eq!(
        refused(&kiosk, &request).await,
        Some(ProblemType::ChallengeUnknown)
    );

    let request = right(&ground, &kiosk).await;
    running.clock.advance(30);
    kiosk.call(&request).await.unwrap();
    let stale = right(&ground, &kiosk).await;
    running.clock.advance(31);
    assert_eq!(
        refused(&kiosk, &stale).await,
        Some(ProblemType::ChallengeUnknown)
    );
}

#[tokio::test]
async fn the_signature_is_for_this_channel_and_these_terms() {
    let ground = Ground::lay().await;
    let running = Running::start(&ground).await;
    let kiosk = ChannelClient::kiosk(&ground, &running, 1);
    let other_kiosk = ChannelClient::kiosk(&ground, &running, 2);
    let applicant = Applicant::of_kind(&ground, Kind::ThreeDoses);
    // The card signed for another reader; whoever relays it holds this kiosk's own challenge.
    let for_another = applicant.application(other_kiosk.id(), &challenge(&kiosk).await);
    assert_eq!(
        refused(&kiosk, &for_another).await,
        Some(ProblemType::CardPresenceInvalid)
    );
    // A signature over one challenge does not serve for another.
    let mut moved = right(&ground, &kiosk).await;
    moved.challenge = challenge(&kiosk).await.challenge.clone();
    assert_eq!(
        refused(&kiosk, &moved).await,
        Some(ProblemType::CardPresenceInvalid)
    );
}

#[tokio::test]
async fn the_same_application_again_gets_the_same_ticket_and_another_none() {
    let ground = Ground::lay().await;
    let running = Running::start(&ground).await;
    let kiosk = ChannelClient::kiosk(&ground, &running, 1);
    let request = right(&ground, &kiosk).await;
    let first = kiosk.call(&request).await.unwrap();
    running.clock.advance(7);
    let again = kiosk.call(&request).await.unwrap();
    assert_eq!(again.ticket, first.ticket);
    assert_eq!(again.valid_seconds, first.valid_seconds - 7);

    let mut another = request.clone();
    another.consent.agreed_at += 1;
    assert_eq!(
        refused(&kiosk, &another).await,
        Some(ProblemType::ChallengeSpent)
    );
    let somebody_else = Applicant::of_kind(&ground, Kind::OneDose);
    let challenge = ChallengeReply {
        challenge: request.challenge.clone(),
        valid_seconds: 30,
    };
    let other_card = somebody_else.application(kiosk.id(), &challenge);
    assert_eq!(
        refused(&kiosk, &other_card).await,
        Some(ProblemType::ChallengeSpent)
    );
    // From another kiosk, even the very same bytes are nobody's challenge: and its card's
    // signature is not for it.
    let other_kiosk = ChannelClient::kiosk(&ground, &running, 2);
    assert_eq!(
        refused(&other_kiosk, &request).await,
        Some(ProblemType::CardPresenceInvalid)
    );
}

#[tokio::test]
async fn terms_that_are_not_in_force_are_not_agreed_to() {
    let ground = Ground::lay().await;
    let running = Running::start(&ground).await;
    let kiosk = ChannelClient::kiosk(&ground, &running, 1);
    let mut request = right(&ground, &kiosk).await;
    request.consent.terms_version = TermsVersion::parse("2025-04").unwrap();
    assert_eq!(
        refused(&kiosk, &request).await,
        Some(ProblemType::TermsNotCurrent)
    );
}

#[tokio::test]
async fn test_cards_and_copies_only_where_that_is_accepted() {
    let ground = Ground::lay().await;
    let production_cards = ground.write_settings("production-cards.toml", |text| {
        text.replace("accept_test_cards = true\n", "")
            .replace("test_cas = [\"pki/card-ca.json\"]\n", "")
    });
    let running = Running::start_with(&production_cards).await;
    let kiosk = ChannelClient::kiosk(&ground, &running, 1);
    let request = right(&ground, &kiosk).await;
    assert_eq!(
        refused(&kiosk, &request).await,
        Some(ProblemType::CardNotAuthentic)
    );
    running.stop().await;

    let copies = ground.write_settings("copies.toml", |text| {
        format!("accept_without_presence = true\n{text}")
    });
    let running = Running::start_with(&copies).await;
    let kiosk = ChannelClient::kiosk(&ground, &running, 1);
    let mut request = right(&ground, &kiosk).await;
    request.presence_signature = Some([1; 256].into());
    // A signature that is there must hold, even where none is asked for.
    assert_eq!(
        refused(&kiosk, &request).await,
        Some(ProblemType::CardPresenceInvalid)
    );
    request.presence_signature = None;
    kiosk.call(&request).await.unwrap();
}

#[tokio::test]
async fn challenges_are_bounded_for_each_channel() {
    let ground = Ground::lay().await;
    let running = Running::start(&ground).await;
    let kiosk = ChannelClient::kiosk(&ground, &running, 1);
    for _ in 0..30 {
        challenge(&kiosk).await;
    }
    let refused = kiosk.call(&ChallengeRequest {}).await.unwrap_err();
    assert_eq!(refused.problem(), Some(ProblemType::TooManyRequests));
    let other_kiosk = ChannelClient::kiosk(&ground, &running, 2);
    challenge(&other_kiosk).await;
    running.clock.advance(31);
    challenge(&kiosk).await;
}
