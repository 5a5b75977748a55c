//! Labels and questions of the touch screen, in the languages that exist so far.

use domain::{CertificateKind, Language, Yen};

use super::{Said, Words};
use crate::payment::PaymentMethod;

/// A short text: a button, a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Label<'a> {
    Begin,
    Agree,
    Decline,
    Enter,
    Erase,
    Cancel,
    Back,
    GoOn,
    Finish,
    TryAgain,
    IssueThis,
    AnotherMunicipality,
    AnotherCertificate,
    ToTheStart,
    PaperTaken,
    MoreTime,
    SecondsLeft { seconds: u32 },
    BarLanguage,
    BarRepeat,
    BarVolumeUp,
    BarVolumeDown,
    BarLargerText,
    BarContrast,
    BarHelp,
    OwnMunicipality,
    ByPrefecture,
    ByKana,
    ByName,
    Search,
    Hours { opens: &'a str, closes: &'a str },
    AnyHour,
    OpenNow,
    ClosedNow,
    FeeOf { fee: Yen },
    Abroad,
    Domestic,
    AbroadFor,
    DomesticFor,
    ForFee { fee: Yen },
    NoFee,
    Doses { doses: u8 },
    DosesInCode { doses: u8, coded: u8 },
    PassportNeeded,
    ChosenMunicipality { municipality: &'a str },
    Specimen,
    CopiesCount { copies: u8 },
    Total { total: Yen },
    PayAtTheStore,
    PayWithCoins,
    PayCashless,
}

/// What a screen of the touch screen says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    Start,
    Terms,
    SecondScreen,
    ChooseMunicipality,
    ChooseKind,
    Preview,
    ChooseCopies,
    Confirm,
    Another,
    ChoosePayment,
    TakePaper { copies: u8 },
    PaperStillThere,
}

fn picked(japanese: String, english: String, language: Language) -> String {
    let which = Said::new("ja", "en").to(language);
    if which == "ja" { japanese } else { english }
}

