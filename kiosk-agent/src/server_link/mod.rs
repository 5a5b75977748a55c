//! The way to the issuing server: sealed requests over mutual TLS, bounded in size and time.

mod clock;
mod error;
mod repeat;

use std::sync::Arc;
use std::time::Duration;

use application::client::{
    Answer, ChannelKey, Exchange, ExchangeError, PinnedKey, SealingConfiguration,
};
use application::messages::RequestMessage;
use application::outer::{
    GATEWAY_PATH, LONGEST_SEALED_REPLY, LONGEST_SEALING_CONFIGURATION, SEALED_REQUEST_TYPE,
    SEALING_CONFIGURATION_PATH,
};
use application::{ProblemType, ReportedProblem};
use domain::{ChannelId, Clock};
use zeroize::Zeroizing;

pub use clock::ClockOffset;
pub use error::{CertificateRefusal, LinkError};

use crate::tls::{self, Identity, TlsRefused};

/// How long a connection may take to come about.
const CONNECT_LIMIT: Duration = Duration::from_secs(5);

/// Whoever answers a kiosk's calls.
pub trait Server {
    /// Makes one call and gives its reply. Calls that are safe to repeat are repeated a few
    /// times where a reply is lost.
    ///
    /// # Errors
    /// [`LinkError`]; of an order the one that leaves open whether it was carried out
    /// ([`LinkError::may_be_carried_out`]), if any attempt ended so.
    fn call<R: RequestMessage + Sync>(
        &mut self,
        request: &R,
    ) -> impl Future<Output = Result<R::Reply, LinkError>>;

    /// Who the kiosk is to the server.
    fn channel(&self) -> ChannelId;
}

/// Where the server is and how to know it.
#[derive(Debug)]
pub struct ServerAddress<'a> {
    /// `https://host:port`.
    pub url: &'a str,
    /// The CAs of its TLS certificate.
    pub trusted: Vec<rustls_pki_types::CertificateDer<'static>>,
    /// The key that signs its sealing configurations.
    pub pinned: PinnedKey,
    /// How long a request may take.
    pub answer_limit: Duration,
}

/// Why a link cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum LinkRefused {
    /// TLS.
    #[error(transparent)]
    Tls(#[from] TlsRefused),
    /// The kiosk's key is no P-256 key.
    #[error("the kiosk's key is no P-256 key in PKCS #8")]
    KioskKey,
    /// Not `https://host…`.
    #[error("the server's address is no https:// URL")]
    Url,
}

/// The kiosk's link to the server.
pub struct ServerLink {
    http: reqwest::Client,
    base: String,
    pinned: PinnedKey,
    channel: ChannelKey,
    configuration: Option<SealingConfiguration>,
    clock: Arc<dyn Clock>,
    clock_offset: Option<ClockOffset>,
}

impl std::fmt::Debug for ServerLink {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ServerLink")
            .field("base", &self.base)
            .field("channel", &self.channel)
            .finish_non_exhaustive()
    }
}

impl ServerLink {
    /// Sets a link up; nothing is sent.
    ///
    /// # Errors
    /// [`LinkRefused`].
    pub fn new(
        address: ServerAddress<'_>,
        identity: &Identity,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, LinkRefused> {
        if !address.url.starts_with("https://") {
            return Err(LinkRefused::Url);
        }
        let tls = tls::client(address.trusted, Some(identity))?;
        let http = reqwest::Client::builder()
            .no_proxy()
            .https_only(true)
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT_LIMIT)
            .timeout(address.answer_limit)
            .tls_backend_preconfigured(tls)
            .build()
            .map_err(|_| LinkRefused::Url)?;
        let channel = ChannelKey::from_pkcs8_der(identity.key.secret_pkcs8_der())
            .map_err(|_| LinkRefused::KioskKey)?;
        Ok(Self {
            http,
            base: address.url.trim_end_matches('/').to_owned(),
            pinned: address.pinned,
            channel,
            configuration: None,
            clock,
            clock_offset: None,
        })
    }

