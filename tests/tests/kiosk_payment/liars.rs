//! Devices that do not keep to their protocols: none of them is worked with, and what they hold
//! is owed until they answer rightly again.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use domain::Yen;
use fixtures::acceptor::{Card, cctalk_message};
use kiosk_agent::payment::{
    GivenBack, NotPaidReason, PaymentDevice, PaymentFault, PaymentMethod, TillView,
};

use super::shop::Shop;

const FEE: Yen = Yen(120);

/// So many lies make two looks, also where the same is asked three times in each.
const ENOUGH: usize = 4;

/// Whom a ccTalk message asks, and its header.
fn asked(question: &[u8]) -> (u8, u8) {
    (question[0], question[3])
}

/// The same answer with other data.
fn with_data(answer: &[u8], data: &[u8]) -> Vec<u8> {
    cctalk_message(answer[0], answer[2], answer[3], data)
}

fn fault_of(view: &TillView, device: PaymentDevice) -> Option<PaymentFault> {
    let state = view.devices.iter().find(|it| it.device == device);
    state.unwrap().fault
}

/// What the till makes of a coin line, one of whose answers is another.
async fn fault_of_coins(
    device: PaymentDevice,
    to: u8,
    header: u8,
    lie: fn(&[u8]) -> Vec<u8>,
) -> Option<PaymentFault> {
    let shop = Shop::open().await;
    shop.coins.unplug();
    shop.until(|view| view.methods == [PaymentMethod::Cashless])
        .await;
    let told = Arc::new(AtomicUsize::new(0));
    let count = told.clone();
    shop.coins.lie(move |question, answer| {
        if asked(question) != (to, header) {
            return answer;
        }
        count.fetch_add(1, Ordering::SeqCst);
        lie(&answer)
    });
    shop.coins.plug().unwrap();
    shop.eventually(|| told.load(Ordering::SeqCst) >= ENOUGH)
        .await;
    let view = shop.until(|view| !view.devices.is_empty()).await;
    fault_of(&view, device)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_coin_line_that_answers_wrongly_is_not_worked_with() {
    const ACCEPTOR: PaymentDevice = PaymentDevice::CoinAcceptor;
    const HOPPER: PaymentDevice = PaymentDevice::Hopper(Yen(10));
    let unintelligible = Some(PaymentFault::Unintelligible);
    type Case = (
        &'static str,
        PaymentDevice,
        u8,
        u8,
        fn(&[u8]) -> Vec<u8>,
        Option<PaymentFault>,
    );
    let cases: [Case; 14] = [
        (
            "something else is where the acceptor should be",
            ACCEPTOR,
            2,
            245,
            |it| with_data(it, b"Bill Validator"),
            unintelligible,
        ),
        (
            "something else is where the hopper should be",
            HOPPER,
            3,
            245,
            |it| with_data(it, b"Coin Acceptor"),
            unintelligible,
        ),
        (
            "a serial number is too long",
            HOPPER,
            3,
            242,
            |it| with_data(it, &[1, 2, 3, 4]),
            unintelligible,
        ),
        (
            "an event is missing",
            ACCEPTOR,
            2,
            229,
            |it| with_data(it, &[0; 9]),
            unintelligible,
        ),
        (
            "half an event is too much",
            ACCEPTOR,
            2,
            229,
            |it| with_data(it, &[0; 12]),
            unintelligible,
        ),
        (
            "no word of a check of itself",
            ACCEPTOR,
            2,
            232,
            |it| with_data(it, &[]),
            unintelligible,
        ),
        (
            "no word of a hopper's state",
            HOPPER,
            3,
            163,
            |it| with_data(it, &[]),
            unintelligible,
        ),
        (
            "no word of a hopper's level",
            HOPPER,
            3,
            217,
            |it| with_data(it, &[]),
            unintelligible,
        ),
        (
            "a hopper that is blocked",
            HOPPER,
            3,
            163,
            |it| with_data(it, &[0b0000_1000, 0, 0]),
            Some(PaymentFault::Jam),
        ),
        (
            "a hopper whose motor is shorted",
            HOPPER,
            3,
            163,
            |it| with_data(it, &[0b0001_0000, 0, 0]),
            Some(PaymentFault::Faulty),
        ),
        (
            "neither done nor refused",
            ACCEPTOR,
            2,
            232,
            |it| cctalk_message(it[0], it[2], 9, &[0]),
            unintelligible,
        ),
        (
            "refused, again and again",
            ACCEPTOR,
            2,
            232,
            |it| cctalk_message(it[0], it[2], 5, &[]),
            Some(PaymentFault::Faulty),
        ),
        (
            "another device answers",
            ACCEPTOR,
            2,
            232,
            |it| cctalk_message(it[0], 9, 0, &[0]),
            Some(PaymentFault::Gone),
        ),
        (
            "another master is answered",
            ACCEPTOR,
            2,
            232,
            |it| cctalk_message(7, it[2], 0, &[0]),
            Some(PaymentFault::Gone),
        ),
    ];
    for (what, device, to, header, lie, expected) in cases {
        let fault = fault_of_coins(device, to, header, lie).await;
        assert_eq!(fault, expected, "{what}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_hopper_says_wrongly_of_its_coins_is_owed_until_it_says_it_rightly() {
    // Its status, and the coins that it ever paid.
    for header in [166, 168] {
        let shop = Shop::open().await;
        let mut paying = shop.pay(FEE, PaymentMethod::Coins);
        shop.insert(100).await;
        shop.coins.lie(move |question, answer| {
            if asked(question) == (4, header) {
                with_data(&answer, &[0; 5])
            } else {
                answer
            }
        });
        paying.stop.stop();
        let refused = paying.ended().await.unwrap_err();
        let owed = GivenBack {
            returned: Yen(0),
            owed: Yen(100),
        };
        assert_eq!(refused.given_back, owed, "{header}");
        assert_eq!(shop.coins.view().paid_out, Yen(0), "{header}");
        shop.coins.lie(|_, answer| answer);
        let view = shop.at_rest().await;
        let owed: u32 = view.owed.iter().map(|it| it.amount.0).sum();
        assert_eq!(owed + shop.coins.view().paid_out.0, 100, "{header}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hopper_that_says_more_than_it_was_asked_for_gave_no_more() {
    type Lie = fn(u8, u8, Vec<u8>) -> Vec<u8>;
    let says_more: [Lie; 2] = [
        // Its status: so many coins more.
        |header, _, answer| match header {
            166 => with_data(&answer, &[answer[4], answer[5], answer[6] + 5, 0]),
            _ => answer,
        },
        // It lost power, counts anew, and the coins that it ever paid are many more.
        |header, times, answer| match (header, times) {
            (166, _) => with_data(&answer, &[0; 4]),
            (168, 1) => with_data(&answer, &[0, 0, 0]),
            (168, _) => with_data(&answer, &[200, 0, 0]),
            _ => answer,
        },
    ];
    for says_more in says_more {
        let shop = Shop::open().await;
        let mut paying = shop.pay(FEE, PaymentMethod::Coins);
        shop.insert(100).await;
        let mut times = 0;
        shop.coins.lie(move |question, answer| {
            let (to, header) = asked(question);
            if to != 4 {
                return answer;
            }
            times += u8::from(header == 168);
            says_more(header, times, answer)
        });
        paying.stop.stop();
        let refused = paying.ended().await.unwrap_err();
        let back = GivenBack {
            returned: Yen(100),
            owed: Yen(0),
        };
        assert_eq!(refused.given_back, back);
        assert_eq!(shop.coins.view().paid_out, Yen(100));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn coins_of_an_acceptor_that_counted_anew_are_paid_out_by_nobody_but_staff() {
    let shop = Shop::open().await;
    shop.coins.lie(|question, answer| {
        if asked(question) == (2, 229) {
            with_data(&answer, &[200, 4, 1, 0, 0, 0, 0, 0, 0, 0, 0])
        } else {
            answer
        }
    });
    let view = shop.until(|view| !view.owed.is_empty()).await;
    assert_eq!(view.owed[0].amount, Yen(500));
    let view = shop.at_rest().await;
    assert_eq!((view.owed.len(), shop.coins.view().paid_out), (1, Yen(0)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_taken_back_that_could_not_be_given_back_is_owed() {
    let shop = Shop::open().await;
    let mut paying = shop.pay(FEE, PaymentMethod::Cashless);
    shop.eventually(|| shop.cashless.present(Card::NeverAnswers))
        .await;
    shop.cashless.lie(|question, answer| {
        if question.starts_with(b"R,13,01") {
            b"p,0AC0\r\n".to_vec()
        } else {
            answer
        }
    });
    shop.eventually(|| shop.cashless.view().asked).await;
    paying.stop.stop();
    let refused = paying.ended().await.unwrap_err();
    let owed = GivenBack {
        returned: Yen(0),
        owed: FEE,
    };
    assert_eq!(refused.given_back, owed);
    let view = shop.at_rest().await;
    assert_eq!((view.owed.len(), view.owed[0].amount), (1, FEE));
}

/// What the till makes of a reader, one of whose answers is another.
async fn fault_of_reader(
    command: &'static str,
    lie: fn(Vec<u8>) -> Vec<u8>,
) -> Option<PaymentFault> {
    let shop = Shop::open().await;
    shop.cashless.unplug();
    shop.until(|view| view.methods == [PaymentMethod::Coins])
        .await;
    let told = Arc::new(AtomicUsize::new(0));
    let count = told.clone();
    shop.cashless.lie(move |question, answer| {
        if !question.starts_with(command.as_bytes()) {
            return answer;
        }
        count.fetch_add(1, Ordering::SeqCst);
        lie(answer)
    });
    shop.cashless.plug().unwrap();
    shop.eventually(|| told.load(Ordering::SeqCst) >= ENOUGH)
        .await;
    let view = shop.until(|view| !view.devices.is_empty()).await;
    fault_of(&view, PaymentDevice::CashlessReader)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_answers_wrongly_is_not_worked_with() {
    let unintelligible = Some(PaymentFault::Unintelligible);
    type Case = (
        &'static str,
        &'static str,
        fn(Vec<u8>) -> Vec<u8>,
        Option<PaymentFault>,
    );
    let cases: [Case; 6] = [
        (
            "an adaptor that is no master",
            "M,1",
            |_| b"m,NACK\r\n".to_vec(),
            unintelligible,
        ),
        (
            "an answer of no form",
            "R,12",
            |_| b"q,ACK\r\n".to_vec(),
            unintelligible,
        ),
        (
            "no text",
            "R,12",
            |_| b"p,\xff\xff\r\n".to_vec(),
            unintelligible,
        ),
        (
            "a line without an end",
            "R,12",
            |_| vec![b'0'; 200],
            unintelligible,
        ),
        (
            "another money",
            "R,11,00",
            |_| b"p,0101184001000501\r\n".to_vec(),
            unintelligible,
        ),
        (
            "nobody on the bus",
            "R,12",
            |_| b"p,NACK\r\n".to_vec(),
            Some(PaymentFault::Gone),
        ),
    ];
    for (what, command, lie, expected) in cases {
        assert_eq!(fault_of_reader(command, lie).await, expected, "{what}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_that_was_charged_another_sum_gets_it_back() {
    let shop = Shop::open().await;
    shop.cashless.lie(|_, answer| match &answer[..] {
        b"p,050078\r\n" => b"p,050077\r\n".to_vec(),
        _ => answer,
    });
    let mut paying = shop.pay(FEE, PaymentMethod::Cashless);
    shop.eventually(|| shop.cashless.present(Card::Approves))
        .await;
    let refused = paying.ended().await.unwrap_err();
    assert_eq!(refused.reason, NotPaidReason::Device(PaymentFault::Faulty));
    let view = shop.cashless.view();
    assert_eq!((view.charges, view.charged), (1, Yen(0)));
    shop.at_rest().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_cannot_say_the_fee_is_asked_for_nothing() {
    let shop = Shop::open().await;
    shop.cashless.unplug();
    shop.until(|view| view.methods == [PaymentMethod::Coins])
        .await;
    shop.cashless.lie(|question, answer| {
        // It counts in units of 50 yen.
        if question.starts_with(b"R,11,00") {
            b"p,0101139232000501\r\n".to_vec()
        } else {
            answer
        }
    });
    shop.cashless.plug().unwrap();
    shop.both_work().await;
    let refused = shop.pay(FEE, PaymentMethod::Cashless).ended().await;
    assert_eq!(refused.unwrap_err().reason, NotPaidReason::NotOffered);
    let _ = shop.pay(Yen(150), PaymentMethod::Cashless);
    shop.eventually(|| shop.cashless.view().waits).await;
}
