//! Buttons, lines and questions: what is not a screen's own text.

use domain::{CertificateKind, Yen};

use super::keys;
use crate::payment::PaymentMethod;
use crate::session::GoOn;

keys! {
    /// A short text.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub(crate) enum Label<'a> {
        // Buttons and the like.
        Begin = "begin",
        Agree = "agree",
        Decline = "decline",
        Enter = "enter",
        Erase = "erase",
        Cancel = "cancel",
        Back = "back",
        GoOn = "go-on",
        Finish = "finish",
        TryAgain = "try-again",
        IssueThis = "issue-this",
        AnotherMunicipality = "another-municipality",
        AnotherCertificate = "another-certificate",
        ToTheStart = "to-the-start",
        PaperTaken = "paper-taken",
        MoreTime = "more-time",
        SecondsLeft { seconds: u32 } = "seconds-left",
        BarLanguage = "bar-language",
        BarRepeat = "bar-repeat",
        BarVolumeUp = "bar-volume-up",
        BarVolumeDown = "bar-volume-down",
        BarLargerText = "bar-larger-text",
        BarContrast = "bar-contrast",
        BarHelp = "bar-help",
        Close = "close",
        StarForKeys = "star-for-keys",
        ThisLanguage = "this-language",
        OwnMunicipality = "own-municipality",
        ByPrefecture = "by-prefecture",
        ByKana = "by-kana",
        ByName = "by-name",
        NextOnes = "next-ones",
        Search = "search",
        Hours { opens: &'a str, closes: &'a str } = "hours",
        AnyHour = "any-hour",
        OpenNow = "open-now",
        ClosedNow = "closed-now",
        FeeOf { fee: Yen } = "fee-of",
        Abroad = "abroad",
        Domestic = "domestic",
        AbroadFor = "abroad-for",
        DomesticFor = "domestic-for",
        ForFee { fee: Yen } = "for-fee",
        NoFee = "no-fee",
        Doses { doses: u8 } = "doses",
        DosesInCode { doses: u8, coded: u8 } = "doses-in-code",
        PassportNeeded = "passport-needed",
        ChosenMunicipality { municipality: &'a str } = "chosen-municipality",
        Specimen = "specimen",
        CopiesCount { copies: u8 } = "copies-count",
        Total { total: Yen } = "total",
        PayAtTheStore = "pay-at-the-store",
        PayWithCoins = "pay-with-coins",
        PayCashless = "pay-cashless",
        // At a terminal without a screen.
        AgreedInAdvance = "agreed-in-advance",
        AskAgree = "ask-agree",
        AskPin = "ask-pin",
        PinIsFourDigits = "pin-is-four-digits",
        AnswerYOrN = "answer-y-or-n",
        AskMunicipalityCode = "ask-municipality-code",
        CodeFromTheList = "code-from-the-list",
        AskKind = "ask-kind",
        Answer0To3 = "answer-0-to-3",
        AskPayment = "ask-payment",
        AskIssue = "ask-issue",
        AskPinAgain = "ask-pin-again",
        AskAnotherMunicipality = "ask-another-municipality",
        AskAnotherCertificate = "ask-another-certificate",
    }
}

impl Label<'_> {
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

    /// A question at a terminal.
    pub(crate) const fn question(question: GoOn) -> Self {
        match question {
            GoOn::AnotherPin => Self::AskPinAgain,
            GoOn::AnotherMunicipality => Self::AskAnotherMunicipality,
            GoOn::AnotherCertificate => Self::AskAnotherCertificate,
        }
    }
}
