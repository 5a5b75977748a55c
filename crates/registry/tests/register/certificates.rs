//! What becomes of a certificate after it was issued.

use domain::{CertificateId, Channel, ChannelId};
use registry::{
    Actor, Delivery, OutcomeRecorded, Purpose, RegistryError, ReissueRecorded, RevocationRecorded,
};

use super::support::*;

fn unknown() -> CertificateId {
    CertificateId::parse("AAAAAAAAAAAA").unwrap()
}

#[tokio::test]
async fn an_outcome_is_recorded_once() {
    let test = TestRegistry::with_residents(1).await;
    let handle = test.issuing().await;
    let id = issue(&handle, 1, &order(1)).await.unwrap();
    for (delivery, expected) in [
        (Delivery::Delivered, OutcomeRecorded::Recorded),
        (Delivery::Delivered, OutcomeRecorded::AlreadyRecorded),
        (Delivery::NotDelivered, OutcomeRecorded::Contradicts),
    ] {
        let outcome = handle.record_outcome(id, delivery).await.unwrap();
        assert_eq!(outcome, expected);
    }
    let stored = handle.certificate(id).await.unwrap().unwrap();
    assert_eq!(stored.delivery, Some(Delivery::Delivered));
    let entries = test.auditing().await.audit_entries(0, 100).await.unwrap();
    let delivered = entries
        .iter()
        .filter(|e| e.event == "certificate-delivered");
    assert_eq!(delivered.count(), 1);
}

#[tokio::test]
async fn only_the_channel_that_ordered_reports() {
    let test = TestRegistry::with_residents(1).await;
    let handle = test.issuing().await;
    let id = issue(&handle, 1, &order(1)).await.unwrap();
    let phone_with_the_same_id = Actor::Channel {
        kind: Channel::Phone,
        id: ChannelId([1; 32]),
    };
    for other in [kiosk(2), phone_with_the_same_id, staff(), Actor::Server] {
        let other = test.handle(Purpose::Issuing, other).await;
        let outcome = other.record_outcome(id, Delivery::NotDelivered).await;
        assert_eq!(outcome.unwrap(), OutcomeRecorded::UnknownCertificate);
    }
    let outcome = handle.record_outcome(unknown(), Delivery::Delivered).await;
    assert_eq!(outcome.unwrap(), OutcomeRecorded::UnknownCertificate);
    assert_eq!(
        handle.certificate(id).await.unwrap().unwrap().delivery,
        None
    );
}

#[tokio::test]
async fn a_reissue_is_recorded_with_who_and_why_and_gives_what_was_issued() {
    let test = TestRegistry::with_residents(1).await;
    let id = issue(&test.issuing().await, 1, &order(1)).await.unwrap();
    let counter = test.handle(Purpose::CounterReissue, staff()).await;
    let ReissueRecorded::Recorded(certificate) = counter
        .record_reissue(id, &because("lost at home"))
        .await
        .unwrap()
    else {
        panic!("not recorded")
    };
    assert_eq!(
        certificate.signed.expose()[..],
        *"見本\u{3000}1号".as_bytes()
    );
    let entries = test.auditing().await.audit_entries(0, 100).await.unwrap();
    let last = entries.last().unwrap();
    assert_eq!(last.event, "certificate-reissued");
    assert_eq!(
        (last.actor_kind.as_str(), &last.actor[..]),
        ("staff", &b"tester"[..])
    );
    assert_eq!(last.certificate.as_deref(), Some(id.as_str()));
}

#[tokio::test]
async fn no_reissue_without_reason_staff_or_certificate() {
    let test = TestRegistry::with_residents(1).await;
    let id = issue(&test.issuing().await, 1, &order(1)).await.unwrap();
    let counter = test.handle(Purpose::CounterReissue, staff()).await;
    for reason in ["", " \u{3000}", &"x".repeat(501)] {
        let refused = counter.record_reissue(id, &because(reason)).await.unwrap();
        assert_eq!(refused, ReissueRecorded::ReasonMissing);
    }
    let refused = counter
        .record_reissue(unknown(), &because("lost"))
        .await
        .unwrap();
    assert_eq!(refused, ReissueRecorded::UnknownCertificate);
    for actor in [kiosk(1), Actor::Server] {
        let handle = test.handle(Purpose::CounterReissue, actor).await;
        let refused = handle.record_reissue(id, &because("lost")).await;
        let expected = RegistryError::NotForThisPurpose(Purpose::CounterReissue);
        assert_eq!(refused, Err(expected));
    }
}

#[tokio::test]
async fn what_is_revoked_stays_revoked_and_is_not_reissued() {
    let test = TestRegistry::with_residents(1).await;
    let id = issue(&test.issuing().await, 1, &order(1)).await.unwrap();
    let counter = test.handle(Purpose::CounterReissue, staff()).await;
    for expected in [
        RevocationRecorded::Revoked,
        RevocationRecorded::AlreadyRevoked,
    ] {
        assert_eq!(
            counter.revoke(id, "issued in error").await.unwrap(),
            expected
        );
    }
    let refused = counter.revoke(unknown(), "issued in error").await.unwrap();
    assert_eq!(refused, RevocationRecorded::UnknownCertificate);
    assert_eq!(
        counter.revoke(id, "").await.unwrap(),
        RevocationRecorded::ReasonMissing
    );
    let refused = counter.record_reissue(id, &because("lost")).await.unwrap();
    assert_eq!(refused, ReissueRecorded::Revoked);
    let publishing = test.handle(Purpose::Publishing, Actor::Server).await;
    assert_eq!(publishing.revocations().await.unwrap().counter, 1);
}
