//! Cards and telephones: charged once, kept once, given back once.

use std::time::Duration;

use domain::Yen;
use fixtures::acceptor::Card;
use kiosk_agent::payment::Payment as _;
use kiosk_agent::payment::{GivenBack, NotPaidReason, PaymentFault, PaymentMethod, Settled};

use super::shop::{Paying, Shop};

const FEE: Yen = Yen(120);

async fn paying(shop: &Shop, card: Card) -> Paying {
    let paying = shop.pay(FEE, PaymentMethod::Cashless);
    shop.eventually(|| shop.cashless.present(card)).await;
    paying
}

#[tokio::test(flavor = "multi_thread")]
async fn an_approved_card_is_charged_once_and_for_good_only_when_kept() {
    let shop = Shop::open().await;
    let paid = paying(&shop, Card::Approves).await.ended().await.unwrap();
    assert_eq!(shop.cashless.view().settled, Yen(0));
    let _ = paid.keep().await;
    let view = shop.cashless.view();
    assert_eq!((view.charged, view.settled, view.charges), (FEE, FEE, 1));
    assert!(!shop.journal().contains("cashless"));
    // And the next one.
    let paid = paying(&shop, Card::Approves).await.ended().await.unwrap();
    let _ = paid.keep().await;
    assert_eq!(shop.cashless.view().settled, Yen(240));
}

#[tokio::test(flavor = "multi_thread")]
async fn given_back_it_is_not_charged() {
    let shop = Shop::open().await;
    let paid = paying(&shop, Card::Approves).await.ended().await.unwrap();
    let back = GivenBack {
        returned: FEE,
        owed: Yen(0),
    };
    assert_eq!(paid.refund().await, Settled::Refunded(back));
    assert_eq!(shop.cashless.view().charged, Yen(0));
    // And the next one pays.
    let _ = paying(&shop, Card::Approves)
        .await
        .ended()
        .await
        .unwrap()
        .keep()
        .await;
    assert_eq!(shop.cashless.view().settled, FEE);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_declined_card_pays_nothing() {
    let shop = Shop::open().await;
    let refused = paying(&shop, Card::Declines)
        .await
        .ended()
        .await
        .unwrap_err();
    assert_eq!(refused.reason, NotPaidReason::Declined);
    assert_eq!(shop.cashless.view().charges, 0);
    shop.until(|view| view.owed.is_empty()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cancelled_before_a_card_and_before_the_issuers_word() {
    let shop = Shop::open().await;
    let mut waiting = shop.pay(FEE, PaymentMethod::Cashless);
    shop.eventually(|| shop.cashless.view().waits).await;
    waiting.stop.stop();
    let refused = waiting.ended().await.unwrap_err();
    assert_eq!(refused.reason, NotPaidReason::Stopped);
    assert!(!shop.cashless.present(Card::Approves));

    let mut waiting = paying(&shop, Card::NeverAnswers).await;
    shop.eventually(|| shop.journal().contains("collecting"))
        .await;
    waiting.stop.stop();
    let refused = waiting.ended().await.unwrap_err();
    assert_eq!(refused.reason, NotPaidReason::Stopped);
    assert_eq!(shop.cashless.view().charges, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_issuer_that_never_answers_is_not_waited_for() {
    let shop = Shop::open().await;
    let refused = paying(&shop, Card::NeverAnswers)
        .await
        .ended()
        .await
        .unwrap_err();
    assert_eq!(refused.reason, NotPaidReason::Device(PaymentFault::Gone));
    assert_eq!(shop.cashless.view().charges, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_cannot_give_back_leaves_it_owed() {
    let shop = Shop::open().await;
    let paid = paying(&shop, Card::Approves).await.ended().await.unwrap();
    shop.cashless.hold_back(true);
    let owed = GivenBack {
        returned: Yen(0),
        owed: FEE,
    };
    assert_eq!(paid.refund().await, Settled::Refunded(owed));
    let view = shop.until(|view| !view.owed.is_empty()).await;
    assert!(shop.till.paid_by_hand(view.owed[0].id).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_between_approval_and_word_of_it_the_card_gets_its_money_back() {
    let mut shop = Shop::open().await;
    shop.cashless.decide_in(Duration::from_millis(200));
    let waiting = paying(&shop, Card::Approves).await;
    shop.eventually(|| shop.cashless.view().asked).await;
    shop.kill().await;
    // The issuer's word came when nobody listened.
    shop.eventually(|| shop.cashless.view().charges == 1).await;
    shop.kill_and_start().await;
    shop.eventually(|| shop.cashless.view().charged == Yen(0))
        .await;
    shop.at_rest().await;
    assert!(!shop.journal().contains("cashless"));
    assert_eq!(shop.cashless.view().settled, Yen(0));
    drop(waiting);
}

#[tokio::test(flavor = "multi_thread")]
async fn unplugged_while_it_is_to_be_kept_it_is_kept_when_the_reader_is_back() {
    let shop = Shop::open().await;
    let paid = paying(&shop, Card::Approves).await.ended().await.unwrap();
    shop.cashless.unplug();
    let kept = tokio::spawn(paid.keep());
    shop.eventually(|| shop.journal().contains("keeping")).await;
    shop.cashless.plug().unwrap();
    let _ = kept.await.unwrap();
    shop.eventually(|| shop.cashless.view().settled == FEE)
        .await;
    assert_eq!(shop.cashless.view().charged, FEE);
    assert!(!shop.journal().contains("cashless"));
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_while_it_is_to_be_kept_the_next_program_keeps_it() {
    let mut shop = Shop::open().await;
    let paid = paying(&shop, Card::Approves).await.ended().await.unwrap();
    shop.cashless.unplug();
    let kept = tokio::spawn(paid.keep());
    shop.eventually(|| shop.journal().contains("keeping")).await;
    shop.kill_and_start().await;
    shop.cashless.plug().unwrap();
    shop.at_rest().await;
    let view = shop.cashless.view();
    assert_eq!((view.settled, view.charges), (FEE, 1));
    let _ = kept.await.unwrap();
}
