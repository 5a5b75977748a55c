//! How a session ends.

use application::ProblemType;
use domain::CertificateId;
use my_number_card::{CardError, TransportError};

use crate::card::ReaderError;
use crate::payment::{NotPaid, NotPaidReason, Settled};
use crate::printer::{PrintFailure, PrinterFault};
use crate::server_link::{CertificateRefusal, LinkError};

use super::page_check::PageRefused;
use super::previewing::PreviewRefused;

/// How a session ended, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionReport {
    /// How it ended.
    pub ending: Ending,
    /// The certificates whose pages all came out, in order.
    pub delivered: Vec<CertificateId>,
    /// The pages that came out.
    pub pages: u32,
    /// The certificate that was issued last and whose pages did not all come out, if any.
    pub not_delivered: Option<CertificateId>,
    /// What became of the last fee that was paid, if one was.
    pub settled: Option<Settled>,
    /// Milliseconds from the PIN to the first offer, without the time in which the kiosk waited
    /// for the card to be taken or for the resident to choose; `None` where it came to none.
    pub pin_to_offer_ms: Option<u64>,
}

impl SessionReport {
    /// A session that ended before anything was issued.
    #[must_use]
    pub const fn nothing_issued(ending: Ending) -> Self {
        Self {
            ending,
            delivered: Vec::new(),
            pages: 0,
            not_delivered: None,
            settled: None,
            pin_to_offer_ms: None,
        }
    }
}

/// How a session ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// Every page came out.
    Delivered,
    /// The resident did not agree to the terms, or did not confirm.
    Declined,
    /// Somebody pressed cancel.
    Stopped,
    /// Nobody answered in time.
    TimeOver,
    /// The resident took as long as the server's ticket lives.
    TicketOver,
    /// The input ended, or was no answer.
    NoAnswer,
    /// Reader, or nobody put a card on it.
    Reader(ReaderError),
    /// The card: taken too early, another card, or it does not work.
    Card(CardError),
    /// The PIN was wrong.
    PinIncorrect {
        /// Tries left, at least one.
        tries_left: u8,
    },
    /// The PIN is locked.
    PinBlocked,
    /// The card was left on the reader. It was applied with, nothing was ordered.
    CardForgotten,
    /// One and the same for everybody who is to ask the counter (domain rule 7).
    NotHere,
    /// Use abroad without a registered passport (domain rule 4).
    PassportNotRegistered,
    /// What was asked for in advance is not offered.
    NotOffered,
    /// What was to be shown before payment is not this card's holder's, or no page; nothing was
    /// issued.
    PreviewRefused(PreviewRefused),
    /// The fee was not paid; nothing was ordered.
    NotPaid(NotPaid),
    /// The server, or the way to it; nothing was issued.
    Server(LinkError),
    /// An order got no answer: whether it was carried out is unknown to the kiosk.
    OrderUncertain(LinkError),
    /// The printer cannot print; nothing was issued.
    PrinterNotReady(PrinterFault),
    /// The kiosk's own certificate is not valid by the kiosk's clock.
    OwnCertificateNotValid,
    /// A certificate was issued and did not come out: it is issued again without a fee.
    NotDelivered {
        /// Why.
        cause: NotDelivered,
        /// Whether the server knows.
        reported: bool,
    },
}

/// Why an issued certificate did not come out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotDelivered {
    /// The printer.
    Print(PrintFailure),
    /// The page is not to be printed.
    Page(PageRefused),
}

/// Who is to look after it: the exit code says no more than this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum ExitClass {
    /// Every page came out.
    Delivered = 0,
    /// The resident stopped, declined, or did not answer.
    Resident = 10,
    /// The PIN was wrong.
    PinIncorrect = 11,
    /// The PIN is locked: the counter resets it.
    PinBlocked = 12,
    /// The card was taken too early, is another card, or does not work.
    Card = 13,
    /// The reader, or no card was put on it.
    Reader = 14,
    /// Not here: the counter.
    Counter = 15,
    /// The municipality does not issue here or now.
    Municipality = 16,
    /// Server or network: try again later.
    Server = 20,
    /// The kiosk itself: certificate, registration, clock, settings.
    Kiosk = 21,
    /// Somebody between kiosk and server, or the server itself, cannot be trusted.
    Untrusted = 22,
    /// The printer cannot print; nothing was issued.
    Printer = 30,
    /// Issued, not printed, and the server knows: again without a fee.
    NotDelivered = 31,
    /// Issued, not printed, and the server does not know yet; or an order without an answer.
    Uncertain = 32,
    /// The page was not this card's holder's, or its codes do not hold: it was not printed, or not
    /// shown.
    WrongPage = 33,
    /// No device takes the fee; nothing was ordered.
    Payment = 34,
}

