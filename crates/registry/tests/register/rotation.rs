//! A new data key (C12): every text sealed under it while others work, the old one destroyed.

use std::process::{Command, Stdio};

use registry::{AuditArea, AuditVerdict, KeyVersion, Purpose, Registry, Upkeep};

use super::support::*;

async fn upkeep(registry: &Registry) -> Upkeep {
    let area = AuditArea::Municipality(setagaya());
    registry.upkeep(area, staff()).await.unwrap()
}

async fn rotate(registry: &Registry) -> registry::RotationResult {
    upkeep(registry).await.rotate_keys(|_| ()).await.unwrap()
}

/// Everything that is in the register still is: who is looked up, what was issued, the record.
async fn assert_whole(registry: &Registry, residents: u64) {
    let handle = registry
        .municipality(setagaya(), Purpose::Issuing, kiosk(1))
        .await
        .unwrap();
    for n in 1..=residents {
        let dossier = handle.dossier(&number_of(n)).await.unwrap().unwrap();
        assert_eq!(dossier.doses.len(), 2);
        assert!(dossier.passport.is_some());
    }
    let audit = registry
        .municipality(setagaya(), Purpose::Audit, registry::Actor::Server)
        .await
        .unwrap();
    let verdict = audit.verify_audit(None).await.unwrap();
    assert!(matches!(verdict, AuditVerdict::Holds(_)), "{verdict:?}");
}

#[tokio::test]
async fn every_text_is_under_the_new_key_and_the_old_one_is_gone() {
    let test = TestRegistry::with_residents(700).await;
    let id = issue(&test.issuing().await, 1, &order(1)).await.unwrap();
    let counter = test.handle(Purpose::CounterReissue, staff()).await;
    counter.record_reissue(id, &because("lost")).await.unwrap();
    let before = upkeep(&test.registry).await.key_status().await.unwrap();
    assert_eq!(before.data.len(), 1);
    assert!(before.data[0].texts > 700 * 5);
    let mut said = Vec::new();
    let handle = upkeep(&test.registry).await;
    let result = handle
        .rotate_keys(|progress| said.push(progress))
        .await
        .unwrap();
    assert_eq!(result.current, KeyVersion::new(2));
    assert_eq!(result.destroyed, [KeyVersion::FIRST]);
    assert_eq!(result.resealed, before.data[0].texts);
    assert!(!result.resumed);
    assert!(said.is_sorted_by_key(|progress| progress.done));
    assert_eq!(said.last().unwrap().done, said[0].of);

    let after = handle.key_status().await.unwrap();
    let [old, new] = &after.data[..] else {
        panic!("{} keys", after.data.len())
    };
    assert_eq!((old.texts, old.destroyed_at.is_some()), (0, true));
    assert_eq!((new.texts, new.destroyed_at), (before.data[0].texts, None));
    // Also for a process that never knew the old key.
    test.registry.close().await;
    let again = test.open_again().await;
    assert_whole(&again, 20).await;
    let issuing = again.municipality(setagaya(), Purpose::Issuing, kiosk(1));
    let issued = issuing.await.unwrap().certificate(id).await.unwrap();
    assert!(issued.is_some());
}

#[tokio::test]
async fn a_file_imported_again_after_a_rotation_changes_nothing() {
    let test = TestRegistry::with_residents(30).await;
    rotate(&test.registry).await;
    for (file, text) in files(30) {
        let report = test.import(file, text).await.unwrap();
        assert_eq!((report.added(), report.changed()), (0, 0), "{file:?}");
        assert!(report.unchanged() >= 30);
    }
}

