//! Inquiry between two municipalities (照会・提供): C24, C25, C27.

use declaration::NotDeclared;
use domain::MunicipalityCode;
use registry::{
    AnswerState, ApprovalRefused, DisclosureEvent, GroundKind, INQUIRIES_PER_STAFF_AND_DAY,
    ImportFile, InquiryAnswer, InquiryRefused, InquiryState, Purpose, RegistryError, StaffId,
    WaitReason,
};
use time::macros::{date, datetime};

use super::inquiry_towns::*;
use super::support::*;

#[tokio::test]
async fn doses_are_provided_recorded_on_both_sides_and_shown_to_staff() {
    let test = towns(1).await;
    let (id, answer) = asked(&test, 1).await;
    assert_eq!(answer, InquiryAnswer::Provided(2));

    let shown = asking(&test).await.inquiry(id).await.unwrap().unwrap();
    assert_eq!(shown.inquiry.state, InquiryState::Provided);
    assert_eq!(shown.resident, Some(resident(1)));
    assert_eq!(
        shown.inquiry.ground.how().expose(),
        "form signed at counter 3"
    );
    let received = &shown.received;
    assert_eq!(received.len(), 2);
    assert!(received.iter().all(|dose| dose.from == urayasu()));
    assert_eq!(received[0].received_at, datetime!(2025-04-01 03:00 UTC));
    assert_eq!(received[0].dose.lot, "LOT1");
    assert_eq!(received[1].dose.date, date!(2021 - 06 - 22));

    let (here, there) = (setagaya(), urayasu());
    for (code, other, events) in [
        (
            here,
            there,
            [DisclosureEvent::Asked, DisclosureEvent::Received].as_slice(),
        ),
        (there, here, &[DisclosureEvent::Provided]),
    ] {
        let mut records = records(&test, code, 1).await;
        records.sort_by_key(|record| record.event);
        let found: Vec<_> = records.iter().map(|record| record.event).collect();
        assert_eq!(found, events);
        for record in records {
            assert_eq!(record.other, other.as_str());
            assert_eq!(record.inquiry, id.to_string());
            assert_eq!(record.diseases, [COVID]);
            assert_eq!(record.ground, "consent");
            assert_eq!(record.legal_basis, BASIS);
            let doses = if record.event == DisclosureEvent::Asked {
                0
            } else {
                2
            };
            assert_eq!(record.doses, doses);
        }
    }
    for (code, events) in [
        (
            here,
            [
                "inquiry-prepared",
                "inquiry-sent",
                "doses-received",
                "received-doses-read",
            ]
            .as_slice(),
        ),
        (there, &["inquiry-answered"]),
    ] {
        let audited = audited(&test, code).await;
        for event in events {
            assert!(audited.iter().any(|(name, _)| name == event), "{event}");
        }
    }
}

#[tokio::test]
async fn what_is_received_is_no_dose_of_the_municipality() {
    let test = towns(1).await;
    asked(&test, 1).await;
    let dossier = test.issuing().await.dossier(&number_of(1)).await.unwrap();
    assert!(dossier.unwrap().doses.is_empty());
    let mut transaction = test.issuing().await.begin_issue().await.unwrap();
    let dossier = transaction.dossier(&number_of(1)).await.unwrap();
    assert!(dossier.unwrap().doses.is_empty());
}

#[tokio::test]
async fn off_on_any_day_that_one_of_the_two_does_not_declare() {
    let test = towns(1).await;
    let open = async |asking, asked| {
        let exchange = test.registry.inquiry_exchange(asking, asked, tester());
        exchange.await.map(|_| ())
    };
    let ours = || declared(setagaya());
    assert_eq!(open(ours(), declared(urayasu())).await, Ok(()));
    let refused = refusal(open(ours(), ours()).await);
    assert_eq!(refused, InquiryRefused::SameMunicipality);

    // A proof that is kept does not outlive the period.
    set(&test, datetime!(2025-12-31 14:59:59 UTC));
    assert_eq!(open(ours(), declared(urayasu())).await, Ok(()));
    let longer = |code| {
        let text = declaration_until(code, &[COVID], "2026-12-31");
        text.declared(date!(2025 - 04 - 01)).unwrap()
    };
    let kept = exchange(&test).await;
    set(&test, datetime!(2025-12-31 15:00 UTC));
    for (asking, asked) in [
        (ours(), longer(urayasu())),
        (longer(setagaya()), declared(urayasu())),
    ] {
        assert_eq!(
            refusal(open(asking, asked).await),
            InquiryRefused::NotDeclared(NotDeclared::NoLonger {
                section: "inquiry",
                until: date!(2025 - 12 - 31)
            })
        );
    }
    let inquiry = about(&[COVID], GroundKind::Consent);
    let refused = refusal(kept.prepare(&number_of(1), inquiry).await);
    assert!(matches!(refused, InquiryRefused::NotDeclared(_)));
    assert_eq!(open(longer(setagaya()), longer(urayasu())).await, Ok(()));
}

