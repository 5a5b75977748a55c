//! Batches: approved by a second person, landed whole or not at all, open until their medium is
//! erased (C22).

use std::io::Cursor;
use std::sync::Arc;

use registry::{
    Actor, ApprovalRefused, CheckedBatch, CsvEncoding, ErasureRecorded, ImportBatch, ImportFile,
    ImportProgress, ImportReport, ImportSource, MunicipalityRegister, Purpose, RegistryError,
    ReportedRow, RowFault, SecondPerson, Unwatched,
};

use super::support::*;

pub(super) fn progress() -> Arc<dyn ImportProgress> {
    Arc::new(Unwatched)
}

pub(super) fn source(file: ImportFile, text: &str) -> ImportSource {
    let medium = Cursor::new(text.as_bytes().to_vec());
    ImportSource::plain(file, CsvEncoding::Detect, medium)
}

pub(super) async fn checked(
    handle: &MunicipalityRegister,
    sources: Vec<ImportSource>,
) -> Result<CheckedBatch, RegistryError> {
    let spill = std::env::temp_dir();
    let batch = ImportBatch { sources, spill };
    handle.check_import(batch, &progress()).await
}

pub(super) async fn of_residents(handle: &MunicipalityRegister, text: &str) -> CheckedBatch {
    let sources = vec![source(ImportFile::Residents, text)];
    checked(handle, sources).await.unwrap()
}

pub(super) fn residents(count: u64) -> String {
    let [(_, text), ..] = files(count);
    text
}

pub(super) async fn is_there(test: &TestRegistry, n: u64) -> bool {
    let dossier = test.issuing().await.dossier(&number_of(n)).await;
    dossier.unwrap().is_some()
}

#[tokio::test]
async fn a_batch_lands_by_two_persons_and_stays_open_until_its_medium_is_erased() {
    let test = TestRegistry::empty().await;
    let handle = test.handle(Purpose::Import, staff_named("yamada")).await;
    let batch = of_residents(&handle, &residents(3)).await;
    assert!(!is_there(&test, 1).await, "checking lands nothing");
    let approval = test.approved(&batch.scope()).await;
    let second = SecondPerson::Approved(approval);
    let (id, report) = handle
        .land_import(batch, second, &progress())
        .await
        .unwrap();
    assert_eq!(report.added(), 3);
    assert!(is_there(&test, 3).await);

    let open = handle.import_batches(true).await.unwrap();
    assert_eq!(open.len(), 1);
    assert_eq!((open[0].id, open[0].landed_by.as_str()), (id, "yamada"));
    assert_eq!(open[0].approval, Some(approval.to_string()));
    let file = &open[0].files[0];
    assert_eq!((file.file, file.added), (ImportFile::Residents, 3));
    assert_eq!(file.digest, crypto::sha256(residents(3).as_bytes()));
    assert_eq!(file.bytes, residents(3).len() as u64);
    assert!(open[0].erased.is_none());
    let found = handle.batch_of_approval(approval).await.unwrap();
    assert_eq!(found.map(|batch| batch.id), Some(id));

    assert_eq!(
        handle.record_erasure(id, " ").await,
        Ok(ErasureRecorded::HowMissing)
    );
    let long = "x".repeat(501);
    assert_eq!(
        handle.record_erasure(id, &long).await,
        Ok(ErasureRecorded::HowMissing)
    );
    let nobody = test.handle(Purpose::Import, Actor::Server).await;
    assert!(nobody.record_erasure(id, "shredded").await.is_err());
    let recorded = handle.record_erasure(id, "shredded").await;
    assert_eq!(recorded, Ok(ErasureRecorded::Recorded));
    assert!(handle.import_batches(true).await.unwrap().is_empty());
    let all = handle.import_batches(false).await.unwrap();
    let erased = all[0].erased.as_ref().unwrap();
    assert_eq!(
        (erased.by.as_str(), erased.how.expose().as_str()),
        ("yamada", "shredded")
    );
    let again = handle.record_erasure(id, "burnt").await;
    assert_eq!(again, Ok(ErasureRecorded::AlreadyRecorded));

    let entries = test.auditing().await.audit_entries(0, 100).await.unwrap();
    let detail_of = |event: &str| {
        let entry = entries.iter().find(|entry| entry.event == event).unwrap();
        entry.detail.clone().unwrap()
    };
    assert!(detail_of("imported").ends_with(&format!("batch {id}, approval {approval}")));
    assert_eq!(detail_of("medium-erased"), format!("batch {id}"));
}

