//! What a person is told (C34).

use declaration::{Declared, Disclosure, Municipality};
use domain::{MunicipalityCode, Redacted};
use registry::{
    Actor, ApprovalId, ApprovalRefused, CounterIdentity, DisclosureRefused, DisclosureReport,
    FlagKind, FlagOrder, IdentityDocument, Purpose, RegistryError, ResidentNumber, Sheet, StaffId,
    Whom,
};
use time::macros::date;

use super::support::*;

pub(super) fn declared(code: MunicipalityCode) -> Declared<Disclosure> {
    let text = format!(
        "code = \"{code}\"\nname = \"試験\"\nkana = \"しけん\"\nroman_name = \"Test\"\n\
         prefecture = \"東京都\"\nhead_title = \"試験長\"\nhead_title_english = \"Mayor\"\n\
         fee_yen = 0\nchannels = []\n[disclosure]\nlegal_basis = \"個人情報保護法76条\"\n\
         from = 2020-01-01\n"
    );
    let municipality = Municipality::parse(&text).unwrap();
    municipality.declared(date!(2025 - 04 - 01)).unwrap()
}

pub(super) fn whom(n: u64) -> Whom {
    Whom::Resident(ResidentNumber::parse(&format!("{n:015}")).unwrap())
}

pub(super) const PERSON: CounterIdentity =
    CounterIdentity::of_the_person(IdentityDocument::Passport);

async fn approved(test: &TestRegistry, n: u64, sheet: Sheet) -> ApprovalId {
    let handle = test.handle(Purpose::Disclosure, staff()).await;
    let basis = declared(setagaya());
    let scope = handle
        .disclosure_scope(&basis, &whom(n), &PERSON, sheet)
        .await;
    let asking = test.handle(Purpose::Approval, staff()).await;
    let id = asking
        .request_approval(&scope.unwrap(), "asked")
        .await
        .unwrap();
    let second = test.handle(Purpose::Approval, staff_named("second")).await;
    second.approve(id).await.unwrap();
    id
}

pub(super) async fn told(test: &TestRegistry, n: u64, sheet: Sheet) -> DisclosureReport {
    let id = approved(test, n, sheet).await;
    let handle = test.handle(Purpose::Disclosure, staff()).await;
    let basis = declared(setagaya());
    let report = handle.disclose(&basis, &whom(n), &PERSON, sheet, id).await;
    report.unwrap()
}

