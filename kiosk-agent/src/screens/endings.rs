//! What the kiosk says at the end of a session.

use application::ReportedProblem;
use domain::Language;
use my_number_card::{CardError, TransportError};

use super::notices::{Notice, needs_staff};
use super::{Words, problems};
use crate::card::ReaderError;
use crate::payment::{NotPaid, NotPaidReason};
use crate::printer::{PrintFailure, PrinterFault};
use crate::server_link::LinkError;
use crate::session::{Ending, NotDelivered};

/// What an ending says.
pub(super) fn words(ending: &Ending, language: Language) -> Words {
    let notice = notice(ending);
    Words {
        staff_code: needs_staff(notice).then(|| ending.staff_code()),
        ..Words::of(&notice, language)
    }
}

pub(super) const fn notice(ending: &Ending) -> Notice {
    match ending {
        Ending::Delivered => Notice::Done,
        Ending::Declined | Ending::Stopped => Notice::Cancelled,
        Ending::TimeOver | Ending::NoAnswer => Notice::TimeOver,
        Ending::TicketOver => Notice::SessionTooLong,
        Ending::Reader(error) => of_reader(error),
        Ending::Card(error) => of_card(error),
        Ending::PinIncorrect { tries_left } => Notice::PinIncorrect { tries: *tries_left },
        Ending::PinBlocked => Notice::PinLocked,
        Ending::CardForgotten => Notice::CardForgotten,
        Ending::NotHere => Notice::AskTheCounter,
        Ending::PassportNotRegistered => Notice::PassportMissing,
        Ending::NotOffered => Notice::NotOffered,
        Ending::NotPaid(not_paid) => of_payment(not_paid),
        Ending::Server(error) => of_link(error),
        Ending::OrderUncertain(_) => Notice::OrderUncertain,
        Ending::PrinterNotReady(PrinterFault::PaperOut) => Notice::PaperOut,
        Ending::PrinterNotReady(_) => Notice::PrinterOutOfService,
        Ending::PreviewRefused(_) | Ending::OwnCertificateNotValid => Notice::KioskOutOfService,
        Ending::NotDelivered {
            cause: NotDelivered::Print(PrintFailure::Stopped),
            reported: true,
        } => Notice::CancelledNextFree,
        Ending::NotDelivered {
            cause: NotDelivered::Print(PrintFailure::MayStillPrint),
            ..
        } => Notice::MayStillPrint,
        Ending::NotDelivered { reported: true, .. } => Notice::IssuedNotPrinted,
        Ending::NotDelivered {
            reported: false, ..
        } => Notice::IssuedNotPrintedNotReported,
    }
}

const fn of_payment(not_paid: &NotPaid) -> Notice {
    if not_paid.given_back.owed.0 > 0 {
        return Notice::MoneyOwed;
    }
    match not_paid.reason {
        NotPaidReason::Stopped => Notice::Cancelled,
        NotPaidReason::Declined => Notice::PaymentDeclined,
        NotPaidReason::NotOffered | NotPaidReason::Device(_) => Notice::PaymentOutOfService,
    }
}

const fn of_reader(error: &ReaderError) -> Notice {
    match error {
        ReaderError::NoCard => Notice::NoCard,
        ReaderError::MuteCard => Notice::NotAMyNumberCard,
        ReaderError::Stopped => Notice::Cancelled,
        ReaderError::NotTaken => Notice::CardForgotten,
        ReaderError::CardLeft => Notice::CardLeft,
        ReaderError::NoService
        | ReaderError::NoReader
        | ReaderError::InUse
        | ReaderError::Silent
        | ReaderError::Pcsc(_) => Notice::ReaderOutOfService,
    }
}

const fn of_card(error: &CardError) -> Notice {
    match error {
        CardError::Transport(TransportError::CardRemoved) => Notice::CardTakenTooEarly,
        CardError::Transport(TransportError::ReaderGone) => Notice::ReaderOutOfService,
        CardError::Transport(_) | CardError::LeftOpen | CardError::Endless { .. } => {
            Notice::CardTryAgain
        }
        CardError::NotAMyNumberCard => Notice::NotAMyNumberCard,
        CardError::FileNotFound(_)
        | CardError::AccessDenied(_)
        | CardError::Refused { .. }
        | CardError::UnexpectedLength { .. }
        | CardError::FileTooLong(_)
        | CardError::Malformed(_) => Notice::CardCannotBeUsed,
    }
}

const fn of_link(error: &LinkError) -> Notice {
    match error {
        LinkError::Unreachable => Notice::TryLater,
        LinkError::Refused(ReportedProblem::Known(problem))
        | LinkError::RefusedOutside(ReportedProblem::Known(problem)) => {
            problems::notice(problem.kind)
        }
        LinkError::Refused(ReportedProblem::Unknown { .. })
        | LinkError::RefusedOutside(ReportedProblem::Unknown { .. }) => Notice::TryLater,
        LinkError::ServerNotTrusted
        | LinkError::ServerCertificateTime
        | LinkError::ClockOff(_)
        | LinkError::CertificateRefused(_)
        | LinkError::Configuration(_)
        | LinkError::PeerMisbehaved(_)
        | LinkError::Misuse(_) => Notice::KioskOutOfService,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use application::{Problem, ProblemType};

    fn said_for(kind: ProblemType, language: Language) -> Words {
        let problem = ReportedProblem::Known(Problem::new(kind));
        words(&Ending::Server(LinkError::Refused(problem)), language)
    }

    #[test]
    fn every_problem_says_what_happened_and_what_to_do_without_jargon() {
        for kind in ProblemType::ALL.iter().copied() {
            for language in Language::ALL {
                let words = said_for(kind, language);
                let text = format!("{} {}", words.happened, words.to_do);
                assert!(
                    !words.happened.is_empty() && !words.to_do.is_empty(),
                    "{kind}"
                );
                for jargon in [
                    "HTTP",
                    "TLS",
                    "ticket",
                    "server",
                    "challenge",
                    "{}",
                    "error",
                ] {
                    assert!(!text.contains(jargon), "{kind}: {jargon}");
                }
            }
        }
    }

    #[test]
    fn a_lookup_that_failed_is_not_shown_as_no_doses() {
        let failed = said_for(ProblemType::LookupUnavailable, Language::Japanese);
        let not_here = words(&Ending::NotHere, Language::Japanese);
        assert_ne!(failed.happened, not_here.happened);
        assert!(
            failed
                .happened
                .contains("記録がないという意味ではありません")
        );
    }

    #[test]
    fn the_neutral_answer_has_no_code() {
        assert_eq!(words(&Ending::NotHere, Language::English).staff_code, None);
    }

    #[test]
    fn the_kiosks_own_fault_is_the_kiosks() {
        for kind in [
            ProblemType::KioskNotRegistered,
            ProblemType::ChannelMismatch,
        ] {
            let words = said_for(kind, Language::English);
            assert_eq!(words.staff_code, Some(kind.name()));
            assert!(words.happened.contains("kiosk is out of service"));
        }
    }

    /// What was paid is kept where the server knows that the next print is free, and the screen
    /// says so: also where the resident stopped it.
    #[test]
    fn a_fee_that_is_kept_without_paper_buys_the_next_print_and_the_screen_says_so() {
        let page = NotDelivered::Page(crate::session::PageRefused::AnotherHolder);
        for cause in [NotDelivered::Print(PrintFailure::Stopped), page] {
            let reported = true;
            let ending = Ending::NotDelivered { cause, reported };
            let said = words(&ending, Language::Japanese);
            assert!(said.to_do.contains("手数料はかかりません"), "{ending:?}");
        }
    }
}
