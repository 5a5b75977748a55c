//! The journal of money where it cannot be written, is full, is old, or is another's.

use std::fs::File;
use std::time::{Duration, SystemTime};

use domain::Yen;
use fixtures::acceptor::Card;
use kiosk_agent::payment::{
    GivenBack, JournalError, NotPaidReason, Payment as _, PaymentFault, PaymentMethod, TillRefused,
};

use super::shop::{self, Shop};

const FEE: Yen = Yen(120);

/// Enough looks of an idle cashier for anything that it would do.
const LOOKS: Duration = Duration::from_millis(500);

#[tokio::test(flavor = "multi_thread")]
async fn coins_that_were_kept_while_the_disk_was_full_do_not_come_back() {
    let shop = Shop::open().await;
    let mut paying = shop.pay(FEE, PaymentMethod::Coins);
    shop.insert(500).await;
    let paid = paying.ended().await.unwrap();
    shop.fill_disk(true);
    let _ = paid.keep().await;
    tokio::time::sleep(LOOKS).await;
    shop.fill_disk(false);
    let view = shop.at_rest().await;
    assert_eq!(shop.coins.view().paid_out, Yen(380));
    assert!(view.owed.is_empty(), "{view:?}");
    assert!(!shop.journal().contains("taken"), "{}", shop.journal());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_that_was_charged_while_the_disk_was_full_stays_charged() {
    let shop = Shop::open().await;
    let mut paying = shop.pay(FEE, PaymentMethod::Cashless);
    shop.eventually(|| shop.cashless.present(Card::Approves))
        .await;
    let paid = paying.ended().await.unwrap();
    shop.fill_disk(true);
    let _ = paid.keep().await;
    tokio::time::sleep(LOOKS).await;
    shop.fill_disk(false);
    shop.at_rest().await;
    let view = shop.cashless.view();
    assert_eq!((view.settled, view.charged), (FEE, FEE));
    assert!(!shop.journal().contains("taken"), "{}", shop.journal());
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_disk_is_full_no_money_is_taken_and_afterwards_it_all_comes_back() {
    let shop = Shop::open().await;
    let mut paying = shop.pay(FEE, PaymentMethod::Coins);
    shop.insert(100).await;
    shop.eventually(|| shop.journal().contains("\"taken\":100"))
        .await;
    shop.fill_disk(true);
    // It falls in, and cannot be written down.
    shop.insert(10).await;
    let refused = paying.ended().await.unwrap_err();
    let owed = GivenBack {
        returned: Yen(0),
        owed: Yen(100),
    };
    assert_eq!(refused.reason, NotPaidReason::Device(PaymentFault::Journal));
    assert_eq!(refused.given_back, owed);
    assert!(!shop.coins.insert(Yen(10)), "the slot is open");
    // It is not offered again as long as nothing can be written.
    shop.until(|view| view.methods.is_empty()).await;
    let view = shop.till.watch();
    for _ in 0..50 {
        assert!(view.borrow().methods.is_empty());
        tokio::time::sleep(LOOKS / 50).await;
    }
    shop.fill_disk(false);
    shop.at_rest().await;
    assert_eq!(shop.coins.view().paid_out, Yen(110));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_journal_takes_no_money_until_staff_paid_something_out() {
    let mut shop = Shop::open().await;
    shop.kill().await;
    let owed = |id| {
        format!(
            r#"{{"id":{id},"device":"coins","stage":"owed","fee":120,"taken":120,"returned":0}}"#
        )
    };
    let entries: Vec<String> = (1..=50).map(owed).collect();
    let journal = format!(
        r#"{{"acceptor-counter":0,"entries":[{}]}}"#,
        entries.join(",")
    );
    std::fs::write(shop.journal_file(), journal).unwrap();
    shop.kill_and_start().await;
    let works = |view: &kiosk_agent::payment::TillView| {
        view.devices.len() == 4 && view.devices.iter().all(|state| state.fault.is_none())
    };
    let view = shop.until(works).await;
    assert_eq!((view.owed.len(), view.methods.len()), (50, 0));
    assert!(shop.till.paid_by_hand(view.owed[0].id).await);
    shop.both_work().await;
}

#[tokio::test]
async fn devices_without_a_journal_or_that_cannot_be_are_no_till() {
    let folder = tempfile::tempdir().unwrap();
    let mut settings = shop::settings(&folder);
    settings.journal = None;
    assert!(matches!(shop::open(&settings), Err(TillRefused::NoJournal)));
    let mut settings = shop::settings(&folder);
    settings.cashless.as_mut().unwrap().device = folder.path().join("coins");
    assert!(matches!(
        shop::open(&settings),
        Err(TillRefused::Settings(_))
    ));
    assert!(shop::open(&shop::settings(&folder)).is_ok());
}

/// Somebody put a coin in, the power went, and came back after so long.
async fn came_back(away: impl FnOnce(SystemTime) -> SystemTime) -> Shop {
    let mut shop = Shop::open().await;
    let paying = shop.pay(FEE, PaymentMethod::Coins);
    shop.insert(100).await;
    shop.eventually(|| shop.journal().contains("\"taken\":100"))
        .await;
    shop.kill().await;
    let file = File::options()
        .write(true)
        .open(shop.journal_file())
        .unwrap();
    let date = file.metadata().unwrap().modified().unwrap();
    file.set_modified(away(date)).unwrap();
    drop(paying);
    // The coins' line takes its time, and the agent is started once more before it is there.
    shop.coins.unplug();
    shop.kill_and_start().await;
    shop.until(|view| view.methods == [PaymentMethod::Cashless])
        .await;
    shop.kill_and_start().await;
    shop.coins.plug().unwrap();
    shop
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_left_long_ago_is_owed_and_nobody_else_gets_it() {
    let minutes = |count: u64| Duration::from_secs(60 * count);
    let shop = came_back(|now| now - minutes(3)).await;
    let view = shop.at_rest().await;
    assert_eq!(shop.coins.view().paid_out, Yen(0));
    assert_eq!((view.owed.len(), view.owed[0].amount), (1, Yen(100)));

    // A clock that was set back says nothing.
    let shop = came_back(|now| now + minutes(60)).await;
    let view = shop.at_rest().await;
    assert_eq!(shop.coins.view().paid_out, Yen(0));
    assert_eq!((view.owed.len(), view.owed[0].amount), (1, Yen(100)));

    let shop = came_back(|now| now - minutes(1)).await;
    let view = shop.at_rest().await;
    assert_eq!(shop.coins.view().paid_out, Yen(100));
    assert!(view.owed.is_empty(), "{view:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_cashier_is_refused_and_the_first_goes_on() {
    let mut shop = Shop::open().await;
    let mut paying = shop.pay(FEE, PaymentMethod::Coins);
    shop.insert(500).await;
    let paid = paying.ended().await.unwrap();
    assert!(matches!(
        shop.second_till(),
        Err(TillRefused::Journal(JournalError::InUse))
    ));
    let _ = paid.keep().await;
    assert_eq!(shop.coins.view().paid_out, Yen(380));
    // Let go with its program.
    shop.kill().await;
    assert!(shop.second_till().is_ok());
}