#[tokio::test]
async fn nothing_lands_without_an_approval_of_these_very_files() {
    let test = TestRegistry::empty().await;
    let handle = test.handle(Purpose::Import, staff_named("yamada")).await;
    let refused_with = async |approval, text: String| {
        let batch = of_residents(&handle, &text).await;
        let second = SecondPerson::Approved(approval);
        let landed = handle.land_import(batch, second, &progress()).await;
        let Err(RegistryError::Approval(refused)) = landed else {
            panic!("{landed:?}")
        };
        refused
    };
    let scope = of_residents(&handle, &residents(2)).await.scope();
    // Asked for, and nobody agreed yet.
    let asking = test.handle(Purpose::Approval, staff_named("yamada")).await;
    let pending = asking.request_approval(&scope, "transfer").await.unwrap();
    let refused = refused_with(pending, residents(2)).await;
    assert_eq!(refused, ApprovalRefused::Pending);
    // Approved, and one byte of the file changed since.
    let approval = test.approved(&scope).await;
    let changed = residents(2).replacen("丁目", "番地", 1);
    let refused = refused_with(approval, changed).await;
    assert_eq!(refused, ApprovalRefused::AnotherAct);
    assert!(!is_there(&test, 1).await);
    assert!(handle.import_batches(false).await.unwrap().is_empty());
    // The refusal spent nothing; used, it is used.
    let batch = of_residents(&handle, &residents(2)).await;
    let second = SecondPerson::Approved(approval);
    handle
        .land_import(batch, second, &progress())
        .await
        .unwrap();
    let refused = refused_with(approval, residents(2)).await;
    assert_eq!(refused, ApprovalRefused::Spent);
}

#[tokio::test]
async fn an_approval_is_used_by_somebody() {
    let test = TestRegistry::empty().await;
    let handle = test.handle(Purpose::Import, Actor::Server).await;
    let batch = of_residents(&handle, &residents(1)).await;
    let second = SecondPerson::Approved(test.approved(&batch.scope()).await);
    let refused = handle.land_import(batch, second, &progress()).await;
    let expected = RegistryError::NotForThisPurpose(Purpose::Import);
    assert_eq!(refused.err(), Some(expected));
    assert!(!is_there(&test, 1).await);
}

#[tokio::test]
async fn a_batch_that_another_overtook_is_checked_again() {
    let test = TestRegistry::empty().await;
    let handle = test.handle(Purpose::Import, staff()).await;
    let first = of_residents(&handle, &residents(3)).await;
    let second = of_residents(&handle, &residents(5)).await;
    assert_eq!((first.report().added(), second.report().added()), (3, 5));
    let land = async |batch| {
        let second = SecondPerson::NotAsked;
        let landed = handle.land_import(batch, second, &progress()).await;
        landed.unwrap().1
    };
    assert_eq!(land(first).await.added(), 3);
    let report = land(second).await;
    assert_eq!((report.added(), report.unchanged()), (2, 3));
}

