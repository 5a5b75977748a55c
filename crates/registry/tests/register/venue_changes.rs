//! What a venue registered is corrected and cancelled, and nothing of it is lost.

use leak_search::LeakSearch;
use registry::{
    ApprovalRefused, ChangeRefused, CheckedDose, DoseChangeKind, DoseChanged, DoseCorrection,
    DoseReceipt, DoseRegistered, ImportFile, Purpose, ReceiptState, RegistryError,
};
use time::Duration;
use time::macros::date;

use super::support::*;
use super::venue_visit::*;

fn checked(given: time::Date, lot: &str) -> CheckedDose {
    CheckedDose::of_venue(draft(given, lot), declared(), TODAY).unwrap()
}

fn done() -> DoseChanged {
    DoseChanged::Changed {
        certificates: Vec::new(),
    }
}

/// Registers the third dose of the first resident.
macro_rules! registered {
    () => {{
        let test = TestRegistry::with_vouchers(2).await;
        let receipt = test.entered(Entered::third_dose_of(1)).await;
        (test, receipt)
    }};
}

/// The lots of the first resident's doses, as a certificate would list them.
macro_rules! lots {
    ($test:expr) => {{
        let dossier = $test.issuing().await.dossier(&number_of(1)).await.unwrap();
        let doses = dossier.unwrap().doses;
        let lots: Vec<String> = doses.into_iter().map(|dose| dose.lot).collect();
        lots
    }};
}

#[tokio::test]
async fn a_correction_keeps_what_was_before() {
    let (test, receipt) = registered!();
    let register = test.venue(1).await;
    let correct = async |given, lot, key: u8| {
        register
            .correct_dose(
                declared(),
                receipt,
                &checked(given, lot),
                "mistyped",
                [key; 16],
            )
            .await
            .unwrap()
    };
    // The day, too: the row is another one then.
    let earlier = date!(2025 - 03 - 31);
    assert_eq!(correct(earlier, "LOT4", 1).await, done());
    assert_eq!(lots!(test), ["LOT1", "LOT2", "LOT4"]);
    assert_eq!(correct(TODAY, "LOT5", 2).await, done());
    // The first correction again, sent once more by whoever: nothing.
    assert_eq!(correct(earlier, "LOT4", 1).await, DoseChanged::Again);
    assert_eq!(lots!(test), ["LOT1", "LOT2", "LOT5"]);

    let staff_s = test.handle(Purpose::DoseCorrection, staff()).await;
    let history = staff_s.dose_history(receipt).await.unwrap().unwrap();
    assert_eq!(history.state, ReceiptState::Corrected);
    assert_eq!(history.standing.unwrap().lot, "LOT5");
    let before: Vec<_> = history.before.iter().map(|version| &version.dose).collect();
    assert_eq!((before[0].lot.as_str(), before[0].date), ("LOT3", TODAY));
    assert_eq!((before[1].lot.as_str(), before[1].date), ("LOT4", earlier));
    let change = &history.before[0];
    assert_eq!(change.reason.expose(), "mistyped");
    assert_eq!(change.change, DoseChangeKind::Corrected);
    assert_eq!(change.by, format!("venue {}", "01".repeat(32)));
    assert_eq!(change.changed_at, test.now());
    let named = (Some(receipt.to_string()), true);
    assert_eq!(
        test.recorded("dose-corrected").await,
        [named.clone(), named.clone()]
    );
    assert_eq!(test.recorded("dose-history-read").await, [named]);
}

#[tokio::test]
async fn a_cancelled_dose_stands_no_more_and_its_voucher_is_good_again() {
    let (test, receipt) = registered!();
    let register = test.venue(1).await;
    let cancel = async || {
        let cancelled = register.cancel_dose(declared(), receipt, "wrong-person");
        cancelled.await.unwrap()
    };
    assert_eq!(cancel().await, done());
    assert_eq!(lots!(test), ["LOT1", "LOT2"]);
    assert_eq!(cancel().await, DoseChanged::Again);
    let dose = checked(TODAY, "LOT4");
    let corrected = register.correct_dose(declared(), receipt, &dose, "mistyped", [1; 16]);
    let refused = DoseChanged::Refused(ChangeRefused::Cancelled);
    assert_eq!(corrected.await.unwrap(), refused);
    // The entry that made it, sent again, does not bring it back.
    let again = test.enter(Entered::third_dose_of(1)).await;
    assert_eq!(again, Ok(DoseRegistered::Again(receipt)));
    assert_eq!(lots!(test), ["LOT1", "LOT2"]);
    let anew = Entered {
        key: 9,
        ..Entered::third_dose_of(1)
    };
    assert_ne!(test.entered(anew).await, receipt);
    assert_eq!(lots!(test), ["LOT1", "LOT2", "LOT3"]);
}