#[tokio::test]
async fn preparing_is_refused() {
    let test = towns(2).await;
    let exchange = exchange(&test).await;
    let consent = || about(&[COVID], GroundKind::Consent);
    let refused = refusal(exchange.prepare(&number_of(3), consent()).await);
    assert_eq!(refused, InquiryRefused::NotRegistered);
    let influenza = about(&["インフルエンザ"], GroundKind::Consent);
    let refused = refusal(exchange.prepare(&number_of(1), influenza).await);
    assert_eq!(refused, InquiryRefused::DiseaseNotDeclared);

    // Asking about somebody under protection tells the other municipality where they are.
    let protected = format!(
        "{RESIDENTS}{:015},{},{},東京都世田谷区,,,,20240101\n",
        1,
        digits_of(1),
        person(1)
    );
    import(&test, setagaya(), ImportFile::Residents, &protected).await;
    let by_register = || about(&[COVID], GroundKind::ResidentRegister);
    let refused = refusal(exchange.prepare(&number_of(1), by_register()).await);
    assert_eq!(refused, InquiryRefused::ProtectedWithoutConsent);
    assert!(exchange.prepare(&number_of(2), by_register()).await.is_ok());
    assert!(exchange.prepare(&number_of(1), consent()).await.is_ok());
    let audited = audited(&test, setagaya()).await;
    for detail in ["not-registered", "protected-without-consent", "prepared"] {
        let entry = ("inquiry-prepared".to_owned(), Some(detail.to_owned()));
        assert!(audited.contains(&entry), "{detail}");
    }
    // Nothing of it reached the other municipality.
    let there = answering(&test).await.received_inquiries().await.unwrap();
    assert_eq!(there, []);
}

#[tokio::test]
async fn a_disease_that_only_one_of_the_two_declares_is_not_asked_about() {
    let test = towns(1).await;
    let day = date!(2025 - 04 - 01);
    let with = |code, diseases: &[&str]| declaration(code, diseases).declared(day).unwrap();
    for (ours, theirs) in [(&[COVID][..], &[MEASLES][..]), (&[MEASLES], &[COVID])] {
        let (ours, theirs) = (with(setagaya(), ours), with(urayasu(), theirs));
        let exchange = test.registry.inquiry_exchange(ours, theirs, tester());
        let inquiry = about(&[COVID], GroundKind::Consent);
        let refused = exchange
            .await
            .unwrap()
            .prepare(&number_of(1), inquiry)
            .await;
        assert_eq!(refusal(refused), InquiryRefused::DiseaseNotDeclared);
    }
    // One that was prepared before the other side took the disease out.
    let id = prepared(&test, 1).await;
    let approval = approval_to_send(&test, id).await;
    let sides = (declared(setagaya()), with(urayasu(), &[MEASLES]));
    let exchange = test.registry.inquiry_exchange(sides.0, sides.1, tester());
    let exchange = exchange.await.unwrap();
    let refused = exchange.send(id, Some(approval)).await;
    assert_eq!(refusal(refused), InquiryRefused::DiseaseNotDeclared);
}

