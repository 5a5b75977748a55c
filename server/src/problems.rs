//! The one place where this service's errors become problems (RFC 9457). Exhaustive: a new
//! error does not compile before somebody has decided what the channel is told.

use application::{Problem, ProblemType};
use domain::InvalidMyNumber;
use my_number_card::{Malformation, VerificationError};
use registry::{RegistryError, VenueHeld};

use crate::calls::venue::VenueError;
use crate::calls::{
    ApplyError, ChallengeError, ExtendError, OfferError, OrderError, OutcomeError,
    ParticipationError, PreviewError, SittingRefused,
};
use crate::service::{DeviceError, Overloaded};
use crate::ticket::TicketError;

/// After how many seconds to try again when the register or the server had no time.
const SOON: u32 = 2;

/// What a channel is told, and what the log is told besides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What the channel is told.
    pub problem: Problem,
    /// The error in its own words: steps, offsets, lengths and codes, never content.
    pub reason: Option<String>,
}

impl Refusal {
    /// A problem, and the error it comes from.
    pub fn new(problem: impl Into<Problem>, error: &dyn std::error::Error) -> Self {
        Self {
            problem: problem.into(),
            reason: Some(error.to_string()),
        }
    }
}

impl From<ProblemType> for Refusal {
    fn from(kind: ProblemType) -> Self {
        Self {
            problem: kind.into(),
            reason: None,
        }
    }
}

macro_rules! refusals {
    ($($error:ty => |$value:ident| $problem:expr;)+) => {
        $(impl From<$error> for Refusal {
            fn from($value: $error) -> Self {
                let problem: Problem = $problem;
                Self::new(problem, &$value)
            }
        })+
    };
}

refusals! {
    ChallengeError => |error| match &error {
        ChallengeError::Register(error) => registry(error),
    };
    ApplyError => |error| match &error {
        ApplyError::TermsNotCurrent => ProblemType::TermsNotCurrent.into(),
        ApplyError::ChallengeUnknown => ProblemType::ChallengeUnknown.into(),
        ApplyError::ChallengeSpent => ProblemType::ChallengeSpent.into(),
        ApplyError::Malformed(file) => malformed(&file.malformation).into(),
        ApplyError::Verification(error) => verification(error).into(),
        ApplyError::PresenceMissing => ProblemType::CardPresenceMissing.into(),
        ApplyError::Register(error) => registry(error),
        ApplyError::Sealing(_) => ProblemType::Internal.into(),
    };
    ExtendError => |error| match &error {
        ExtendError::Ticket(error) => ticket(error).into(),
        ExtendError::Sealing(_) => ProblemType::Internal.into(),
    };
    OfferError => |error| match &error {
        OfferError::Refused(error) => sitting(error).into(),
        OfferError::Register(error) => registry(error),
    };
    OrderError => |error| match &error {
        OrderError::Refused(error) => sitting(error).into(),
        OrderError::Copies => ProblemType::MalformedRequest.into(),
        OrderError::NotAvailable | OrderError::Unsignable(_) => {
            ProblemType::OrderNotAvailable.into()
        }
        OrderError::FeeChanged => ProblemType::FeeChanged.into(),
        OrderError::Register(error) => registry(error),
        OrderError::Sign(_) | OrderError::Record(_) | OrderError::Page(_) => {
            ProblemType::Internal.into()
        }
    };
    PreviewError => |error| match &error {
        PreviewError::Refused(error) => sitting(error).into(),
        PreviewError::NoPrinter => ProblemType::MalformedRequest.into(),
        PreviewError::Register(error) => registry(error),
        PreviewError::Name(_) | PreviewError::Page(_) => ProblemType::Internal.into(),
    };
    OutcomeError => |error| match &error {
        OutcomeError::Ticket(error) => ticket(error).into(),
        OutcomeError::Participation(error) => participation(error).into(),
        OutcomeError::CertificateUnknown => ProblemType::CertificateUnknown.into(),
        OutcomeError::Register(error) => registry(error),
    };
    VenueError => |error| match &error {
        VenueError::DoseInvalid(_) => ProblemType::DoseInvalid.into(),
        VenueError::VoucherNotAccepted => ProblemType::VoucherNotAccepted.into(),
        VenueError::ReceiptNotAccepted => ProblemType::ReceiptNotAccepted.into(),
        VenueError::Held(held) => held_venue(*held),
        VenueError::Register(error) => registry(error),
    };
    DeviceError => |error| match &error {
        DeviceError::NotAccepted => ProblemType::DeviceNotAccepted.into(),
        DeviceError::Register(error) => registry(error),
    };
    RegistryError => |error| registry(&error);
    Overloaded => |error| match &error {
        Overloaded => soon(ProblemType::TooManyRequests),
    };
}

