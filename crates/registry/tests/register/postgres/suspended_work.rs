//! Asking whether a card is suspended is the same work for every number: counted by the database
//! itself, not timed.

use sqlx::Executor as _;

use super::support::*;
/// Looks into the list's index, and readings of the whole list, since the database was made.
async fn looks(test: &TestRegistry) -> (i64, i64) {
    sqlx::query_as(
        "SELECT COALESCE(idx_scan, 0), seq_scan FROM pg_stat_user_tables \
         WHERE relname = 'suspended_card'",
    )
    .fetch_one(&mut test.database.administrator().await)
    .await
    .unwrap()
}

/// What asking for this number takes, by a server of its own: what it counted is known once its
/// connections are closed.
async fn work(test: &TestRegistry, n: u64) -> (bool, (i64, i64)) {
    let before = looks(test).await;
    let registry = test.open_again().await;
    let system = registry.system(staff());
    let suspended = system.is_suspended_card(&number_of(n)).await.unwrap();
    registry.close().await;
    let mut after = looks(test).await;
    for _ in 0..50 {
        if after != before {
            break;
        }
        // A connection that ended is counted a moment later.
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        after = looks(test).await;
    }
    (suspended, (after.0 - before.0, after.1 - before.1))
}

#[tokio::test]
async fn whether_a_card_is_suspended_is_the_same_work_for_everybody() {
    let test = TestRegistry::empty().await;
    let system = test.registry.system(staff());
    let numbers: Vec<_> = (0..3000).map(number_of).collect();
    system.suspend_cards(&numbers).await.unwrap();
    let analyze = "ANALYZE system.suspended_card";
    let mut administrator = test.database.administrator().await;
    administrator.execute(analyze).await.unwrap();
    let one_look = (1, 0);
    assert_eq!(work(&test, 1).await, (true, one_look));
    assert_eq!(work(&test, 2999).await, (true, one_look));
    assert_eq!(work(&test, 9_000).await, (false, one_look));
}