impl Ending {
    /// Who is to look after it.
    #[must_use]
    pub const fn class(&self) -> ExitClass {
        match self {
            Self::Delivered => ExitClass::Delivered,
            Self::Declined | Self::Stopped | Self::TimeOver | Self::TicketOver | Self::NoAnswer => {
                ExitClass::Resident
            }
            Self::CardForgotten | Self::Card(_) => ExitClass::Card,
            Self::Reader(ReaderError::Stopped) => ExitClass::Resident,
            Self::Reader(_) => ExitClass::Reader,
            Self::PinIncorrect { .. } => ExitClass::PinIncorrect,
            Self::PinBlocked => ExitClass::PinBlocked,
            Self::NotHere | Self::PassportNotRegistered | Self::NotOffered => ExitClass::Counter,
            Self::PreviewRefused(_) => ExitClass::WrongPage,
            Self::NotPaid(not_paid) => payment_class(not_paid.reason),
            Self::Server(error) => server_class(error),
            Self::OrderUncertain(_) => ExitClass::Uncertain,
            Self::PrinterNotReady(_) => ExitClass::Printer,
            Self::OwnCertificateNotValid => ExitClass::Kiosk,
            Self::NotDelivered {
                reported: false, ..
            } => ExitClass::Uncertain,
            Self::NotDelivered {
                cause: NotDelivered::Page(_),
                reported: true,
            } => ExitClass::WrongPage,
            Self::NotDelivered {
                cause: NotDelivered::Print(_),
                reported: true,
            } => ExitClass::NotDelivered,
        }
    }

    /// The code that the screen shows for staff and that scripts read. It says nothing about a
    /// person.
    #[must_use]
    pub const fn staff_code(&self) -> &'static str {
        match self {
            Self::Delivered => "delivered",
            Self::Declined => "declined",
            Self::Stopped => "stopped",
            Self::TimeOver => "time-over",
            Self::TicketOver => "session-too-long",
            Self::NoAnswer => "no-answer",
            Self::Reader(error) => reader_code(error),
            Self::Card(error) => card_code(error),
            Self::PinIncorrect { .. } => "pin-incorrect",
            Self::PinBlocked => "pin-blocked",
            Self::CardForgotten => "card-forgotten",
            Self::NotHere => "not-here",
            Self::PassportNotRegistered => "passport-not-registered",
            Self::NotOffered => "not-offered",
            Self::PreviewRefused(refused) => match refused {
                PreviewRefused::AnotherHolder => "preview-of-another-holder",
                PreviewRefused::NoPage => "preview-without-page",
                PreviewRefused::TookTooLong => "preview-took-too-long",
            },
            Self::NotPaid(not_paid) => not_paid.reason.staff_code(),
            Self::Server(error) => link_code(error),
            Self::OrderUncertain(_) => "order-uncertain",
            Self::PrinterNotReady(fault) => fault_code(*fault),
            Self::OwnCertificateNotValid => "own-certificate-not-valid",
            Self::NotDelivered { cause, .. } => match cause {
                NotDelivered::Print(failure) => print_code(failure),
                NotDelivered::Page(PageRefused::AnotherHolder) => "page-of-another-holder",
                NotDelivered::Page(PageRefused::CodesDoNotHold) => "page-codes-do-not-hold",
                NotDelivered::Page(PageRefused::NoCode) => "page-without-code",
                NotDelivered::Page(PageRefused::AnotherCertificate) => {
                    "page-of-another-certificate"
                }
                NotDelivered::Page(PageRefused::NoPage) => "page-missing",
                NotDelivered::Page(PageRefused::TookTooLong) => "page-check-took-too-long",
            },
        }
    }
}

const fn payment_class(reason: NotPaidReason) -> ExitClass {
    match reason {
        NotPaidReason::Stopped | NotPaidReason::Declined => ExitClass::Resident,
        NotPaidReason::NotOffered | NotPaidReason::Device(_) => ExitClass::Payment,
    }
}

const fn server_class(error: &LinkError) -> ExitClass {
    match error {
        LinkError::Unreachable => ExitClass::Server,
        LinkError::CertificateRefused(_)
        | LinkError::ServerCertificateTime
        | LinkError::ClockOff(_)
        | LinkError::Misuse(_) => ExitClass::Kiosk,
        LinkError::ServerNotTrusted
        | LinkError::Configuration(_)
        | LinkError::PeerMisbehaved(_) => ExitClass::Untrusted,
        LinkError::Refused(problem) | LinkError::RefusedOutside(problem) => match problem.kind() {
            Some(kind) => problem_class(kind),
            None => ExitClass::Server,
        },
    }
}

