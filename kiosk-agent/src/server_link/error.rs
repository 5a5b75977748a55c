//! What can be wrong between kiosk and server, by whose fault it is.

use application::client::{ConfigurationRefused, ExchangeError, LocalMisuse, PeerMisbehaved};
use application::{ProblemType, ReportedProblem};
use rustls::{AlertDescription, CertificateError};

use super::ClockOffset;

/// Why a call has no reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// No connection, or it broke, or took too long: network or server.
    #[error("the server cannot be reached")]
    Unreachable,
    /// The server's TLS certificate is not one of the CA that the settings name.
    #[error("the server's TLS certificate is not trusted")]
    ServerNotTrusted,
    /// The server's TLS certificate is out of its time by this machine's clock: one of the two is
    /// wrong.
    #[error("the server's TLS certificate is not valid by this machine's clock")]
    ServerCertificateTime,
    /// The kiosk's clock is too far from the server's.
    #[error("the kiosk's clock is {0} s off the server's")]
    ClockOff(ClockOffset),
    /// The server does not take the kiosk's TLS certificate.
    #[error("the server refuses the kiosk's certificate: {0:?}")]
    CertificateRefused(CertificateRefusal),
    /// The sealing configuration is not to be believed.
    #[error(transparent)]
    Configuration(#[from] ConfigurationRefused),
    /// The server's own word, out of the seal.
    #[error("the server refused: {0}")]
    Refused(ReportedProblem),
    /// Somebody's word from outside the seal.
    #[error("refused outside the seal: {0}")]
    RefusedOutside(ReportedProblem),
    /// The answer is not one of the protocol.
    #[error(transparent)]
    PeerMisbehaved(#[from] PeerMisbehaved),
    /// The request could not be made.
    #[error(transparent)]
    Misuse(#[from] LocalMisuse),
}

impl LinkError {
    /// Whether a call that ended so may have been carried out all the same: the reply was lost,
    /// the server broke off after it may have committed, or it is not the server's own word.
    #[must_use]
    pub const fn may_be_carried_out(&self) -> bool {
        match self {
            Self::Unreachable | Self::PeerMisbehaved(_) => true,
            Self::Refused(problem) => match problem.kind() {
                Some(
                    ProblemType::Internal
                    | ProblemType::LookupUnavailable
                    | ProblemType::ServerUnavailable,
                )
                | None => true,
                Some(_) => false,
            },
            // What comes from outside the seal is believed only where it says that the request
            // never got inside.
            Self::RefusedOutside(problem) => match problem.kind() {
                Some(
                    ProblemType::KioskNotRegistered
                    | ProblemType::DeviceNotAccepted
                    | ProblemType::ChannelMismatch
                    | ProblemType::SealingKeyUnknown,
                ) => false,
                Some(_) | None => true,
            },
            Self::ServerNotTrusted
            | Self::ServerCertificateTime
            | Self::ClockOff(_)
            | Self::CertificateRefused(_)
            | Self::Configuration(_)
            | Self::Misuse(_) => false,
        }
    }
}

/// What TLS says about the kiosk's certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CertificateRefusal {
    /// Its time is over, or has not begun.
    Expired,
    /// Revoked.
    Revoked,
    /// Not of a CA that the server trusts, or refused for another reason.
    NotAccepted,
}

impl From<ExchangeError> for LinkError {
    fn from(error: ExchangeError) -> Self {
        match error {
            ExchangeError::Refused(problem) => Self::Refused(problem),
            ExchangeError::RefusedOutside(problem) => Self::RefusedOutside(problem),
            ExchangeError::PeerMisbehaved(how) => Self::PeerMisbehaved(how),
        }
    }
}

impl From<reqwest::Error> for LinkError {
    /// Looks for TLS's own word in what HTTP reports.
    fn from(error: reqwest::Error) -> Self {
        let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(&error);
        while let Some(error) = cause {
            if let Some(tls) = tls_error(error) {
                return by_tls(tls);
            }
            cause = error.source();
        }
        Self::Unreachable
    }
}

/// TLS's error, also where `std::io::Error` wraps it: that one's `source` skips what it wraps.
fn tls_error<'a>(error: &'a (dyn std::error::Error + 'static)) -> Option<&'a rustls::Error> {
    error.downcast_ref::<rustls::Error>().or_else(|| {
        let inner = error.downcast_ref::<std::io::Error>()?.get_ref()?;
        tls_error(inner)
    })
}

// The enums are rustls's: whatever else they say, the connection is gone.
#[allow(clippy::wildcard_enum_match_arm)]
fn by_tls(error: &rustls::Error) -> LinkError {
    match error {
        rustls::Error::AlertReceived(alert) => match alert {
            AlertDescription::CertificateExpired => {
                LinkError::CertificateRefused(CertificateRefusal::Expired)
            }
            AlertDescription::CertificateRevoked => {
                LinkError::CertificateRefused(CertificateRefusal::Revoked)
            }
            AlertDescription::BadCertificate
            | AlertDescription::UnsupportedCertificate
            | AlertDescription::CertificateUnknown
            | AlertDescription::UnknownCA
            | AlertDescription::AccessDenied
            | AlertDescription::CertificateRequired
            | AlertDescription::DecryptError => {
                LinkError::CertificateRefused(CertificateRefusal::NotAccepted)
            }
            _ => LinkError::Unreachable,
        },
        rustls::Error::InvalidCertificate(
            CertificateError::Expired
            | CertificateError::ExpiredContext { .. }
            | CertificateError::NotValidYet
            | CertificateError::NotValidYetContext { .. },
        ) => LinkError::ServerCertificateTime,
        rustls::Error::InvalidCertificate(_) => LinkError::ServerNotTrusted,
        _ => LinkError::Unreachable,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use application::Problem;

    #[test]
    fn only_the_server_s_own_clear_refusal_says_that_nothing_was_done() {
        let problem = |kind| ReportedProblem::Known(Problem::new(kind));
        for (error, expected) in [
            (LinkError::Unreachable, true),
            (LinkError::Refused(problem(ProblemType::Internal)), true),
            (
                LinkError::Refused(problem(ProblemType::LookupUnavailable)),
                true,
            ),
            (
                LinkError::RefusedOutside(problem(ProblemType::Internal)),
                true,
            ),
            (
                LinkError::RefusedOutside(problem(ProblemType::TooManyRequests)),
                true,
            ),
            (LinkError::Refused(problem(ProblemType::FeeChanged)), false),
            (
                LinkError::RefusedOutside(problem(ProblemType::KioskNotRegistered)),
                false,
            ),
            (
                LinkError::RefusedOutside(problem(ProblemType::SealingKeyUnknown)),
                false,
            ),
            (LinkError::ServerNotTrusted, false),
        ] {
            assert_eq!(error.may_be_carried_out(), expected, "{error}");
        }
    }

    #[test]
    fn tls_tells_whose_fault_it_is() {
        for (alert, refusal) in [
            (
                AlertDescription::CertificateExpired,
                CertificateRefusal::Expired,
            ),
            (
                AlertDescription::CertificateRevoked,
                CertificateRefusal::Revoked,
            ),
            (AlertDescription::UnknownCA, CertificateRefusal::NotAccepted),
            (
                AlertDescription::AccessDenied,
                CertificateRefusal::NotAccepted,
            ),
        ] {
            let error = rustls::Error::AlertReceived(alert);
            assert_eq!(by_tls(&error), LinkError::CertificateRefused(refusal));
        }
        for (wrong, told) in [
            (CertificateError::UnknownIssuer, LinkError::ServerNotTrusted),
            (CertificateError::Expired, LinkError::ServerCertificateTime),
            (
                CertificateError::NotValidYet,
                LinkError::ServerCertificateTime,
            ),
        ] {
            assert_eq!(by_tls(&rustls::Error::InvalidCertificate(wrong)), told);
        }
    }

    #[test]
    fn the_word_of_tls_is_found_inside_an_io_error() {
        let tls = rustls::Error::AlertReceived(AlertDescription::CertificateExpired);
        let io = std::io::Error::other(std::io::Error::other(tls));
        assert!(tls_error(&io).is_some());
        assert!(tls_error(&std::io::Error::other("x")).is_none());
    }
}