#[tokio::test]
async fn files_of_a_batch_stand_beside_each_other_in_any_order() {
    let test = TestRegistry::empty().await;
    let handle = test.handle(Purpose::Import, staff()).await;
    let [(_, residents), (_, vouchers), (_, doses), (_, passports)] = files(700);
    let half = |text: &str, first: bool| {
        let (header, rows) = text.split_once('\n').unwrap();
        let rows: Vec<_> = rows.lines().collect();
        let (one, other) = rows.split_at(rows.len() / 2);
        format!("{header}\n{}\n", if first { one } else { other }.join("\n"))
    };
    let sources = vec![
        source(ImportFile::Passports, &passports),
        source(ImportFile::Doses, &half(&doses, false)),
        source(ImportFile::Residents, &half(&residents, false)),
        source(ImportFile::Doses, &half(&doses, true)),
        source(ImportFile::Vouchers, &vouchers),
        source(ImportFile::Residents, &half(&residents, true)),
    ];
    let report = bring_in(&handle, sources).await.unwrap();
    let added: Vec<_> = report.files.iter().map(|file| file.added).collect();
    assert_eq!(added, [700, 700, 350, 700, 700, 350]);
    assert_eq!(report.rows, []);
    for n in [1, 350, 351, 700] {
        let dossier = test.issuing().await.dossier(&number_of(n)).await;
        let dossier = dossier.unwrap().unwrap();
        assert_eq!(dossier.doses.len(), 2);
        assert!(dossier.passport.is_some());
    }
}

pub(super) fn row(file: u16, line: u64, column: &'static str, fault: RowFault) -> ReportedRow {
    ReportedRow {
        file,
        line,
        column: Some(column),
        fault,
    }
}

#[tokio::test]
async fn rows_of_two_files_contradict_each_other_once() {
    let test = TestRegistry::with_residents(1).await;
    let handle = test.handle(Purpose::Import, staff()).await;
    let of = |rows: &[String]| {
        let text = format!("{RESIDENTS}{}\n", rows.join("\n"));
        source(ImportFile::Residents, &text)
    };
    let resident = |resident: u64, number: u64| {
        let number = digits_of(number);
        format!("{resident},{number},見本,,19800101,2,どこか,,,,")
    };
    let first = of(&[resident(100, 100), resident(101, 101), resident(102, 1)]);
    let second = of(&[resident(103, 101), resident(100, 104), resident(105, 105)]);
    let report = bring_in(&handle, vec![first, second]).await.unwrap();
    let taken = RowFault::IndividualNumberTaken;
    assert_eq!(
        report.rows,
        [
            row(1, 4, "individual_number", taken),
            row(2, 2, "individual_number", taken),
            row(2, 3, "resident_number", RowFault::Duplicate),
        ]
    );
    assert_eq!(report.added(), 3);
    assert_eq!(report.reasons[taken.code()], 2);
}

#[tokio::test]
async fn vouchers_of_two_residents_are_the_first_one_s() {
    let test = TestRegistry::with_residents(3).await;
    let handle = test.handle(Purpose::Import, staff()).await;
    let text = format!(
        "{VOUCHERS}000000000000001,9000000001,1,1\n000000000000002,9000000001,1,1\n\
         000000000000002,0000000003,2,1\n000000000000003,9000000003,1,1\n"
    );
    let report = bring_in(&handle, vec![source(ImportFile::Vouchers, &text)]).await;
    let taken = |line| row(1, line, "voucher_number", RowFault::VoucherTaken);
    let report = report.unwrap();
    assert_eq!(report.rows, [taken(3), taken(4)]);
    assert_eq!(report.added(), 2);
}

async fn doses(test: &TestRegistry, rows: &[&str]) -> ImportReport {
    let text = format!("{DOSES}{}\n", rows.join("\n"));
    test.import(ImportFile::Doses, text).await.unwrap()
}

fn dose(resident: u64, date: &str, number: u8) -> String {
    format!(
        "{resident:015},{date}120000,{date},,,,ファイザー,コミナティ筋注,,新型コロナウイルス感染症,L1,{number},0.3"
    )
}

