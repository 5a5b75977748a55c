//! Retention and erasure (C26, C31): what is over goes, what is not stays, and nothing is left.

use declaration::{Declared, Retained, Retention};
use registry::{
    Actor, ApprovalRefused, ApprovalScope, AuditVerdict, ErasureRefused, ImportFile, Purpose,
    RegistryError, RetentionPlan,
};
use time::Date;
use time::macros::date;

use super::support::*;

pub(super) const COVID: &str = "新型コロナウイルス感染症";
pub(super) const TODAY: Date = date!(2025 - 04 - 01);

pub(super) fn declared(keys: &str) -> Declared<Retention> {
    declaring(setagaya(), "retention", keys)
        .declared(TODAY)
        .unwrap()
}

/// Doses of 2021-06-01 are over, those of 2021-06-22 are not.
pub(super) fn doses_only() -> Declared<Retention> {
    declared("doses = \"1400 days\"\n")
}

pub(super) fn rows(plan: &RetentionPlan, kind: Retained) -> u64 {
    let planned = plan.kinds.iter().find(|planned| planned.kind == kind);
    planned.unwrap().rows
}

pub(super) async fn planned(test: &TestRegistry, declared: &Declared<Retention>) -> RetentionPlan {
    let handle = test.handle(Purpose::Retention, staff()).await;
    handle
        .plan_retention(declared, TODAY, |_| {})
        .await
        .unwrap()
}

/// Planned, approved by a second person, and done.
pub(super) async fn erased(test: &TestRegistry, declared: &Declared<Retention>) -> RetentionPlan {
    let plan = planned(test, declared).await;
    let approval = test.approved(&plan.approval_scope(declared)).await;
    let handle = test.handle(Purpose::Retention, staff()).await;
    let done = handle
        .erase_retained(declared, TODAY, approval, |_| {})
        .await
        .unwrap();
    assert_eq!(done, plan, "what was planned is what was done");
    done
}

pub(super) async fn dates(test: &TestRegistry, n: u64) -> Vec<Date> {
    let dossier = test.issuing().await.dossier(&number_of(n)).await.unwrap();
    let doses = dossier.unwrap().doses;
    doses.iter().map(|dose| dose.date).collect()
}

pub(super) async fn count(test: &TestRegistry, table: &str) -> usize {
    let statement = format!("SELECT sealed FROM {table}");
    test.database
        .bytes(Some(setagaya()), &statement)
        .await
        .len()
}

pub(super) async fn holds(test: &TestRegistry) {
    let verdict = test.auditing().await.verify_audit(None).await.unwrap();
    assert!(matches!(verdict, AuditVerdict::Holds(_)), "{verdict:?}");
}

#[tokio::test]
async fn what_is_over_goes_and_what_is_not_stays() {
    let test = TestRegistry::with_residents(601).await;
    let plan = planned(&test, &doses_only()).await;
    assert_eq!(plan.kinds[0].until, date!(2021 - 06 - 01));
    assert_eq!(rows(&plan, Retained::Doses), 601);
    assert_eq!(dates(&test, 1).await.len(), 2, "a plan erases nothing");
    erased(&test, &doses_only()).await;
    for n in [1, 300, 601] {
        assert_eq!(dates(&test, n).await, [date!(2021 - 06 - 22)]);
    }
    assert!(planned(&test, &doses_only()).await.is_empty());
    holds(&test).await;
}

#[tokio::test]
async fn each_kind_goes_by_its_own_period_and_residents_last() {
    let test = TestRegistry::with_residents(2).await;
    let gone = format!(
        "{RESIDENTS}{:015},{},見本\u{3000}1号,,19800101,2,東京都世田谷区1丁目,,20210701,,\n",
        1,
        digits_of(1)
    );
    assert_eq!(
        test.import(ImportFile::Residents, gone)
            .await
            .unwrap()
            .changed(),
        1
    );
    let issued = issue(&test.issuing().await, 2, &order(1)).await.unwrap();
    let counter = test.handle(Purpose::CounterReissue, staff()).await;
    counter.revoke(issued, "reason").await.unwrap();
    holds(&test).await;

    // Passports alone …
    let plan = erased(&test, &declared("passports = \"3 years\"\n")).await;
    assert_eq!(rows(&plan, Retained::Passports), 2);
    assert_eq!(
        (count(&test, "passport").await, count(&test, "dose").await),
        (0, 4)
    );
    // … a resident while anything else is kept: not yet …
    let plan = planned(&test, &declared("residents = \"1 year\"\n")).await;
    assert_eq!(rows(&plan, Retained::Residents), 0);
    // … vouchers by their last use …
    let plan = planned(&test, &declared("vouchers = \"1400 days\"\n")).await;
    assert_eq!(rows(&plan, Retained::Vouchers), 0, "used on the 22nd too");
    // … and everything.
    let all = "doses = \"1 year\"\nvouchers = \"1 year\"\nresidents = \"1 year\"\n";
    let plan = erased(&test, &declared(all)).await;
    assert_eq!(rows(&plan, Retained::Doses), 4);
    assert_eq!(rows(&plan, Retained::Vouchers), 2);
    assert_eq!(
        rows(&plan, Retained::Residents),
        1,
        "who moved out, not who lives here"
    );
    assert_eq!(
        (
            count(&test, "resident").await,
            count(&test, "certificate").await
        ),
        (1, 1)
    );
    assert!(
        test.issuing()
            .await
            .dossier(&number_of(1))
            .await
            .unwrap()
            .is_none()
    );
    holds(&test).await;
}

