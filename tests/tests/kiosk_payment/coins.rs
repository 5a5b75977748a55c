//! Coins: exact, over, change, cancelled, jammed, unplugged, garbled.

use std::time::Duration;

use domain::Yen;
use fixtures::acceptor::CoinMachinePlan;
use kiosk_agent::payment::Payment as _;
use kiosk_agent::payment::{
    GivenBack, NotPaidReason, PaymentDevice, PaymentFault, PaymentMethod, PaymentProgress, Settled,
};

use super::shop::Shop;

const FEE: Yen = Yen(120);

fn all_back(yen: u32) -> GivenBack {
    GivenBack {
        returned: Yen(yen),
        owed: Yen(0),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_exact_fee_is_taken_and_kept() {
    let shop = Shop::open().await;
    let mut paying = shop.pay(FEE, PaymentMethod::Coins);
    shop.insert(100).await;
    shop.eventually(|| {
        paying.saw(PaymentProgress::Coins {
            inserted: Yen(100),
            of: FEE,
            exact_only: false,
        })
    })
    .await;
    shop.insert(10).await;
    shop.insert(10).await;
    let paid = paying.ended().await.unwrap();
    assert!(shop.journal().contains("held"), "{}", shop.journal());
    let kept = Settled::Kept {
        fee: FEE,
        owed: Yen(0),
    };
    assert_eq!(paid.keep().await, kept);
    assert!(!shop.journal().contains("held"), "{}", shop.journal());
    assert_eq!(shop.coins.view().paid_out, Yen(0));
    // The slot is shut.
    assert!(!shop.coins.insert(Yen(10)));
}

#[tokio::test(flavor = "multi_thread")]
async fn change_is_given_and_the_fee_goes_back_exactly() {
    let shop = Shop::open().await;
    let mut paying = shop.pay(FEE, PaymentMethod::Coins);
    shop.insert(500).await;
    let paid = paying.ended().await.unwrap();
    assert_eq!(shop.coins.view().paid_out, Yen(380));
    assert_eq!(paid.refund().await, Settled::Refunded(all_back(120)));
    assert_eq!(shop.coins.view().paid_out, Yen(500));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fee_that_nobody_settles_goes_back() {
    let shop = Shop::open().await;
    let mut paying = shop.pay(FEE, PaymentMethod::Coins);
    shop.insert(500).await;
    drop(paying.ended().await.unwrap());
    shop.eventually(|| shop.coins.view().paid_out == Yen(500))
        .await;
    shop.until(|view| view.owed.is_empty()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cancelled_what_was_put_in_comes_back() {
    let shop = Shop::open().await;
    let mut paying = shop.pay(FEE, PaymentMethod::Coins);
    shop.insert(100).await;
    shop.insert(10).await;
    paying.stop.stop();
    let refused = paying.ended().await.unwrap_err();
    assert_eq!(refused.reason, NotPaidReason::Stopped);
    assert_eq!(refused.given_back, all_back(110));
    assert_eq!(shop.coins.view().paid_out, Yen(110));
    assert!(!shop.coins.insert(Yen(10)));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_change_only_coins_up_to_what_is_missing_are_let_in() {
    let shop = Shop::with(CoinMachinePlan {
        hoppers: vec![(3, Yen(10), 0), (4, Yen(100), 0)],
        ..CoinMachinePlan::default()
    })
    .await;
    let mut paying = shop.pay(FEE, PaymentMethod::Coins);
    shop.insert(100).await;
    shop.eventually(|| shop.coins.view().lets_in == [10]).await;
    for too_much in [50, 100, 500] {
        assert!(!shop.coins.insert(Yen(too_much)), "{too_much}");
    }
    shop.insert(10).await;
    shop.insert(10).await;
    let _ = paying.ended().await.unwrap().keep().await;
    let progress = paying.progress.lock().unwrap();
    let exact = |now: &PaymentProgress| {
        matches!(
            now,
            PaymentProgress::Coins {
                exact_only: true,
                ..
            }
        )
    };
    assert!(progress.iter().any(exact));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_hopper_hardly_has_or_cannot_give_is_promised_to_nobody() {
    let troubles: [fn(&Shop); 2] = [
        |shop| shop.coins.jam_hopper(Yen(10), true),
        |shop| shop.coins.fill(Yen(10), 9),
    ];
    for trouble in troubles {
        let shop = Shop::open().await;
        trouble(&shop);
        shop.until(|view| {
            let mut states = view.devices.iter();
            let hopper = states.find(|it| it.device == PaymentDevice::Hopper(Yen(10)));
            hopper.is_some_and(|it| it.fault.is_some() || it.low)
        })
        .await;
        let mut paying = shop.pay(FEE, PaymentMethod::Coins);
        // 500 would need 80 in coins of 10.
        shop.eventually(|| shop.coins.view().lets_in == [10, 50, 100])
            .await;
        paying.stop.stop();
        let refused = paying.ended().await.unwrap_err();
        assert_eq!(refused.given_back, GivenBack::default());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_fee_is_taken_at_a_time_and_by_what_works() {
    let shop = Shop::open().await;
    let not_offered = |ended: Result<_, kiosk_agent::payment::NotPaid>| {
        ended.is_err_and(|refused| refused.reason == NotPaidReason::NotOffered)
    };
    let mut first = shop.pay(FEE, PaymentMethod::Coins);
    shop.insert(500).await;
    let paid = first.ended().await.unwrap();
    let mut second = shop.pay(FEE, PaymentMethod::Coins);
    assert!(not_offered(second.ended().await));
    let _ = paid.keep().await;

    shop.coins.jam(true);
    shop.until(|view| view.methods == [PaymentMethod::Cashless])
        .await;
    let mut third = shop.pay(FEE, PaymentMethod::Coins);
    assert!(not_offered(third.ended().await));
    let mut fourth = shop.pay(FEE, PaymentMethod::AtTheStore);
    assert!(not_offered(fourth.ended().await));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_hopper_cannot_give_is_owed_until_staff_pays_it() {
    let shop = Shop::open().await;
    let mut paying = shop.pay(FEE, PaymentMethod::Coins);
    shop.insert(100).await;
    shop.eventually(|| shop.coins.view().lets_in.contains(&10))
        .await;
    // One coin of 10 and none of 100 are left when the money is to go back.
    shop.coins.fill(Yen(100), 0);
    shop.coins.fill(Yen(10), 3);
    paying.stop.stop();
    let refused = paying.ended().await.unwrap_err();
    let expected = GivenBack {
        returned: Yen(30),
        owed: Yen(70),
    };
    assert_eq!(refused.given_back, expected);
    let view = shop.until(|view| !view.owed.is_empty()).await;
    assert_eq!(view.owed[0].amount, Yen(70));
    assert!(!view.owed[0].uncertain);
    assert!(shop.till.paid_by_hand(view.owed[0].id).await);
    assert!(!shop.till.paid_by_hand(view.owed[0].id).await);
    let view = shop.until(|view| view.owed.is_empty()).await;
    assert_eq!(view.totals.taken, Yen(100));
    assert_eq!(view.totals.returned, Yen(30));
    assert_eq!(view.totals.by_hand, Yen(70));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_jam_ends_the_payment_and_the_money_comes_back() {
    let shop = Shop::open().await;
    let mut paying = shop.pay(FEE, PaymentMethod::Coins);
    shop.insert(10).await;
    shop.coins.jam(true);
    let refused = paying.ended().await.unwrap_err();
    assert_eq!(refused.reason, NotPaidReason::Device(PaymentFault::Jam));
    assert_eq!(refused.given_back, all_back(10));
    shop.until(|view| {
        let mut states = view.devices.iter();
        let acceptor = states.find(|it| it.device == PaymentDevice::CoinAcceptor);
        acceptor.is_some_and(|it| it.fault == Some(PaymentFault::Jam))
            && view.methods == [PaymentMethod::Cashless]
    })
    .await;
    shop.coins.jam(false);
    shop.both_work().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn unplugged_in_the_middle_it_goes_on_when_it_is_back() {
    let shop = Shop::open().await;
    let mut paying = shop.pay(FEE, PaymentMethod::Coins);
    shop.insert(100).await;
    shop.coins.unplug();
    shop.eventually(|| {
        let progress = paying.progress.lock().unwrap();
        progress.last() == Some(&PaymentProgress::DeviceGone)
    })
    .await;
    // The acceptor has its power still: a coin that falls in meanwhile counts.
    let taken = shop.coins.insert(Yen(10));
    shop.coins.plug().unwrap();
    if !taken {
        shop.insert(10).await;
    }
    shop.insert(10).await;
    let paid = paying.ended().await.unwrap();
    assert_eq!(paid.refund().await, Settled::Refunded(all_back(120)));
}

#[tokio::test(flavor = "multi_thread")]
async fn unplugged_for_good_the_money_is_owed() {
    let shop = Shop::open().await;
    let mut paying = shop.pay(FEE, PaymentMethod::Coins);
    shop.insert(100).await;
    shop.eventually(|| shop.journal().contains("\"taken\":100"))
        .await;
    shop.coins.unplug();
    let refused = paying.ended().await.unwrap_err();
    assert_eq!(refused.reason, NotPaidReason::Device(PaymentFault::Gone));
    let expected = GivenBack {
        returned: Yen(0),
        owed: Yen(100),
    };
    assert_eq!(refused.given_back, expected);
    let view = shop.until(|view| !view.owed.is_empty()).await;
    assert_eq!(view.owed[0].amount, Yen(100));
    // Back again, it does not pay out to whoever stands there now.
    shop.coins.plug().unwrap();
    shop.both_work().await;
    assert_eq!(shop.coins.view().paid_out, Yen(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_checksums_and_slow_answers_cost_nobody_a_coin() {
    let shop = Shop::open().await;
    let mut paying = shop.pay(FEE, PaymentMethod::Coins);
    for coin in [100, 10, 10] {
        shop.coins.garble(2);
        shop.insert(coin).await;
    }
    let paid = paying.ended().await.unwrap();
    shop.coins.garble(2);
    assert_eq!(paid.refund().await, Settled::Refunded(all_back(120)));
    assert_eq!(shop.coins.view().paid_out, Yen(120));
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_while_it_holds_a_fee_it_gives_it_back() {
    let mut shop = Shop::open().await;
    let mut paying = shop.pay(FEE, PaymentMethod::Coins);
    shop.insert(500).await;
    let paid = paying.ended().await.unwrap();
    shop.kill_and_start().await;
    drop(paid);
    shop.eventually(|| shop.coins.view().paid_out == Yen(500))
        .await;
    shop.until(|view| view.owed.is_empty()).await;
    assert_eq!(shop.coins.view().paid_out, Yen(500));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_coin_that_fell_in_while_nobody_looked_comes_back() {
    let mut shop = Shop::open().await;
    let paying = shop.pay(FEE, PaymentMethod::Coins);
    shop.insert(10).await;
    shop.eventually(|| shop.journal().contains("\"taken\":10"))
        .await;
    shop.kill().await;
    // The acceptor was not told to shut its slot.
    assert!(shop.coins.insert(Yen(100)));
    shop.kill_and_start().await;
    shop.eventually(|| shop.coins.view().paid_out == Yen(110))
        .await;
    shop.until(|view| view.owed.is_empty() && view.totals.returned == Yen(110))
        .await;
    drop(paying);
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_while_coins_come_out_none_comes_twice() {
    for after in [100, 200, 300, 310, 340] {
        let mut shop = Shop::with(CoinMachinePlan {
            coin_time: Duration::from_millis(25),
            ..CoinMachinePlan::default()
        })
        .await;
        let paying = shop.pay(FEE, PaymentMethod::Coins);
        shop.insert(500).await;
        // At the first coin: it has hardly been asked for. Then at others, and between payouts.
        shop.eventually(|| shop.coins.view().paid_out >= Yen(after))
            .await;
        shop.kill_and_start().await;
        shop.at_rest().await;
        assert_eq!(shop.coins.view().paid_out, Yen(500), "after {after}");
        drop(paying);
    }
}
