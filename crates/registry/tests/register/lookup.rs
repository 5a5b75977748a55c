//! Finding a resident by individual number.

use domain::CertificateKind;
use registry::{AlternativeNameKind, PassportReader, Purpose};
use time::macros::{date, datetime};

use super::support::*;

#[tokio::test]
async fn a_dossier_is_what_was_imported() {
    let test = TestRegistry::with_residents(3).await;
    let dossier = test.issuing().await.dossier(&number_of(2)).await;
    let dossier = dossier.unwrap().unwrap();
    let resident = &dossier.resident;
    assert_eq!(resident.name.expose(), "見本\u{3000}2号");
    assert_eq!(
        resident.kana.as_ref().unwrap().expose(),
        "ミホン\u{3000}2ゴウ"
    );
    assert_eq!(resident.birth_date.date(), date!(1980 - 01 - 01));
    assert_eq!(resident.address.expose(), "東京都世田谷区2丁目");
    assert_eq!(dossier.doses.len(), 2);
    let first = &dossier.doses[0];
    assert_eq!(first.date, date!(2021 - 06 - 01));
    assert_eq!(first.registered_at, datetime!(2021-06-01 12:00));
    assert_eq!((first.number, first.lot.as_str()), (1, "LOT1"));
    assert_eq!(first.amount_microlitres, Some(300));
    assert_eq!(first.voucher.as_ref().unwrap().expose(), "0000000002");
    assert_eq!(first.venue.as_ref().unwrap().expose(), "見本会場");
    assert_eq!(first.disease, "新型コロナウイルス感染症");
    assert_eq!(dossier.doses[1].number, 2);
    let passport = dossier.passport.as_ref().unwrap();
    assert_eq!(passport.number.expose(), "TK0000002");
    assert_eq!(passport.read_by, PassportReader::Counter);
    assert_eq!(passport.expires_on, date!(2030 - 01 - 01));
    assert_eq!(dossier.undelivered, []);
    assert_eq!(
        format!("{dossier:?} {resident:?} {first:?}")
            .matches("redacted")
            .count(),
        3
    );
}

#[tokio::test]
async fn flags_and_other_names_come_along() {
    let test = TestRegistry::empty().await;
    let row = format!(
        "A1,{},山田\u{3000}花子,,19800101,3,どこか,旧姓:佐藤|通称:春,20240401,20240501,20230601\n",
        digits_of(1)
    );
    test.import(registry::ImportFile::Residents, format!("{RESIDENTS}{row}"))
        .await
        .unwrap();
    let dossier = test.issuing().await.dossier(&number_of(1)).await;
    let resident = dossier.unwrap().unwrap().resident;
    assert_eq!(resident.moved_out_on, Some(date!(2024 - 04 - 01)));
    assert_eq!(resident.deceased_on, Some(date!(2024 - 05 - 01)));
    assert_eq!(resident.protected_since, Some(date!(2023 - 06 - 01)));
    assert!(resident.is_withheld_from_channels());
    assert_eq!(resident.kana, None);
    let names: Vec<_> = resident
        .alternative_names
        .iter()
        .map(|other| (other.kind, other.name.expose()))
        .collect();
    assert_eq!(
        names,
        [
            (AlternativeNameKind::FormerFamilyName, "佐藤"),
            (AlternativeNameKind::CommonName, "春")
        ]
    );
}

#[tokio::test]
async fn the_passport_registered_last_is_used() {
    let test = TestRegistry::with_residents(1).await;
    let row = format!(
        "{:015},MIHON NEW,,JPN,TZ1,20350101,phone,20250101000000\n",
        1
    );
    let old = format!(
        "{:015},MIHON OLD,,JPN,TA1,20250101,phone,20150101000000\n",
        1
    );
    test.import(
        registry::ImportFile::Passports,
        format!("{PASSPORTS}{row}{old}"),
    )
    .await
    .unwrap();
    let dossier = test.issuing().await.dossier(&number_of(1)).await;
    let passport = dossier.unwrap().unwrap().passport.unwrap();
    assert_eq!(passport.number.expose(), "TZ1");
}

#[tokio::test]
async fn not_found_is_none_and_both_are_recorded() {
    let test = TestRegistry::with_residents(1).await;
    let handle = test.issuing().await;
    assert!(handle.dossier(&number_of(1)).await.unwrap().is_some());
    assert_eq!(handle.dossier(&number_of(99)).await.unwrap(), None);
    let entries = test.auditing().await.audit_entries(0, 100).await.unwrap();
    let looked_up: Vec<_> = entries
        .iter()
        .filter(|entry| entry.event == "looked-up")
        .collect();
    assert_eq!(looked_up.len(), 2);
    assert!(looked_up[0].subject.is_some());
    assert_eq!(looked_up[1].subject, None);
    assert_eq!(looked_up[0].actor_kind, "kiosk");
    assert_eq!(looked_up[0].actor, [1; 32]);
    assert_eq!(looked_up[0].purpose, Purpose::Issuing.as_str());
}

#[tokio::test]
async fn a_preview_is_recorded_as_one_found_or_not() {
    let test = TestRegistry::with_residents(1).await;
    let handle = test.issuing().await;
    let offered = handle.dossier(&number_of(1)).await.unwrap();
    let previewed = handle.dossier_for_preview(&number_of(1)).await.unwrap();
    assert_eq!(previewed, offered);
    let nobody = handle.dossier_for_preview(&number_of(99)).await.unwrap();
    assert_eq!(nobody, None);
    let entries = test.auditing().await.audit_entries(0, 100).await.unwrap();
    let of = |event| entries.iter().filter(move |entry| entry.event == event);
    let subjects: Vec<_> = of("previewed").map(|entry| entry.subject).collect();
    assert_eq!(subjects, [of("looked-up").next().unwrap().subject, None]);
    assert!(subjects[0].is_some());
    assert!(of("previewed").all(|entry| entry.purpose == Purpose::Issuing.as_str()));
}

#[tokio::test]
async fn a_subject_is_random_and_stays_with_the_resident() {
    let test = TestRegistry::with_residents(2).await;
    let handle = test.issuing().await;
    for n in [1, 2, 1] {
        handle.dossier(&number_of(n)).await.unwrap().unwrap();
    }
    // Imported again with another address, the resident keeps the random id.
    let changed = files(1)[0].1.replace("1丁目", "9丁目");
    let report = test
        .import(registry::ImportFile::Residents, changed)
        .await
        .unwrap();
    assert_eq!(report.changed(), 1);
    let dossier = handle.dossier(&number_of(1)).await.unwrap().unwrap();
    assert_eq!(dossier.resident.address.expose(), "東京都世田谷区9丁目");
    let entries = test.auditing().await.audit_entries(0, 100).await.unwrap();
    let subjects: Vec<_> = entries.iter().filter_map(|entry| entry.subject).collect();
    assert_eq!(subjects.len(), 4);
    assert_ne!(subjects[0], subjects[1]);
    assert_eq!((subjects[0], subjects[0]), (subjects[2], subjects[3]));
}

#[tokio::test]
async fn a_resident_without_doses_is_found_without() {
    let test = TestRegistry::empty().await;
    let residents = files(1)[0].1.clone();
    test.import(registry::ImportFile::Residents, residents)
        .await
        .unwrap();
    let dossier = test.issuing().await.dossier(&number_of(1)).await;
    let dossier = dossier.unwrap().unwrap();
    assert_eq!(dossier.doses, []);
    assert_eq!(dossier.passport, None);
    assert_eq!(dossier.undelivered(CertificateKind::Abroad), None);
}
