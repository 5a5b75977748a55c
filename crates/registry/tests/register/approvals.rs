//! Approval (承認): two people, once, in time, and for exactly what was asked.

use registry::{
    ApprovalId, ApprovalRefused, ApprovalScope, ApprovalState, ApprovalSubject,
    MunicipalityRegister, Purpose, RegistryError,
};

use super::support::*;

fn scope(words: &str) -> ApprovalScope {
    ApprovalScope::new(ApprovalSubject::Retention, words.to_owned())
}

async fn as_staff(test: &TestRegistry, name: &str) -> MunicipalityRegister {
    test.handle(Purpose::Approval, staff_named(name)).await
}

async fn asked(test: &TestRegistry) -> ApprovalId {
    let yamada = as_staff(test, "yamada").await;
    yamada
        .request_approval(&scope("a"), "needed")
        .await
        .unwrap()
}

fn refused<T: std::fmt::Debug>(result: Result<T, RegistryError>) -> ApprovalRefused {
    match result {
        Err(RegistryError::Approval(refused)) => refused,
        other => panic!("{other:?}"),
    }
}

async fn events(test: &TestRegistry) -> Vec<String> {
    let entries = test.auditing().await.audit_entries(0, 1000).await.unwrap();
    entries.into_iter().map(|entry| entry.event).collect()
}

#[tokio::test]
async fn a_second_person_approves_and_everything_is_recorded() {
    let test = TestRegistry::empty().await;
    let id = asked(&test).await;
    let sato = as_staff(&test, "sato").await;
    let waiting = sato.approvals(true).await.unwrap();
    assert_eq!(waiting.len(), 1);
    assert_eq!(waiting[0].state, ApprovalState::Pending);
    assert_eq!(waiting[0].words.as_ref().unwrap().expose(), "a");
    assert_eq!(waiting[0].reason.as_ref().unwrap().expose(), "needed");
    assert_eq!(&waiting[0].digest, scope("a").digest());

    sato.approve(id).await.unwrap();
    let approval = sato.approval(id).await.unwrap().unwrap();
    assert!(matches!(approval.state, ApprovalState::Approved { by, .. } if by.as_str() == "sato"));
    let events = events(&test).await;
    for event in ["approval-requested", "approvals-read", "approval-given"] {
        assert!(events.iter().any(|name| name == event), "{event}");
    }
}

#[tokio::test]
async fn whoever_asked_cannot_decide_however_they_spell_their_name() {
    let test = TestRegistry::empty().await;
    let id = asked(&test).await;
    for name in ["yamada", "Yamada", "YAMADA.", "ya-mada"] {
        let again = as_staff(&test, name).await;
        assert_eq!(
            refused(again.approve(id).await),
            ApprovalRefused::SamePerson
        );
        assert_eq!(
            refused(again.decline(id, None).await),
            ApprovalRefused::SamePerson
        );
    }
    let refusals = events(&test).await;
    assert_eq!(
        refusals
            .iter()
            .filter(|name| *name == "approval-refused")
            .count(),
        8
    );
    let sato = as_staff(&test, "sato").await;
    assert_eq!(
        sato.approvals(true).await.unwrap()[0].state,
        ApprovalState::Pending
    );
}

#[tokio::test]
async fn it_is_decided_once_and_what_was_declined_stays_recorded() {
    let test = TestRegistry::empty().await;
    let sato = as_staff(&test, "sato").await;
    let declined = asked(&test).await;
    sato.decline(declined, Some("not needed")).await.unwrap();
    let withdrawn = asked(&test).await;
    assert_eq!(
        refused(sato.withdraw(withdrawn).await),
        ApprovalRefused::NotTheRequester
    );
    as_staff(&test, "yamada")
        .await
        .withdraw(withdrawn)
        .await
        .unwrap();
    let approved = asked(&test).await;
    sato.approve(approved).await.unwrap();
    for id in [declined, withdrawn, approved] {
        let suzuki = as_staff(&test, "suzuki").await;
        assert_eq!(
            refused(suzuki.approve(id).await),
            ApprovalRefused::AlreadyDecided
        );
        assert_eq!(
            refused(suzuki.decline(id, None).await),
            ApprovalRefused::AlreadyDecided
        );
    }
    let waiting: Vec<_> = sato.approvals(true).await.unwrap();
    assert_eq!(
        waiting.iter().map(|one| one.id).collect::<Vec<_>>(),
        [approved]
    );
    let all = sato.approvals(false).await.unwrap();
    assert_eq!(all.len(), 3);
    let state = |id| all.iter().find(|one| one.id == id).unwrap().state.clone();
    assert!(matches!(state(declined), ApprovalState::Declined { by, .. } if by.as_str() == "sato"));
    assert!(matches!(state(withdrawn), ApprovalState::Withdrawn { .. }));
}

#[tokio::test]
async fn of_two_decisions_at_once_one_wins() {
    let test = TestRegistry::empty().await;
    let id = asked(&test).await;
    let (sato, suzuki) = (
        as_staff(&test, "sato").await,
        as_staff(&test, "suzuki").await,
    );
    let (one, other) = tokio::join!(sato.approve(id), suzuki.decline(id, None));
    assert_eq!(
        [one.is_ok(), other.is_ok()]
            .iter()
            .filter(|won| **won)
            .count(),
        1
    );
}

#[tokio::test]
async fn after_seven_days_nobody_can_agree() {
    let test = TestRegistry::empty().await;
    let id = asked(&test).await;
    test.clock.advance(7 * 86_400);
    let sato = as_staff(&test, "sato").await;
    assert_eq!(refused(sato.approve(id).await), ApprovalRefused::Expired);
    assert!(sato.approvals(true).await.unwrap().is_empty());
    let all = sato.approvals(false).await.unwrap();
    assert_eq!(all[0].state, ApprovalState::Expired);
}

#[tokio::test]
async fn an_approval_of_one_municipality_is_unknown_in_another() {
    let test = TestRegistry::empty().await;
    let id = asked(&test).await;
    let other = test
        .registry
        .municipality(urayasu(), Purpose::Approval, staff_named("sato"))
        .await
        .unwrap();
    assert_eq!(refused(other.approve(id).await), ApprovalRefused::Unknown);
    assert!(other.approval(id).await.unwrap().is_none());
    assert!(other.approvals(false).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_reason_is_needed_and_only_staff_decide() {
    let test = TestRegistry::empty().await;
    let yamada = as_staff(&test, "yamada").await;
    for reason in [String::new(), " ".to_owned(), "x".repeat(501)] {
        let result = yamada.request_approval(&scope("a"), &reason).await;
        assert_eq!(refused(result), ApprovalRefused::ReasonMissing);
    }
    let id = asked(&test).await;
    for actor in [kiosk(1), registry::Actor::Server] {
        let handle = test.handle(Purpose::Approval, actor).await;
        for result in [
            handle.approve(id).await,
            handle.request_approval(&scope("a"), "r").await.map(drop),
            handle.approvals(true).await.map(drop),
            handle.approval(id).await.map(drop),
        ] {
            assert!(matches!(
                result,
                Err(RegistryError::NotForThisPurpose(Purpose::Approval))
            ));
        }
    }
}
