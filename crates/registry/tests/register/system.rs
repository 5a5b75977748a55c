//! What belongs to no municipality.

use domain::{Channel, ChannelId, Clock};
use registry::{
    Actor, AuditVerdict, ChallengeLimits, ChallengeRefused, ChannelName, NewKioskKey, OverlapDays,
    RegistryError, RenewalRefused, SpentChallenge, StaffId, SystemRegister,
};
use time::Duration;

use super::support::*;

const KIOSK: ChannelId = ChannelId([1; 32]);
const OTHER: ChannelId = ChannelId([2; 32]);

async fn store(
    test: &TestRegistry,
    challenge: u8,
    channel: ChannelId,
) -> Result<(), RegistryError> {
    let limits = ChallengeLimits {
        per_channel: 3,
        per_kind: 5,
    };
    store_as(test, kiosk(1), challenge, channel, limits).await
}

async fn store_as(
    test: &TestRegistry,
    actor: Actor,
    challenge: u8,
    channel: ChannelId,
    limits: ChallengeLimits,
) -> Result<(), RegistryError> {
    let expires_at = test.clock.now() + Duration::seconds(30);
    test.registry
        .system(actor)
        .store_challenge(&[challenge; 32], channel, expires_at, limits)
        .await
}

fn system(test: &TestRegistry) -> SystemRegister {
    test.registry.system(kiosk(1))
}

async fn spend(
    test: &TestRegistry,
    challenge: u8,
    channel: ChannelId,
    digest: u8,
) -> Result<SpentChallenge, ChallengeRefused> {
    system(test)
        .spend_challenge(&[challenge; 32], channel, &[digest; 32])
        .await
        .unwrap()
}

#[tokio::test]
async fn a_challenge_is_spent_once_and_the_same_application_gets_the_same_answer() {
    let test = TestRegistry::empty().await;
    store(&test, 1, KIOSK).await.unwrap();
    let spent_at = test.clock.now();
    let Ok(SpentChallenge::Fresh { application }) = spend(&test, 1, KIOSK, 9).await else {
        panic!("not fresh")
    };
    test.clock.advance(20);
    assert_eq!(
        spend(&test, 1, KIOSK, 9).await,
        Ok(SpentChallenge::Again {
            application,
            spent_at
        })
    );
    assert_eq!(
        spend(&test, 1, KIOSK, 8).await,
        Err(ChallengeRefused::SpentByAnother)
    );
    test.clock.advance(11);
    assert_eq!(
        spend(&test, 1, KIOSK, 9).await,
        Err(ChallengeRefused::Unknown)
    );
}

#[tokio::test]
async fn stale_foreign_and_invented_challenges_are_refused() {
    let test = TestRegistry::empty().await;
    store(&test, 1, KIOSK).await.unwrap();
    assert_eq!(
        spend(&test, 1, OTHER, 9).await,
        Err(ChallengeRefused::Unknown)
    );
    assert_eq!(
        spend(&test, 2, KIOSK, 9).await,
        Err(ChallengeRefused::Unknown)
    );
    test.clock.advance(30);
    assert!(spend(&test, 1, KIOSK, 9).await.is_ok());
    store(&test, 3, KIOSK).await.unwrap();
    test.clock.advance(31);
    assert_eq!(
        spend(&test, 3, KIOSK, 9).await,
        Err(ChallengeRefused::Unknown)
    );
}

#[tokio::test]
async fn of_many_at_once_one_application_gets_the_challenge() {
    let test = TestRegistry::empty().await;
    store(&test, 1, KIOSK).await.unwrap();
    let mut tasks = tokio::task::JoinSet::new();
    for digest in 0..20 {
        let system = system(&test);
        tasks.spawn(async move {
            let digest = [digest; 32];
            let spent = system.spend_challenge(&[1; 32], KIOSK, &digest);
            spent.await.unwrap()
        });
    }
    let spent = tasks.join_all().await;
    assert_eq!(spent.iter().filter(|one| one.is_ok()).count(), 1);
}

