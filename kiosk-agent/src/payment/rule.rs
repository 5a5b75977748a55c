//! What becomes of a fee once it is known how the certificate went: the one rule there is.

use crate::session::Ending;

/// What is to become of a fee.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settlement {
    /// It is kept: paper came out, or the next print is without a fee and the server knows it.
    Keep,
    /// It goes back exactly: nothing was issued, or what was issued did not come out and the
    /// server does not know.
    Refund,
}

/// What becomes of the fee of a certificate that went so: `Ok` where every page came out.
///
/// What the server was told is issued again without a fee (domain rule 6), so the fee is kept and
/// the screen says so. What it could not be told would cost a second fee: the first goes back, also
/// where some of several copies came out. An order without an answer printed nothing.
#[must_use]
pub const fn settlement(delivered: Result<(), &Ending>) -> Settlement {
    let ending = match delivered {
        Ok(()) | Err(Ending::Delivered) => return Settlement::Keep,
        Err(ending) => ending,
    };
    match ending {
        Ending::Delivered | Ending::NotDelivered { reported: true, .. } => Settlement::Keep,
        Ending::NotDelivered {
            reported: false, ..
        }
        | Ending::OrderUncertain(_)
        | Ending::Declined
        | Ending::Stopped
        | Ending::TimeOver
        | Ending::TicketOver
        | Ending::NoAnswer
        | Ending::Reader(_)
        | Ending::Card(_)
        | Ending::PinIncorrect { .. }
        | Ending::PinBlocked
        | Ending::CardForgotten
        | Ending::NotHere
        | Ending::PassportNotRegistered
        | Ending::NotOffered
        | Ending::PreviewRefused(_)
        | Ending::NotPaid(_)
        | Ending::Server(_)
        | Ending::PrinterNotReady(_)
        | Ending::OwnCertificateNotValid => Settlement::Refund,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::card::ReaderError;
    use crate::payment::{GivenBack, NotPaid, NotPaidReason};
    use crate::printer::{PrintFailure, PrinterFault};
    use crate::server_link::LinkError;
    use crate::session::{NotDelivered, PageRefused};

    #[test]
    fn what_was_paid_is_kept_only_for_paper_or_a_free_next_print() {
        let print = NotDelivered::Print(PrintFailure::PagesMissing {
            printed: 1,
            expected: 2,
        });
        let page = NotDelivered::Page(PageRefused::AnotherHolder);
        let not_delivered = |cause, reported| Ending::NotDelivered { cause, reported };
        assert_eq!(settlement(Ok(())), Settlement::Keep);
        for (ending, expected) in [
            (Ending::Delivered, Settlement::Keep),
            (not_delivered(print, true), Settlement::Keep),
            (not_delivered(page, true), Settlement::Keep),
            (not_delivered(print, false), Settlement::Refund),
            (not_delivered(page, false), Settlement::Refund),
            (
                Ending::OrderUncertain(LinkError::Unreachable),
                Settlement::Refund,
            ),
            (Ending::Server(LinkError::Unreachable), Settlement::Refund),
            (
                Ending::PrinterNotReady(PrinterFault::PaperOut),
                Settlement::Refund,
            ),
            (Ending::Declined, Settlement::Refund),
            (Ending::Stopped, Settlement::Refund),
            (Ending::TimeOver, Settlement::Refund),
            (Ending::TicketOver, Settlement::Refund),
            (Ending::NoAnswer, Settlement::Refund),
            (Ending::Reader(ReaderError::NoReader), Settlement::Refund),
            (Ending::PinIncorrect { tries_left: 1 }, Settlement::Refund),
            (Ending::PinBlocked, Settlement::Refund),
            (Ending::CardForgotten, Settlement::Refund),
            (Ending::NotHere, Settlement::Refund),
            (Ending::PassportNotRegistered, Settlement::Refund),
            (Ending::NotOffered, Settlement::Refund),
            (
                Ending::NotPaid(NotPaid {
                    reason: NotPaidReason::Declined,
                    given_back: GivenBack::default(),
                }),
                Settlement::Refund,
            ),
            (Ending::OwnCertificateNotValid, Settlement::Refund),
        ] {
            assert_eq!(settlement(Err(&ending)), expected, "{ending:?}");
        }
    }
}
