//! Trying a certificate at the server before anything depends on it.

use application::messages::OpenRequest;

use super::super::parts::{self, PartRefused};
use super::Desk;
use crate::server_link::{CertificateRefusal, LinkError, Server as _};
use crate::session::Ending;
use crate::tls::Identity;

/// Why a certificate was not accepted.
#[derive(Debug, thiserror::Error)]
pub(super) enum NotAccepted {
    #[error(transparent)]
    Parts(#[from] PartRefused),
    #[error("{0} [{code}]", code = Ending::from(*.0).staff_code())]
    Server(LinkError),
}

impl NotAccepted {
    /// Whether the server said that the certificate's time is over.
    pub(super) const fn is_that_it_ended(&self) -> bool {
        matches!(
            self,
            Self::Server(LinkError::CertificateRefused(CertificateRefusal::Expired))
        )
    }

    /// Whether the server said no to this very certificate or key: not a network that is down.
    pub(super) const fn is_about_the_certificate(&self) -> bool {
        match self {
            Self::Server(LinkError::CertificateRefused(_)) => true,
            Self::Server(LinkError::RefusedOutside(problem)) => match problem.kind() {
                Some(kind) => matches!(kind, application::ProblemType::KioskNotRegistered),
                None => false,
            },
            Self::Server(
                LinkError::Unreachable
                | LinkError::ServerNotTrusted
                | LinkError::ServerCertificateTime
                | LinkError::ClockOff(_)
                | LinkError::Configuration(_)
                | LinkError::Refused(_)
                | LinkError::PeerMisbehaved(_)
                | LinkError::Misuse(_),
            )
            | Self::Parts(_) => false,
        }
    }
}

impl Desk {
    /// Opens an application with this certificate and key: TLS, registration and signature all
    /// hold, or it is not accepted. Nothing is asked about anybody.
    pub(super) async fn tried(&self, identity: &Identity) -> Result<(), NotAccepted> {
        let mut link = parts::server_link(&self.settings, identity, self.clock.clone())?;
        let opened = link.call(&OpenRequest {}).await;
        opened.map(drop).map_err(NotAccepted::Server)
    }
}