#[tokio::test]
async fn a_dose_before_birth_does_not_land() {
    let test = TestRegistry::with_residents(1).await;
    let report = doses(&test, &[&dose(1, "19791231", 3)]).await;
    let fault = RowFault::BeforeBirth;
    assert_eq!(report.rows, [row(1, 2, "date", fault)]);
    // Nor of a resident who comes by the same batch.
    let handle = test.handle(Purpose::Import, staff()).await;
    let resident = format!("{RESIDENTS}900,,見本,,20200101,2,どこか,,,,\n");
    let rows = ["20191231", "20200101"].map(|date| dose(900, date, 1));
    let rows = rows.map(|row| row.replacen("000000000000900", "900", 1));
    let sources = vec![
        source(ImportFile::Residents, &resident),
        source(ImportFile::Doses, &format!("{DOSES}{}\n", rows.join("\n"))),
    ];
    let report = bring_in(&handle, sources).await.unwrap();
    assert_eq!(report.rows, [row(2, 2, "date", fault)]);
    assert_eq!(report.added(), 2);
}

#[tokio::test]
async fn doses_stand_in_the_order_of_their_numbers() {
    // The register has the first on 1 June 2021, the second on 22 June.
    let test = TestRegistry::with_residents(3).await;
    let fault = RowFault::OutOfOrder;
    for (date, number) in [
        ("20210610", 3),
        ("20210701", 1),
        ("20210701", 2),
        ("20210501", 3),
    ] {
        let report = doses(&test, &[&dose(1, date, number)]).await;
        assert_eq!(
            report.rows,
            [row(1, 2, "dose_number", fault)],
            "{date} {number}"
        );
    }
    // Within the files, what stands first stands.
    let rows = [
        dose(2, "20220201", 4),
        dose(2, "20220301", 3),
        dose(2, "20220101", 3),
    ];
    let report = doses(&test, &rows.each_ref().map(String::as_str)).await;
    assert_eq!(report.rows, [row(1, 3, "dose_number", fault)]);
    assert_eq!(report.added(), 2);
    // Another disease is another course, and a corrected dose is not in its own way.
    let measles = dose(3, "20200101", 1)
        .replace("新型コロナウイルス感染症", "麻しん")
        .replace("コミナティ筋注", "見本ワクチン");
    let corrected = dose(3, "20210622", 2).replace("L1", "L2");
    let report = doses(&test, &[&measles, &corrected]).await;
    assert_eq!((report.added(), report.changed()), (1, 1));
}

#[tokio::test]
async fn a_disease_has_one_name_and_is_the_product_s() {
    let test = TestRegistry::with_residents(1).await;
    let spelled = |word| dose(1, "20220101", 3).replace("新型コロナウイルス感染症", word);
    // A product against something else than the row says.
    for other in ["麻しん", "見本感染症"] {
        let report = doses(&test, &[&spelled(other)]).await;
        let fault = RowFault::DiseaseOfAnotherProduct;
        assert_eq!(report.rows, [row(1, 2, "disease", fault)]);
    }
    // One course however a file spells it: the third dose is there once, and there is no other
    // first one.
    assert_eq!(doses(&test, &[&spelled("COVID-19")]).await.added(), 1);
    assert_eq!(doses(&test, &[&spelled("新型コロナ")]).await.unchanged(), 1);
    let first = dose(1, "20220201", 1).replace("新型コロナウイルス感染症", "COVID-19");
    let report = doses(&test, &[&first]).await;
    let fault = RowFault::OutOfOrder;
    assert_eq!(report.rows, [row(1, 2, "dose_number", fault)]);
    let dossier = test.issuing().await.dossier(&number_of(1)).await.unwrap();
    let names = dossier.unwrap().doses;
    assert!(
        names
            .iter()
            .all(|dose| dose.disease == "新型コロナウイルス感染症")
    );
}