#[tokio::test]
async fn nothing_is_sent_without_its_own_approval_and_once() {
    let test = towns(2).await;
    let (one, other) = (prepared(&test, 1).await, prepared(&test, 2).await);
    let refused = refusal(send(&test, one, None).await);
    assert_eq!(refused, InquiryRefused::NotApproved);

    let scope = asking(&test)
        .await
        .inquiry_scope(one)
        .await
        .unwrap()
        .unwrap();
    let requesting = handle_of(&test, setagaya(), Purpose::Approval, "tester").await;
    let pending = requesting.request_approval(&scope, "needed").await.unwrap();
    let not_good = |refused| Err(RegistryError::Approval(refused));
    let sent = send(&test, one, Some(pending)).await;
    assert_eq!(sent, not_good(ApprovalRefused::Pending));
    let for_other = approval_to_send(&test, other).await;
    let sent = send(&test, one, Some(for_other)).await;
    assert_eq!(sent, not_good(ApprovalRefused::AnotherAct));
    assert_eq!(record_events(&test, setagaya(), 1).await, []);
    assert_eq!(
        answering(&test).await.received_inquiries().await.unwrap(),
        []
    );

    let approval = approval_to_send(&test, one).await;
    let provided = InquiryAnswer::Provided(2);
    assert_eq!(send(&test, one, Some(approval)).await, Ok(provided));
    // Sent again, with it or without: the same answer, and nothing is recorded or kept twice.
    assert_eq!(send(&test, one, Some(approval)).await, Ok(provided));
    assert_eq!(send(&test, one, None).await, Ok(provided));
    assert_eq!(
        send(&test, other, Some(approval)).await,
        not_good(ApprovalRefused::AnotherAct)
    );
    let mut events = record_events(&test, setagaya(), 1).await;
    events.sort_unstable();
    assert_eq!(events, [DisclosureEvent::Asked, DisclosureEvent::Received]);
    let there = record_events(&test, urayasu(), 1).await;
    assert_eq!(there, [DisclosureEvent::Provided]);
    let shown = asking(&test).await.inquiry(one).await.unwrap().unwrap();
    assert_eq!(shown.received.len(), 2);
}

#[tokio::test]
async fn what_two_senders_receive_at_once_is_kept_once() {
    let test = towns(1).await;
    let id = prepared(&test, 1).await;
    let approval = approval_to_send(&test, id).await;
    let exchange = exchange(&test).await;
    let one = exchange.send(id, Some(approval)).await.unwrap();
    let other = exchange.send(id, None).await.unwrap();
    let (one, other) = (one.ask().await.unwrap(), other.ask().await.unwrap());
    for answered in [one, other] {
        let answer = answered.receive().await;
        assert_eq!(answer, Ok(InquiryAnswer::Provided(2)));
    }
    let shown = asking(&test).await.inquiry(id).await.unwrap().unwrap();
    assert_eq!(shown.received.len(), 2);
    assert_eq!(record_events(&test, setagaya(), 1).await.len(), 2);
    assert_eq!(record_events(&test, urayasu(), 1).await.len(), 1);
}

#[tokio::test]
async fn an_inquiry_goes_to_whom_it_was_prepared_for() {
    let test = towns(1).await;
    let sapporo = MunicipalityCode::parse("011002").unwrap();
    test.registry.add_municipality(sapporo).await.unwrap();
    let id = prepared(&test, 1).await;
    let approval = approval_to_send(&test, id).await;
    let sides = (declared(setagaya()), declared(sapporo));
    let elsewhere = test.registry.inquiry_exchange(sides.0, sides.1, tester());
    let elsewhere = elsewhere.await.unwrap();
    let refused = elsewhere.send(id, Some(approval)).await;
    assert_eq!(refusal(refused), InquiryRefused::OtherMunicipality);
    // The other way round it is nobody's.
    let sides = (declared(urayasu()), declared(setagaya()));
    let back = test.registry.inquiry_exchange(sides.0, sides.1, tester());
    let back = back.await.unwrap();
    let refused = back.send(id, Some(approval)).await;
    assert_eq!(refusal(refused), InquiryRefused::Unknown);
}

