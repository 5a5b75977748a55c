//! Flags that staff set: at once, on somebody's order; lifted by two (C27, C34, rules 7 and 8).

use domain::Redacted;
use registry::{
    Actor, ApprovalId, ApprovalRefused, ApprovalScope, CounterIdentity, FlagKind, FlagOrder,
    FlagRefused, IdentityDocument, MunicipalityRegister, Purpose, RegistryError, Reissue,
    ReissueRecorded, ResidentNumber, StaffId, Whom,
};

use super::support::*;

fn person(name: &str) -> StaffId {
    StaffId::parse(name).unwrap()
}

fn order_of(name: &str) -> FlagOrder {
    FlagOrder {
        ordered_by: person(name),
        ground: Redacted::new("request of 12 May".to_owned()),
    }
}

fn by_number(n: u64) -> Whom {
    Whom::Number(number_of(n))
}

fn by_resident(n: u64) -> Whom {
    Whom::Resident(ResidentNumber::parse(&format!("{n:015}")).unwrap())
}

async fn flagging(test: &TestRegistry) -> MunicipalityRegister {
    test.handle(Purpose::Flags, staff()).await
}

async fn approved(test: &TestRegistry, whom: &Whom, kind: FlagKind) -> ApprovalId {
    let scope = flagging(test).await.lift_flag_scope(whom, kind).await;
    by_second(test, &scope.unwrap()).await
}

/// An approval that staff asked for and a second person gave.
async fn by_second(test: &TestRegistry, scope: &ApprovalScope) -> ApprovalId {
    let asking = test.handle(Purpose::Approval, staff()).await;
    let id = asking.request_approval(scope, "safe again").await.unwrap();
    let second = Actor::Staff(person("second"));
    let approving = test.handle(Purpose::Approval, second).await;
    approving.approve(id).await.unwrap();
    id
}

#[tokio::test]
async fn a_flag_holds_at_once_and_by_either_number() {
    let test = TestRegistry::with_residents(2).await;
    let handle = flagging(&test).await;
    let since = async |n| {
        let issuing = test.issuing().await;
        let resident = issuing
            .dossier(&number_of(n))
            .await
            .unwrap()
            .unwrap()
            .resident;
        (
            resident.protected_since.is_some(),
            resident.deceased_on.is_some(),
            resident.moved_out_on.is_some(),
            resident.use_suspended_since.is_some(),
        )
    };
    assert_eq!(since(1).await, (false, false, false, false));
    for (whom, kind, after) in [
        (
            by_number(1),
            FlagKind::Protected,
            (true, false, false, false),
        ),
        (
            by_resident(1),
            FlagKind::Deceased,
            (true, true, false, false),
        ),
        (by_number(1), FlagKind::MovedOut, (true, true, true, false)),
        (
            by_resident(1),
            FlagKind::UseSuspended,
            (true, true, true, true),
        ),
    ] {
        handle
            .set_flag(&whom, kind, &order_of("head"))
            .await
            .unwrap();
        assert_eq!(since(1).await, after, "{kind:?}");
    }
    assert_eq!(since(2).await, (false, false, false, false));
    // Importing again takes nothing away.
    for (file, text) in files(2) {
        test.import(file, text).await.unwrap();
    }
    assert_eq!(since(1).await, (true, true, true, true));
    let flags = handle.flags(&by_resident(1)).await.unwrap().unwrap();
    assert_eq!(flags.history.events().len(), 4);
    assert!(flags.resident.protected_since.is_some());
}

#[tokio::test]
async fn a_flag_holds_within_an_order_that_was_begun_after_the_offer() {
    let test = TestRegistry::with_residents(1).await;
    let issuing = test.issuing().await;
    let offered = issuing.dossier(&number_of(1)).await.unwrap().unwrap();
    assert!(!offered.resident.is_withheld_from_channels());
    let set = order_of("head");
    let handle = flagging(&test).await;
    let kind = FlagKind::Protected;
    handle.set_flag(&by_number(1), kind, &set).await.unwrap();
    let mut transaction = issuing.begin_issue().await.unwrap();
    let ordered = transaction.dossier(&number_of(1)).await.unwrap().unwrap();
    assert!(ordered.resident.is_withheld_from_channels());
}

