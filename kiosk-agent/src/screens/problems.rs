//! Every problem type and what the resident is told: one exhaustive table.

use application::ProblemType;

use super::notices::Notice;

/// What is shown for a problem that the server reports.
pub(super) const fn notice(kind: ProblemType) -> Notice {
    match kind {
        // The kiosk itself: nothing a resident can do here.
        ProblemType::KioskNotRegistered
        | ProblemType::DeviceNotAccepted
        | ProblemType::ChannelMismatch
        | ProblemType::ChannelSignatureInvalid
        | ProblemType::RequestExpired
        | ProblemType::MalformedRequest
        | ProblemType::TooLarge => Notice::KioskOutOfService,
        // It passes.
        ProblemType::SealingKeyUnknown
        | ProblemType::TooManyRequests
        | ProblemType::ServerUnavailable
        // No kiosk is told these.
        | ProblemType::RelayNotRegistered
        | ProblemType::VenueNotRegistered
        | ProblemType::DoseInvalid
        | ProblemType::VoucherNotAccepted
        | ProblemType::ReceiptNotAccepted
        | ProblemType::VenueQuotaReached
        | ProblemType::VenueBlocked
        | ProblemType::Internal => Notice::TryLater,
        // Never shown as "no doses" (domain rule 9).
        ProblemType::LookupUnavailable => Notice::CannotLookUpNow,
        // Something went stale meanwhile.
        ProblemType::TermsNotCurrent
        | ProblemType::ChallengeUnknown
        | ProblemType::ChallengeSpent
        | ProblemType::TicketInvalid
        | ProblemType::TicketExpired
        | ProblemType::OrderKeyReused
        | ProblemType::CertificateUnknown
        | ProblemType::OrderNotAvailable => Notice::StartAgain,
        ProblemType::FeeChanged => Notice::FeeChanged,
        // The card: it may be damaged, or worse. One and the same for all.
        ProblemType::CardMalformed
        | ProblemType::CardNotAuthentic
        | ProblemType::CardPresenceMissing
        | ProblemType::CardPresenceInvalid
        | ProblemType::IndividualNumberInvalid => Notice::CardCannotBeUsed,
        ProblemType::MunicipalityNotParticipating => Notice::MunicipalityNotTakingPart,
        ProblemType::MunicipalityClosed => Notice::MunicipalityClosed,
    }
}