#[tokio::test]
async fn a_product_that_no_certificate_can_name_lands_and_is_told() {
    let test = TestRegistry::with_residents(1).await;
    let unknown = dose(1, "20220101", 3).replace("コミナティ筋注", "見本ワクチン");
    let report = doses(&test, &[&unknown]).await;
    assert_eq!(
        (report.added(), report.rejected(), report.noted()),
        (1, 0, 1)
    );
    assert_eq!(
        report.rows,
        [row(1, 2, "product", RowFault::ProductUnknown)]
    );
    let dossier = test.issuing().await.dossier(&number_of(1)).await;
    assert_eq!(dossier.unwrap().unwrap().doses.len(), 3);
}

#[tokio::test]
async fn the_same_row_twice_lands_once() {
    let test = TestRegistry::with_residents(1).await;
    let passport = "000000000000001,MIHON TARO,,JPN,TR1234567,20300101,phone,20220101120000";
    let other = passport.replace("TARO", "JIRO");
    let text = format!("{PASSPORTS}{passport}\n{other}\n");
    let report = test.import(ImportFile::Passports, text).await.unwrap();
    assert_eq!(report.rows, [row(1, 3, "number", RowFault::Duplicate)]);
    assert_eq!(report.added(), 1);
    let rows = [dose(1, "20220101", 3), dose(1, "20220101", 4)];
    let report = doses(&test, &rows.each_ref().map(String::as_str)).await;
    assert_eq!(report.rows, [row(1, 3, "date", RowFault::Duplicate)]);
    assert_eq!(report.added(), 1);
}

#[tokio::test]
async fn nobody_has_hundreds_of_rows() {
    let test = TestRegistry::with_residents(1).await;
    let mut text = PASSPORTS.to_owned();
    for n in 0..205 {
        text +=
            &format!("000000000000001,MIHON TARO,,JPN,TR{n:07},20300101,phone,20220101120000\n");
    }
    let report = test.import(ImportFile::Passports, text).await.unwrap();
    assert_eq!((report.added(), report.rejected()), (200, 5));
    assert_eq!(report.reasons[RowFault::TooMany(200).code()], 5);
}

#[tokio::test]
async fn another_municipality_s_rows_do_not_land() {
    let test = TestRegistry::with_residents(1).await;
    let header = format!("municipality,{VOUCHERS}");
    for (code, fault) in [
        ("122271", RowFault::OtherMunicipality),
        ("131120", RowFault::CheckDigit),
        ("13112", RowFault::Form),
    ] {
        let text = format!("{header}{code},000000000000001,9000000001,1,1\n");
        let report = test.import(ImportFile::Vouchers, text).await.unwrap();
        assert_eq!(report.rows, [row(1, 2, "municipality", fault)]);
    }
    for (line, fault) in [
        ("111222719000000001", RowFault::OtherMunicipality),
        ("111311209000000001", RowFault::CheckDigit),
        ("11131121900000000x", RowFault::Form),
    ] {
        let text = format!("{VOUCHERS}000000000000001,{line},1,1\n");
        let report = test.import(ImportFile::Vouchers, text).await.unwrap();
        assert_eq!(report.rows, [row(1, 2, "voucher_number", fault)]);
    }
    let text = format!("{header}131121,000000000000001,111311219000000001,1,1\n");
    let report = test.import(ImportFile::Vouchers, text).await.unwrap();
    assert_eq!(report.added(), 1);
}

#[tokio::test]
async fn the_database_itself_keeps_rows_and_residents_together() {
    let test = TestRegistry::with_residents(1).await;
    for broken in [
        // A voucher's id is no resident's.
        "INSERT INTO dose (resident, id, sealed) SELECT id, id, sealed FROM voucher",
        "INSERT INTO passport (resident, id, sealed) SELECT id, id, sealed FROM voucher",
        "UPDATE voucher SET resident = id",
        "DELETE FROM resident",
    ] {
        let statements = format!("PRAGMA foreign_keys = ON; {broken}");
        let statements = if test.database.text().starts_with("postgres") {
            broken
        } else {
            &statements
        };
        let refused = test.database.tamper(Some(setagaya()), statements).await;
        assert!(refused.is_err(), "{broken}");
    }
    assert!(is_there(&test, 1).await);
}
