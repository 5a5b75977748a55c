//! What the kiosk says while all goes well, and where a resident has to try again.

use domain::{Language, Yen};

use super::{Said, Screen, Words};
use crate::card::Waiting;
use crate::payment::{GivenBack, PaymentProgress};

/// What a screen before the end says.
pub(super) fn words(screen: &Screen, language: Language) -> Words {
    let (happened, to_do) = said(screen);
    let filled = |said: Said| {
        let text = said.to(language);
        match screen {
            Screen::EnterPin { tries_left: count } | Screen::WrongPin { tries_left: count } => {
                text.replace("{}", &count.to_string())
            }
            Screen::Paying(PaymentProgress::Coins { inserted, of, .. }) => {
                let missing = Yen(of.0.saturating_sub(inserted.0));
                text.replace("{}", &missing.to_string())
            }
            Screen::Printing { copies: count } | Screen::TakePaper { copies: count } => {
                text.replace("{}", &count.to_string())
            }
            Screen::Connecting
            | Screen::PutCard(_)
            | Screen::Reading { .. }
            | Screen::TakeCard
            | Screen::CardStillThere
            | Screen::LookingUp
            | Screen::Issuing
            | Screen::Paying(_)
            | Screen::GivenBack(_)
            | Screen::Ending(_) => text.to_owned(),
        }
    };
    Words {
        happened: filled(happened),
        to_do: filled(to_do),
        staff_code: None,
    }
}

const NOTHING: Said = Said::new("", "");

/// The PIN has to be named in full: it is another one than the one for electronic signatures,
/// and people confuse them.
const fn said(screen: &Screen) -> (Said, Said) {
    match screen {
        Screen::Connecting => (Said::new("準備しています。", "Getting ready."), NOTHING),
        Screen::PutCard(Waiting::ForReader) => (
            Said::new(
                "カードリーダーの準備を待っています。",
                "Waiting for the card reader.",
            ),
            NOTHING,
        ),
        Screen::PutCard(Waiting::ForCard) => (
            Said::new(
                "マイナンバーカードを読み取ります。",
                "Your My Number Card is read next.",
            ),
            Said::new(
                "マイナンバーカードをカードリーダーに置いてください。",
                "Please put your My Number Card on the reader.",
            ),
        ),
        Screen::PutCard(Waiting::ForAnswer) => (
            Said::new("カードから応答がありません。", "The card does not answer."),
            Said::new(
                "カードの向きを確かめて、置き直してください。マイナンバーカード以外は使えません。",
                "Please turn the card over and put it down again. Only a My Number Card works.",
            ),
        ),
        Screen::EnterPin { tries_left: 1 } => (
            Said::new(
                "暗証番号（券面事項入力補助用、4桁の数字）が必要です。入力できるのはあと1回です。間違えるとロックされます。",
                "Your 4-digit PIN for the card's text information (券面事項入力補助用暗証番号) is needed. One try is left: a wrong PIN locks the card.",
            ),
            Said::new(
                "自信がないときは、取り消して市区町村の窓口でご確認ください。",
                "If you are not sure, cancel and ask at your municipality's counter.",
            ),
        ),
        Screen::EnterPin { .. } => (
            Said::new(
                "暗証番号（券面事項入力補助用、4桁の数字）が必要です。あと{}回入力できます。",
                "Your 4-digit PIN for the card's text information (券面事項入力補助用暗証番号) is needed. {} tries are left.",
            ),
            Said::new(
                "暗証番号を入力してください。電子証明書の暗証番号とは別に設定されていることがあります。",
                "Please enter the PIN. It may differ from the PIN of your electronic certificates.",
            ),
        ),
        Screen::WrongPin { .. } => (
            Said::new(
                "暗証番号が違います。あと{}回入力できます。",
                "The PIN is wrong. {} tries are left.",
            ),
            Said::new(
                "券面事項入力補助用の暗証番号（4桁）をお確かめください。",
                "Please check your 4-digit PIN for the card's text information (券面事項入力補助用暗証番号).",
            ),
        ),
        Screen::Reading { .. } => (
            Said::new("カードを読み取っています。", "Reading your card."),
            Said::new(
                "カードを動かさないでください。",
                "Please leave the card where it is.",
            ),
        ),
        Screen::TakeCard => (
            Said::new(
                "カードの読み取りが終わりました。",
                "Your card is no longer needed.",
            ),
            Said::new("カードをお取りください。", "Please take your card."),
        ),
        Screen::CardStillThere => (
            Said::new(
                "カードがリーダーに残っています。",
                "Your card is still on the reader.",
            ),
            Said::new(
                "カードをお取りください。",
                "Please take your card. We go on when it is taken.",
            ),
        ),
        Screen::LookingUp => (
            Said::new("市区町村に問い合わせています。", "Asking the municipality."),
            NOTHING,
        ),
        Screen::Paying(progress) => paying(progress),
        Screen::GivenBack(GivenBack { owed: Yen(0), .. }) => (
            Said::new("お金をお返ししました。", "Your money was returned."),
            Said::new("お忘れなくお取りください。", "Please take it."),
        ),
        Screen::GivenBack(_) => (
            Said::new(
                "お返しできなかったお金があります。",
                "Some of your money could not be returned.",
            ),
            Said::new(
                "店舗の係員にお知らせください。係員がお返しします。",
                "Please tell the staff, who will give it to you.",
            ),
        ),
        Screen::Issuing => (
            Said::new(
                "証明書を作成しています。",
                "Your certificate is being made.",
            ),
            NOTHING,
        ),
        Screen::Printing { .. } => (
            Said::new(
                "証明書を印刷しています（{}部）。",
                "Printing your certificate, {} copy or copies.",
            ),
            Said::new("そのままお待ちください。", "Please wait here."),
        ),
        Screen::TakePaper { .. } => (
            Said::new(
                "印刷が終わりました（{}部）。",
                "Your certificate is printed, {} copy or copies.",
            ),
            Said::new(
                "証明書をお取りください。お忘れ物がないかお確かめください。",
                "Please take your paper. Make sure that you leave nothing behind.",
            ),
        ),
        // Said in `endings`.
        Screen::Ending(_) => (NOTHING, NOTHING),
    }
}

