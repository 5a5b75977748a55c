//! The words at the end of a session: a notice for each thing that a resident can do about it.

use super::Said;

/// What an ending comes down to for a resident.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Notice {
    Done,
    Cancelled,
    TimeOver,
    SessionTooLong,
    ReaderOutOfService,
    NoCard,
    CardTakenTooEarly,
    NotAMyNumberCard,
    CardCannotBeUsed,
    CardTryAgain,
    CardForgotten,
    PinIncorrect,
    PinLocked,
    AskTheCounter,
    PassportMissing,
    NotOffered,
    MunicipalityNotTakingPart,
    MunicipalityClosed,
    FeeChanged,
    StartAgain,
    TryLater,
    CannotLookUpNow,
    KioskOutOfService,
    PaymentDeclined,
    PaymentOutOfService,
    MoneyOwed,
    PrinterOutOfService,
    PaperOut,
    IssuedNotPrinted,
    IssuedNotPrintedNotReported,
    OrderUncertain,
}

/// Whether staff can do something about it, and so the code is shown.
pub(super) const fn needs_staff(notice: Notice) -> bool {
    match notice {
        Notice::Done
        | Notice::Cancelled
        | Notice::TimeOver
        | Notice::SessionTooLong
        | Notice::NoCard
        | Notice::CardTakenTooEarly
        | Notice::CardForgotten
        | Notice::PinIncorrect
        | Notice::PinLocked
        // No code: nobody reads from the screen why (domain rule 7).
        | Notice::AskTheCounter
        | Notice::PassportMissing
        | Notice::PaymentDeclined
        | Notice::NotOffered
        | Notice::MunicipalityNotTakingPart
        | Notice::MunicipalityClosed => false,
        Notice::ReaderOutOfService
        | Notice::NotAMyNumberCard
        | Notice::CardCannotBeUsed
        | Notice::CardTryAgain
        | Notice::FeeChanged
        | Notice::StartAgain
        | Notice::TryLater
        | Notice::CannotLookUpNow
        | Notice::KioskOutOfService
        | Notice::PaymentOutOfService
        | Notice::MoneyOwed
        | Notice::PrinterOutOfService
        | Notice::PaperOut
        | Notice::IssuedNotPrinted
        | Notice::IssuedNotPrintedNotReported
        | Notice::OrderUncertain => true,
    }
}