#[tokio::test]
async fn only_its_own_venue_changes_it_and_only_for_so_long() {
    let (test, receipt) = registered!();
    let other = test.venue(2).await;
    let refused = other.cancel_dose(declared(), receipt, "mistyped").await;
    assert_eq!(
        refused.unwrap(),
        DoseChanged::Refused(ChangeRefused::AnotherVenue)
    );
    let own = test.venue(1).await;
    let unknown = own.cancel_dose(declared(), DoseReceipt([7; 16]), "mistyped");
    assert_eq!(
        unknown.await.unwrap(),
        DoseChanged::Refused(ChangeRefused::Unknown)
    );
    let elsewhere = test
        .registry
        .municipality(urayasu(), Purpose::Venue, venue(1))
        .await
        .unwrap();
    let urayasu_s = declared_by(urayasu());
    let refused = elsewhere.cancel_dose(&urayasu_s, receipt, "mistyped");
    assert_eq!(
        refused.await.unwrap(),
        DoseChanged::Refused(ChangeRefused::Unknown)
    );
    test.clock.advance(Duration::days(2).whole_seconds());
    test.clock.advance(Duration::SECOND.whole_seconds());
    let late = own.cancel_dose(declared(), receipt, "mistyped").await;
    assert_eq!(late.unwrap(), DoseChanged::Refused(ChangeRefused::TooLate));
    assert_eq!(lots!(test), ["LOT1", "LOT2", "LOT3"]);
    let codes: Vec<_> = test.recorded("dose-refused").await;
    let codes: Vec<_> = codes.into_iter().filter_map(|(code, _)| code).collect();
    assert_eq!(
        codes,
        [
            "receipt-of-another-venue",
            "receipt-unknown",
            "receipt-too-old"
        ]
    );
}

#[tokio::test]
async fn a_correction_that_does_not_fit_is_refused() {
    let (test, receipt) = registered!();
    let register = test.venue(1).await;
    for (given, fault) in [
        (date!(1979 - 12 - 31), registry::DoseFault::BeforeBirth),
        (date!(2021 - 06 - 22), registry::DoseFault::DayTaken),
        (date!(2021 - 06 - 10), registry::DoseFault::OutOfOrder),
    ] {
        let dose = checked(given, "LOT4");
        let refused = register.correct_dose(declared(), receipt, &dose, "mistyped", [1; 16]);
        assert_eq!(
            refused.await.unwrap(),
            DoseChanged::Refused(ChangeRefused::Dose(fault))
        );
    }
    assert_eq!(lots!(test), ["LOT1", "LOT2", "LOT3"]);
}

#[tokio::test]
async fn staff_change_it_when_a_second_person_agrees() {
    let (test, receipt) = registered!();
    test.clock.advance(Duration::days(30).whole_seconds());
    let correction = DoseCorrection::Correct(checked(TODAY, "LOT6"));
    let approval = test.approved(&correction.scope(receipt)).await;
    let staff_s = test.handle(Purpose::DoseCorrection, staff()).await;
    // Another change, or another entry, is not what was agreed to.
    for (receipt, correction) in [
        (receipt, DoseCorrection::Cancel),
        (DoseReceipt([7; 16]), correction.clone()),
        (receipt, DoseCorrection::Correct(checked(TODAY, "LOT7"))),
    ] {
        let refused = staff_s.change_dose_as_staff(receipt, &correction, approval);
        assert_eq!(
            refused.await,
            Err(RegistryError::Approval(ApprovalRefused::AnotherAct))
        );
    }
    assert_eq!(lots!(test), ["LOT1", "LOT2", "LOT3"]);
    let changed = staff_s.change_dose_as_staff(receipt, &correction, approval);
    assert_eq!(changed.await.unwrap(), done());
    assert_eq!(lots!(test), ["LOT1", "LOT2", "LOT6"]);
    let history = staff_s.dose_history(receipt).await.unwrap().unwrap();
    assert!(history.before[0].by.starts_with("staff "));
    assert!(
        history.before[0]
            .reason
            .expose()
            .contains(&approval.to_string())
    );
    // A venue is no staff, and neither is a kiosk.
    for actor in [venue(1), kiosk(1)] {
        let register = test.handle(Purpose::DoseCorrection, actor).await;
        let refused = register.dose_history(receipt).await;
        let purpose = Purpose::DoseCorrection;
        assert_eq!(refused, Err(RegistryError::NotForThisPurpose(purpose)));
    }
}

