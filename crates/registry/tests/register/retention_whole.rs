//! Erasing a resident whole, and what hangs on others (C26, C31): nothing of it is left.

use declaration::{Declared, Retained, Venues};
use domain::{BirthDate, ChannelId, Redacted, VoucherNumber};
use registry::{
    Actor, ApprovalRefused, ApprovalState, AuditEvent, AuditQuery, CheckedDose, DoseChanged,
    DoseDraft, DoseReceipt, DoseRegistered, ErasureRefused, FlagKind, FlagOrder, ImportFile,
    Purpose, RegistryError, ResidentNumber, StaffId, VenueEntry, VoucherSought, Whom,
};
use time::macros::date;
use time::{Date, Duration};

use super::retention::*;
use super::support::*;

async fn everything_on(test: &TestRegistry, n: u64) -> ResidentNumber {
    let counter = test.handle(Purpose::CounterReissue, staff()).await;
    let issued = issue(&test.issuing().await, n, &order(n)).await.unwrap();
    counter.revoke(issued, "reason").await.unwrap();
    let issuing = test.issuing().await;
    issuing
        .record_offer_refused(&number_of(n), "金糸雀")
        .await
        .unwrap();
    ResidentNumber::parse(&format!("{n:015}")).unwrap()
}

#[tokio::test]
async fn a_resident_is_erased_whole_and_nobody_else() {
    let test = TestRegistry::with_residents(3).await;
    let number = everything_on(&test, 2).await;
    everything_on(&test, 3).await;
    let retention = doses_only();
    let handle = test.handle(Purpose::Retention, staff()).await;
    let plan = handle
        .plan_resident_erasure(&retention, &number)
        .await
        .unwrap();
    let planned = |table: &str| {
        plan.rows()
            .iter()
            .find(|(name, _)| *name == table)
            .unwrap()
            .1
    };
    for (table, rows) in [
        ("resident", 1),
        ("dose", 2),
        ("voucher", 1),
        ("passport", 1),
        ("certificate", 1),
        ("audit_note", 2),
    ] {
        assert_eq!(planned(table), rows, "{table}");
    }
    let approval = test.approved(&plan.approval_scope()).await;
    handle
        .erase_resident(&retention, &number, approval)
        .await
        .unwrap();

    assert!(
        test.issuing()
            .await
            .dossier(&number_of(2))
            .await
            .unwrap()
            .is_none()
    );
    for n in [1, 3] {
        assert_eq!(dates(&test, n).await.len(), 2);
    }
    let again = handle.plan_resident_erasure(&retention, &number).await;
    assert!(matches!(
        again,
        Err(RegistryError::Erasure(ErasureRefused::UnknownResident))
    ));
    let publishing = test.handle(Purpose::Publishing, Actor::Server).await;
    assert_eq!(publishing.revocations().await.unwrap().revoked.len(), 2);
    let approving = test.handle(Purpose::Approval, staff()).await;
    let used = approving.approval(approval).await.unwrap().unwrap();
    assert!(used.words.is_none(), "the words named the resident");
    holds(&test).await;
}

#[tokio::test]
async fn a_resident_is_not_erased_without_that_very_approval() {
    let test = TestRegistry::with_residents(2).await;
    let number = |n: u64| ResidentNumber::parse(&format!("{n:015}")).unwrap();
    let retention = doses_only();
    let handle = test.handle(Purpose::Retention, staff()).await;
    let plan = handle
        .plan_resident_erasure(&retention, &number(1))
        .await
        .unwrap();
    let approval = test.approved(&plan.approval_scope()).await;
    let result = handle
        .erase_resident(&retention, &number(2), approval)
        .await;
    assert!(matches!(
        result,
        Err(RegistryError::Approval(ApprovalRefused::AnotherAct))
    ));
    let wrong_purpose = test.handle(Purpose::Audit, staff()).await;
    let result = wrong_purpose
        .erase_resident(&retention, &number(1), approval)
        .await;
    assert!(matches!(result, Err(RegistryError::NotForThisPurpose(_))));
    assert_eq!(
        (dates(&test, 1).await.len(), dates(&test, 2).await.len()),
        (2, 2)
    );
    issue(&test.issuing().await, 1, &order(1)).await.unwrap();
    let changed = handle
        .erase_resident(&retention, &number(1), approval)
        .await;
    assert!(
        matches!(
            changed,
            Err(RegistryError::Approval(ApprovalRefused::AnotherAct))
        ),
        "more is held than was approved"
    );
}

