//! What a person is told of inquiries between municipalities (C25, C34), also after their own
//! records were erased.

use declaration::{Declared, Retention};
use domain::MunicipalityCode;
use registry::{DisclosureRefused, DisclosureReport, Purpose, RegistryError, Sheet, Whom};
use time::macros::date;

use super::disclosure::{PERSON, declared, text};
use super::inquiry_towns::*;
use super::support::*;

/// What a municipality tells the n-th resident.
async fn told(
    test: &TestRegistry,
    code: MunicipalityCode,
    sheet: Sheet,
) -> Result<DisclosureReport, RegistryError> {
    let basis = declared(code);
    let handle = handle_of(test, code, Purpose::Disclosure, "tester").await;
    let whom = Whom::Resident(resident(1));
    let scope = handle
        .disclosure_scope(&basis, &whom, &PERSON, sheet)
        .await?;
    let id = approved(test, code, &scope).await;
    handle.disclose(&basis, &whom, &PERSON, sheet, id).await
}

fn rows_of<'a>(report: &'a DisclosureReport, title: &str) -> &'a [registry::DisclosedFields] {
    let section = report.sections.iter().find(|one| one.title == title);
    &section.unwrap().rows
}

/// Everything held on the first resident of Urayasu goes, by two persons.
async fn erase(test: &TestRegistry) {
    let retention = declaring(urayasu(), "retention", "doses = \"1400 days\"\n");
    let retention: Declared<Retention> = retention.declared(date!(2025 - 04 - 01)).unwrap();
    let handle = handle_of(test, urayasu(), Purpose::Retention, "tester").await;
    let number = resident(1);
    let planned = handle.plan_resident_erasure(&retention, &number).await;
    let scope = planned.unwrap().approval_scope();
    let approval = approved(test, urayasu(), &scope).await;
    let erased = handle.erase_resident(&retention, &number, approval).await;
    erased.unwrap();
}

#[tokio::test]
async fn a_person_is_told_what_was_asked_received_and_provided() {
    let test = towns(1).await;
    asked(&test, 1).await;
    let here = told(&test, setagaya(), Sheet::Complete).await.unwrap();
    assert_eq!(rows_of(&here, "照会により受け取った接種記録").len(), 2);
    assert_eq!(rows_of(&here, "他の市区町村への照会").len(), 1);
    let text_here = text(&here);
    for held in ["提供元=", "照会先=", "LOT1", "根拠="] {
        assert!(text_here.contains(held), "{held}");
    }
    let there = told(&test, urayasu(), Sheet::Complete).await.unwrap();
    assert_eq!(rows_of(&there, "情報提供等の記録").len(), 1);
    assert_eq!(rows_of(&there, "他の市区町村からの照会").len(), 1);
    assert!(text(&there).contains("相手方="));
    assert!(!here.erased && !there.erased);
    // The usual sheet does not lead to where somebody lives now.
    for code in [setagaya(), urayasu()] {
        let usual = text(&told(&test, code, Sheet::Usual).await.unwrap());
        for hidden in ["提供元=", "照会先=", "相手方=", "照会元="] {
            assert!(!usual.contains(hidden), "{hidden}");
        }
    }
}

#[tokio::test]
async fn who_was_erased_is_told_what_was_provided_and_that_the_rest_is_gone() {
    let test = towns(1).await;
    asked(&test, 1).await;
    erase(&test).await;
    let report = told(&test, urayasu(), Sheet::Complete).await.unwrap();
    assert!(report.erased);
    assert_eq!(rows_of(&report, "情報提供等の記録").len(), 1);
    assert_eq!(rows_of(&report, "住民の情報").len(), 0);
    assert_eq!(rows_of(&report, "接種記録").len(), 0);
    assert_eq!(report.accesses, []);
}

#[tokio::test]
async fn of_whom_nothing_is_held_nothing_is_told() {
    let test = towns(1).await;
    erase(&test).await;
    let refused = told(&test, urayasu(), Sheet::Usual).await;
    let nothing = RegistryError::Disclosure(DisclosureRefused::NothingHeld);
    assert_eq!(refused.err(), Some(nothing));
}

#[tokio::test]
async fn an_individual_number_leads_to_nobody_who_was_erased() {
    let test = towns(1).await;
    asked(&test, 1).await;
    erase(&test).await;
    let handle = handle_of(&test, urayasu(), Purpose::Disclosure, "tester").await;
    let (basis, whom) = (declared(urayasu()), Whom::Number(number_of(1)));
    let refused = handle
        .disclosure_scope(&basis, &whom, &PERSON, Sheet::Usual)
        .await;
    let nothing = RegistryError::Disclosure(DisclosureRefused::NothingHeld);
    assert_eq!(refused.err(), Some(nothing));
}
