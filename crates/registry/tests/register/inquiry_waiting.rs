//! What is not answered automatically waits for a superior, who releases or refuses (C27).

use domain::Redacted;
use registry::{
    AnswerState, ApprovalRefused, DisclosureEvent, FlagKind, FlagOrder, ImportFile, InquiryAnswer,
    InquiryRefused, Purpose, RELEASE_WITHIN_DAYS, RegistryError, StaffId, WaitReason, Whom,
};
use time::Duration;
use time::macros::datetime;

use super::inquiry_towns::*;
use super::support::*;

#[tokio::test]
async fn a_flag_that_staff_set_keeps_doses_back_until_somebody_decides() {
    let test = towns(4).await;
    let flags = handle_of(&test, urayasu(), Purpose::Flags, "tester").await;
    for (n, kind, waits_for) in [
        (1, FlagKind::Protected, Some(WaitReason::Protected)),
        (2, FlagKind::Deceased, Some(WaitReason::Deceased)),
        (3, FlagKind::UseSuspended, Some(WaitReason::UseSuspended)),
        (4, FlagKind::MovedOut, None),
    ] {
        let order = FlagOrder {
            ordered_by: StaffId::parse("superior").unwrap(),
            ground: Redacted::new("applied for".to_owned()),
        };
        let whom = Whom::Number(number_of(n));
        flags.set_flag(&whom, kind, &order).await.unwrap();
        let (id, answer) = asked(&test, n).await;
        let there = answering(&test).await.received_inquiries().await.unwrap();
        let there = there.iter().find(|one| one.inquiry == id).unwrap();
        match waits_for {
            Some(reason) => {
                assert_eq!(answer, InquiryAnswer::NothingProvided);
                assert_eq!(there.waits_for, [reason]);
                assert_eq!(released(&test, there).await, Ok(2));
            }
            None => assert_eq!(answer, InquiryAnswer::Provided(2)),
        }
    }
}

#[tokio::test]
async fn what_waits_is_released_by_a_superior_or_refused() {
    let test = towns(2).await;
    for n in 1..=2 {
        changed_in_urayasu(&test, n, &person(n), ",,20240101").await;
    }
    let (to_release, _) = asked(&test, 1).await;
    let waiting = last_received(&test).await;
    assert_eq!(waiting.inquiry, to_release);

    // Not without an approval of its own, by another person.
    let register = answering(&test).await;
    let proof = declared(urayasu());
    let scope = register.release_scope(waiting.id).await.unwrap().unwrap();
    let requesting = handle_of(&test, urayasu(), Purpose::Approval, "tester").await;
    let pending = requesting.request_approval(&scope, "needed").await.unwrap();
    let refused = register.release_inquiry(&proof, waiting.id, pending).await;
    assert_eq!(
        refused,
        Err(RegistryError::Approval(ApprovalRefused::Pending))
    );
    let other = declared(setagaya());
    let refused = register.release_inquiry(&other, waiting.id, pending).await;
    assert_eq!(refusal(refused), InquiryRefused::OtherMunicipality);
    assert_eq!(
        send(&test, to_release, None).await,
        Ok(InquiryAnswer::NothingProvided)
    );

    assert_eq!(released(&test, &waiting).await, Ok(2));
    let refused = refusal(released(&test, &waiting).await);
    assert_eq!(refused, InquiryRefused::NotWaiting);
    let refused = register.release_inquiry(&proof, waiting.id, pending).await;
    assert_eq!(refusal(refused), InquiryRefused::NotWaiting);
    let refused = refusal(register.refuse_inquiry(waiting.id, "too late").await);
    assert_eq!(refused, InquiryRefused::NotWaiting);
    assert_eq!(
        send(&test, to_release, None).await,
        Ok(InquiryAnswer::Provided(2))
    );
    let mut events = record_events(&test, urayasu(), 1).await;
    events.sort_unstable();
    assert_eq!(
        events,
        [DisclosureEvent::Waiting, DisclosureEvent::Provided]
    );

    let (to_refuse, _) = asked(&test, 2).await;
    let mut waiting = answering(&test).await.received_inquiries().await.unwrap();
    waiting.retain(|one| one.state == AnswerState::Waiting);
    for reason in ["", " ", &"x".repeat(501)] {
        let refused = refusal(register.refuse_inquiry(waiting[0].id, reason).await);
        assert_eq!(refused, InquiryRefused::ReasonMissing);
    }
    let reason = "the person asked for it not to be told";
    register
        .refuse_inquiry(waiting[0].id, reason)
        .await
        .unwrap();
    assert_eq!(
        send(&test, to_refuse, None).await,
        Ok(InquiryAnswer::NothingProvided)
    );
    let refused = refusal(released(&test, &waiting[0]).await);
    assert_eq!(refused, InquiryRefused::NotWaiting);
    let records = records(&test, urayasu(), 2).await;
    let told = records
        .iter()
        .find(|one| one.event == DisclosureEvent::Refused);
    assert_eq!(told.unwrap().reason.as_ref().unwrap().expose(), reason);
    let audited = audited(&test, urayasu()).await;
    for event in [
        "waiting-inquiry-read",
        "inquiry-released",
        "inquiry-refused",
    ] {
        assert!(audited.iter().any(|(name, _)| name == event), "{event}");
    }
}