#[tokio::test]
async fn what_is_not_to_be_set_is_refused_for_its_reason() {
    let test = TestRegistry::with_residents(1).await;
    let handle = flagging(&test).await;
    let set = async |whom: Whom, order: FlagOrder| {
        let set = handle.set_flag(&whom, FlagKind::Protected, &order).await;
        set.err()
    };
    let refused = |reason: FlagRefused| Some(RegistryError::Flag(reason));
    let unknown = set(by_number(99), order_of("head")).await;
    assert_eq!(unknown, refused(FlagRefused::UnknownResident));
    let oneself = set(by_number(1), order_of("Tester")).await;
    assert_eq!(oneself, refused(FlagRefused::SamePerson));
    for ground in [" ".to_owned(), "x".repeat(501)] {
        let order = FlagOrder {
            ordered_by: person("head"),
            ground: Redacted::new(ground),
        };
        let refused_for = set(by_number(1), order).await;
        assert_eq!(refused_for, refused(FlagRefused::GroundMissing));
    }
    assert_eq!(set(by_number(1), order_of("head")).await, None);
    let again = set(by_number(1), order_of("head")).await;
    assert_eq!(again, refused(FlagRefused::AlreadySet));
    // Only staff, only for this purpose.
    for (purpose, actor) in [
        (Purpose::Flags, Actor::Server),
        (Purpose::Flags, kiosk(1)),
        (Purpose::Issuing, staff()),
    ] {
        let handle = test.handle(purpose, actor).await;
        let refused = handle.flags(&by_number(1)).await.err();
        assert_eq!(refused, Some(RegistryError::NotForThisPurpose(purpose)));
    }
}

#[tokio::test]
async fn a_flag_is_lifted_by_two_and_for_one_setting() {
    let test = TestRegistry::with_residents(2).await;
    let handle = flagging(&test).await;
    let (whom, kind) = (by_number(1), FlagKind::Protected);
    let order = order_of("head");
    handle.set_flag(&whom, kind, &order).await.unwrap();
    handle.set_flag(&by_number(2), kind, &order).await.unwrap();
    let id = approved(&test, &whom, kind).await;
    let spare = approved(&test, &whom, kind).await;
    // Not for somebody else, not for another flag.
    let another = Some(RegistryError::Approval(ApprovalRefused::AnotherAct));
    let refused = handle.lift_flag(&by_number(2), kind, id).await.err();
    assert_eq!(refused, another);
    handle.lift_flag(&whom, kind, id).await.unwrap();
    let flags = handle.flags(&whom).await.unwrap().unwrap();
    assert_eq!(flags.resident.protected_since, None);
    let lifted = &flags.history.events()[1];
    assert!(!lifted.set);
    assert_eq!(lifted.ordered_by, person("second"));
    // Set again, approvals of before are good for nothing, spent or not.
    handle.set_flag(&whom, kind, &order).await.unwrap();
    let refused = handle.lift_flag(&whom, kind, spare).await.err();
    assert_eq!(refused, another);
    assert!(handle.lift_flag(&whom, kind, id).await.is_err());
    assert!(
        handle
            .flags(&whom)
            .await
            .unwrap()
            .unwrap()
            .history
            .since(kind)
            .is_some()
    );
}

#[tokio::test]
async fn what_an_import_says_is_not_lifted_here() {
    let test = TestRegistry::empty().await;
    let (residents, doses) = one_protected();
    test.import(registry::ImportFile::Residents, residents)
        .await
        .unwrap();
    test.import(registry::ImportFile::Doses, doses)
        .await
        .unwrap();
    let handle = flagging(&test).await;
    let (whom, kind) = (by_number(1), FlagKind::Protected);
    let refused = handle.lift_flag_scope(&whom, kind).await.err();
    assert_eq!(refused, Some(RegistryError::Flag(FlagRefused::NotSet)));
}

fn one_protected() -> (String, String) {
    let [(_, residents), _, (_, doses), _] = files(1);
    let residents = residents.replace("丁目,,,,\n", "丁目,,,,20230601\n");
    (residents, doses)
}

