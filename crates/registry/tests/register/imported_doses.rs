//! A wrong dose that came with an import is set right by two people (C34): by hand, since an import
//! takes nothing away.

use domain::Redacted;
use registry::{
    CheckedDose, DoseChanged, DoseCorrection, DoseDraft, DoseReceipt, ImportFile, ImportReport,
    MunicipalityRegister, Purpose, ReceiptState, RegistryError, ResidentNumber, RowFault, Whom,
};
use time::macros::date;

use super::support::*;
use super::venue_visit::TODAY;

const RIGHT_DAY: time::Date = date!(2021 - 06 - 29);

fn whom(n: u64) -> Whom {
    Whom::Resident(ResidentNumber::parse(&format!("{n:015}")).unwrap())
}

/// The second dose as it should have been from the beginning.
async fn import_right_day(test: &TestRegistry) -> ImportReport {
    let row = "000000000000001,20210629120000,20210629,,見本会場,見本医師,ファイザー,\
               コミナティ筋注,mRNA,新型コロナウイルス感染症,LOT2,2,0.3\n";
    let text = format!("{DOSES}{row}");
    test.import(ImportFile::Doses, text).await.unwrap()
}

fn on_the_right_day() -> DoseCorrection {
    let draft = DoseDraft {
        date: RIGHT_DAY,
        disease: "新型コロナウイルス感染症".to_owned(),
        manufacturer: "ファイザー".to_owned(),
        product: "コミナティ筋注".to_owned(),
        lot: "LOT2".to_owned(),
        physician: Some(Redacted::new("見本医師".to_owned())),
        amount_microlitres: Some(300),
    };
    DoseCorrection::Correct(CheckedDose::of_staff(draft, TODAY).unwrap())
}

async fn receipt(staff_s: &MunicipalityRegister, number: u8) -> DoseReceipt {
    let doses = staff_s.doses_with_receipts(&whom(1)).await.unwrap();
    let doses = doses.unwrap();
    let found = doses.iter().find(|one| one.dose.number == number);
    found.unwrap().receipt
}

async fn changed(
    test: &TestRegistry,
    receipt: DoseReceipt,
    change: &DoseCorrection,
) -> DoseChanged {
    let staff_s = test.handle(Purpose::DoseCorrection, staff()).await;
    let scope = staff_s.dose_change_scope(receipt, change).await.unwrap();
    let approval = test.approved(&scope).await;
    let changed = staff_s.change_dose_as_staff(receipt, change, approval);
    changed.await.unwrap()
}

async fn days(test: &TestRegistry) -> Vec<time::Date> {
    super::retention::dates(test, 1).await
}

#[tokio::test]
async fn a_wrong_day_of_an_import_is_corrected_by_two() {
    let test = TestRegistry::with_residents(2).await;
    // The file that is right is refused for the row that is wrong, and says what to do.
    let report = import_right_day(&test).await;
    assert_eq!(report.rows[0].fault, RowFault::OutOfOrder);
    assert!(report.rows[0].fault.to_string().contains("server dose"));
    let issued = issue(&test.issuing().await, 1, &order(1)).await.unwrap();

    let staff_s = test.handle(Purpose::DoseCorrection, staff()).await;
    let second = receipt(&staff_s, 2).await;
    assert_eq!(receipt(&staff_s, 2).await, second, "asked again, the same");
    let done = changed(&test, second, &on_the_right_day()).await;
    let certificates = vec![issued];
    assert_eq!(done, DoseChanged::Changed { certificates });
    assert_eq!(days(&test).await, [date!(2021 - 06 - 01), RIGHT_DAY]);
    let history = staff_s.dose_history(second).await.unwrap().unwrap();
    assert_eq!(history.state, ReceiptState::Corrected);
    assert_eq!(history.before[0].dose.date, date!(2021 - 06 - 22));
    // The file that is right fits now.
    let report = import_right_day(&test).await;
    assert_eq!((report.rows.len(), report.added()), (0, 0));
    assert_eq!(days(&test).await, [date!(2021 - 06 - 01), RIGHT_DAY]);
}

#[tokio::test]
async fn a_dose_of_an_import_that_was_never_given_is_cancelled_by_two() {
    let test = TestRegistry::with_residents(2).await;
    let staff_s = test.handle(Purpose::DoseCorrection, staff()).await;
    let first = receipt(&staff_s, 1).await;
    let done = changed(&test, first, &DoseCorrection::Cancel).await;
    assert!(matches!(done, DoseChanged::Changed { .. }));
    assert_eq!(days(&test).await, [date!(2021 - 06 - 22)]);
    let history = staff_s.dose_history(first).await.unwrap().unwrap();
    assert_eq!(history.state, ReceiptState::Cancelled);
    assert_eq!(history.before[0].dose.lot, "LOT1");
    // Brought in once more by a file that still says it, it can be cancelled once more.
    for (file, text) in files(1) {
        test.import(file, text).await.unwrap();
    }
    let anew = receipt(&staff_s, 1).await;
    assert_ne!(anew, first);
    changed(&test, anew, &DoseCorrection::Cancel).await;
    assert_eq!(days(&test).await, [date!(2021 - 06 - 22)]);
}

#[tokio::test]
async fn only_staff_see_receipts_and_only_of_who_is_here() {
    let test = TestRegistry::with_residents(1).await;
    let staff_s = test.handle(Purpose::DoseCorrection, staff()).await;
    let nobody = staff_s.doses_with_receipts(&whom(9)).await;
    assert_eq!(nobody.unwrap(), None);
    for (purpose, actor) in [
        (Purpose::DoseCorrection, kiosk(1)),
        (Purpose::Flags, staff()),
    ] {
        let handle = test.handle(purpose, actor).await;
        let refused = handle.doses_with_receipts(&whom(1)).await;
        assert_eq!(refused, Err(RegistryError::NotForThisPurpose(purpose)));
    }
}