#[tokio::test]
async fn certificates_and_notes_go_and_revocations_and_the_chain_stay() {
    let test = TestRegistry::with_residents(1).await;
    let issued = issue(&test.issuing().await, 1, &order(1)).await.unwrap();
    let counter = test.handle(Purpose::CounterReissue, staff()).await;
    counter.revoke(issued, "a reason that goes").await.unwrap();
    let keys = "certificates = \"1 day\"\naudit_notes = \"1 day\"\n";
    let nothing = planned(&test, &declared(keys)).await;
    assert_eq!((nothing.kinds[0].rows, nothing.kinds[1].rows), (0, 0));

    test.clock.advance(2 * 86_400);
    let later = date!(2025 - 04 - 03);
    let retention = declared(keys);
    let handle = test.handle(Purpose::Retention, staff()).await;
    let plan = handle
        .plan_retention(&retention, later, |_| {})
        .await
        .unwrap();
    assert_eq!(rows(&plan, Retained::Certificates), 1);
    assert_eq!(rows(&plan, Retained::AuditNotes), 1);
    let approval = test.approved(&plan.approval_scope(&retention)).await;
    handle
        .erase_retained(&retention, later, approval, |_| {})
        .await
        .unwrap();
    assert!(counter.certificate(issued).await.unwrap().is_none());
    let publishing = test.handle(Purpose::Publishing, Actor::Server).await;
    assert_eq!(publishing.revocations().await.unwrap().revoked.len(), 1);
    holds(&test).await;
    // What is issued afterwards is missed as ever.
    issue(&test.issuing().await, 1, &order(2)).await.unwrap();
    holds(&test).await;
    test.tamper("DELETE FROM certificate").await;
    let verdict = test.auditing().await.verify_audit(None).await.unwrap();
    assert!(matches!(verdict, AuditVerdict::Broken(_)));
}

#[tokio::test]
async fn a_note_that_was_not_erased_is_missed() {
    let test = TestRegistry::with_residents(1).await;
    erased(
        &test,
        &declared("doses = \"1400 days\"\naudit_notes = \"1 day\"\n"),
    )
    .await;
    let handle = test.issuing().await;
    handle
        .record_offer_refused(&number_of(1), "a note")
        .await
        .unwrap();
    holds(&test).await;
    test.tamper("DELETE FROM audit_note").await;
    let verdict = test.auditing().await.verify_audit(None).await.unwrap();
    assert!(matches!(verdict, AuditVerdict::Broken(_)));
}

#[tokio::test]
async fn it_is_recorded_by_counts_and_with_its_approval() {
    let test = TestRegistry::with_residents(3).await;
    erased(&test, &doses_only()).await;
    let entries = test.auditing().await.audit_entries(0, 1000).await.unwrap();
    let last = entries.last().unwrap();
    assert_eq!((last.event.as_str(), last.subject), ("erased", None));
    let detail = last.detail.as_deref().unwrap();
    assert!(
        detail.contains("as-of=2025-04-01 doses=3 provision_records=0"),
        "{detail}"
    );
    assert_eq!(entries[entries.len() - 2].event, "approval-used");
    assert!(entries.iter().any(|entry| entry.event == "erasure-planned"));
}

#[tokio::test]
async fn nothing_is_erased_but_what_a_second_person_approved() {
    let test = TestRegistry::with_residents(2).await;
    let retention = doses_only();
    let handle = test.handle(Purpose::Retention, staff()).await;
    let refused = async |approval| {
        let result = handle
            .erase_retained(&retention, TODAY, approval, |_| {})
            .await;
        assert_eq!(dates(&test, 1).await.len(), 2);
        match result {
            Err(RegistryError::Approval(refused)) => refused,
            other => panic!("{other:?}"),
        }
    };
    let scope = planned(&test, &retention).await.approval_scope(&retention);
    let yamada = test.handle(Purpose::Approval, staff_named("yamada")).await;
    let pending = yamada.request_approval(&scope, "needed").await.unwrap();
    assert_eq!(refused(pending).await, ApprovalRefused::Pending);
    let words = "erase everything".to_owned();
    let other = ApprovalScope::new(scope.subject(), words);
    let other = test.approved(&other).await;
    assert_eq!(refused(other).await, ApprovalRefused::AnotherAct);
    // One dose more than was approved.
    let good = test.approved(&scope).await;
    let more = format!(
        "{DOSES}{:015},20210531120000,20210531,,,,武田,乾燥弱毒生麻しん風しん混合ワクチン,,麻しん,M1,1,0.5\n",
        2
    );
    assert_eq!(
        test.import(ImportFile::Doses, more).await.unwrap().added(),
        1
    );
    assert_eq!(refused(good).await, ApprovalRefused::AnotherAct);
}

#[tokio::test]
async fn only_the_municipality_s_staff_erase_and_only_as_declared() {
    let test = TestRegistry::with_residents(1).await;
    let retention = doses_only();
    for (purpose, actor) in [
        (Purpose::Retention, Actor::Server),
        (Purpose::Retention, kiosk(1)),
        (Purpose::Import, staff()),
        (Purpose::LedgerExport, staff()),
    ] {
        let handle = test.handle(purpose, actor).await;
        let result = handle.plan_retention(&retention, TODAY, |_| {}).await;
        assert!(matches!(result, Err(RegistryError::NotForThisPurpose(_))));
    }
    let handle = test.handle(Purpose::Retention, staff()).await;
    let keys = "doses = \"1 day\"\n";
    let other = declaring(urayasu(), "retention", keys)
        .declared(TODAY)
        .unwrap();
    let result = handle.plan_retention(&other, TODAY, |_| {}).await;
    assert!(matches!(result, Err(RegistryError::NotDeclared(_))));
    let to_come = handle
        .plan_retention(&retention, date!(2025 - 04 - 02), |_| {})
        .await;
    assert!(matches!(
        to_come,
        Err(RegistryError::Erasure(ErasureRefused::DayToCome))
    ));
}