/// Everything on a sheet, as one text.
pub(super) fn text(report: &DisclosureReport) -> String {
    let rows = report.sections.iter().flat_map(|section| &section.rows);
    let values = rows
        .flatten()
        .map(|(label, value)| format!("{label}={}", value.expose()));
    let accesses = report.accesses.iter().map(|access| {
        let note = access.note.as_ref().map(|note| note.expose().as_str());
        format!(
            "{} {} {:?} {note:?}",
            access.event, access.purpose, access.actor
        )
    });
    values.chain(accesses).collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn a_person_is_told_everything_and_who_looked() {
    let test = TestRegistry::with_residents(2).await;
    let id = issue(&test.issuing().await, 1, &order(1)).await.unwrap();
    let counter = test.handle(Purpose::CounterReissue, staff()).await;
    counter.record_reissue(id, &because("lost")).await.unwrap();
    let report = told(&test, 1, Sheet::Complete).await;
    let text = text(&report);
    for held in [
        format!("個人番号={}", digits_of(1)),
        "氏名=見本\u{3000}1号".to_owned(),
        "生年月日=1980年1月1日".to_owned(),
        "住所=東京都世田谷区1丁目".to_owned(),
        "接種日=2021年6月1日".to_owned(),
        "接種日=2021年6月22日".to_owned(),
        "製造番号=LOT2".to_owned(),
        "接種量=0.300 mL".to_owned(),
        "接種券番号=0000000001".to_owned(),
        format!("証明書ID={id}"),
        "certificate-reissued counter-reissue Some(\"tester\") Some(\"lost (by passport)\")"
            .to_owned(),
    ] {
        assert!(text.contains(&held), "{held}");
    }
    assert!(!text.contains(&digits_of(2)));
    assert!(!text.contains("見本\u{3000}2号"));
}

#[tokio::test]
async fn the_usual_sheet_does_not_lead_to_anybody() {
    let test = TestRegistry::with_residents(2).await;
    for n in [1, 2] {
        issue(&test.issuing().await, n, &order(n)).await.unwrap();
    }
    let order = FlagOrder {
        ordered_by: StaffId::parse("head").unwrap(),
        ground: Redacted::new("a pursuer".to_owned()),
    };
    let flags = test.handle(Purpose::Flags, staff()).await;
    let protected = FlagKind::Protected;
    flags.set_flag(&whom(1), protected, &order).await.unwrap();
    let of_protected = told(&test, 1, Sheet::Usual).await;
    for secret in ["丁目", "flag", "protected", "pursuer"] {
        assert!(!text(&of_protected).contains(secret), "{secret}");
    }
    assert!(
        of_protected
            .accesses
            .iter()
            .all(|access| access.channel.is_none())
    );
    // Its shape is everybody's.
    let shape = |report: &DisclosureReport| {
        let labels = report.sections.iter().map(|section| {
            let row = |row: &Vec<(&'static str, _)>| row.iter().map(|(label, _)| *label).collect();
            (
                section.title,
                section.rows.iter().map(row).collect::<Vec<Vec<_>>>(),
            )
        });
        (labels.collect::<Vec<_>>(), report.accesses.len())
    };
    let of_another = told(&test, 2, Sheet::Usual).await;
    assert_eq!(shape(&of_protected), shape(&of_another));
    // The person alone is told.
    let complete = text(&told(&test, 1, Sheet::Complete).await);
    for told in ["1丁目", "フラグ：protected", "a pursuer", "flag-set"] {
        assert!(complete.contains(told), "{told}");
    }
}

#[tokio::test]
async fn nothing_is_told_without_a_second_person_declaration_and_the_person() {
    let test = TestRegistry::with_residents(2).await;
    let handle = test.handle(Purpose::Disclosure, staff()).await;
    let basis = declared(setagaya());
    let id = approved(&test, 1, Sheet::Usual).await;
    let another = Some(RegistryError::Approval(ApprovalRefused::AnotherAct));
    // Approved for one person, one sheet, and whoever stood there.
    let mother = CounterIdentity::of_a_representative(IdentityDocument::Passport, "mother");
    let mother = mother.unwrap();
    for (whom, identity, sheet) in [
        (whom(2), &PERSON, Sheet::Usual),
        (whom(1), &PERSON, Sheet::Complete),
        (whom(1), &mother, Sheet::Usual),
    ] {
        let refused = handle.disclose(&basis, &whom, identity, sheet, id).await;
        assert_eq!(refused.err(), another);
    }
    let (one, sheet) = (whom(1), Sheet::Complete);
    let refused = handle.disclosure_scope(&basis, &one, &mother, sheet).await;
    let refused = refused.err();
    let not_for_her = DisclosureRefused::NotForARepresentative;
    assert_eq!(refused, Some(RegistryError::Disclosure(not_for_her)));
    // Another municipality's declaration is none.
    let other = declared(urayasu());
    let whom = whom(1);
    let refused = handle
        .disclose(&other, &whom, &PERSON, Sheet::Usual, id)
        .await;
    assert!(matches!(refused, Err(RegistryError::NotDeclared(_))));
    for (purpose, actor) in [
        (Purpose::Disclosure, Actor::Server),
        (Purpose::Flags, staff()),
    ] {
        let handle = test.handle(purpose, actor).await;
        let refused = handle
            .disclose(&basis, &whom, &PERSON, Sheet::Usual, id)
            .await;
        assert_eq!(
            refused.err(),
            Some(RegistryError::NotForThisPurpose(purpose))
        );
    }
    let sheet = Sheet::Usual;
    handle
        .disclose(&basis, &whom, &PERSON, sheet, id)
        .await
        .unwrap();
    let again = handle.disclose(&basis, &whom, &PERSON, sheet, id).await;
    assert_eq!(
        again.err(),
        Some(RegistryError::Approval(ApprovalRefused::Spent))
    );
}
