//! The issuing transaction.

use domain::{CertificateKind, Channel, ChannelId, Redacted, Yen};
use registry::{
    Actor, AuditVerdict, Delivery, FlagKind, FlagOrder, FoundOrder, OutcomeRecorded, Purpose,
    REPEATED_FOR, RegistryError, StaffId, Whom,
};

use super::support::*;

async fn events(test: &TestRegistry) -> Vec<String> {
    let entries = test.auditing().await.audit_entries(0, 1000).await.unwrap();
    entries
        .into_iter()
        .map(|entry| entry.event)
        .filter(|event| event.starts_with("certificate") || event.starts_with("order"))
        .collect()
}

async fn assert_chain_holds(test: &TestRegistry) {
    let verdict = test.auditing().await.verify_audit(None).await.unwrap();
    assert!(matches!(verdict, AuditVerdict::Holds(_)), "{verdict:?}");
}

#[tokio::test]
async fn what_is_committed_is_there_with_its_entry() {
    let test = TestRegistry::with_residents(2).await;
    let handle = test.issuing().await;
    let id = issue(&handle, 2, &order(1)).await.unwrap();
    let stored = handle.certificate(id).await.unwrap().unwrap();
    assert_eq!(stored.id, id);
    assert_eq!(stored.kind, CertificateKind::Domestic);
    assert_eq!(stored.signed.expose()[..], *"見本\u{3000}2号".as_bytes());
    assert_eq!((stored.fee, stored.copies, stored.doses), (Yen(120), 1, 2));
    assert_eq!((stored.delivery, stored.revoked_at), (None, None));
    assert_eq!(
        events(&test).await,
        ["certificate-issued", "certificate-read"]
    );
    assert_chain_holds(&test).await;
}

#[tokio::test]
async fn what_is_dropped_leaves_nothing() {
    let test = TestRegistry::with_residents(1).await;
    let handle = test.issuing().await;
    let new = certificate(CertificateKind::Domestic, b"signed");
    let mut transaction = handle.begin_issue().await.unwrap();
    transaction.dossier(&number_of(1)).await.unwrap().unwrap();
    let recorded = transaction
        .record_certificate(&order(1), &new)
        .await
        .unwrap();
    drop(recorded);
    assert_eq!(handle.certificate(new.id).await.unwrap(), None);
    assert_eq!(events(&test).await, Vec::<String>::new());
    // And the order can still be made.
    issue(&handle, 1, &order(1)).await.unwrap();
    assert_chain_holds(&test).await;
}

#[tokio::test]
async fn the_same_order_again_is_the_same_certificate() {
    let test = TestRegistry::with_residents(1).await;
    let handle = test.issuing().await;
    let first = issue(&handle, 1, &order(1)).await.unwrap();
    let mut transaction = handle.begin_issue().await.unwrap();
    transaction.dossier(&number_of(1)).await.unwrap().unwrap();
    let again = transaction.find_order(&order(1)).await.unwrap();
    let Some(FoundOrder::Issued(again)) = again else {
        panic!("{again:?}");
    };
    assert_eq!(again.id, first);
    assert_eq!(again.signed.expose()[..], *"見本\u{3000}1号".as_bytes());
    // That it was handed out again is recorded, and others need not wait for this transaction.
    assert_eq!(
        events(&test).await,
        ["certificate-issued", "certificate-read"]
    );
    issue(&handle, 1, &order(2)).await.unwrap();
    // Gone on with, it is a new one that has read nobody's dossier.
    let new = certificate(CertificateKind::Domestic, b"signed");
    let refused = transaction.record_certificate(&order(3), &new).await;
    assert_eq!(refused.err(), Some(RegistryError::NoDossierRead));
}

