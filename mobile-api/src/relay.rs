//! Passes what phones and venues send on to the server, each to its own listener, and the answer
//! back. Nothing is read, nothing is kept, and of a request nothing but the body goes on.

use application::outer::{
    GATEWAY_PATH, LONGEST_SEALED_REPLY, LONGEST_SEALING_CONFIGURATION, PROBLEM_TYPE,
    SEALED_REPLY_TYPE, SEALED_REQUEST_TYPE, SEALING_CONFIGURATION_PATH, SEALING_CONFIGURATION_TYPE,
};
use bytes::{Bytes, BytesMut};
use http::StatusCode;
use http::header::CONTENT_TYPE;

use crate::service::StartError;
use crate::settings::{Limits, Settings};

/// How long a connection to the server may take to come about.
const CONNECT_LIMIT: std::time::Duration = std::time::Duration::from_secs(5);

/// The way to the server.
#[derive(Clone)]
pub(crate) struct Relay {
    http: reqwest::Client,
    gateway: String,
    venue_gateway: Option<String>,
    sealing_configuration: String,
}

/// Whose sealed requests: each kind has a listener of its own on the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sender {
    /// Residents' phones.
    Phones,
    /// Venues (接種会場).
    Venues,
}

/// What the server answered.
pub(crate) struct Passed {
    pub(crate) status: StatusCode,
    pub(crate) content_type: &'static str,
    pub(crate) body: Bytes,
}

/// Why the server did not answer, without addresses or content.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotPassed {
    /// No connection, or it broke, or took too long.
    #[error("the server cannot be reached: {0}")]
    Unreachable(#[source] reqwest::Error),
    /// The server's answer is not one of the protocol.
    #[error("the server answered status {0} of another media type")]
    Unexpected(u16),
    /// The server's answer is longer than any of the protocol.
    #[error("the server's answer is too long")]
    TooLong,
}

impl From<reqwest::Error> for NotPassed {
    fn from(error: reqwest::Error) -> Self {
        Self::Unreachable(error.without_url())
    }
}

impl Relay {
    /// Prepares the way; nothing is sent.
    pub(crate) fn new(settings: &Settings, limits: &Limits) -> Result<Self, StartError> {
        let http = reqwest::Client::builder()
            .no_proxy()
            .https_only(true)
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT_LIMIT)
            .timeout(limits.request())
            .tls_backend_preconfigured(crate::tls::towards_server(&settings.server)?)
            .build()
            .map_err(|error| StartError::Relay(error.without_url()))?;
        let base = settings.server.url.trim_end_matches('/');
        // On its own listener a venue's gateway has the usual path.
        let gateway = |base: &str| format!("{}{GATEWAY_PATH}", base.trim_end_matches('/'));
        Ok(Self {
            http,
            gateway: gateway(base),
            venue_gateway: settings.venues.as_ref().map(|venues| gateway(&venues.url)),
            sealing_configuration: format!("{base}{SEALING_CONFIGURATION_PATH}"),
        })
    }

    /// Passes a sealed request on; `None` where nobody takes such ones.
    pub(crate) async fn sealed_request(
        &self,
        sender: Sender,
        sealed: Bytes,
    ) -> Option<Result<Passed, NotPassed>> {
        let gateway = match sender {
            Sender::Phones => &self.gateway,
            Sender::Venues => self.venue_gateway.as_ref()?,
        };
        Some(self.pass(gateway, sealed).await)
    }

    async fn pass(&self, gateway: &str, sealed: Bytes) -> Result<Passed, NotPassed> {
        let response = self
            .http
            .post(gateway)
            .header(CONTENT_TYPE, SEALED_REQUEST_TYPE)
            .body(sealed)
            .send()
            .await?;
        passed(response, SEALED_REPLY_TYPE, LONGEST_SEALED_REPLY).await
    }

    /// Gets the signed sealing configuration.
    pub(crate) async fn sealing_configuration(&self) -> Result<Passed, NotPassed> {
        let response = self.http.get(&self.sealing_configuration).send().await?;
        passed(
            response,
            SEALING_CONFIGURATION_TYPE,
            LONGEST_SEALING_CONFIGURATION,
        )
        .await
    }
}

/// Takes an answer of the expected media type, or a problem, of at most so many bytes.
async fn passed(
    mut response: reqwest::Response,
    expected: &'static str,
    longest: usize,
) -> Result<Passed, NotPassed> {
    let status = response.status();
    let content_type = response.headers().get(CONTENT_TYPE);
    let content_type = [expected, PROBLEM_TYPE]
        .into_iter()
        .find(|known| content_type.is_some_and(|found| found == known))
        .filter(|known| *known != expected || status == StatusCode::OK)
        .ok_or(NotPassed::Unexpected(status.as_u16()))?;
    let mut body = BytesMut::new();
    while let Some(piece) = response.chunk().await? {
        if body.len() + piece.len() > longest {
            return Err(NotPassed::TooLong);
        }
        body.extend_from_slice(&piece);
    }
    Ok(Passed {
        status,
        content_type,
        body: body.freeze(),
    })
}