#[tokio::test]
async fn challenges_are_bounded_per_channel_and_kind_until_they_expire() {
    let test = TestRegistry::empty().await;
    for challenge in 0..3 {
        store(&test, challenge, KIOSK).await.unwrap();
    }
    let refused = Err(RegistryError::TooManyChallenges);
    assert_eq!(store(&test, 3, KIOSK).await, refused);
    // A spent one still counts.
    spend(&test, 0, KIOSK, 9).await.unwrap();
    assert_eq!(store(&test, 3, KIOSK).await, refused);
    for challenge in 10..12 {
        store(&test, challenge, OTHER).await.unwrap();
    }
    assert_eq!(store(&test, 12, OTHER).await, refused);
    test.clock.advance(31);
    store(&test, 3, KIOSK).await.unwrap();
    store(&test, 12, OTHER).await.unwrap();
}

#[tokio::test]
async fn many_phones_take_no_challenge_from_kiosks() {
    let test = TestRegistry::empty().await;
    let limits = ChallengeLimits {
        per_channel: 3,
        per_kind: 5,
    };
    let phone = |n| Actor::Channel {
        kind: Channel::Phone,
        id: ChannelId([n; 32]),
    };
    for n in 100..105 {
        let stored = store_as(&test, phone(n), n, ChannelId([n; 32]), limits);
        stored.await.unwrap();
    }
    let one_more = store_as(&test, phone(105), 105, ChannelId([105; 32]), limits);
    assert_eq!(one_more.await, Err(RegistryError::TooManyChallenges));
    store(&test, 1, KIOSK).await.unwrap();
    spend(&test, 1, KIOSK, 9).await.unwrap();
}

#[tokio::test]
async fn who_is_unregistered_is_known_no_longer_and_recorded_once() {
    let test = TestRegistry::empty().await;
    let system = test.registry.system(staff());
    let (name, by) = (
        ChannelName::parse("浦安駅前店").unwrap(),
        StaffId::parse("operator").unwrap(),
    );
    let limited = [urayasu()];
    system
        .register_kiosk(KIOSK, &name, &limited, &by)
        .await
        .unwrap();
    system.register_relay(OTHER, &name, &by).await.unwrap();
    assert!(system.unregister(KIOSK).await.unwrap());
    assert_eq!(system.kiosk(KIOSK).await.unwrap(), None);
    assert!(system.is_relay(OTHER).await.unwrap());
    assert!(system.unregister(OTHER).await.unwrap());
    assert!(!system.is_relay(OTHER).await.unwrap());
    assert!(!system.unregister(OTHER).await.unwrap());
    let entries = system.audit_entries(0, 1000).await.unwrap();
    let unregistered: Vec<_> = entries
        .into_iter()
        .filter(|entry| entry.event == "channel-unregistered")
        .filter_map(|entry| entry.detail)
        .collect();
    assert_eq!(unregistered, [KIOSK.to_string(), OTHER.to_string()]);
}

/// A kiosk that is registered and limited, and its name.
async fn a_limited_kiosk(system: &SystemRegister, by: &StaffId) -> ChannelName {
    let name = ChannelName::parse("浦安駅前店").unwrap();
    system
        .register_kiosk(KIOSK, &name, &[urayasu()], by)
        .await
        .unwrap();
    name
}

fn next_key(old: ChannelId, new: ChannelId) -> NewKioskKey {
    NewKioskKey {
        old,
        new,
        overlap: OverlapDays::new(14).unwrap(),
        instead_of_successor: false,
    }
}

const NEXT: ChannelId = ChannelId([0x7e; 32]);
const AFTER_NEXT: ChannelId = ChannelId([0x7f; 32]);