#[tokio::test]
async fn what_was_answered_without_a_match_waits_for_nobody() {
    let test = towns(1).await;
    let another = format!("{RESIDENTS}{:015},{},{}", 2, digits_of(2), person(2));
    let another = format!("{another},東京都世田谷区,,,,\n");
    import(&test, setagaya(), ImportFile::Residents, &another).await;
    asked(&test, 2).await;
    let answered = last_received(&test).await;
    assert_eq!(answered.state, AnswerState::NoMatch);
    let register = answering(&test).await;
    let refused = refusal(register.release_scope(answered.id).await);
    assert_eq!(refused, InquiryRefused::NotWaiting);
    let refused = refusal(register.refuse_inquiry(answered.id, "nobody").await);
    assert_eq!(refused, InquiryRefused::NotWaiting);
}

#[tokio::test]
async fn what_waited_too_long_or_has_nothing_left_is_not_released() {
    let test = towns(2).await;
    for n in 1..=2 {
        changed_in_urayasu(&test, n, &person(n), ",,20240101").await;
    }
    asked(&test, 1).await;
    let waiting = last_received(&test).await;
    let came = datetime!(2025-04-01 03:00 UTC);
    set(
        &test,
        came + Duration::days(RELEASE_WITHIN_DAYS) + Duration::SECOND,
    );
    let refused = refusal(released(&test, &waiting).await);
    assert_eq!(refused, InquiryRefused::TooLate);
    answering(&test)
        .await
        .refuse_inquiry(waiting.id, "too late")
        .await
        .unwrap();

    set(&test, came + Duration::days(40));
    asked(&test, 2).await;
    let waiting = last_received(&test).await;
    test.database
        .tamper(Some(urayasu()), "DELETE FROM dose")
        .await
        .unwrap();
    let refused = refusal(released(&test, &waiting).await);
    assert_eq!(refused, InquiryRefused::NothingLeft);
    // The declaration ended while it waited.
    let register = answering(&test).await;
    let scope = register.release_scope(waiting.id).await.unwrap().unwrap();
    set(&test, datetime!(2026-01-01 03:00 UTC));
    let approval = approved(&test, urayasu(), &scope).await;
    let proof = declared(urayasu());
    let refused = register.release_inquiry(&proof, waiting.id, approval);
    let refused = refusal(refused.await);
    assert!(matches!(refused, InquiryRefused::NotDeclared(_)));
    // Refusing is possible on any day, and recorded.
    register.refuse_inquiry(waiting.id, "ended").await.unwrap();
}