#[tokio::test]
async fn one_person_asks_about_few_people_on_one_day() {
    let test = towns(1).await;
    let inquiry = || about(&[COVID], GroundKind::Consent);
    let mut ids = Vec::new();
    let prepare = async |name: &str| {
        let staff = StaffId::parse(name).unwrap();
        let exchange = exchange_by(&test, staff).await;
        exchange.prepare(&number_of(1), inquiry()).await
    };
    for _ in 0..INQUIRIES_PER_STAFF_AND_DAY {
        ids.push(prepare("tester").await.unwrap());
    }
    let refused = refusal(prepare("tester").await);
    assert_eq!(refused, InquiryRefused::DailyLimit);
    ids.push(prepare("another").await.unwrap());
    // Whoever prepared them, one person sends no more than that either.
    for (sent, id) in ids.iter().enumerate() {
        let approval = approval_to_send(&test, *id).await;
        let answer = send(&test, *id, Some(approval)).await;
        if sent < INQUIRIES_PER_STAFF_AND_DAY as usize {
            assert_eq!(answer, Ok(InquiryAnswer::Provided(2)));
        } else {
            assert_eq!(refusal(answer), InquiryRefused::DailyLimit);
        }
    }
    // A day is Japan's.
    set(&test, datetime!(2025-04-01 14:59:59 UTC));
    assert!(prepare("tester").await.is_err());
    set(&test, datetime!(2025-04-01 15:00 UTC));
    assert!(prepare("tester").await.is_ok());
}

#[tokio::test]
async fn whatever_keeps_doses_back_looks_the_same() {
    let test = towns(9).await;
    // 1: another name, 2: another birth date, 3: another sex, 4 to 6: flagged, 7: suspended,
    // 8: no dose of what is asked, 9: as everywhere.
    let other = person(1).replace("1号", "他人");
    changed_in_urayasu(&test, 1, &other, ",,").await;
    changed_in_urayasu(&test, 2, &person(2).replace("1980", "1981"), ",,").await;
    changed_in_urayasu(&test, 3, &person(3).replace(",2", ",1"), ",,").await;
    changed_in_urayasu(&test, 4, &person(4), ",,20240101").await;
    changed_in_urayasu(&test, 5, &person(5), ",20240101,").await;
    changed_in_urayasu(&test, 6, &person(6), ",20240101,20240101").await;
    let system = test.registry.system(staff());
    assert!(system.suspend_card(&number_of(7)).await.unwrap());

    let mut seen = Vec::new();
    for n in 1..=7 {
        seen.push(asked(&test, n).await);
    }
    let inquiry = about(&[MEASLES], GroundKind::Consent);
    let id = exchange(&test)
        .await
        .prepare(&number_of(8), inquiry)
        .await
        .unwrap();
    let approval = approval_to_send(&test, id).await;
    seen.push((id, send(&test, id, Some(approval)).await.unwrap()));
    for (n, (id, answer)) in (1..).zip(seen) {
        assert_eq!(answer, InquiryAnswer::NothingProvided, "{n}");
        let shown = asking(&test).await.inquiry(id).await.unwrap().unwrap();
        assert_eq!(shown.inquiry.state, InquiryState::Sent, "{n}");
        assert_eq!(
            record_events(&test, setagaya(), n).await,
            [DisclosureEvent::Asked]
        );
        assert_eq!(
            send(&test, id, None).await,
            Ok(InquiryAnswer::NothingProvided)
        );
    }
    assert_eq!(asked(&test, 9).await.1, InquiryAnswer::Provided(2));

    // Urayasu's own staff see which it was.
    let mut there: Vec<_> = answering(&test).await.received_inquiries().await.unwrap();
    there.retain(|inquiry| inquiry.state == AnswerState::Waiting);
    let mut waits: Vec<_> = there
        .iter()
        .map(|one| {
            (
                one.resident.clone().unwrap().expose().to_owned(),
                one.waits_for.clone(),
            )
        })
        .collect();
    waits.sort_by(|a, b| a.0.cmp(&b.0));
    let reasons: Vec<_> = waits.into_iter().map(|(_, reasons)| reasons).collect();
    assert_eq!(
        reasons,
        [
            vec![WaitReason::Protected],
            vec![WaitReason::Deceased],
            vec![WaitReason::Protected, WaitReason::Deceased],
            vec![WaitReason::Suspended]
        ]
    );
    for (n, event, reason) in [
        (
            1,
            DisclosureEvent::Refused,
            Some("the registers disagree: name"),
        ),
        (
            2,
            DisclosureEvent::Refused,
            Some("the registers disagree: birth date"),
        ),
        (
            3,
            DisclosureEvent::Refused,
            Some("the registers disagree: sex"),
        ),
        (4, DisclosureEvent::Waiting, None),
        (
            8,
            DisclosureEvent::Refused,
            Some("no dose of what was asked"),
        ),
        (9, DisclosureEvent::Provided, None),
    ] {
        let records = records(&test, urayasu(), n).await;
        assert_eq!(records.len(), 1, "{n}");
        assert_eq!(records[0].event, event, "{n}");
        let said = records[0]
            .reason
            .as_ref()
            .map(|text| text.expose().as_str());
        assert_eq!(said, reason, "{n}");
    }
}