#[tokio::test]
async fn what_was_asked_about_an_erased_resident_goes_and_of_others_stays() {
    let test = TestRegistry::with_residents(2).await;
    let flags = test.handle(Purpose::Flags, staff()).await;
    let asking = test.handle(Purpose::Approval, staff()).await;
    let second = test.handle(Purpose::Approval, staff_named("second")).await;
    let order = FlagOrder {
        ordered_by: StaffId::parse("head").unwrap(),
        ground: Redacted::new("applied for".to_owned()),
    };
    let mut declined = Vec::new();
    for n in [1, 2] {
        let number = ResidentNumber::parse(&format!("{n:015}")).unwrap();
        let (whom, kind) = (Whom::Resident(number), FlagKind::Protected);
        flags.set_flag(&whom, kind, &order).await.unwrap();
        let scope = flags.lift_flag_scope(&whom, kind).await.unwrap();
        let id = asking.request_approval(&scope, "safe again").await.unwrap();
        second.decline(id, Some("not safe")).await.unwrap();
        declined.push(id);
    }
    let number = ResidentNumber::parse(&format!("{:015}", 2)).unwrap();
    let retention = doses_only();
    let handle = test.handle(Purpose::Retention, staff()).await;
    let plan = handle.plan_resident_erasure(&retention, &number).await;
    let approval = test.approved(&plan.unwrap().approval_scope()).await;
    let erased = handle.erase_resident(&retention, &number, approval).await;
    erased.unwrap();
    for (id, stays) in declined.iter().zip([true, false]) {
        let approval = asking.approval(*id).await.unwrap().unwrap();
        assert_eq!(approval.words.is_some(), stays);
        assert_eq!(approval.reason.is_some(), stays);
        assert!(matches!(approval.state, ApprovalState::Declined { .. }));
    }
    // The second person's own words too: one note is left, about who is still here.
    assert_eq!(
        notes_of(&test, AuditEvent::ApprovalDeclined).await,
        ["not safe"]
    );
    holds(&test).await;
}

async fn notes_of(test: &TestRegistry, event: AuditEvent) -> Vec<String> {
    let now = domain::Clock::now(&*test.clock);
    let query = AuditQuery {
        from: now - Duration::DAY,
        until: now + Duration::DAY,
        event: Some(event),
        staff: None,
        certificate: None,
    };
    let auditing = test.handle(Purpose::Audit, staff()).await;
    let found = auditing.search_audit(&query, None, 100).await.unwrap();
    let notes = found.into_iter().filter_map(|entry| entry.note);
    notes.map(|note| note.expose().clone()).collect()
}

/// A dose that a venue registered for the first resident on a day in 2025.
async fn dose_from_a_venue(test: &TestRegistry, n: u8, given: Date) -> DoseReceipt {
    let keys = format!("diseases = [\"{COVID}\"]\ndoses_per_day = 9\ncorrection_days = 9\n");
    let venues: Declared<Venues> = declaring(setagaya(), "venues", &keys)
        .declared(TODAY)
        .unwrap();
    let number = format!("99999999{n:02}");
    let voucher = format!("{VOUCHERS}{:015},{number},2,{n}\n", 1);
    test.import(ImportFile::Vouchers, voucher).await.unwrap();
    let draft = DoseDraft {
        date: given,
        disease: COVID.to_owned(),
        manufacturer: "ファイザー".to_owned(),
        product: "コミナティ筋注".to_owned(),
        lot: "LOT9".to_owned(),
        physician: None,
        amount_microlitres: None,
    };
    let entry = VenueEntry::new(
        VoucherSought {
            number: VoucherNumber::parse(&number).unwrap(),
            kind: Some(2),
            dose: n,
        },
        BirthDate::from_date(date!(1980 - 01 - 01)),
        CheckedDose::of_venue(draft, &venues, TODAY).unwrap(),
        "見本会場",
        [n; 16],
        [n; 32],
    );
    let venue = Actor::Venue(ChannelId([1; 32]));
    let handle = test.handle(Purpose::Venue, venue).await;
    let registered = handle
        .register_dose(&venues, &entry.unwrap())
        .await
        .unwrap();
    let DoseRegistered::Registered(receipt) = registered else {
        panic!("{registered:?}");
    };
    if n == 4 {
        let cancelled = handle.cancel_dose(&venues, receipt, "wrong-person").await;
        assert!(matches!(cancelled.unwrap(), DoseChanged::Changed { .. }));
    }
    receipt
}

#[tokio::test]
async fn what_hangs_on_a_venue_s_dose_goes_with_it() {
    let test = TestRegistry::with_residents(1).await;
    dose_from_a_venue(&test, 3, date!(2025 - 03 - 31)).await;
    dose_from_a_venue(&test, 4, TODAY).await;
    let entries = async || {
        let entries = "SELECT receipt FROM venue_dose";
        let changes = "SELECT sealed FROM dose_change";
        let count = async |what| test.database.bytes(Some(setagaya()), what).await.len();
        (count(entries).await, count(changes).await)
    };
    assert_eq!(entries().await, (2, 1));
    // Doses of March are over and those of April are not: registered on that day, and cancelled.
    let retention = declared("doses = \"1 day\"\n");
    let plan = erased(&test, &retention).await;
    assert_eq!(plan.kinds[0].until, date!(2025 - 03 - 31));
    assert_eq!(
        rows(&plan, Retained::Doses),
        4,
        "three doses, and the entry of one"
    );
    assert_eq!(entries().await, (1, 1));
    test.clock.advance(2 * 86_400);
    let later = date!(2025 - 04 - 03);
    let handle = test.handle(Purpose::Retention, staff()).await;
    let plan = handle
        .plan_retention(&retention, later, |_| {})
        .await
        .unwrap();
    let approval = test.approved(&plan.approval_scope(&retention)).await;
    handle
        .erase_retained(&retention, later, approval, |_| {})
        .await
        .unwrap();
    assert_eq!(
        entries().await,
        (0, 0),
        "what a cancelled dose was is gone too"
    );
    holds(&test).await;
}