#[tokio::test]
async fn a_kiosk_has_two_keys_for_a_bounded_time() {
    let test = TestRegistry::empty().await;
    let system = test.registry.system(staff());
    let by = StaffId::parse("operator").unwrap();
    let name = a_limited_kiosk(&system, &by).await;
    let key = next_key(KIOSK, NEXT);
    let renewed = system.renew_kiosk(key, &by).await.unwrap().unwrap();
    assert_eq!(renewed.name, name);
    for id in [KIOSK, NEXT] {
        let kiosk = system.kiosk(id).await.unwrap().unwrap();
        assert_eq!(
            (kiosk.name, kiosk.municipalities),
            (name.clone(), vec![urayasu()])
        );
    }
    test.clock.advance(14 * 24 * 3600 - 1);
    assert!(system.kiosk(KIOSK).await.unwrap().is_some());
    test.clock.advance(1);
    assert_eq!(system.kiosk(KIOSK).await.unwrap(), None);
    assert_eq!(system.kiosk(NEXT).await.unwrap().unwrap().ends_at, None);
    // What is over is not renewed, and the next renewal removes it for good.
    let late = system.renew_kiosk(next_key(KIOSK, OTHER), &by).await;
    assert_eq!(late.unwrap(), Err(RenewalRefused::NotRegistered));
    let key = next_key(NEXT, AFTER_NEXT);
    system.renew_kiosk(key, &by).await.unwrap().unwrap();
    let entries = system.audit_entries(0, 1000).await.unwrap();
    let events: Vec<_> = entries
        .iter()
        .map(|entry| {
            (
                entry.event.as_str(),
                entry.detail.clone().unwrap_or_default(),
            )
        })
        .collect();
    assert_eq!(
        events[events.len() - 3..],
        [
            ("channel-unregistered", KIOSK.to_string()),
            ("kiosk-registered", AFTER_NEXT.to_string()),
            ("kiosk-key-replaced", NEXT.to_string()),
        ]
    );
}

#[tokio::test]
async fn a_kiosk_never_has_three_keys() {
    let test = TestRegistry::empty().await;
    let system = test.registry.system(staff());
    let by = StaffId::parse("operator").unwrap();
    a_limited_kiosk(&system, &by).await;
    for (key, refused) in [
        (next_key(OTHER, NEXT), RenewalRefused::NotRegistered),
        (next_key(KIOSK, KIOSK), RenewalRefused::SameKey),
    ] {
        assert_eq!(system.renew_kiosk(key, &by).await.unwrap(), Err(refused));
    }
    let key = next_key(KIOSK, NEXT);
    system.renew_kiosk(key, &by).await.unwrap().unwrap();
    let again = system.renew_kiosk(key, &by).await.unwrap();
    assert_eq!(again, Err(RenewalRefused::KnownKey));
    let mut third = next_key(KIOSK, AFTER_NEXT);
    let refused = system.renew_kiosk(third, &by).await.unwrap();
    assert_eq!(refused, Err(RenewalRefused::HasSuccessor(NEXT)));
    third.instead_of_successor = true;
    system.renew_kiosk(third, &by).await.unwrap().unwrap();
    assert_eq!(system.kiosk(NEXT).await.unwrap(), None);
    assert!(system.kiosk(KIOSK).await.unwrap().is_some());
    assert!(system.kiosk(AFTER_NEXT).await.unwrap().is_some());
}

#[tokio::test]
async fn a_stolen_kiosk_is_shut_out_with_both_keys() {
    for stolen in [KIOSK, NEXT] {
        let test = TestRegistry::empty().await;
        let system = test.registry.system(staff());
        let by = StaffId::parse("operator").unwrap();
        a_limited_kiosk(&system, &by).await;
        let key = next_key(KIOSK, NEXT);
        system.renew_kiosk(key, &by).await.unwrap().unwrap();
        assert!(system.unregister(stolen).await.unwrap());
        for id in [KIOSK, NEXT] {
            assert_eq!(system.kiosk(id).await.unwrap(), None);
        }
    }
}