#[tokio::test]
async fn a_registered_other_name_on_either_side_agrees() {
    let test = towns(1).await;
    let number = digits_of(1);
    for (code, row) in [
        (
            setagaya(),
            format!(
                "{:015},{number},鈴木\u{3000}花子,,19800101,2,どこか,旧姓:山田,,,\n",
                1
            ),
        ),
        (
            urayasu(),
            format!("{:015},{number},山田 花子,,19800101,2,どこか,,,,\n", 1),
        ),
    ] {
        import(
            &test,
            code,
            ImportFile::Residents,
            &format!("{RESIDENTS}{row}"),
        )
        .await;
    }
    assert_eq!(asked(&test, 1).await.1, InquiryAnswer::Provided(2));
}

#[tokio::test]
async fn the_disclosure_record_outlives_what_it_is_about_and_is_not_changed() {
    let test = towns(1).await;
    asked(&test, 1).await;
    let erase = "DELETE FROM dose; DELETE FROM resident";
    test.database.tamper(Some(urayasu()), erase).await.unwrap();
    let left = record_events(&test, urayasu(), 1).await;
    assert_eq!(left, [DisclosureEvent::Provided]);
    let change = "UPDATE disclosure_record SET recorded_at = 0";
    let changed = test.database.tamper(Some(urayasu()), change).await;
    assert!(changed.is_err());
}

#[tokio::test]
async fn a_handle_for_anything_else_reaches_nothing_of_it() {
    let test = towns(1).await;
    changed_in_urayasu(&test, 1, &person(1), ",,20240101").await;
    let (id, _) = asked(&test, 1).await;
    let waiting = last_received(&test).await;
    for purpose in Purpose::ALL {
        let refused = Some(RegistryError::NotForThisPurpose(purpose));
        for (code, name) in [(setagaya(), "tester"), (urayasu(), "tester")] {
            let handle = handle_of(&test, code, purpose, name).await;
            let asks = [
                handle.inquiries().await.err(),
                handle.inquiry(id).await.err(),
                handle.inquiry_scope(id).await.err(),
            ];
            let decides = [
                handle.received_inquiries().await.err(),
                handle.release_scope(waiting.id).await.err(),
            ];
            let tells = handle.disclosure_records(&resident(1)).await.err();
            assert_eq!(
                asks.iter().all(|one| *one == refused),
                purpose != Purpose::Inquiry
            );
            assert_eq!(
                decides.iter().all(|one| *one == refused),
                purpose != Purpose::Provision
            );
            assert_eq!(tells == refused, purpose != Purpose::Disclosure);
        }
    }
    // Each side has its own: what one made the other does not find.
    let there = handle_of(&test, urayasu(), Purpose::Inquiry, "tester").await;
    assert_eq!(there.inquiries().await.unwrap(), []);
    assert_eq!(there.inquiry(id).await.unwrap(), None);
    let here = handle_of(&test, setagaya(), Purpose::Provision, "tester").await;
    assert_eq!(here.received_inquiries().await.unwrap(), []);
    let refused = refusal(here.refuse_inquiry(waiting.id, "no").await);
    assert_eq!(refused, InquiryRefused::Unknown);
    // Nobody but staff decides or looks.
    let asked_by = registry::Actor::Municipality(setagaya());
    let automatic = test
        .registry
        .municipality(urayasu(), Purpose::Provision, asked_by);
    let refused = automatic.await.unwrap().received_inquiries().await;
    assert_eq!(
        refused.err(),
        Some(RegistryError::NotForThisPurpose(Purpose::Provision))
    );
}