/// The words themselves.
pub(super) const fn said(notice: Notice) -> (Said, Said) {
    match notice {
        Notice::Done => (
            Said::new("ご利用ありがとうございました。", "Thank you."),
            Said::new(
                "カードと証明書をお忘れなく。",
                "Please do not forget your card and paper.",
            ),
        ),
        Notice::Cancelled => (
            Said::new(
                "手続きを取り消しました。",
                "Cancelled. What was not issued is not charged.",
            ),
            Said::new("カードをお忘れなく。", "Please do not forget your card."),
        ),
        Notice::TimeOver => (
            Said::new(
                "操作がなかったため終了しました。",
                "The session ended because nothing was entered.",
            ),
            Said::new(
                "カードをお忘れなく。もう一度はじめからどうぞ。",
                "Please do not forget your card. You can start again.",
            ),
        ),
        Notice::SessionTooLong => (
            Said::new(
                "本人確認から時間がたったため終了しました。",
                "The session ended because too much time has passed since your card was read.",
            ),
            Said::new("もう一度はじめからどうぞ。", "You can start again."),
        ),
        Notice::ReaderOutOfService => (
            Said::new(
                "カードリーダーが使えません。",
                "The card reader does not work.",
            ),
            Said::new("店舗の係員にお知らせください。", "Please tell the staff."),
        ),
        Notice::NoCard => (
            Said::new(
                "カードが置かれませんでした。",
                "No card was put on the reader.",
            ),
            Said::new("もう一度はじめからどうぞ。", "You can start again."),
        ),
        Notice::CardTakenTooEarly => (
            Said::new(
                "読み取りの途中でカードが外れました。",
                "The card was taken away while it was being read.",
            ),
            Said::new(
                "もう一度はじめから、案内があるまでカードを動かさないでください。",
                "Please start again and leave the card until you are asked to take it.",
            ),
        ),
        Notice::NotAMyNumberCard => (
            Said::new(
                "このカードはマイナンバーカードとして読み取れません。",
                "This card cannot be read as a My Number Card.",
            ),
            Said::new(
                "マイナンバーカードでお試しください。",
                "Please use your My Number Card.",
            ),
        ),
        Notice::CardCannotBeUsed => (
            Said::new(
                "このカードではお手続きできません。",
                "This card cannot be used here.",
            ),
            Said::new(
                "カードをお持ちのうえ、市区町村の窓口でお尋ねください。",
                "Please take the card to your municipality's counter.",
            ),
        ),
        Notice::CardTryAgain => (
            Said::new(
                "カードを読み取れませんでした。",
                "The card could not be read.",
            ),
            Said::new(
                "もう一度お試しください。続くときは市区町村の窓口へ。",
                "Please try again. If it happens again, ask at your municipality's counter.",
            ),
        ),
        Notice::CardForgotten => (
            Said::new(
                "カードが取られなかったため終了しました。",
                "The session ended because the card was not taken.",
            ),
            Said::new(
                "カードをお取りください。もう一度はじめからどうぞ。",
                "Please take your card. You can start again.",
            ),
        ),
        Notice::PinIncorrect => (
            Said::new(
                "暗証番号が違います（残り{}回）。",
                "The PIN is wrong; {} tries are left.",
            ),
            Said::new(
                "券面事項入力補助用の暗証番号（4桁）をお確かめください。",
                "Please check your 4-digit PIN for the card's text information (券面事項入力補助用暗証番号).",
            ),
        ),
        Notice::PinLocked => (
            Said::new(
                "暗証番号がロックされています。",
                "The card's PIN is locked.",
            ),
            Said::new(
                "市区町村の窓口で、券面事項入力補助用暗証番号の初期化をお申し出ください。",
                "Please have the PIN for the card's text information (券面事項入力補助用暗証番号) reset at your municipality's counter.",
            ),
        ),
        Notice::AskTheCounter => (
            Said::new(
                "こちらでは発行できません。",
                "No certificate can be issued here.",
            ),
            Said::new(
                "接種時にお住まいだった市区町村の窓口でお尋ねください。",
                "Please ask at the counter of the municipality where you lived when you were vaccinated.",
            ),
        ),
        Notice::PassportMissing => (
            Said::new(
                "海外用の証明書には、旅券の登録が必要です。",
                "A certificate for use abroad needs your passport to be registered.",
            ),
            Said::new(
                "アプリまたは市区町村の窓口で旅券を登録してください。日本国内用は発行できます。",
                "Please register it in the app or at your municipality's counter. One for use in Japan can be issued.",
            ),
        ),
        Notice::NotOffered => (
            Said::new(
                "選ばれた証明書は、ここでは発行されません。",
                "What was chosen is not issued here.",
            ),
            Said::new(
                "もう一度はじめからお選びください。",
                "Please start again and choose another.",
            ),
        ),
        Notice::MunicipalityNotTakingPart => (
            Said::new(
                "この市区町村は、この端末での発行に参加していません。",
                "This municipality does not issue at kiosks.",
            ),
            Said::new(
                "市区町村の窓口でお尋ねください。",
                "Please ask at its counter.",
            ),
        ),
        Notice::MunicipalityClosed => (
            Said::new(
                "この市区町村の受付時間外です。",
                "This municipality does not issue at this hour.",
            ),
            Said::new(
                "受付時間内にもう一度お越しください。",
                "Please come again during its hours.",
            ),
        ),
        Notice::FeeChanged => (
            Said::new(
                "手数料が変わったため、この証明書は発行していません。",
                "The fee has changed, so this certificate was not issued.",
            ),
            Said::new("もう一度はじめからどうぞ。", "Please start again."),
        ),
        Notice::StartAgain => (
            Said::new(
                "手続きを続けられませんでした。この証明書は発行していません。",
                "The session could not go on. This certificate was not issued.",
            ),
            Said::new("もう一度はじめからどうぞ。", "Please start again."),
        ),
        Notice::TryLater => (
            Said::new(
                "ただいま利用できません。",
                "The service is not available right now.",
            ),
            Said::new(
                "しばらくしてからもう一度お試しください。",
                "Please try again in a while.",
            ),
        ),
        Notice::CannotLookUpNow => (
            Said::new(
                "ただいま接種記録を確認できません。記録がないという意味ではありません。",
                "Vaccination records cannot be looked up right now. This does not mean that there are none.",
            ),
            Said::new(
                "しばらくしてからもう一度お試しください。",
                "Please try again in a while.",
            ),
        ),
        Notice::KioskOutOfService => (
            Said::new(
                "この端末は、ただいまご利用いただけません。",
                "This kiosk is out of service.",
            ),
            Said::new("店舗の係員にお知らせください。", "Please tell the staff."),
        ),
        Notice::PaymentDeclined => (
            Said::new(
                "お支払いができませんでした。証明書は発行していません。",
                "The payment was declined. No certificate was issued.",
            ),
            Said::new(
                "別のお支払い方法で、もう一度はじめからどうぞ。",
                "Please start again and pay in another way.",
            ),
        ),
        Notice::PaymentOutOfService => (
            Said::new(
                "お支払いの機器が使えないため、証明書を発行していません。",
                "The payment device does not work. No certificate was issued.",
            ),
            Said::new("店舗の係員にお知らせください。", "Please tell the staff."),
        ),
        Notice::MoneyOwed => (
            Said::new(
                "お返しできなかったお金があります。証明書は発行していません。",
                "Some of your money could not be returned. No certificate was issued.",
            ),
            Said::new(
                "店舗の係員にお知らせください。係員がお返しします。",
                "Please tell the staff, who will give it to you.",
            ),
        ),
        Notice::PrinterOutOfService => (
            Said::new(
                "プリンターが使えないため、証明書を発行できません。",
                "The printer does not work, so no certificate can be issued.",
            ),
            Said::new("店舗の係員にお知らせください。", "Please tell the staff."),
        ),
        Notice::PaperOut => (
            Said::new(
                "プリンターの用紙がないため、証明書を発行できません。",
                "The printer is out of paper, so no certificate can be issued.",
            ),
            Said::new("店舗の係員にお知らせください。", "Please tell the staff."),
        ),
        Notice::IssuedNotPrinted => (
            Said::new(
                "証明書を印刷できませんでした。",
                "Your certificate could not be printed.",
            ),
            Said::new(
                "店舗の係員にお知らせください。もう一度の発行に手数料はかかりません。",
                "Please tell the staff. It is issued again without a fee.",
            ),
        ),
        Notice::IssuedNotPrintedNotReported => (
            Said::new(
                "証明書を印刷できず、その連絡もできませんでした。",
                "Your certificate could not be printed, and this could not be reported.",
            ),
            Said::new(
                "店舗の係員にこの番号をお知らせください。",
                "Please tell the staff this code.",
            ),
        ),
        Notice::OrderUncertain => (
            Said::new(
                "発行の返事が届きませんでした。印刷はしていません。",
                "No answer came to your order. Nothing was printed.",
            ),
            Said::new(
                "店舗の係員にこの番号をお知らせください。",
                "Please tell the staff this code.",
            ),
        ),
    }
}