#[tokio::test]
async fn what_was_revoked_withheld_or_issued_long_ago_is_handed_out_no_longer() {
    let test = TestRegistry::with_residents(2).await;
    let handle = test.issuing().await;
    let repeated = async |n| {
        let mut transaction = handle.begin_issue().await.unwrap();
        let found = transaction.find_order(&order(n)).await.unwrap().unwrap();
        if found == FoundOrder::Over {
            transaction.refuse("over", None).await.unwrap();
        }
        found != FoundOrder::Over
    };
    let revoked = issue(&handle, 1, &order(1)).await.unwrap();
    issue(&handle, 1, &order(2)).await.unwrap();
    issue(&handle, 2, &order(3)).await.unwrap();
    assert!(repeated(1).await && repeated(2).await && repeated(3).await);

    let counter = test.handle(Purpose::CounterReissue, staff()).await;
    counter.revoke(revoked, "a test").await.unwrap();
    assert!(!repeated(1).await && repeated(2).await);

    let flags = test.handle(Purpose::Flags, staff()).await;
    let whom = Whom::Number(number_of(1));
    let ordered = FlagOrder {
        ordered_by: StaffId::parse("head").unwrap(),
        ground: Redacted::new("a request".to_owned()),
    };
    let set = flags.set_flag(&whom, FlagKind::Protected, &ordered).await;
    set.unwrap();
    assert!(!repeated(2).await && repeated(3).await);

    test.clock.advance(REPEATED_FOR.whole_seconds());
    assert!(repeated(3).await, "to the very second");
    test.clock.advance(1);
    assert!(!repeated(3).await);
    let refused = events(&test).await;
    let refused = refused.iter().filter(|event| *event == "order-refused");
    assert_eq!(refused.count(), 3);
    assert_chain_holds(&test).await;
}

#[tokio::test]
async fn a_key_with_another_request_or_ticket_is_refused() {
    let test = TestRegistry::with_residents(1).await;
    let handle = test.issuing().await;
    issue(&handle, 1, &order(1)).await.unwrap();
    let mut other_request = order(1);
    other_request.request_digest[0] ^= 1;
    let mut other_ticket = order(1);
    other_ticket.application.0[0] ^= 1;
    for reused in [other_request, other_ticket] {
        let mut transaction = handle.begin_issue().await.unwrap();
        assert_eq!(
            transaction.find_order(&reused).await,
            Err(RegistryError::OrderKeyReused)
        );
    }
}

#[tokio::test]
async fn another_channel_may_use_the_same_key() {
    let test = TestRegistry::with_residents(1).await;
    let first = issue(&test.issuing().await, 1, &order(1)).await.unwrap();
    let other = test.handle(Purpose::Issuing, kiosk(2)).await;
    let second = issue(&other, 1, &order(1)).await.unwrap();
    assert_ne!(first, second);
}

#[tokio::test]
async fn recording_without_a_dossier_is_refused() {
    let test = TestRegistry::with_residents(1).await;
    let handle = test.issuing().await;
    let new = certificate(CertificateKind::Domestic, b"signed");
    let transaction = handle.begin_issue().await.unwrap();
    let refused = transaction.record_certificate(&order(1), &new).await;
    assert_eq!(refused.err(), Some(RegistryError::NoDossierRead));
    // A dossier that was not found is none either.
    let mut transaction = handle.begin_issue().await.unwrap();
    transaction.dossier(&number_of(1)).await.unwrap().unwrap();
    assert_eq!(transaction.dossier(&number_of(9)).await.unwrap(), None);
    let refused = transaction.record_certificate(&order(1), &new).await;
    assert_eq!(refused.err(), Some(RegistryError::NoDossierRead));
}

#[tokio::test]
async fn a_refused_order_is_recorded() {
    let test = TestRegistry::with_residents(1).await;
    let handle = test.issuing().await;
    let mut transaction = handle.begin_issue().await.unwrap();
    transaction.dossier(&number_of(1)).await.unwrap().unwrap();
    transaction
        .refuse("not-eligible", Some("rare 𠮷"))
        .await
        .unwrap();
    let entries = test.auditing().await.audit_entries(0, 100).await.unwrap();
    let last = entries.last().unwrap();
    assert_eq!(last.event, "order-refused");
    assert_eq!(last.detail.as_deref(), Some("not-eligible"));
    assert!(last.subject.is_some());
}