#[tokio::test]
async fn kiosks_and_relays_are_known_by_their_key() {
    let test = TestRegistry::empty().await;
    let system = test.registry.system(staff());
    let (name, by) = (
        ChannelName::parse("浦安駅前店").unwrap(),
        StaffId::parse("operator").unwrap(),
    );
    assert_eq!(system.kiosk(KIOSK).await.unwrap(), None);
    system.register_kiosk(KIOSK, &name, &[], &by).await.unwrap();
    let registered = system.kiosk(KIOSK).await.unwrap().unwrap();
    assert_eq!(registered.municipalities, []);
    assert_eq!((&registered.name, &registered.registered_by), (&name, &by));
    assert_eq!(registered.registered_at, test.clock.now());
    let limited = [urayasu(), setagaya(), urayasu()];
    system
        .register_kiosk(KIOSK, &name, &limited, &by)
        .await
        .unwrap();
    let registered = system.kiosk(KIOSK).await.unwrap().unwrap();
    assert_eq!(registered.municipalities, [urayasu(), setagaya()]);
    assert_eq!(system.kiosk(OTHER).await.unwrap(), None);

    assert!(!system.is_relay(OTHER).await.unwrap());
    system.register_relay(OTHER, &name, &by).await.unwrap();
    assert!(system.is_relay(OTHER).await.unwrap());
    assert!(!system.is_relay(KIOSK).await.unwrap());
}

#[tokio::test]
async fn a_device_is_registered_on_first_use_and_recorded_once() {
    let test = TestRegistry::empty().await;
    let system = system(&test);
    assert!(!system.is_device(OTHER).await.unwrap());
    // One is taken, again and again; another is one too many.
    for _ in 0..2 {
        assert!(system.register_device(OTHER, 1).await.unwrap());
    }
    assert!(!system.register_device(KIOSK, 1).await.unwrap());
    assert!(system.is_device(OTHER).await.unwrap());
    assert!(!system.is_device(KIOSK).await.unwrap());
    let entries = system.audit_entries(0, 100).await.unwrap();
    let registered = entries.iter().filter(|e| e.event == "device-registered");
    assert_eq!(registered.count(), 1);
}

#[tokio::test]
async fn a_card_is_suspended_once() {
    let test = TestRegistry::empty().await;
    let system = test.registry.system(staff());
    let number = number_of(1);
    assert!(!system.is_suspended_card(&number).await.unwrap());
    assert!(system.suspend_card(&number).await.unwrap());
    assert!(!system.suspend_card(&number).await.unwrap());
    assert!(system.is_suspended_card(&number).await.unwrap());
    assert!(!system.is_suspended_card(&number_of(2)).await.unwrap());
}

#[tokio::test]
async fn refusals_are_recorded_on_a_chain_of_their_own() {
    let test = TestRegistry::empty().await;
    let system = system(&test);
    system
        .record_refusal("card-not-authentic/issuer-signature")
        .await
        .unwrap();
    let entries = system.audit_entries(0, 100).await.unwrap();
    let last = entries.last().unwrap();
    assert_eq!(last.event, "request-refused");
    assert_eq!(
        last.detail.as_deref(),
        Some("card-not-authentic/issuer-signature")
    );
    assert_eq!((last.actor_kind.as_str(), last.subject), ("kiosk", None));
    let head = system.audit_head().await.unwrap();
    assert_eq!(
        system.verify_audit(Some(&head)).await.unwrap(),
        AuditVerdict::Holds(head)
    );
    test.tamper_with_system_audit("DELETE FROM audit WHERE sequence = 2")
        .await;
    let verdict = test
        .registry
        .system(Actor::Server)
        .verify_audit(Some(&head))
        .await;
    assert!(matches!(verdict.unwrap(), AuditVerdict::Broken(_)));
}

#[tokio::test]
async fn a_list_of_cards_is_suspended_and_recorded_without_a_number() {
    let test = TestRegistry::empty().await;
    let system = test.registry.system(staff());
    assert!(system.suspend_card(&number_of(1)).await.unwrap());
    let list = [number_of(1), number_of(2), number_of(3), number_of(3)];
    assert_eq!(system.suspend_cards(&list).await.unwrap(), 2);
    for n in 1..=3 {
        assert!(system.is_suspended_card(&number_of(n)).await.unwrap());
    }
    assert!(!system.is_suspended_card(&number_of(4)).await.unwrap());
    let entries = system.audit_entries(0, 100).await.unwrap();
    let last = entries.last().unwrap();
    assert_eq!(last.event, "cards-suspended-from-list");
    assert_eq!(last.detail.as_deref(), Some("4 on the list, 2 new"));
    assert_eq!(last.subject, None);
}
