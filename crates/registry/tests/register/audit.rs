//! The audit chain: whatever is done to it is found (C19).

use registry::{AuditFault, AuditHead, AuditVerdict, Purpose};

use super::support::*;

/// A register with some entries: 1 created, 2–5 imports, 6 an issue, 7–9 lookups.
async fn with_entries() -> TestRegistry {
    let test = TestRegistry::with_residents(2).await;
    let handle = test.issuing().await;
    issue(&handle, 1, &order(1)).await.unwrap();
    for n in [1, 2, 3] {
        handle.dossier(&number_of(n)).await.unwrap();
    }
    test
}

async fn verdict_after(statements: &'static str) -> AuditVerdict {
    let test = with_entries().await;
    let head = test.auditing().await.audit_head().await.unwrap();
    test.tamper_with_audit(statements).await;
    test.auditing()
        .await
        .verify_audit(Some(&head))
        .await
        .unwrap()
}

#[tokio::test]
async fn an_untouched_chain_holds_up_to_its_head() {
    let test = with_entries().await;
    let handle = test.auditing().await;
    let head = handle.audit_head().await.unwrap();
    assert_eq!(head.sequence, 9);
    for known in [None, Some(&head), Some(&AuditHead::EMPTY)] {
        assert_eq!(
            handle.verify_audit(known).await.unwrap(),
            AuditVerdict::Holds(head)
        );
    }
    // A head of earlier still lies on it.
    issue(&test.issuing().await, 2, &order(2)).await.unwrap();
    let verdict = handle.verify_audit(Some(&head)).await.unwrap();
    assert!(matches!(verdict, AuditVerdict::Holds(now) if now.sequence == 10));
}

#[tokio::test]
async fn every_changed_column_is_found() {
    for statements in [
        "UPDATE audit SET at = at + 1 WHERE sequence = 7",
        "UPDATE audit SET actor_kind = 'phone' WHERE sequence = 7",
        "UPDATE audit SET actor = zeroblob(1) WHERE sequence = 7",
        "UPDATE audit SET purpose = 'audit' WHERE sequence = 7",
        "UPDATE audit SET event = 'imported' WHERE sequence = 7",
        "UPDATE audit SET subject = NULL WHERE sequence = 7",
        "UPDATE audit SET certificate = 'AAAAAAAAAAAA' WHERE sequence = 7",
        "UPDATE audit SET detail = 'x' WHERE sequence = 7",
        "UPDATE audit SET note_digest = zeroblob(1) WHERE sequence = 7",
        "UPDATE audit SET hash = zeroblob(32) WHERE sequence = 7",
    ] {
        let verdict = verdict_after(statements).await;
        assert_eq!(
            verdict,
            AuditVerdict::Broken(AuditFault::Changed(7)),
            "{statements}"
        );
    }
}

#[tokio::test]
async fn a_note_that_is_changed_removed_moved_or_put_in_is_found() {
    for (statements, entry) in [
        (
            "UPDATE audit_note SET sealed = zeroblob(2) WHERE sequence = 7",
            7,
        ),
        ("DELETE FROM audit_note WHERE sequence = 7", 7),
        (
            "UPDATE audit_note SET sealed = \
             (SELECT sealed FROM audit_note AS other WHERE other.sequence = 8) WHERE sequence = 7",
            7,
        ),
        (
            "INSERT INTO audit_note (writer, sequence, sealed) SELECT writer, 6, sealed FROM audit_note WHERE sequence = 7",
            6,
        ),
    ] {
        let test = TestRegistry::with_residents(2).await;
        let id = issue(&test.issuing().await, 1, &order(1)).await.unwrap();
        let counter = test.handle(Purpose::CounterReissue, staff()).await;
        for reason in ["lost", "torn"] {
            counter.record_reissue(id, &because(reason)).await.unwrap();
        }
        let holds = test.auditing().await.verify_audit(None).await.unwrap();
        assert!(matches!(holds, AuditVerdict::Holds(head) if head.sequence == 8));
        test.tamper(statements).await;
        let verdict = test.auditing().await.verify_audit(None).await.unwrap();
        let changed = AuditVerdict::Broken(AuditFault::Changed(entry));
        assert_eq!(verdict, changed, "{statements}");
    }
}

#[tokio::test]
async fn removed_entries_are_found() {
    assert_eq!(
        verdict_after("DELETE FROM audit WHERE sequence = 7").await,
        AuditVerdict::Broken(AuditFault::Missing { after: 6, found: 8 })
    );
    assert_eq!(
        verdict_after("DELETE FROM audit WHERE sequence = 1").await,
        AuditVerdict::Broken(AuditFault::Missing { after: 0, found: 2 })
    );
    // With the gap closed, the entry behind it does not fit.
    assert_eq!(
        verdict_after(
            "DELETE FROM audit WHERE sequence = 7; \
             UPDATE audit SET sequence = 7 WHERE sequence = 8; \
             UPDATE audit SET sequence = 8 WHERE sequence = 9"
        )
        .await,
        AuditVerdict::Broken(AuditFault::Changed(7))
    );
}

#[tokio::test]
async fn reordered_entries_are_found() {
    assert_eq!(
        verdict_after(
            "UPDATE audit SET sequence = 99 WHERE sequence = 7; \
             UPDATE audit SET sequence = 7 WHERE sequence = 8; \
             UPDATE audit SET sequence = 8 WHERE sequence = 99"
        )
        .await,
        AuditVerdict::Broken(AuditFault::Changed(7))
    );
}

#[tokio::test]
async fn a_chain_cut_short_is_found_by_its_head() {
    assert_eq!(
        verdict_after("DELETE FROM audit WHERE sequence > 7").await,
        AuditVerdict::Broken(AuditFault::CutShort { found: 7, known: 9 })
    );
    let test = with_entries().await;
    let handle = test.auditing().await;
    let mut head = handle.audit_head().await.unwrap();
    head.hash[0] ^= 1;
    assert_eq!(
        handle.verify_audit(Some(&head)).await.unwrap(),
        AuditVerdict::Broken(AuditFault::OtherHead(9))
    );
}

#[tokio::test]
async fn a_certificate_without_its_entry_is_found() {
    let test = TestRegistry::with_residents(1).await;
    let id = issue(&test.issuing().await, 1, &order(1)).await.unwrap();
    test.tamper("DELETE FROM certificate").await;
    assert_eq!(
        test.auditing().await.verify_audit(None).await.unwrap(),
        AuditVerdict::Broken(AuditFault::Unmatched(id))
    );
    // And the other way round: the last entry cut off, its certificate left.
    let test = TestRegistry::with_residents(1).await;
    let id = issue(&test.issuing().await, 1, &order(1)).await.unwrap();
    test.tamper_with_audit("DELETE FROM audit WHERE event = 'certificate-issued'")
        .await;
    assert_eq!(
        test.auditing().await.verify_audit(None).await.unwrap(),
        AuditVerdict::Broken(AuditFault::Unmatched(id))
    );
}

#[tokio::test]
async fn the_schema_itself_refuses_changes() {
    let test = with_entries().await;
    for statement in ["UPDATE audit SET detail = 'x'", "DELETE FROM audit"] {
        let refused = test.database.tamper(Some(setagaya()), statement).await;
        assert!(refused.is_err(), "{statement}");
    }
}
