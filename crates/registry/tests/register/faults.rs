//! What cannot be read is an error, never "not found" and never "no doses" (rule 9).

use std::sync::Arc;

use crypto::SystemRandom;
use registry::{MasterKey, Purpose, Registry, RegistryError, StorageFault};

use super::support::*;

async fn lookup_after(statements: &'static str) -> Result<bool, RegistryError> {
    let test = TestRegistry::with_residents(2).await;
    test.tamper(statements).await;
    let found = test.issuing().await.dossier(&number_of(1)).await;
    found.map(|dossier| dossier.is_some())
}

#[tokio::test]
async fn a_changed_or_moved_row_is_damage() {
    for (table, statements) in [
        (
            "resident",
            "UPDATE resident SET sealed = zeroblob(length(sealed))",
        ),
        ("resident", "UPDATE resident SET sealed = zeroblob(0)"),
        (
            "resident.subject",
            "UPDATE resident SET subject = zeroblob(44)",
        ),
        (
            "resident",
            // Each has the other's, in whichever order they lie there.
            "UPDATE resident SET sealed = other.sealed \
             FROM (SELECT id, sealed FROM resident) AS other WHERE other.id <> resident.id",
        ),
        (
            // One resident's doses hung on the other: the ids do not fit.
            "dose",
            "UPDATE dose SET sealed = (SELECT other.sealed FROM dose AS other \
             WHERE other.resident <> dose.resident LIMIT 1)",
        ),
        ("passport", "UPDATE passport SET sealed = substr(sealed, 2)"),
    ] {
        let damaged = Err(RegistryError::DamagedRow { table });
        assert_eq!(lookup_after(statements).await, damaged, "{statements}");
    }
}

#[tokio::test]
async fn a_damaged_certificate_is_damage() {
    let test = TestRegistry::with_residents(1).await;
    let handle = test.issuing().await;
    let id = issue(&handle, 1, &order(1)).await.unwrap();
    test.tamper("UPDATE certificate SET sealed = zeroblob(100)")
        .await;
    let damaged = RegistryError::DamagedRow {
        table: "certificate",
    };
    assert_eq!(handle.certificate(id).await.err(), Some(damaged));
    let mut transaction = handle.begin_issue().await.unwrap();
    assert_eq!(transaction.find_order(&order(1)).await.err(), Some(damaged));
}

#[tokio::test]
async fn a_missing_table_is_no_empty_one() {
    let test = TestRegistry::with_residents(2).await;
    let handle = test.issuing().await;
    test.tamper(TestRegistry::WITHOUT_DOSES).await;
    let found = handle.dossier(&number_of(1)).await;
    let unavailable = matches!(found, Err(RegistryError::LookupUnavailable(_)));
    assert!(unavailable, "{found:?}");
}

#[tokio::test]
async fn a_closed_register_is_unavailable() {
    let test = TestRegistry::with_residents(1).await;
    let handle = test.issuing().await;
    test.registry.close().await;
    let found = handle.dossier(&number_of(1)).await;
    assert!(matches!(found, Err(RegistryError::LookupUnavailable(_))));
    assert!(handle.begin_issue().await.is_err());
}

#[tokio::test]
async fn another_master_key_opens_nothing() {
    let test = TestRegistry::with_residents(1).await;
    test.registry.close().await;
    let master = MasterKey::new(&[8; 32]);
    let (clock, random) = (test.clock.clone(), Arc::new(SystemRandom));
    let refused = Registry::open(test.database.place(), master, clock, random).await;
    assert_eq!(refused.err(), Some(RegistryError::WrongMasterKey));
}

#[tokio::test]
async fn what_was_written_is_there_after_reopening() {
    let test = TestRegistry::with_residents(1).await;
    let id = issue(&test.issuing().await, 1, &order(1)).await.unwrap();
    test.registry.close().await;
    let registry = test.open_again().await;
    // Adding it again changes nothing.
    registry.add_municipality(setagaya()).await.unwrap();
    let handle = registry
        .municipality(setagaya(), Purpose::Issuing, kiosk(1))
        .await
        .unwrap();
    assert!(handle.certificate(id).await.unwrap().is_some());
}

#[tokio::test]
async fn errors_tell_no_values() {
    let test = TestRegistry::with_residents(1).await;
    test.tamper("UPDATE resident SET sealed = zeroblob(1)")
        .await;
    let error = test
        .issuing()
        .await
        .dossier(&number_of(1))
        .await
        .unwrap_err();
    let text = format!("{error} {error:?}");
    assert!(!text.contains(&digits_of(1)) && !text.contains("見本"));
    // A broken rule of the schema says which kind of fault, not which value.
    let handle = test.issuing().await;
    let refused = RegistryError::LookupUnavailable(StorageFault::Constraint);
    assert_eq!(
        refused.to_string(),
        "the register cannot be used now: a constraint of the schema was broken"
    );
    drop(handle);
}

#[tokio::test]
async fn a_writer_that_does_not_let_go_is_busy_and_nothing_is_half_done() {
    let test = TestRegistry::with_residents(1).await;
    let handle = test.issuing().await;
    let head = test.auditing().await.audit_head().await.unwrap();
    let held = test.database.hold(setagaya()).await;
    let order = order(1);
    let (found, issued) = tokio::join!(
        async { handle.dossier(&number_of(1)).await.map(|_| ()) },
        async { issue(&handle, 1, &order).await.map(|_| ()) },
    );
    let busy = Err(RegistryError::LookupUnavailable(StorageFault::Busy));
    assert_eq!((found, issued), (busy, busy));
    // Others go on meanwhile.
    let other = test
        .registry
        .municipality(urayasu(), Purpose::Issuing, kiosk(1));
    let other = other.await.unwrap().dossier(&number_of(1)).await;
    assert_eq!(other, Ok(None));
    drop(held);
    assert_eq!(test.auditing().await.audit_head().await.unwrap(), head);
    issue(&handle, 1, &order).await.unwrap();
}