#[tokio::test]
async fn an_old_copy_of_a_row_opens_no_longer() {
    let test = TestRegistry::with_residents(1).await;
    test.tamper("CREATE TABLE before AS SELECT id, sealed FROM dose")
        .await;
    rotate(&test.registry).await;
    test.registry.close().await;
    // The rows of before, put back beneath the keys of today.
    test.tamper(
        "UPDATE dose SET sealed = (SELECT sealed FROM before WHERE before.id = dose.id); \
         DROP TABLE before",
    )
    .await;
    let registry = test.open_again().await;
    let issuing = registry.municipality(setagaya(), Purpose::Issuing, kiosk(1));
    let refused = issuing.await.unwrap().dossier(&number_of(1)).await;
    assert_eq!(
        refused.err(),
        Some(registry::RegistryError::DamagedRow { table: "dose" })
    );
    // And a rotation finds it, and destroys nothing.
    let status = upkeep(&registry).await.key_status().await.unwrap();
    assert_eq!(status.data[0].texts, 2);
    let refused = upkeep(&registry).await.rotate_keys(|_| ()).await;
    assert!(refused.is_err());
    let status = upkeep(&registry).await.key_status().await.unwrap();
    assert_eq!(status.data[1].destroyed_at, None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn orders_go_on_in_another_process_and_learn_of_the_key() {
    let test = TestRegistry::with_residents(2000).await;
    // Two registries on one place are, to the register, two processes.
    let serving = test.open_again().await;
    let handle = serving
        .municipality(setagaya(), Purpose::Issuing, kiosk(1))
        .await
        .unwrap();
    // One that has nothing to do meanwhile, and only writes afterwards.
    let idle = test.open_again().await;
    let idle = idle.municipality(setagaya(), Purpose::Issuing, kiosk(2));
    let idle = idle.await.unwrap();
    // Held after its first batch until some orders were issued in between.
    let (ordered, some_orders) = std::sync::mpsc::channel();
    let rotating = tokio::spawn({
        let upkeep = upkeep(&test.registry).await;
        let mut some_orders = Some(some_orders);
        let wait = move |progress: registry::RotationProgress| {
            if progress.done > 0
                && let Some(some_orders) = some_orders.take()
            {
                tokio::task::block_in_place(|| some_orders.recv()).unwrap();
            }
        };
        async move { upkeep.rotate_keys(wait).await.unwrap() }
    });
    let mut during = 0;
    while !rotating.is_finished() {
        during += 1;
        issue(&handle, during % 2000 + 1, &order(during))
            .await
            .unwrap();
        handle.dossier(&number_of(during % 2000 + 1)).await.unwrap();
        if during == 5 {
            ordered.send(()).unwrap();
        }
    }
    let result = rotating.await.unwrap();
    assert_eq!(result.destroyed, [KeyVersion::FIRST]);
    // Those that were open all the while seal under the new key, without being opened again.
    issue(&idle, 1, &order(1_000_000)).await.unwrap();
    let status = upkeep(&test.registry).await.key_status().await.unwrap();
    assert_eq!(status.data[0].texts, 0);
    assert_whole(&serving, 10).await;
    let again = rotate(&test.registry).await;
    assert_eq!(again.current, KeyVersion::new(3));
    assert_whole(&serving, 10).await;
}

const PLACE: &str = "AKASHI_TEST_ROTATION_PLACE";
const KILL_AFTER: &str = "AKASHI_TEST_ROTATION_KILL_AFTER";

/// Rotates and kills itself after some batches, when started as the child; by itself it rotates.
#[tokio::test]
async fn rotating_until_killed() {
    let clock = std::sync::Arc::new(domain::FixedClock::at(time::macros::datetime!(
        2025-04-01 03:00 UTC
    )));
    let Ok(place) = std::env::var(PLACE) else {
        let test = TestRegistry::with_residents(3).await;
        rotate(&test.registry).await;
        return;
    };
    let after: usize = std::env::var(KILL_AFTER).unwrap().parse().unwrap();
    let registry = open(TestRegistry::place_of(&place), clock).await;
    let mut steps = 0;
    let killing = move |_| {
        if steps == after {
            let kill = format!("kill -KILL {}", std::process::id());
            let _ = Command::new("sh").args(["-c", &kill]).status();
        }
        steps += 1;
    };
    upkeep(&registry).await.rotate_keys(killing).await.unwrap();
}

#[tokio::test]
async fn killed_in_the_middle_it_goes_on_where_it_was() {
    let test = TestRegistry::with_residents(900).await;
    test.registry.close().await;
    let mut destroyed = Vec::new();
    let mut left = Vec::new();
    for kill_after in [0, 1, 3, 5, 8] {
        let status = Command::new(std::env::current_exe().unwrap())
            .args([
                "--exact",
                &this_test(module_path!(), "rotating_until_killed"),
            ])
            .env(PLACE, test.database.text())
            .env(KILL_AFTER, kill_after.to_string())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .unwrap();
        let registry = test.open_again().await;
        assert_whole(&registry, 900).await;
        let keys = upkeep(&registry).await.key_status().await.unwrap();
        left.push(keys.data[0].texts);
        destroyed.push(keys.data[0].destroyed_at.is_some());
        assert_eq!(destroyed.last(), Some(&status.success()));
        assert_eq!(keys.data.len(), 2, "no key is made while one is left over");
        registry.close().await;
        if status.success() {
            break;
        }
    }
    // Each went on: less and less was under the old key.
    assert!(left.is_sorted_by(|a, b| a >= b), "{left:?}");
    assert!(left.first() > left.last());
    let registry = test.open_again().await;
    if destroyed.last() == Some(&false) {
        assert!(rotate(&registry).await.resumed);
    }
    assert_whole(&registry, 900).await;
}

#[tokio::test]
async fn keys_are_wrapped_by_a_new_master_key_and_open_without_the_old_one() {
    let test = TestRegistry::with_residents(2).await;
    rotate(&test.registry).await;
    test.registry.close().await;
    let reopen = async |master: registry::MasterKey| {
        let (clock, random) = (
            test.clock.clone(),
            std::sync::Arc::new(crypto::SystemRandom),
        );
        Registry::open(test.database.place(), master, clock, random).await
    };
    let old = || registry::MasterKey::new(&[7; 32]);
    let both = || registry::MasterKey::new(&[8; 32]).and_former(&[7; 32]);
    let new = || registry::MasterKey::new(&[8; 32]);
    let refused = reopen(new()).await;
    assert_eq!(refused.err(), Some(registry::RegistryError::WrongMasterKey));

    let registry = reopen(both()).await.unwrap();
    let system = registry.upkeep(AuditArea::System, staff()).await.unwrap();
    let area = upkeep(&registry).await;
    assert_eq!(area.key_status().await.unwrap().wrapped_by_former, 2);
    assert_eq!(area.rewrap_keys().await.unwrap(), 2);
    assert_eq!(area.rewrap_keys().await.unwrap(), 0);
    assert_eq!(system.rewrap_keys().await.unwrap(), 2);
    assert_eq!(area.key_status().await.unwrap().wrapped_by_former, 0);
    assert_eq!(area.key_status().await.unwrap().master, new().id());
    registry.close().await;

    let registry = reopen(new()).await.unwrap();
    assert_whole(&registry, 2).await;
    registry.close().await;
    assert!(reopen(old()).await.is_err());
    // A municipality that was not wrapped anew does not open under the new key alone.
    let registry = reopen(new()).await.unwrap();
    let forgotten = registry
        .municipality(urayasu(), Purpose::Audit, staff())
        .await;
    assert_eq!(
        forgotten.err(),
        Some(registry::RegistryError::WrongMasterKey)
    );
}

#[tokio::test]
async fn what_was_done_with_keys_is_recorded() {
    let test = TestRegistry::with_residents(1).await;
    rotate(&test.registry).await;
    let entries = test.auditing().await.audit_entries(0, 1000).await.unwrap();
    let mut events = entries
        .iter()
        .filter(|entry| entry.purpose == Purpose::Upkeep.as_str())
        .map(|entry| (entry.event.as_str(), entry.detail.as_deref()));
    assert_eq!(events.next(), Some(("data-key-made", Some("2"))));
    assert_eq!(events.next(), Some(("data-key-destroyed", Some("1"))));
    assert_eq!(events.next(), None);
}

#[tokio::test]
async fn the_system_s_area_has_keys_of_its_own() {
    let test = TestRegistry::with_residents(1).await;
    let system = test
        .registry
        .upkeep(AuditArea::System, staff())
        .await
        .unwrap();
    assert!(
        test.registry
            .system(staff())
            .suspend_card(&number_of(1))
            .await
            .unwrap()
    );
    let result = system.rotate_keys(|_| ()).await.unwrap();
    assert_eq!(result.destroyed, [KeyVersion::FIRST]);
    let status = upkeep(&test.registry).await.key_status().await.unwrap();
    assert_eq!(
        status.data.len(),
        1,
        "a municipality's keys are not touched"
    );
    let suspended = test
        .registry
        .system(staff())
        .is_suspended_card(&number_of(1))
        .await;
    assert!(suspended.unwrap());
}