#[tokio::test]
async fn staff_read_why_nothing_was_offered_or_issued_and_that_is_recorded() {
    let test = TestRegistry::with_residents(1).await;
    let handle = test.issuing().await;
    let mut transaction = handle.begin_issue().await.unwrap();
    transaction.dossier(&number_of(1)).await.unwrap().unwrap();
    transaction.refuse("x", Some("rare 𠮷")).await.unwrap();
    let transaction = handle.begin_issue().await.unwrap();
    transaction.refuse("without a note", None).await.unwrap();
    handle
        .record_offer_refused(&number_of(1), "rare 𠮟")
        .await
        .unwrap();
    let reader = test.handle(Purpose::Audit, staff()).await;
    let notes = reader.refusal_notes(10).await.unwrap();
    let read: Vec<_> = notes
        .iter()
        .map(|note| (note.event.as_str(), note.note.expose().as_str()))
        .collect();
    assert_eq!(
        read,
        [("offer-refused", "rare 𠮟"), ("order-refused", "rare 𠮷")]
    );
    assert_eq!(reader.refusal_notes(1).await.unwrap(), notes[..1]);
    let entries = test.auditing().await.audit_entries(0, 100).await.unwrap();
    let of = |event| {
        let mut entries = entries.iter();
        entries.rfind(|entry| entry.event == event).unwrap()
    };
    assert!(of("offer-refused").subject.is_some());
    assert_eq!(of("refusal-notes-read").actor_kind, "staff");
    assert_chain_holds(&test).await;
    // For staff only, and never through a handle that issues.
    let nobody = test.auditing().await.refusal_notes(10).await;
    assert_eq!(
        nobody,
        Err(RegistryError::NotForThisPurpose(Purpose::Audit))
    );
    let issuing = handle.refusal_notes(10).await;
    assert_eq!(
        issuing,
        Err(RegistryError::NotForThisPurpose(Purpose::Issuing))
    );
    for (name, content) in test.database.everything().await {
        for note in ["rare 𠮷", "rare 𠮟"] {
            let found = memchr::memmem::find(&content, note.as_bytes());
            assert!(found.is_none(), "{name}");
        }
    }
}

#[tokio::test]
async fn a_failed_print_is_replaced_without_fee_and_revoked() {
    let test = TestRegistry::with_residents(2).await;
    let handle = test.issuing().await;
    let failed = issue(&handle, 1, &order(1)).await.unwrap();
    let outcome = handle.record_outcome(failed, Delivery::NotDelivered).await;
    assert_eq!(outcome.unwrap(), OutcomeRecorded::Recorded);

    let mut transaction = handle.begin_issue().await.unwrap();
    let dossier = transaction.dossier(&number_of(1)).await.unwrap().unwrap();
    let undelivered = dossier.undelivered(CertificateKind::Domestic).unwrap();
    assert_eq!(undelivered.id, failed);
    assert_eq!(dossier.undelivered(CertificateKind::Abroad), None);
    let mut replacement = certificate(CertificateKind::Domestic, b"again");
    replacement.fee = Yen(0);
    replacement.replaces = Some(failed);
    let recorded = transaction
        .record_certificate(&order(2), &replacement)
        .await;
    recorded.unwrap().commit().await.unwrap();

    assert!(
        handle
            .certificate(failed)
            .await
            .unwrap()
            .unwrap()
            .revoked_at
            .is_some()
    );
    let publishing = test.handle(Purpose::Publishing, Actor::Server).await;
    let revocations = publishing.revocations().await.unwrap();
    assert_eq!(revocations.counter, 1);
    assert_eq!(
        revocations.revoked[0].revocation_id.as_str(),
        failed.as_str()
    );
    assert_eq!(revocations.revoked[0].signing_key, "key-1");
    // Replaced once, it is not undelivered any more.
    let dossier = handle.dossier(&number_of(1)).await.unwrap().unwrap();
    assert_eq!(dossier.undelivered, []);
    assert_eq!(
        events(&test).await,
        [
            "certificate-issued",
            "certificate-not-delivered",
            "certificate-revoked",
            "certificate-issued",
            "certificate-read"
        ]
    );
    assert_chain_holds(&test).await;
}

