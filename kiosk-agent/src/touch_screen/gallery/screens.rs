//! One of everything that the kiosk can show.

use std::collections::BTreeSet;

use application::messages::{
    Availability, Copies, OfferedKind, ParticipatingMunicipality, Terms, TermsText,
};
use application::{Problem, ProblemType, ReportedProblem};
use domain::{CertificateKind, Language, MunicipalityCode, TermsVersion, Yen};
use my_number_card::{CardError, TransportError};

use super::super::shown::{Certificate, Shown};
use crate::card::{ReaderError, Waiting};
use crate::payment::{
    GivenBack, NotPaid, NotPaidReason, PaymentFault, PaymentMethod, PaymentProgress,
};
use crate::printer::{PrintFailure, PrinterFault};
use crate::screens::Screen;
use crate::server_link::LinkError;
use crate::session::{Ending, GoOn, NotDelivered};

/// Everything but the preview, which needs a page of the server; each with a name.
pub(super) fn screens() -> Vec<(String, Shown)> {
    let mut all: Vec<(String, Shown)> = steps()
        .into_iter()
        .map(|(name, screen)| (name.to_owned(), Shown::Step(screen)))
        .collect();
    all.extend(
        questions()
            .into_iter()
            .map(|(name, shown)| (name.to_owned(), shown)),
    );
    // Endings that say the same are looked at once.
    let mut said = BTreeSet::new();
    for ending in endings() {
        let words = Screen::Ending(ending).words(Language::Japanese);
        if said.insert((words.happened, words.to_do)) {
            let name = format!("ending-{}", ending.staff_code());
            let given_back = None;
            all.push((name, Shown::Ended { ending, given_back }));
        }
    }
    all
}

fn steps() -> Vec<(&'static str, Screen)> {
    let coins = |exact_only| PaymentProgress::Coins {
        inserted: Yen(20),
        of: Yen(120),
        exact_only,
    };
    vec![
        ("connecting", Screen::Connecting),
        ("no-reader", Screen::PutCard(Waiting::ForReader)),
        ("card", Screen::PutCard(Waiting::ForCard)),
        ("mute-card", Screen::PutCard(Waiting::ForAnswer)),
        ("card-left", Screen::PutCard(Waiting::ForRemoval)),
        ("reading", Screen::Reading { done: 2, of: 5 }),
        ("take-card", Screen::TakeCard),
        ("card-still-there", Screen::CardStillThere),
        ("looking-up", Screen::LookingUp),
        ("paying-coins", Screen::Paying(coins(false))),
        ("paying-exactly", Screen::Paying(coins(true))),
        ("paying-card", Screen::Paying(PaymentProgress::PresentCard)),
        (
            "paying-authorising",
            Screen::Paying(PaymentProgress::Authorising),
        ),
        (
            "paying-change",
            Screen::Paying(PaymentProgress::GivingChange),
        ),
        (
            "paying-owed",
            Screen::Paying(PaymentProgress::ChangeOwed(Yen(380))),
        ),
        ("paying-back", Screen::Paying(PaymentProgress::GivingBack)),
        ("paying-gone", Screen::Paying(PaymentProgress::DeviceGone)),
        ("given-back", Screen::GivenBack(given_back(120, 0))),
        ("given-back-owed", Screen::GivenBack(given_back(100, 20))),
        ("issuing", Screen::Issuing),
        ("printing", Screen::Printing { copies: 2 }),
    ]
}

const fn given_back(returned: u32, owed: u32) -> GivenBack {
    GivenBack {
        returned: Yen(returned),
        owed: Yen(owed),
    }
}

fn questions() -> Vec<(&'static str, Shown)> {
    let own = municipality("122271", "浦安市", "ウラヤスシ", "Urayasu City", "千葉県");
    let certificate = Certificate {
        municipality: own.clone(),
        kind: CertificateKind::Abroad,
        fee: Yen(120),
        specimen: true,
    };
    let offered = OfferedKind {
        kind: CertificateKind::Domestic,
        availability: Availability::Offered {
            fee: Yen(120),
            doses: 7,
            doses_in_code: 5,
        },
    };
    let no_passport = OfferedKind {
        kind: CertificateKind::Abroad,
        availability: Availability::PassportNotRegistered,
    };
    let take_paper = |reminded| Shown::TakePaper {
        copies: 2,
        reminded,
    };
    let printer = Ending::PrinterNotReady(PrinterFault::PaperOut);
    vec![
        ("start", Shown::Start),
        ("one-moment", Shown::OneMoment),
        ("out-of-order", Shown::OutOfOrder(printer)),
        ("terms", Shown::Terms(terms())),
        ("pin", Shown::Pin { tries_left: 3 }),
        ("pin-last-try", Shown::Pin { tries_left: 1 }),
        (
            "municipality",
            Shown::Municipality {
                participating: participating(&own),
                suggested: Some(own.code),
            },
        ),
        (
            "offer",
            Shown::Offer {
                municipality: own,
                kinds: vec![no_passport, offered],
            },
        ),
        ("copies", Shown::Copies(certificate.clone())),
        ("confirm", Shown::Confirm(certificate, Copies::MOST)),
        (
            "payment-method",
            Shown::PaymentMethod {
                fee: Yen(120),
                methods: vec![PaymentMethod::Coins, PaymentMethod::Cashless],
            },
        ),
        (
            "wrong-pin",
            Shown::GoOn(GoOn::AnotherPin, Screen::WrongPin { tries_left: 2 }),
        ),
        (
            "not-here",
            Shown::GoOn(GoOn::AnotherMunicipality, Screen::Ending(Ending::NotHere)),
        ),
        (
            "another",
            Shown::GoOn(GoOn::AnotherCertificate, Screen::TakePaper { copies: 2 }),
        ),
        ("staff", Shown::Staff(crate::staff::example_sheet())),
        ("take-paper", take_paper(false)),
        ("paper-still-there", take_paper(true)),
        (
            "ending-money-owed",
            Shown::Ended {
                ending: Ending::TimeOver,
                given_back: Some(given_back(100, 20)),
            },
        ),
    ]
}