const fn paying(progress: &PaymentProgress) -> (Said, Said) {
    match progress {
        PaymentProgress::Coins {
            exact_only: false, ..
        } => (
            Said::new("手数料は、あと{}です。", "{} of the fee are to be paid."),
            Said::new("硬貨を入れてください。", "Please put in coins."),
        ),
        PaymentProgress::Coins {
            exact_only: true, ..
        } => (
            Said::new(
                "手数料は、あと{}です。おつりは出ません。",
                "{} of the fee are to be paid. No change can be given.",
            ),
            Said::new(
                "硬貨をちょうど入れてください。",
                "Please put in the exact amount in coins.",
            ),
        ),
        PaymentProgress::PresentCard => (
            Said::new("手数料をお支払いください。", "Please pay the fee."),
            Said::new(
                "支払い用のカードまたはスマートフォンをかざしてください。",
                "Please hold your payment card or telephone to the payment reader.",
            ),
        ),
        PaymentProgress::Authorising => (
            Said::new(
                "お支払いを確認しています。",
                "Your payment is being checked.",
            ),
            NOTHING,
        ),
        PaymentProgress::ChangeOwed(_) => (
            Said::new(
                "おつりの一部が出ませんでした。",
                "Some of your change did not come out.",
            ),
            Said::new(
                "店舗の係員にお知らせください。係員がお渡しします。",
                "Please tell the staff, who will give it to you.",
            ),
        ),
        PaymentProgress::GivingChange => (
            Said::new("おつりをお出ししています。", "Your change is coming out."),
            Said::new("おつりをお取りください。", "Please take your change."),
        ),
        PaymentProgress::GivingBack => (
            Said::new("お金をお返ししています。", "Your money is being returned."),
            Said::new("お忘れなくお取りください。", "Please take it."),
        ),
        PaymentProgress::DeviceGone => (
            Said::new(
                "お支払いの機器の応答を待っています。入れたお金はなくなりません。",
                "Waiting for the payment device. What you put in is not lost.",
            ),
            NOTHING,
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pin_is_named_and_its_tries_are_counted() {
        for language in [Language::Japanese, Language::English] {
            for screen in [
                Screen::EnterPin { tries_left: 2 },
                Screen::WrongPin { tries_left: 2 },
            ] {
                let words = screen.words(language);
                let all = words.happened.clone() + &words.to_do;
                assert!(all.contains("券面事項入力補助用"), "{screen:?}");
                assert!(words.happened.contains('2'), "{screen:?}");
                assert!(!all.contains("{}"));
            }
        }
    }

    #[test]
    fn the_last_try_is_said_to_be_the_last() {
        let words = Screen::EnterPin { tries_left: 1 }.words(Language::English);
        assert!(words.happened.contains("locks"));
    }
}