#[tokio::test]
async fn an_approval_stays_good_where_nothing_was_changed() {
    let (test, receipt) = registered!();
    let unknown = DoseReceipt([7; 16]);
    let approval = test.approved(&DoseCorrection::Cancel.scope(unknown)).await;
    let staff_s = test.handle(Purpose::DoseCorrection, staff()).await;
    let refused = DoseChanged::Refused(ChangeRefused::Unknown);
    for _ in 0..2 {
        let changed = staff_s.change_dose_as_staff(unknown, &DoseCorrection::Cancel, approval);
        assert_eq!(changed.await.unwrap(), refused);
    }
    assert_eq!(test.recorded("dose-refused").await.len(), 2);
    // One for what is there is spent.
    let approval = test.approved(&DoseCorrection::Cancel.scope(receipt)).await;
    let changed = staff_s.change_dose_as_staff(receipt, &DoseCorrection::Cancel, approval);
    assert_eq!(changed.await.unwrap(), done());
    let spent = staff_s.change_dose_as_staff(receipt, &DoseCorrection::Cancel, approval);
    assert_eq!(
        spent.await,
        Err(RegistryError::Approval(ApprovalRefused::Spent))
    );
}

#[tokio::test]
async fn a_dose_that_an_import_replaced_is_changed_by_nobody() {
    let (test, receipt) = registered!();
    // The municipality's own ledger says something else about that day's dose.
    let row = "000000000000001,20250401130000,20250401,,,,ファイザー,コミナティ筋注,,\
               新型コロナウイルス感染症,LEDGER,3,0.3\n";
    test.import(ImportFile::Doses, format!("{DOSES}{row}"))
        .await
        .unwrap();
    let register = test.venue(1).await;
    // It is the same dose still: the venue's correction is of what stands now.
    let cancelled = register.cancel_dose(declared(), receipt, "not-given").await;
    assert_eq!(cancelled.unwrap(), done());
    let staff_s = test.handle(Purpose::DoseCorrection, staff()).await;
    let history = staff_s.dose_history(receipt).await.unwrap().unwrap();
    assert_eq!(history.before[0].dose.lot, "LEDGER");
    assert_eq!(history.standing, None);
}

#[tokio::test]
async fn certificates_that_may_list_it_as_it_was_are_named_to_staff() {
    let (test, receipt) = registered!();
    let id = issue(&test.issuing().await, 1, &order(1)).await.unwrap();
    let another = issue(&test.issuing().await, 2, &order(2)).await.unwrap();
    assert_ne!(id, another);
    let register = test.venue(1).await;
    let changed = register.cancel_dose(declared(), receipt, "not-given").await;
    let certificates = vec![id];
    assert_eq!(changed.unwrap(), DoseChanged::Changed { certificates });
    let staff_s = test.handle(Purpose::DoseCorrection, staff()).await;
    let listed = staff_s
        .changed_doses(test.now() - Duration::DAY)
        .await
        .unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!(
        (listed[0].receipt, listed[0].change),
        (receipt, DoseChangeKind::Cancelled)
    );
    assert_eq!(listed[0].certificates, [id]);
    // Once it is revoked there is nothing to be seen to.
    let counter = test.handle(Purpose::CounterReissue, staff()).await;
    counter.revoke(id, "dose cancelled").await.unwrap();
    let listed = staff_s
        .changed_doses(test.now() - Duration::DAY)
        .await
        .unwrap();
    assert_eq!(listed[0].certificates, []);
    assert_eq!(
        staff_s
            .changed_doses(test.now() + Duration::DAY)
            .await
            .unwrap(),
        []
    );
}

#[tokio::test]
async fn what_is_stored_tells_nothing_of_an_entry_or_what_it_said_before() {
    let (first, second) = ("CANARY-V1", "CANARY-V2");
    let test = TestRegistry::with_vouchers(1).await;
    let entered = Entered {
        lot: first,
        ..Entered::third_dose_of(1)
    };
    let receipt = test.entered(entered).await;
    let register = test.venue(1).await;
    let dose = checked(TODAY, second);
    let corrected = register.correct_dose(declared(), receipt, &dose, "mistyped", [1; 16]);
    assert_eq!(corrected.await.unwrap(), done());
    let canaries = LeakSearch::of([first, second, "カナリア医師", &voucher_of(1, 3)]);
    let stored = async |when: &str| {
        for (file, content) in test.database.everything().await {
            assert_eq!(canaries.found_in(&content), None, "in {file}, {when}");
        }
    };
    stored("open").await;
    test.registry.close().await;
    stored("closed").await;
}