#[tokio::test]
async fn records_of_imports_go_when_their_medium_was_erased() {
    let test = TestRegistry::with_residents(1).await;
    let keys = "import_batches = \"1 day\"\n";
    test.clock.advance(2 * 86_400);
    let later = date!(2025 - 04 - 03);
    let retention = declared(keys);
    let handle = test.handle(Purpose::Retention, staff()).await;
    let plan = handle
        .plan_retention(&retention, later, |_| {})
        .await
        .unwrap();
    assert_eq!(
        rows(&plan, Retained::ImportBatches),
        0,
        "their media are not erased yet"
    );
    let importing = test.handle(Purpose::Import, staff()).await;
    for batch in importing.import_batches(true).await.unwrap() {
        let erased = importing.record_erasure(batch.id, "shredded").await;
        assert_eq!(erased.unwrap(), registry::ErasureRecorded::Recorded);
    }
    let plan = handle
        .plan_retention(&retention, later, |_| {})
        .await
        .unwrap();
    assert!(rows(&plan, Retained::ImportBatches) >= 4);
    let approval = test.approved(&plan.approval_scope(&retention)).await;
    let done = handle
        .erase_retained(&retention, later, approval, |_| {})
        .await;
    assert_eq!(done.unwrap(), plan);
    assert!(importing.import_batches(false).await.unwrap().is_empty());
    holds(&test).await;
}

/// Every sealed text that was there before a resident was erased and is not there now.
pub async fn sealed_texts_of_an_erased_resident(test: &TestRegistry) -> Vec<Vec<u8>> {
    let number = everything_on(test, 2).await;
    let before = sealed_texts(test).await;
    let retention = doses_only();
    let handle = test.handle(Purpose::Retention, staff()).await;
    let plan = handle
        .plan_resident_erasure(&retention, &number)
        .await
        .unwrap();
    let approval = test.approved(&plan.approval_scope()).await;
    let before = [before, words_of_approvals(test).await].concat();
    handle
        .erase_resident(&retention, &number, approval)
        .await
        .unwrap();
    let left = [sealed_texts(test).await, words_of_approvals(test).await].concat();
    let gone: Vec<_> = before
        .into_iter()
        .filter(|text| !left.contains(text))
        .collect();
    // Resident and random id, two doses, voucher, passport, certificate, two notes, an approval.
    assert_eq!(gone.len(), 10);
    gone
}

async fn sealed_texts(test: &TestRegistry) -> Vec<Vec<u8>> {
    let mut texts = Vec::new();
    for (table, column) in [
        ("resident", "sealed"),
        ("resident", "subject"),
        ("dose", "sealed"),
        ("voucher", "sealed"),
        ("passport", "sealed"),
        ("certificate", "sealed"),
        ("audit_note", "sealed"),
    ] {
        let statement = format!("SELECT {column} FROM {table}");
        texts.extend(test.database.bytes(Some(setagaya()), &statement).await);
    }
    texts
}

async fn words_of_approvals(test: &TestRegistry) -> Vec<Vec<u8>> {
    let statement = "SELECT sealed FROM approval WHERE sealed IS NOT NULL";
    test.database.bytes(Some(setagaya()), statement).await
}

/// Where in the files one of these texts lies.
pub fn found_in<'a>(files: &'a [(String, Vec<u8>)], texts: &[Vec<u8>]) -> Option<&'a str> {
    let holds = |content: &[u8], text: &[u8]| content.windows(text.len()).any(|it| it == text);
    let found = files
        .iter()
        .find(|(_, content)| texts.iter().any(|text| holds(content, text)));
    found.map(|(file, _)| file.as_str())
}

/// The tables from which a resident is erased, beside the resident's own and the notes.
pub async fn tables_of_a_resident(test: &TestRegistry) -> Vec<&'static str> {
    let number = ResidentNumber::parse(&format!("{:015}", 1)).unwrap();
    let handle = test.handle(Purpose::Retention, staff()).await;
    let plan = handle
        .plan_resident_erasure(&doses_only(), &number)
        .await
        .unwrap();
    let tables = plan.rows().iter().map(|(table, _)| *table);
    tables
        .filter(|table| !["resident", "audit_note"].contains(table))
        .collect()
}