    /// The sealing configuration, got anew where there is none or its time is over.
    ///
    /// # Errors
    /// [`LinkError`]; [`LinkError::Configuration`] where it is not signed by the pinned key,
    /// [`LinkError::ClockOff`] where the clocks are further apart than requests may be old.
    pub async fn configuration(&mut self) -> Result<SealingConfiguration, LinkError> {
        let now = self.now();
        if let Some(configuration) = &self.configuration
            && now < configuration.not_after()
        {
            return Ok(configuration.clone());
        }
        let response = self
            .http
            .get(format!("{}{SEALING_CONFIGURATION_PATH}", self.base))
            .send()
            .await?;
        self.clock_offset = ClockOffset::of_answer(response.headers(), self.clock.now());
        let (status, content_type, served) = read(response, LONGEST_SEALING_CONFIGURATION).await?;
        if status != 200 {
            return Err(outside(status, content_type.as_deref(), &served));
        }
        // Before the signature's time is judged by a clock that is wrong.
        if let Some(offset) = self.clock_offset
            && offset.is_too_far()
        {
            return Err(LinkError::ClockOff(offset));
        }
        let configuration = self.pinned.verify(&served, now)?;
        self.configuration = Some(configuration.clone());
        Ok(configuration)
    }

    /// How far this clock was from the server's when it was last asked for its configuration.
    #[must_use]
    pub const fn clock_offset(&self) -> Option<ClockOffset> {
        self.clock_offset
    }

    async fn once<R: RequestMessage>(&mut self, request: &R) -> Result<R::Reply, LinkError> {
        let configuration = self.configuration().await?;
        let exchange = Exchange::new(&configuration, &self.channel, request, self.now())?;
        let response = self
            .http
            .post(format!("{}{GATEWAY_PATH}", self.base))
            .header("content-type", SEALED_REQUEST_TYPE)
            .body(exchange.sealed_request)
            .send()
            .await?;
        let (status, content_type, body) = read(response, LONGEST_SEALED_REPLY).await?;
        let answer = Answer {
            status,
            content_type: content_type.as_deref(),
            body: &body,
        };
        exchange.pending.open(&answer).map_err(|error| {
            if let ExchangeError::RefusedOutside(problem) = error
                && problem.kind() == Some(ProblemType::SealingKeyUnknown)
            {
                // The server changed its key: the next attempt gets the new configuration.
                self.configuration = None;
            }
            error.into()
        })
    }

    fn now(&self) -> i64 {
        self.clock.now().unix_timestamp()
    }
}

impl Server for ServerLink {
    async fn call<R: RequestMessage + Sync>(&mut self, request: &R) -> Result<R::Reply, LinkError> {
        repeat::repeated(R::CALL, async || self.once(request).await).await
    }

    fn channel(&self) -> ChannelId {
        self.channel.id()
    }
}

/// Status, content type and body, of at most so many bytes.
async fn read(
    mut response: reqwest::Response,
    longest: usize,
) -> Result<(u16, Option<String>, Zeroizing<Vec<u8>>), LinkError> {
    let status = response.status().as_u16();
    let content_type = response
        .headers()
        .get(reqwest::header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .map(str::to_owned);
    let mut body = Zeroizing::new(Vec::new());
    while let Some(piece) = response.chunk().await? {
        if body.len() + piece.len() > longest {
            return Err(
                application::client::PeerMisbehaved::ReplyLength(body.len() + piece.len()).into(),
            );
        }
        body.extend_from_slice(&piece);
    }
    Ok((status, content_type, body))
}

/// An answer from outside the seal that is no sealing configuration.
fn outside(status: u16, content_type: Option<&str>, body: &[u8]) -> LinkError {
    if content_type == Some(application::outer::PROBLEM_TYPE)
        && let Ok(problem) = ReportedProblem::parse(body)
    {
        return LinkError::RefusedOutside(problem);
    }
    LinkError::PeerMisbehaved(application::client::PeerMisbehaved::UnexpectedAnswer(
        status,
    ))
}