fn held_venue(held: VenueHeld) -> Problem {
    let (kind, seconds) = match held {
        VenueHeld::TooFast(seconds) => (ProblemType::TooManyRequests, seconds),
        VenueHeld::QuotaReached(seconds) => (ProblemType::VenueQuotaReached, seconds),
        VenueHeld::Blocked(seconds) => (ProblemType::VenueBlocked, seconds),
    };
    Problem {
        kind,
        retry_after: Some(seconds),
    }
}

fn soon(kind: ProblemType) -> Problem {
    Problem {
        kind,
        retry_after: Some(SOON),
    }
}

fn ticket(error: &TicketError) -> ProblemType {
    match error {
        TicketError::Invalid => ProblemType::TicketInvalid,
        TicketError::Expired => ProblemType::TicketExpired,
    }
}

fn participation(error: &ParticipationError) -> ProblemType {
    match error {
        ParticipationError::NotParticipating => ProblemType::MunicipalityNotParticipating,
        ParticipationError::Closed => ProblemType::MunicipalityClosed,
    }
}

fn sitting(error: &SittingRefused) -> ProblemType {
    match error {
        SittingRefused::Ticket(error) => ticket(error),
        SittingRefused::Participation(error) => participation(error),
        SittingRefused::TooMany => ProblemType::TooManyRequests,
    }
}

fn malformed(malformation: &Malformation) -> ProblemType {
    match malformation {
        Malformation::IndividualNumber {
            reason: InvalidMyNumber::CheckDigit,
            ..
        } => ProblemType::IndividualNumberInvalid,
        Malformation::IndividualNumber {
            reason: InvalidMyNumber::NotTwelveDigits,
            ..
        }
        | Malformation::TooLong { .. }
        | Malformation::TagCutOff { .. }
        | Malformation::TagTooLong { .. }
        | Malformation::UnexpectedTag { .. }
        | Malformation::LengthCutOff { .. }
        | Malformation::LengthIndefinite { .. }
        | Malformation::LengthTooLong { .. }
        | Malformation::ValueCutOff { .. }
        | Malformation::UnexpectedLength { .. }
        | Malformation::TrailingBytes { .. }
        | Malformation::Filler { .. }
        | Malformation::Offset { .. }
        | Malformation::NotUtf8 { .. }
        | Malformation::Text { .. }
        | Malformation::BirthDate { .. }
        | Malformation::Sex { .. }
        | Malformation::KeyId { .. }
        | Malformation::Exponent { .. }
        | Malformation::Modulus { .. } => ProblemType::CardMalformed,
    }
}

/// The channel is told that the card is not authentic and not which step said so: whoever forges
/// a card learns nothing from it. The log names the step.
fn verification(error: &VerificationError) -> ProblemType {
    match error {
        VerificationError::UnknownCaKey(_)
        | VerificationError::IssuerCertificateSignature
        | VerificationError::IntegritySignature
        | VerificationError::IndividualNumberDigest
        | VerificationError::AttributesDigest
        | VerificationError::CardKeySignature => ProblemType::CardNotAuthentic,
        VerificationError::PresenceSignature => ProblemType::CardPresenceInvalid,
        VerificationError::BirthDateInFuture => ProblemType::CardMalformed,
    }
}