const fn problem_class(kind: ProblemType) -> ExitClass {
    match kind {
        ProblemType::KioskNotRegistered
        | ProblemType::RelayNotRegistered
        | ProblemType::DeviceNotAccepted
        | ProblemType::ChannelMismatch
        | ProblemType::ChannelSignatureInvalid
        | ProblemType::RequestExpired
        | ProblemType::MalformedRequest
        | ProblemType::TooLarge => ExitClass::Kiosk,
        ProblemType::SealingKeyUnknown
        | ProblemType::TooManyRequests
        | ProblemType::LookupUnavailable
        | ProblemType::ServerUnavailable
        | ProblemType::Internal
        | ProblemType::TermsNotCurrent
        | ProblemType::ChallengeUnknown
        | ProblemType::ChallengeSpent
        | ProblemType::TicketInvalid
        | ProblemType::TicketExpired
        | ProblemType::OrderKeyReused
        | ProblemType::CertificateUnknown
        | ProblemType::VenueNotRegistered
        | ProblemType::DoseInvalid
        | ProblemType::VoucherNotAccepted
        | ProblemType::ReceiptNotAccepted
        | ProblemType::VenueQuotaReached
        | ProblemType::VenueBlocked
        | ProblemType::FeeChanged => ExitClass::Server,
        ProblemType::CardMalformed
        | ProblemType::CardNotAuthentic
        | ProblemType::CardPresenceMissing
        | ProblemType::CardPresenceInvalid
        | ProblemType::IndividualNumberInvalid => ExitClass::Card,
        ProblemType::MunicipalityNotParticipating | ProblemType::MunicipalityClosed => {
            ExitClass::Municipality
        }
        ProblemType::OrderNotAvailable => ExitClass::Counter,
    }
}

const fn link_code(error: &LinkError) -> &'static str {
    match error {
        LinkError::Unreachable => "server-unreachable",
        LinkError::ServerNotTrusted => "server-not-trusted",
        LinkError::ServerCertificateTime => "clock-or-server-certificate",
        LinkError::ClockOff(_) => "clock-off",
        LinkError::CertificateRefused(CertificateRefusal::Expired) => "own-certificate-expired",
        LinkError::CertificateRefused(CertificateRefusal::Revoked) => "own-certificate-revoked",
        LinkError::CertificateRefused(CertificateRefusal::NotAccepted) => "own-certificate-refused",
        LinkError::Configuration(_) => "sealing-configuration-refused",
        LinkError::PeerMisbehaved(_) => "answer-not-understood",
        LinkError::Misuse(_) => "request-not-possible",
        LinkError::Refused(problem) | LinkError::RefusedOutside(problem) => match problem.kind() {
            Some(kind) => kind.name(),
            None => "unknown-problem",
        },
    }
}

const fn reader_code(error: &ReaderError) -> &'static str {
    match error {
        ReaderError::NoService => "no-card-service",
        ReaderError::NoReader => "no-reader",
        ReaderError::NoCard => "no-card",
        ReaderError::MuteCard => "card-does-not-answer",
        ReaderError::InUse => "card-in-use",
        ReaderError::Stopped => "stopped",
        ReaderError::NotTaken => "card-forgotten",
        ReaderError::CardLeft => "card-left",
        ReaderError::Silent => "reader-silent",
        ReaderError::Pcsc(_) => "reader-fault",
    }
}

const fn card_code(error: &CardError) -> &'static str {
    match error {
        CardError::Transport(TransportError::CardRemoved) => "card-removed",
        CardError::Transport(TransportError::ReaderGone) => "reader-gone",
        CardError::Transport(_) => "card-exchange-failed",
        CardError::NotAMyNumberCard => "not-a-my-number-card",
        CardError::LeftOpen => "card-left-open",
        CardError::FileNotFound(_)
        | CardError::AccessDenied(_)
        | CardError::Refused { .. }
        | CardError::UnexpectedLength { .. }
        | CardError::Endless { .. }
        | CardError::FileTooLong(_)
        | CardError::Malformed(_) => "card-unreadable",
    }
}

const fn fault_code(fault: PrinterFault) -> &'static str {
    match fault {
        PrinterFault::Offline => "printer-offline",
        PrinterFault::PaperJam => "printer-paper-jam",
        PrinterFault::DoorOpen => "printer-door-open",
        PrinterFault::PaperOut => "printer-paper-out",
        PrinterFault::TonerOut => "printer-toner-out",
        PrinterFault::OutputFull => "printer-output-full",
        PrinterFault::Paused => "printer-paused",
        PrinterFault::JobNotEnded => "printer-job-not-ended",
        PrinterFault::PaperLeft => "printer-paper-left",
        PrinterFault::Other => "printer-fault",
    }
}

const fn print_code(failure: &PrintFailure) -> &'static str {
    match failure {
        PrintFailure::Fault(fault) => fault_code(*fault),
        PrintFailure::Refused(_) => "printer-refused-the-job",
        PrintFailure::GaveUp => "printer-gave-the-job-up",
        PrintFailure::TookTooLong => "printer-took-too-long",
        PrintFailure::PagesMissing { .. } => "printer-pages-missing",
        PrintFailure::Stopped => "stopped-while-printing",
        PrintFailure::MayStillPrint => "print-uncertain",
    }
}

impl From<LinkError> for Ending {
    fn from(error: LinkError) -> Self {
        Self::Server(error)
    }
}

impl From<NotPaid> for Ending {
    fn from(not_paid: NotPaid) -> Self {
        Self::NotPaid(not_paid)
    }
}

impl From<CardError> for Ending {
    fn from(error: CardError) -> Self {
        Self::Card(error)
    }
}

impl From<ReaderError> for Ending {
    fn from(error: ReaderError) -> Self {
        Self::Reader(error)
    }
}
