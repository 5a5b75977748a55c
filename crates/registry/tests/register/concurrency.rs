//! Many orders at once: one certificate for each key, each for the right person (rule 11).

use std::collections::{HashMap, HashSet};

use domain::CertificateId;
use registry::{AuditVerdict, RegistryError, StorageFault};
use tokio::task::JoinSet;

use super::support::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_hundred_orders_at_once() {
    const RESIDENTS: u64 = 25;
    const KEYS: u64 = 50;
    let test = TestRegistry::with_residents(RESIDENTS).await;
    let handle = test.issuing().await;
    let mut tasks = JoinSet::new();
    for task in 0..200 {
        let handle = handle.clone();
        let key = task % KEYS;
        tasks.spawn(async move {
            let resident = key % RESIDENTS + 1;
            // On a loaded machine a turn may come too late: then it is ordered again, as a
            // channel does.
            let busy = Err(RegistryError::LookupUnavailable(StorageFault::Busy));
            let mut issued = issue(&handle, resident, &order(key)).await;
            for _ in 0..10 {
                if issued != busy {
                    break;
                }
                issued = issue(&handle, resident, &order(key)).await;
            }
            (key, issued.unwrap())
        });
    }
    let mut by_key: HashMap<u64, HashSet<CertificateId>> = HashMap::new();
    for (key, id) in tasks.join_all().await {
        by_key.entry(key).or_default().insert(id);
    }
    assert_eq!(by_key.len(), KEYS as usize);
    let mut all = HashSet::new();
    for (key, ids) in by_key {
        assert_eq!(ids.len(), 1, "one certificate for key {key}");
        let id = *ids.iter().next().unwrap();
        assert!(all.insert(id), "no two keys share a certificate");
        let stored = handle.certificate(id).await.unwrap().unwrap();
        let holder = format!("見本\u{3000}{}号", key % RESIDENTS + 1);
        assert!(
            stored.signed.expose()[..] == *holder.as_bytes(),
            "the right holder"
        );
    }
    let verdict = test.auditing().await.verify_audit(None).await.unwrap();
    assert!(matches!(verdict, AuditVerdict::Holds(_)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_processes_share_a_register() {
    // Two registries on one place are, to the database, two processes.
    let test = TestRegistry::with_residents(4).await;
    let second = test.open_again().await;
    let other = second
        .municipality(setagaya(), registry::Purpose::Issuing, kiosk(1))
        .await
        .unwrap();
    let first = test.issuing().await;
    let mut tasks = JoinSet::new();
    for task in 0..40 {
        let handle = if task % 2 == 0 {
            first.clone()
        } else {
            other.clone()
        };
        tasks.spawn(async move {
            let key = task / 2;
            (key, issue(&handle, key % 4 + 1, &order(key)).await.unwrap())
        });
    }
    let mut by_key: HashMap<u64, CertificateId> = HashMap::new();
    for (key, id) in tasks.join_all().await {
        assert_eq!(
            *by_key.entry(key).or_insert(id),
            id,
            "both got the same certificate"
        );
    }
    assert_eq!(by_key.len(), 20);
    let verdict = test.auditing().await.verify_audit(None).await.unwrap();
    assert!(matches!(verdict, AuditVerdict::Holds(_)));
}
