//! Answers that mobile-api gives itself: problems, outside the seal.

use application::outer::PROBLEM_TYPE;
use application::{Problem, ProblemType};
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderValue, StatusCode};

/// After how many seconds it makes sense to come back when there was too much to do.
const PAUSE_SECONDS: u32 = 2;

/// Answers with a problem.
pub(crate) fn problem(kind: ProblemType) -> Response {
    let retry_after = match kind {
        ProblemType::TooManyRequests | ProblemType::ServerUnavailable => Some(PAUSE_SECONDS),
        ProblemType::KioskNotRegistered
        | ProblemType::RelayNotRegistered
        | ProblemType::DeviceNotAccepted
        | ProblemType::ChannelMismatch
        | ProblemType::ChannelSignatureInvalid
        | ProblemType::RequestExpired
        | ProblemType::SealingKeyUnknown
        | ProblemType::MalformedRequest
        | ProblemType::TooLarge
        | ProblemType::TermsNotCurrent
        | ProblemType::ChallengeUnknown
        | ProblemType::ChallengeSpent
        | ProblemType::CardMalformed
        | ProblemType::CardNotAuthentic
        | ProblemType::CardPresenceMissing
        | ProblemType::CardPresenceInvalid
        | ProblemType::IndividualNumberInvalid
        | ProblemType::TicketInvalid
        | ProblemType::TicketExpired
        | ProblemType::MunicipalityNotParticipating
        | ProblemType::MunicipalityClosed
        | ProblemType::OrderKeyReused
        | ProblemType::OrderNotAvailable
        | ProblemType::FeeChanged
        | ProblemType::LookupUnavailable
        | ProblemType::CertificateUnknown
        | ProblemType::VenueNotRegistered
        | ProblemType::DoseInvalid
        | ProblemType::VoucherNotAccepted
        | ProblemType::ReceiptNotAccepted
        | ProblemType::VenueQuotaReached
        | ProblemType::VenueBlocked
        | ProblemType::Internal => None,
    };
    let problem = Problem { kind, retry_after };
    let mut response = problem.to_json().into_response();
    // The table of problem types holds statuses of 400 to 599 only.
    *response.status_mut() =
        StatusCode::from_u16(kind.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(PROBLEM_TYPE));
    headers.insert(CACHE_CONTROL, NO_STORE);
    if let Some(seconds) = retry_after {
        headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// For answers that nobody between keeps.
pub(crate) const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");
