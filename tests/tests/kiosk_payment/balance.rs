//! The one thing that must always hold: money in = money kept + money given back + money owed.
//! Whatever people and cables do, in whatever order, and whenever the program is killed.

use std::time::Duration;

use domain::Yen;
use fixtures::acceptor::Card;
use kiosk_agent::payment::{Paid, PaymentMethod, Settled, TillView};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::shop::{Paying, Shop};

/// What happens.
#[derive(Debug, Clone, Copy)]
enum Event {
    Pay(PaymentMethod),
    Insert(u32),
    Present(Card),
    Cancel,
    Kill,
    Unplug,
    Plug,
    Garble,
    Wait,
    Keep,
    Refund,
    LetGo,
    EmptyHopper,
    FillDisk,
    FreeDisk,
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let event = prop_oneof![
        3 => Just(Event::Pay(PaymentMethod::Coins)),
        2 => Just(Event::Pay(PaymentMethod::Cashless)),
        6 => prop::sample::select(vec![10, 50, 100, 500]).prop_map(Event::Insert),
        3 => Just(Event::Present(Card::Approves)),
        1 => Just(Event::Present(Card::Declines)),
        1 => Just(Event::Cancel),
        2 => Just(Event::Kill),
        1 => Just(Event::Unplug),
        2 => Just(Event::Plug),
        1 => Just(Event::Garble),
        4 => Just(Event::Wait),
        2 => Just(Event::Keep),
        2 => Just(Event::Refund),
        1 => Just(Event::LetGo),
        1 => Just(Event::EmptyHopper),
        1 => Just(Event::FillDisk),
        1 => Just(Event::FreeDisk),
    ];
    prop::collection::vec(event, 4..24)
}

/// What was kept by the word of whoever settled.
#[derive(Debug, Default)]
struct Kept {
    coins: u32,
    cashless: u32,
}

async fn run(events: &[Event]) -> Result<(), TestCaseError> {
    let mut shop = Shop::open().await;
    let mut kept = Kept::default();
    let mut paying: Option<Paying> = None;
    let mut paid: Option<Paid> = None;
    let mut method = PaymentMethod::Coins;
    let mut full = false;
    for event in events {
        match event {
            Event::FillDisk if !full => {
                full = true;
                shop.fill_disk(true);
            }
            Event::FreeDisk if full => {
                full = false;
                free_disk(&shop, paid.is_some()).await;
            }
            // What was kept and cannot be written is known to nobody after a kill.
            Event::Kill if full => {}
            Event::FillDisk | Event::FreeDisk => {}
            Event::Pay(by) if paying.is_none() && paid.is_none() => {
                method = *by;
                paying = Some(shop.pay(Yen(120), *by));
            }
            Event::Pay(_) => {}
            Event::Insert(value) => {
                shop.coins.insert(Yen(*value));
            }
            Event::Present(card) => {
                shop.cashless.present(*card);
            }
            Event::Cancel => {
                if let Some(paying) = &paying {
                    paying.stop.stop();
                }
            }
            Event::Kill => {
                shop.kill_and_start().await;
                paying = None;
                drop(paid.take());
            }
            Event::Unplug => {
                shop.coins.unplug();
                shop.cashless.unplug();
            }
            Event::Plug => {
                shop.coins.plug().unwrap();
                shop.cashless.plug().unwrap();
            }
            Event::Garble => {
                shop.coins.garble(2);
                shop.cashless.garble(2);
            }
            Event::Wait => tokio::time::sleep(Duration::from_millis(40)).await,
            Event::Keep | Event::Refund | Event::LetGo => {
                let done = paying.as_ref().is_some_and(|it| it.task.is_finished());
                if done {
                    paid = paying.take().unwrap().task.await.unwrap().ok();
                }
                let settled = match (paid.take(), event) {
                    (Some(paid), Event::Keep) => Some(paid.keep().await),
                    (Some(paid), Event::Refund) => Some(paid.refund().await),
                    (_, _) => None,
                };
                if let Some(Settled::Kept { fee, .. }) = settled {
                    match method {
                        PaymentMethod::Cashless => kept.cashless += fee.0,
                        PaymentMethod::Coins | PaymentMethod::AtTheStore => kept.coins += fee.0,
                    }
                }
            }
            Event::EmptyHopper => shop.coins.fill(Yen(100), 2),
        }
    }
    if full {
        free_disk(&shop, paid.is_some()).await;
    }
    if let Some(paying) = paying {
        paying.walk_away().await;
    }
    drop(paid);
    balance(&shop, &kept).await
}

/// There is room again, and what was kept meanwhile is written before anything else happens.
async fn free_disk(shop: &Shop, is_held: bool) {
    shop.fill_disk(false);
    shop.eventually(|| is_held || !shop.journal().contains("held"))
        .await;
}

/// Everything is plugged in, everybody has gone: it comes to rest, and it balances.
async fn balance(shop: &Shop, kept: &Kept) -> Result<(), TestCaseError> {
    shop.coins.plug().unwrap();
    shop.cashless.plug().unwrap();
    let mut view = shop.at_rest().await;
    // A coin taken just before the plug was pulled is told when the till next asks: until then
    // all is at rest, and the till cannot know of it.
    for _ in 0..50 {
        if shop.coins.view().taken.0 == coins_accounted_for(shop, kept, &view) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
        view = shop.at_rest().await;
    }
    let coins = shop.coins.view();
    prop_assert_eq!(
        coins.taken.0,
        coins_accounted_for(shop, kept, &view),
        "coins: kept {}, {:?}, {:?}",
        kept.coins,
        &coins,
        &view
    );
    let cashless = shop.cashless.view();
    prop_assert_eq!(cashless.charged, cashless.settled, "{:?}", &cashless);
    prop_assert_eq!(cashless.settled.0, kept.cashless, "{:?}", &cashless);
    prop_assert_eq!(owed(&view, PaymentMethod::Cashless), 0);
    Ok(())
}

fn owed(view: &TillView, method: PaymentMethod) -> u32 {
    let owed = view.owed.iter().filter(|owed| owed.method == method);
    owed.map(|owed| owed.amount.0).sum()
}

fn coins_accounted_for(shop: &Shop, kept: &Kept, view: &TillView) -> u32 {
    kept.coins + shop.coins.view().paid_out.0 + owed(view, PaymentMethod::Coins)
}

#[test]
fn money_in_is_money_kept_and_given_back_and_owed() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mut runner = TestRunner::new(Config {
        cases: 48,
        max_shrink_iters: 40,
        failure_persistence: None,
        ..Config::default()
    });
    runner
        .run(&events(), |events| runtime.block_on(run(&events)))
        .unwrap();
}