#[tokio::test]
async fn only_ones_own_undelivered_certificate_of_the_kind_is_replaced_and_only_for_nothing() {
    let test = TestRegistry::with_residents(2).await;
    let handle = test.issuing().await;
    let undelivered = issue(&handle, 1, &order(1)).await.unwrap();
    handle
        .record_outcome(undelivered, Delivery::NotDelivered)
        .await
        .unwrap();
    let delivered = issue(&handle, 1, &order(2)).await.unwrap();
    handle
        .record_outcome(delivered, Delivery::Delivered)
        .await
        .unwrap();
    let unreported = issue(&handle, 1, &order(3)).await.unwrap();

    let domestic = CertificateKind::Domestic;
    for (resident, kind, fee, replaced) in [
        (2, domestic, 0, undelivered),
        (1, CertificateKind::Abroad, 0, undelivered),
        (1, domestic, 120, undelivered),
        (1, domestic, 0, delivered),
        (1, domestic, 0, unreported),
        (1, domestic, 0, certificate(domestic, b"").id),
    ] {
        let mut replacement = certificate(kind, b"again");
        replacement.fee = Yen(fee);
        replacement.replaces = Some(replaced);
        let mut transaction = handle.begin_issue().await.unwrap();
        transaction
            .dossier(&number_of(resident))
            .await
            .unwrap()
            .unwrap();
        let refused = transaction
            .record_certificate(&order(9), &replacement)
            .await;
        assert_eq!(refused.err(), Some(RegistryError::NotReplaceable));
        assert_eq!(handle.certificate(replacement.id).await.unwrap(), None);
    }
}

#[tokio::test]
async fn what_is_owed_is_a_kiosks_and_a_kiosk_alone_replaces_it() {
    let test = TestRegistry::with_residents(1).await;
    let domestic = CertificateKind::Domestic;
    let (kiosk, phone) = (test.issuing().await, Channel::Phone);
    let id = ChannelId([1; 32]);
    let phone = Actor::Channel { kind: phone, id };
    let phone = test.handle(Purpose::Issuing, phone).await;
    let on_phone = issue(&phone, 1, &order(1)).await.unwrap();
    let told = phone.record_outcome(on_phone, Delivery::NotDelivered).await;
    assert_eq!(told.unwrap(), OutcomeRecorded::Recorded);
    let dossier = kiosk.dossier(&number_of(1)).await.unwrap().unwrap();
    assert_eq!(dossier.undelivered, []);

    let on_paper = issue(&kiosk, 1, &order(2)).await.unwrap();
    let told = kiosk.record_outcome(on_paper, Delivery::NotDelivered).await;
    assert_eq!(told.unwrap(), OutcomeRecorded::Recorded);
    for (handle, replaced) in [(&phone, on_paper), (&phone, on_phone), (&kiosk, on_phone)] {
        let mut replacement = certificate(domestic, b"again");
        replacement.fee = Yen(0);
        replacement.replaces = Some(replaced);
        let mut transaction = handle.begin_issue().await.unwrap();
        let dossier = transaction.dossier(&number_of(1)).await.unwrap().unwrap();
        assert_eq!(dossier.undelivered(domestic).unwrap().id, on_paper);
        let refused = transaction
            .record_certificate(&order(9), &replacement)
            .await;
        assert_eq!(refused.err(), Some(RegistryError::NotReplaceable));
    }
}

#[tokio::test]
async fn only_a_channel_issues() {
    let test = TestRegistry::with_residents(1).await;
    for actor in [staff(), Actor::Server] {
        let handle = test.handle(Purpose::Issuing, actor).await;
        assert_eq!(
            handle.begin_issue().await.err(),
            Some(RegistryError::NotForThisPurpose(Purpose::Issuing))
        );
    }
}
