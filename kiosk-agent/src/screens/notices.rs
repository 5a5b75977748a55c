//! The words at the end of a session: a notice for each thing that a resident can do about it.

use crate::texts::keys;

keys! {
    /// What an ending comes down to for a resident.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub(crate) enum Notice {
        Done = "done",
        Cancelled = "cancelled",
        CancelledNextFree = "cancelled-next-free",
        TimeOver = "time-over",
        SessionTooLong = "session-too-long",
        ReaderOutOfService = "reader-out-of-service",
        NoCard = "no-card",
        CardTakenTooEarly = "card-taken-too-early",
        NotAMyNumberCard = "not-a-my-number-card",
        CardCannotBeUsed = "card-cannot-be-used",
        CardTryAgain = "card-try-again",
        CardForgotten = "card-forgotten",
        CardLeft = "card-left",
        PinIncorrect { tries: u8 } = "pin-incorrect",
        PinLocked = "pin-locked",
        AskTheCounter = "ask-the-counter",
        PassportMissing = "passport-missing",
        NotOffered = "not-offered",
        MunicipalityNotTakingPart = "municipality-not-taking-part",
        MunicipalityClosed = "municipality-closed",
        FeeChanged = "fee-changed",
        StartAgain = "start-again",
        TryLater = "try-later",
        CannotLookUpNow = "cannot-look-up-now",
        KioskOutOfService = "kiosk-out-of-service",
        PaymentDeclined = "payment-declined",
        PaymentOutOfService = "payment-out-of-service",
        MoneyOwed = "money-owed",
        PrinterOutOfService = "printer-out-of-service",
        PaperOut = "paper-out",
        IssuedNotPrinted = "issued-not-printed",
        IssuedNotPrintedNotReported = "issued-not-printed-not-reported",
        MayStillPrint = "may-still-print",
        OrderUncertain = "order-uncertain",
    }
}

/// Whether staff can do something about it, and so the code is shown.
pub(super) const fn needs_staff(notice: Notice) -> bool {
    match notice {
        Notice::Done
        | Notice::Cancelled
        | Notice::CancelledNextFree
        | Notice::TimeOver
        | Notice::SessionTooLong
        | Notice::NoCard
        | Notice::CardTakenTooEarly
        | Notice::CardForgotten
        | Notice::CardLeft
        | Notice::PinIncorrect { .. }
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
        | Notice::MayStillPrint
        | Notice::OrderUncertain => true,
    }
}
