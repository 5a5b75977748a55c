//! Retention of residents whom staff flagged (C31): gone is gone, whoever said so.

use declaration::{Declared, Retained, Retention};
use domain::Redacted;
use registry::{FlagKind, FlagOrder, Purpose, ResidentNumber, StaffId, Whom};

use super::retention::rows;
use super::support::*;

fn whom(n: u64) -> Whom {
    Whom::Resident(ResidentNumber::parse(&format!("{n:015}")).unwrap())
}

async fn flag(test: &TestRegistry, n: u64, kind: FlagKind) {
    let order = FlagOrder {
        ordered_by: StaffId::parse("head").unwrap(),
        ground: Redacted::new("told by the family".to_owned()),
    };
    let handle = test.handle(Purpose::Flags, staff()).await;
    handle.set_flag(&whom(n), kind, &order).await.unwrap();
}

async fn lift(test: &TestRegistry, n: u64, kind: FlagKind) {
    let handle = test.handle(Purpose::Flags, staff()).await;
    let scope = handle.lift_flag_scope(&whom(n), kind).await.unwrap();
    let approval = test.approved(&scope).await;
    handle.lift_flag(&whom(n), kind, approval).await.unwrap();
}

/// How many residents are kept no longer so many days after they were flagged.
async fn residents_over(test: &TestRegistry) -> u64 {
    let today = domain::japan_date(domain::Clock::now(&*test.clock));
    let keys = "doses = \"1 year\"\nvouchers = \"1 year\"\npassports = \"1 year\"\n\
                residents = \"1 year\"\n";
    let declared: Declared<Retention> = declaring(setagaya(), "retention", keys)
        .declared(today)
        .unwrap();
    let handle = test.handle(Purpose::Retention, staff()).await;
    let plan = handle.plan_retention(&declared, today, |_| {}).await;
    rows(&plan.unwrap(), Retained::Residents)
}

#[tokio::test]
async fn who_was_flagged_by_staff_as_gone_is_kept_no_longer_than_the_others() {
    let test = TestRegistry::with_residents(5).await;
    flag(&test, 1, FlagKind::Deceased).await;
    flag(&test, 2, FlagKind::MovedOut).await;
    flag(&test, 3, FlagKind::MovedOut).await;
    lift(&test, 3, FlagKind::MovedOut).await;
    flag(&test, 4, FlagKind::Protected).await;
    test.clock.advance(360 * 86_400);
    assert_eq!(residents_over(&test).await, 0, "the year is not over");
    test.clock.advance(6 * 86_400);
    assert_eq!(residents_over(&test).await, 2, "who died and who moved out");
}