impl Label<'_> {
    /// The text.
    pub(crate) fn to(&self, language: Language) -> String {
        let pick = |japanese, english| picked(japanese, english, language);
        match self {
            Self::Begin => pick("はじめる".to_owned(), "Start".to_owned()),
            Self::Agree => pick("同意する".to_owned(), "I agree".to_owned()),
            Self::Decline => pick("同意しない".to_owned(), "I do not agree".to_owned()),
            Self::Enter => pick("決定".to_owned(), "Enter".to_owned()),
            Self::Erase => pick("消す".to_owned(), "Erase".to_owned()),
            Self::Cancel => pick("取り消す".to_owned(), "Cancel".to_owned()),
            Self::Back => pick("戻る".to_owned(), "Back".to_owned()),
            Self::GoOn => pick("進む".to_owned(), "Go on".to_owned()),
            Self::Finish => pick("終わる".to_owned(), "Finish".to_owned()),
            Self::TryAgain => pick("もう一度".to_owned(), "Try again".to_owned()),
            Self::IssueThis => pick("この内容で発行".to_owned(), "Issue this".to_owned()),
            Self::AnotherMunicipality => pick("ほかの市区町村".to_owned(), "Another municipality".to_owned()),
            Self::AnotherCertificate => pick("ほかの証明書も発行".to_owned(), "Another certificate".to_owned()),
            Self::ToTheStart => pick("はじめに戻る".to_owned(), "Back to the start".to_owned()),
            Self::PaperTaken => pick("受け取りました".to_owned(), "I have taken it".to_owned()),
            Self::MoreTime => pick("時間を延ばす".to_owned(), "More time".to_owned()),
            Self::SecondsLeft { seconds } => pick(format!("あと{seconds}秒"), format!("{seconds} seconds left")),
            Self::BarLanguage => pick("ことば・Language".to_owned(), "Language".to_owned()),
            Self::BarRepeat => pick("もう一度聞く".to_owned(), "Hear again".to_owned()),
            Self::BarVolumeUp => pick("音を大きく".to_owned(), "Louder".to_owned()),
            Self::BarVolumeDown => pick("音を小さく".to_owned(), "Quieter".to_owned()),
            Self::BarLargerText => pick("文字を大きく".to_owned(), "Larger text".to_owned()),
            Self::BarContrast => pick("色をはっきり".to_owned(), "Stronger contrast".to_owned()),
            Self::BarHelp => pick("困ったとき".to_owned(), "Help".to_owned()),
            Self::OwnMunicipality => pick("カードの住所の市区町村".to_owned(), "The municipality of your card's address".to_owned()),
            Self::ByPrefecture => pick("都道府県から".to_owned(), "By prefecture".to_owned()),
            Self::ByKana => pick("五十音から".to_owned(), "By Japanese syllable".to_owned()),
            Self::ByName => pick("名前から".to_owned(), "By name".to_owned()),
            Self::Search => pick("市区町村の名前をさがす".to_owned(), "Search for the municipality's name".to_owned()),
            Self::Hours { opens, closes } => pick(format!("受付 {opens}〜{closes}"), format!("Open {opens}–{closes}")),
            Self::AnyHour => pick("終日受付".to_owned(), "Open at any hour".to_owned()),
            Self::OpenNow => pick("受付中".to_owned(), "Open now".to_owned()),
            Self::ClosedNow => pick("受付時間外".to_owned(), "Closed now".to_owned()),
            Self::FeeOf { fee } => { let fee = fee.0; pick(format!("手数料 {fee}円"), format!("Fee ¥{fee}")) }
            Self::Abroad => pick("海外用及び日本国内用".to_owned(), "For use abroad and in Japan".to_owned()),
            Self::Domestic => pick("日本国内用".to_owned(), "For use in Japan".to_owned()),
            Self::AbroadFor => pick("外国で見せるとき。旅券の情報が入ります。".to_owned(), "To show in another country. It contains your passport's details.".to_owned()),
            Self::DomesticFor => pick("日本の中だけで使うとき。".to_owned(), "To use in Japan only.".to_owned()),
            Self::ForFee { fee } => { let fee = fee.0; pick(format!("{fee}円"), format!("¥{fee}")) }
            Self::NoFee => pick("手数料なし".to_owned(), "No fee".to_owned()),
            Self::Doses { doses } => pick(format!("接種{doses}回分"), format!("{doses} doses")),
            Self::DosesInCode { doses, coded } => pick(format!("接種{doses}回分（二次元コードには新しい{coded}回分）"), format!("{doses} doses, the newest {coded} of them in the code")),
            Self::PassportNeeded => pick("旅券の登録が必要です。アプリか市区町村の窓口で登録できます。".to_owned(), "Your passport must be registered first, in the app or at your municipality's counter.".to_owned()),
            Self::ChosenMunicipality { municipality } => pick(format!("発行する市区町村: {municipality}"), format!("Issued by: {municipality}")),
            Self::Specimen => pick("見本".to_owned(), "Specimen".to_owned()),
            Self::CopiesCount { copies } => pick(format!("{copies}部"), format!("{copies} copies")),
            Self::Total { total } => { let total = total.0; pick(format!("合計 {total}円"), format!("Total ¥{total}")) }
            Self::PayAtTheStore => pick("お店で支払う".to_owned(), "Pay at the store".to_owned()),
            Self::PayWithCoins => pick("硬貨で支払う".to_owned(), "Pay with coins".to_owned()),
            Self::PayCashless => pick("カードやスマートフォンで支払う".to_owned(), "Pay by card or phone".to_owned()),
        }
    }

    /// A kind of certificate.
    pub(crate) const fn kind(kind: CertificateKind) -> Self {
        match kind {
            CertificateKind::Abroad => Self::Abroad,
            CertificateKind::Domestic => Self::Domestic,
        }
    }

    /// A way to pay.
    pub(crate) const fn payment(method: PaymentMethod) -> Self {
        match method {
            PaymentMethod::AtTheStore => Self::PayAtTheStore,
            PaymentMethod::Coins => Self::PayWithCoins,
            PaymentMethod::Cashless => Self::PayCashless,
        }
    }

    /// What a fee comes to.
    pub(crate) const fn fee(fee: Yen) -> Self {
        match fee {
            Yen(0) => Self::NoFee,
            fee => Self::ForFee { fee },
        }
    }

    /// The doses that a certificate lists, and how many of them its code holds.
    pub(crate) const fn doses(doses: u8, coded: u8) -> Self {
        if coded < doses {
            Self::DosesInCode { doses, coded }
        } else {
            Self::Doses { doses }
        }
    }
}

