//! What is not certain yet is nobody's to pay out by hand: the device may give it still.

use std::time::Duration;

use domain::Yen;
use fixtures::acceptor::{Card, CoinMachinePlan};
use kiosk_agent::payment::{Payment as _, PaymentMethod};

use super::shop::Shop;

const FEE: Yen = Yen(120);

#[tokio::test(flavor = "multi_thread")]
async fn what_a_hopper_may_still_give_is_not_paid_by_hand() {
    let shop = Shop::with(CoinMachinePlan {
        coin_time: Duration::from_millis(100),
        ..CoinMachinePlan::default()
    })
    .await;
    let mut paying = shop.pay(FEE, PaymentMethod::Coins);
    shop.insert(500).await;
    shop.eventually(|| shop.coins.view().paid_out >= Yen(100))
        .await;
    // Three coins of 100 were asked for; two of them come out while nobody can see it.
    shop.coins.unplug();
    let _ = paying.ended().await.unwrap().keep().await;
    let view = shop.until(|view| !view.owed.is_empty()).await;
    assert!(view.owed[0].uncertain && view.owed[0].amount > Yen(80));
    assert!(!shop.till.paid_by_hand(view.owed[0].id).await);

    shop.coins.plug().unwrap();
    let view = shop.at_rest().await;
    assert_eq!(shop.coins.view().paid_out, Yen(300));
    assert_eq!(view.owed[0].amount, Yen(80));
    assert!(shop.till.paid_by_hand(view.owed[0].id).await);
    // At once: staff must not be asked for it a second time.
    assert!(shop.till.view().owed.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_reader_may_still_give_back_is_not_paid_by_hand() {
    let shop = Shop::open().await;
    let mut paying = shop.pay(FEE, PaymentMethod::Cashless);
    shop.eventually(|| shop.cashless.present(Card::Approves))
        .await;
    let paid = paying.ended().await.unwrap();
    shop.cashless.unplug();
    let _ = paid.refund().await;
    let view = shop.until(|view| !view.owed.is_empty()).await;
    assert!(view.owed[0].uncertain && view.owed[0].amount == FEE);
    assert!(!shop.till.paid_by_hand(view.owed[0].id).await);

    shop.cashless.plug().unwrap();
    let view = shop.at_rest().await;
    assert_eq!(shop.cashless.view().charged, Yen(0));
    assert!(view.owed.is_empty());
}