fn terms() -> Terms {
    let paragraph = "この利用規約は試験用です。実在のサービスの規約ではありません。\n\n";
    Terms {
        version: TermsVersion::parse("TEST-1").unwrap(),
        texts: vec![TermsText {
            language: Language::Japanese,
            text: paragraph.repeat(20),
        }],
    }
}

fn municipality(
    code: &str,
    name: &str,
    kana: &str,
    roman_name: &str,
    prefecture: &str,
) -> ParticipatingMunicipality {
    ParticipatingMunicipality {
        code: MunicipalityCode::parse(code).unwrap(),
        name: name.to_owned(),
        kana: kana.to_owned(),
        roman_name: roman_name.to_owned(),
        prefecture: prefecture.to_owned(),
        fee: Yen(120),
        opens_at: Some("06:30".to_owned()),
        closes_at: Some("23:00".to_owned()),
        open_now: true,
    }
}

/// One municipality in each prefecture, and a dozen in the first.
fn participating(own: &ParticipatingMunicipality) -> Vec<ParticipatingMunicipality> {
    let mut all = vec![
        own.clone(),
        municipality("022021", "弘前市", "ヒロサキシ", "Hirosaki City", "青森県"),
        ParticipatingMunicipality {
            open_now: false,
            ..municipality(
                "131121",
                "世田谷区",
                "セタガヤク",
                "Setagaya City",
                "東京都",
            )
        },
    ];
    for number in 1..=47_u32 {
        all.push(numbered(number * 1000 + 100, number));
    }
    for number in 1..=12 {
        all.push(numbered(1000 + 200 + number, 1));
    }
    all
}

/// A municipality that does not exist, with a code whose check digit is right.
fn numbered(code: u32, prefecture: u32) -> ParticipatingMunicipality {
    let digits = format!("{code:05}");
    let code = (0..10)
        .map(|check| format!("{digits}{check}"))
        .find(|code| MunicipalityCode::parse(code).is_ok())
        .unwrap();
    let name = format!("見本{digits}市");
    let prefecture = format!("見本{prefecture}県");
    municipality(&code, &name, "ミホンシ", "Mihon City", &prefecture)
}

fn endings() -> Vec<Ending> {
    let mut all = vec![
        Ending::Delivered,
        Ending::Declined,
        Ending::Stopped,
        Ending::TimeOver,
        Ending::TicketOver,
        Ending::NoAnswer,
        Ending::Reader(ReaderError::NoReader),
        Ending::Reader(ReaderError::NoCard),
        Ending::Reader(ReaderError::MuteCard),
        Ending::Reader(ReaderError::CardLeft),
        Ending::Card(CardError::NotAMyNumberCard),
        Ending::Card(CardError::LeftOpen),
        Ending::Card(CardError::Transport(TransportError::CardRemoved)),
        Ending::PinIncorrect { tries_left: 2 },
        Ending::PinBlocked,
        Ending::CardForgotten,
        Ending::NotHere,
        Ending::PassportNotRegistered,
        Ending::NotOffered,
        Ending::Server(LinkError::Unreachable),
        Ending::Server(LinkError::ServerNotTrusted),
        Ending::OrderUncertain(LinkError::Unreachable),
        Ending::PrinterNotReady(PrinterFault::PaperOut),
        Ending::PrinterNotReady(PrinterFault::PaperJam),
        Ending::OwnCertificateNotValid,
    ];
    for reason in [
        NotPaidReason::Stopped,
        NotPaidReason::Declined,
        NotPaidReason::Device(PaymentFault::Jam),
    ] {
        for given_back in [GivenBack::default(), given_back(100, 20)] {
            all.push(Ending::NotPaid(NotPaid { reason, given_back }));
        }
    }
    for failure in [PrintFailure::TookTooLong, PrintFailure::Stopped] {
        for reported in [true, false] {
            let cause = NotDelivered::Print(failure);
            all.push(Ending::NotDelivered { cause, reported });
        }
    }
    all.push(Ending::NotDelivered {
        cause: NotDelivered::Print(PrintFailure::MayStillPrint),
        reported: false,
    });
    all.extend(ProblemType::ALL.iter().map(|kind| {
        let problem = ReportedProblem::Known(Problem::new(*kind));
        Ending::Server(LinkError::Refused(problem))
    }));
    all
}