impl Step {
    fn happened(&self, language: Language) -> String {
        let pick = |japanese, english| picked(japanese, english, language);
        match self {
            Self::Start => pick(
                "予防接種証明書を発行します。".to_owned(),
                "Get your vaccination certificate here.".to_owned(),
            ),
            Self::Terms => pick(
                "利用規約をお読みください。".to_owned(),
                "Please read the terms of use.".to_owned(),
            ),
            Self::SecondScreen => pick(
                "この端末の画面は、別の場所で開いています。".to_owned(),
                "The screen of this kiosk is open somewhere else.".to_owned(),
            ),
            Self::ChooseMunicipality => pick(
                "接種したとき、どこに住んでいましたか。".to_owned(),
                "Where did you live when you were vaccinated?".to_owned(),
            ),
            Self::ChooseKind => pick(
                "どの証明書を発行しますか。".to_owned(),
                "Which certificate do you need?".to_owned(),
            ),
            Self::Preview => pick(
                "このように印刷されます。".to_owned(),
                "This is what will be printed.".to_owned(),
            ),
            Self::ChooseCopies => pick(
                "何部印刷しますか。".to_owned(),
                "How many copies?".to_owned(),
            ),
            Self::Confirm => pick(
                "この内容で発行しますか。".to_owned(),
                "Issue this certificate?".to_owned(),
            ),
            Self::Another => pick(
                "ほかにも証明書を発行しますか。".to_owned(),
                "Do you need another certificate?".to_owned(),
            ),
            Self::ChoosePayment => pick(
                "お支払い方法を選んでください。".to_owned(),
                "How would you like to pay?".to_owned(),
            ),
            Self::TakePaper { copies } => pick(
                format!("印刷が終わりました（{copies}部）。"),
                format!("{copies} copies are printed."),
            ),
            Self::PaperStillThere => pick(
                "証明書がプリンターに残っています。".to_owned(),
                "Your certificate is still in the printer.".to_owned(),
            ),
        }
    }

    fn to_do(&self, language: Language) -> String {
        let pick = |japanese, english| picked(japanese, english, language);
        match self {
            Self::Start => pick("マイナンバーカードと、券面事項入力補助用暗証番号（4桁）をご用意ください。\n「はじめる」を押してください。".to_owned(), "You need your My Number Card and its 4-digit PIN for the card's text information (券面事項入力補助用暗証番号).\nPress \"Start\".".to_owned()),
            Self::Terms => pick("同意すると、カードの読み取りに進みます。".to_owned(), "If you agree, your card is read next.".to_owned()),
            Self::SecondScreen => pick("店舗の係員にお知らせください。".to_owned(), "Please tell the store's staff.".to_owned()),
            Self::ChooseMunicipality => pick("そのときの市区町村を選んでください。".to_owned(), "Choose the city, ward, town or village where you lived then.".to_owned()),
            Self::ChooseKind => pick("使う場所で選んでください。".to_owned(), "Choose by where you will use it.".to_owned()),
            Self::Preview => pick("内容を確かめて、よければ進んでください。".to_owned(), "Please check it. If it is right, go on.".to_owned()),
            Self::ChooseCopies => pick("部数を選んでください。".to_owned(), "Please choose a number.".to_owned()),
            Self::Confirm => pick("".to_owned(), "".to_owned()),
            Self::Another => pick("終わるときは「終わる」を押してください。".to_owned(), "If not, press \"Finish\".".to_owned()),
            Self::ChoosePayment => pick("".to_owned(), "".to_owned()),
            Self::TakePaper { .. } => pick("証明書をお取りください。".to_owned(), "Please take your certificate.".to_owned()),
            Self::PaperStillThere => pick("証明書をお取りください。".to_owned(), "Please take your certificate.".to_owned()),
        }
    }
}

impl Words {
    /// What a step says, without a code for staff.
    pub(crate) fn of(step: &Step, language: Language) -> Self {
        Self {
            happened: step.happened(language),
            to_do: step.to_do(language),
            staff_code: None,
        }
    }
}