#[tokio::test]
async fn flags_are_recorded_and_the_record_does_not_say_which() {
    let test = TestRegistry::with_residents(1).await;
    let handle = flagging(&test).await;
    let order = order_of("head");
    let kind = FlagKind::Protected;
    handle.set_flag(&by_number(1), kind, &order).await.unwrap();
    handle.flags(&by_number(1)).await.unwrap();
    handle.flags(&by_number(99)).await.unwrap();
    let entries = test.auditing().await.audit_entries(5, 100).await.unwrap();
    let told: Vec<_> = entries
        .iter()
        .map(|entry| (entry.event.as_str(), entry.subject.is_some()))
        .collect();
    let expected = [
        ("flag-set", true),
        ("flags-read", true),
        ("flags-read", false),
    ];
    assert_eq!(told, expected);
    assert!(entries.iter().all(|entry| entry.detail.is_none()));
}

#[tokio::test]
async fn a_reissue_for_somebody_flagged_has_a_ground() {
    for kind in [
        FlagKind::Protected,
        FlagKind::Deceased,
        FlagKind::UseSuspended,
    ] {
        let test = TestRegistry::with_residents(1).await;
        let id = issue(&test.issuing().await, 1, &order(1)).await.unwrap();
        let counter = test.handle(Purpose::CounterReissue, staff()).await;
        let moved_out = FlagKind::MovedOut;
        let handle = flagging(&test).await;
        let set = order_of("head");
        handle
            .set_flag(&by_number(1), moved_out, &set)
            .await
            .unwrap();
        let done = counter.record_reissue(id, &because("lost")).await.unwrap();
        assert!(matches!(done, ReissueRecorded::Recorded(_)));
        handle.set_flag(&by_number(1), kind, &set).await.unwrap();
        let refused = counter.record_reissue(id, &because("lost")).await.unwrap();
        assert_eq!(refused, ReissueRecorded::GroundMissing, "{kind:?}");
        let passport = IdentityDocument::Passport;
        let identity = CounterIdentity::of_a_representative(passport, "heir").unwrap();
        let reissue = Reissue {
            reason: "lost",
            identity: &identity,
            ground: Some("came in person, known to us"),
        };
        let done = counter.record_reissue(id, &reissue).await.unwrap();
        assert!(matches!(done, ReissueRecorded::Recorded(_)));
    }
}

#[tokio::test]
async fn a_card_is_released_by_two_and_for_one_suspension() {
    let test = TestRegistry::with_residents(2).await;
    let handle = flagging(&test).await;
    let system = test.registry.system(staff());
    let whom = by_number(1);
    let not_suspended = Some(RegistryError::Flag(FlagRefused::CardNotSuspended));
    assert_eq!(handle.release_card_scope(&whom).await.err(), not_suspended);
    let approved = async || {
        let scope = handle.release_card_scope(&whom).await.unwrap();
        by_second(&test, &scope).await
    };
    assert!(system.suspend_card(&number_of(1)).await.unwrap());
    assert!(system.suspend_card(&number_of(2)).await.unwrap());
    // What nobody approved, and what was approved of another card.
    let scope = handle.release_card_scope(&whom).await.unwrap();
    let asking = test.handle(Purpose::Approval, staff()).await;
    let pending = asking.request_approval(&scope, "found").await.unwrap();
    assert!(handle.release_card(&whom, pending).await.is_err());
    let (id, spare) = (approved().await, approved().await);
    assert!(handle.release_card(&by_number(2), id).await.is_err());
    assert!(system.is_suspended_card(&number_of(1)).await.unwrap());
    // By either number, once, and by nobody but staff.
    let server = test.handle(Purpose::Flags, Actor::Server).await;
    assert!(server.release_card(&whom, id).await.is_err());
    handle.release_card(&by_resident(1), id).await.unwrap();
    assert!(!system.is_suspended_card(&number_of(1)).await.unwrap());
    assert!(system.is_suspended_card(&number_of(2)).await.unwrap());
    assert_eq!(handle.release_card(&whom, spare).await.err(), not_suspended);
    // Another suspension is not what was approved.
    test.clock.advance(1);
    assert!(system.suspend_card(&number_of(1)).await.unwrap());
    assert!(handle.release_card(&whom, spare).await.is_err());
    assert!(system.is_suspended_card(&number_of(1)).await.unwrap());
    let entries = test.auditing().await.audit_entries(0, 1000).await.unwrap();
    let released = entries.iter().filter(|one| one.event == "card-released");
    let released: Vec<_> = released.collect();
    assert_eq!(released.len(), 1);
    assert!(released[0].subject.is_some());
}
