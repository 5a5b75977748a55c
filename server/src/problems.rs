//! The one place where this service's errors become problems (RFC 9457). Exhaustive: a new
//! error does not compile before somebody has decided what the channel is told.

use application::{Problem, ProblemType};
use domain::InvalidMyNumber;
use my_number_card::{Malformation, VerificationError};
use registry::RegistryError;

use crate::calls::{
    ApplyError, ChallengeError, ExtendError, OfferError, OrderError, OutcomeError,
    ParticipationError,
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
        OfferError::Ticket(error) => ticket(error).into(),
        OfferError::Participation(error) => participation(error).into(),
        OfferError::TooMany => ProblemType::TooManyRequests.into(),
        OfferError::Register(error) => registry(error),
    };
    OrderError => |error| match &error {
        OrderError::Ticket(error) => ticket(error).into(),
        OrderError::Participation(error) => participation(error).into(),
        OrderError::TooMany => ProblemType::TooManyRequests.into(),
        OrderError::Copies => ProblemType::MalformedRequest.into(),
        OrderError::NotAvailable => ProblemType::OrderNotAvailable.into(),
        OrderError::FeeChanged => ProblemType::FeeChanged.into(),
        OrderError::Register(error) => registry(error),
        OrderError::Sign(_)
        | OrderError::Record(_)
        | OrderError::Render(_)
        | OrderError::RevocationId(_)
        | OrderError::Stopped => ProblemType::Internal.into(),
    };
    OutcomeError => |error| match &error {
        OutcomeError::Ticket(error) => ticket(error).into(),
        OutcomeError::Participation(error) => participation(error).into(),
        OutcomeError::CertificateUnknown => ProblemType::CertificateUnknown.into(),
        OutcomeError::Register(error) => registry(error),
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
        | RegistryError::NoSuchMunicipality(_) => soon(ProblemType::LookupUnavailable),
        RegistryError::OrderKeyReused => ProblemType::OrderKeyReused.into(),
        RegistryError::TooManyChallenges => soon(ProblemType::TooManyRequests),
        RegistryError::NotReplaceable => ProblemType::OrderNotAvailable.into(),
        RegistryError::NotForThisPurpose(_)
        | RegistryError::NoDossierRead
        | RegistryError::UnreadableFile(_) => ProblemType::Internal.into(),
    }
}