/// Whatever keeps the register from answering is "cannot look it up now", and never "no doses"
/// (domain rule 9).
fn registry(error: &RegistryError) -> Problem {
    match error {
        RegistryError::LookupUnavailable(_)
        | RegistryError::DamagedRow { .. }
        | RegistryError::WrongMasterKey
        | RegistryError::UnfitDatabase(_)
        | RegistryError::NoSuchMunicipality(_) => soon(ProblemType::LookupUnavailable),
        RegistryError::OrderKeyReused => ProblemType::OrderKeyReused.into(),
        RegistryError::TooManyChallenges => soon(ProblemType::TooManyRequests),
        RegistryError::NotReplaceable => ProblemType::OrderNotAvailable.into(),
        RegistryError::NotForThisPurpose(_)
        | RegistryError::TooManyKeys
        | RegistryError::NoDossierRead
        | RegistryError::UnreadableFile { .. }
        | RegistryError::SpillUnavailable(_)
        | RegistryError::RegisterChanged
        | RegistryError::Approval(_)
        | RegistryError::Counts(_)
        | RegistryError::Inquiry(_)
        | RegistryError::NotDeclared(_)
        | RegistryError::Flag(_)
        | RegistryError::Disclosure(_)
        | RegistryError::Erasure(_)
        | RegistryError::UnwritableFile(_) => ProblemType::Internal.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::MunicipalityCode;
    use registry::StorageFault;

    fn told(refusal: impl Into<Refusal>) -> ProblemType {
        refusal.into().problem.kind
    }

    #[test]
    fn a_register_that_does_not_answer_is_never_anything_else() {
        let code = MunicipalityCode::parse("131121").unwrap();
        for error in [
            RegistryError::LookupUnavailable(StorageFault::Busy),
            RegistryError::LookupUnavailable(StorageFault::Full),
            RegistryError::DamagedRow { table: "dose" },
            RegistryError::WrongMasterKey,
            RegistryError::NoSuchMunicipality(code),
        ] {
            assert_eq!(told(error), ProblemType::LookupUnavailable);
            let order = told(OrderError::Register(error));
            assert_eq!(order, ProblemType::LookupUnavailable);
            let offer = told(OfferError::Register(error));
            assert_eq!(offer, ProblemType::LookupUnavailable);
        }
    }

    #[test]
    fn a_forger_is_not_told_which_step_refused_and_the_log_is() {
        let steps = [
            VerificationError::IssuerCertificateSignature,
            VerificationError::IntegritySignature,
            VerificationError::IndividualNumberDigest,
            VerificationError::AttributesDigest,
            VerificationError::CardKeySignature,
        ];
        let mut reasons = Vec::new();
        for step in steps {
            let refusal = Refusal::from(ApplyError::Verification(step));
            assert_eq!(refusal.problem.kind, ProblemType::CardNotAuthentic);
            reasons.push(refusal.reason);
        }
        reasons.dedup();
        assert_eq!(reasons.len(), steps.len());
    }

    #[test]
    fn only_the_check_digit_is_the_individual_numbers_own_problem() {
        let number = |reason| Malformation::IndividualNumber { at: 3, reason };
        assert_eq!(
            malformed(&number(InvalidMyNumber::CheckDigit)),
            ProblemType::IndividualNumberInvalid
        );
        assert_eq!(
            malformed(&number(InvalidMyNumber::NotTwelveDigits)),
            ProblemType::CardMalformed
        );
    }

    #[test]
    fn who_is_sent_away_for_lack_of_room_is_told_when_to_come_again() {
        let refusal = Refusal::from(Overloaded);
        assert_eq!(refusal.problem.kind, ProblemType::TooManyRequests);
        assert_eq!(refusal.problem.retry_after, Some(SOON));
    }
}
