//! Somebody who speaks to the server: a kiosk, the relay with a phone behind it, or an impostor
//! put together out of wrong parts.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use application::client::SealingConfiguration;
use application::client::{Answer, ChannelKey, Exchange, ExchangeError, PendingReply, PinnedKey};
use application::messages::RequestMessage;
use application::outer::{GATEWAY_PATH, SEALED_REQUEST_TYPE, SEALING_CONFIGURATION_PATH};
use application::{Problem, ProblemType, ReportedProblem};
use crypto::Es256SigningKey;
use domain::{ChannelId, Clock};
use reqwest::header::CONTENT_TYPE;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::{Ground, Running};

/// A certificate and its key, as TLS shows them.
#[derive(Debug, Clone)]
pub struct TlsIdentity {
    /// The certificate, PEM.
    pub certificate: PathBuf,
    /// The key, PKCS #8 PEM.
    pub key: PathBuf,
}

impl TlsIdentity {
    /// A kiosk's.
    #[must_use]
    pub fn kiosk(ground: &Ground, number: u16) -> Self {
        Self {
            certificate: ground.pki.kiosk(number),
            key: ground.pki.kiosk_key(number),
        }
    }

    /// The relay's.
    #[must_use]
    pub fn relay(ground: &Ground) -> Self {
        Self {
            certificate: ground.pki.relay(),
            key: ground.pki.relay_key(),
        }
    }

    /// The key as a channel's, for signing inside the seal.
    #[must_use]
    pub fn channel_key(&self) -> ChannelKey {
        let der = PrivateKeyDer::from_pem_file(&self.key).unwrap();
        ChannelKey::from_pkcs8_der(der.secret_der()).unwrap()
    }

    /// The key itself, for signing anything.
    #[must_use]
    pub fn signing_key(&self) -> Es256SigningKey {
        let der = PrivateKeyDer::from_pem_file(&self.key).unwrap();
        Es256SigningKey::from_pkcs8_der(der.secret_der()).unwrap()
    }
}

/// An answer as HTTP gave it.
#[derive(Debug, Clone)]
pub struct HttpAnswer {
    /// The status.
    pub status: u16,
    /// The `Content-Type`.
    pub content_type: Option<String>,
    /// The body.
    pub body: Vec<u8>,
    /// `Retry-After`.
    pub retry_after: Option<String>,
}

/// Why there was no reply.
#[derive(Debug)]
pub enum Refused {
    /// The server's word, sealed.
    Sealed(Problem),
    /// The server's word, outside the seal.
    Outside(Problem),
    /// There was no connection.
    NoConnection(reqwest::Error),
}

impl Refused {
    /// The problem that was told.
    #[must_use]
    pub fn problem(&self) -> Option<ProblemType> {
        match self {
            Self::Sealed(problem) | Self::Outside(problem) => Some(problem.kind),
            Self::NoConnection(_) => None,
        }
    }

    /// When to ask again, in seconds, where it said so.
    #[must_use]
    pub fn retry_after(&self) -> Option<u32> {
        match self {
            Self::Sealed(problem) | Self::Outside(problem) => problem.retry_after,
            Self::NoConnection(_) => None,
        }
    }
}

/// Somebody who speaks to the server.
pub struct ChannelClient {
    http: reqwest::Client,
    base: String,
    key: ChannelKey,
    pinned: PinnedKey,
    clock: Arc<dyn Clock>,
}

impl ChannelClient {
    /// A kiosk with its own certificate and key.
    #[must_use]
    pub fn kiosk(ground: &Ground, running: &Running, number: u16) -> Self {
        let identity = TlsIdentity::kiosk(ground, number);
        let key = identity.channel_key();
        Self::new(ground, running.kiosk, &running.clock, &identity, key)
    }

    /// A phone with a key of its own, behind the relay.
    #[must_use]
    pub fn phone(ground: &Ground, running: &Running) -> Self {
        let (key, _) = ChannelKey::generate().unwrap();
        let identity = TlsIdentity::relay(ground);
        Self::new(ground, running.relay, &running.clock, &identity, key)
    }

    /// Any combination.
    #[must_use]
    pub fn new<C: Clock + 'static>(
        ground: &Ground,
        address: SocketAddr,
        clock: &Arc<C>,
        identity: &TlsIdentity,
        key: ChannelKey,
    ) -> Self {
        let spki = std::fs::read(ground.pki.sealing_configuration_spki()).unwrap();
        Self {
            http: http(ground, identity),
            base: format!("https://localhost:{}", address.port()),
            key,
            pinned: PinnedKey::from_spki_der(&spki).unwrap(),
            clock: Arc::clone(clock) as _,
        }
    }

    /// Who it is inside the seal.
    #[must_use]
    pub const fn id(&self) -> ChannelId {
        self.key.id()
    }

    /// Its clock, seconds since 1970.
    #[must_use]
    pub fn now(&self) -> i64 {
        self.clock.now().unix_timestamp()
    }

    /// Gets the sealing configuration and believes it only under the pinned key.
    pub async fn sealing_configuration(&self) -> Result<SealingConfiguration, Refused> {
        let answer = self.get(SEALING_CONFIGURATION_PATH).await?;
        if answer.status != 200 {
            return Err(outside(&answer));
        }
        Ok(self.pinned.verify(&answer.body, self.now()).unwrap())
    }

    /// Gets the sealing configuration as served, believed or not.
    pub async fn served_configuration(&self) -> Vec<u8> {
        let answer = self.get(SEALING_CONFIGURATION_PATH).await.unwrap();
        assert_eq!(answer.status, 200);
        answer.body
    }

    async fn get(&self, path: &str) -> Result<HttpAnswer, Refused> {
        self.send(self.http.get(format!("{}{path}", self.base)))
            .await
    }

    /// Makes one call.
    pub async fn call<R: RequestMessage>(&self, request: &R) -> Result<R::Reply, Refused> {
        let configuration = self.sealing_configuration().await?;
        let exchange = Exchange::new(&configuration, &self.key, request, self.now()).unwrap();
        self.exchange(exchange).await
    }

    /// Posts a sealed request and opens the reply.
    pub async fn exchange<R: RequestMessage>(
        &self,
        exchange: Exchange<R>,
    ) -> Result<R::Reply, Refused> {
        let answer = self.post(exchange.sealed_request).await?;
        opened(exchange.pending, &answer)
    }

    /// Makes one call and gives the length of the sealed answer with the reply.
    pub async fn call_measured<R: RequestMessage>(&self, request: &R) -> (usize, R::Reply) {
        let (length, reply) = self.answer_measured(request).await;
        (length, reply.unwrap())
    }

    /// The same for a call that may be refused.
    pub async fn answer_measured<R: RequestMessage>(
        &self,
        request: &R,
    ) -> (usize, Result<R::Reply, Refused>) {
        let exchange = self.seal(request).await;
        let answer = self.post(exchange.sealed_request).await.unwrap();
        (answer.body.len(), opened(exchange.pending, &answer))
    }

    /// Seals a request under this channel's key, to be posted by anybody.
    pub async fn seal<R: RequestMessage>(&self, request: &R) -> Exchange<R> {
        let configuration = self.sealing_configuration().await.unwrap();
        Exchange::new(&configuration, &self.key, request, self.now()).unwrap()
    }

    /// Posts any bytes to the gateway.
    pub async fn post(&self, sealed: Vec<u8>) -> Result<HttpAnswer, Refused> {
        let request = self
            .http
            .post(format!("{}{GATEWAY_PATH}", self.base))
            .header(CONTENT_TYPE, SEALED_REQUEST_TYPE)
            .body(sealed);
        self.send(request).await
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> Result<HttpAnswer, Refused> {
        let response = request.send().await.map_err(Refused::NoConnection)?;
        let header = |name| {
            let value: &reqwest::header::HeaderValue = response.headers().get(name)?;
            Some(value.to_str().ok()?.to_owned())
        };
        Ok(HttpAnswer {
            status: response.status().as_u16(),
            content_type: header("content-type"),
            retry_after: header("retry-after"),
            body: response
                .bytes()
                .await
                .map_err(Refused::NoConnection)?
                .to_vec(),
        })
    }
}

fn opened<R: RequestMessage>(
    pending: PendingReply<R>,
    answer: &HttpAnswer,
) -> Result<R::Reply, Refused> {
    let opened = pending.open(&Answer {
        status: answer.status,
        content_type: answer.content_type.as_deref(),
        body: &answer.body,
    });
    opened.map_err(|error| match error {
        ExchangeError::Refused(problem) => Refused::Sealed(known(problem)),
        ExchangeError::RefusedOutside(problem) => Refused::Outside(known(problem)),
        ExchangeError::PeerMisbehaved(error) => panic!("the server misbehaved: {error}"),
    })
}

fn known(problem: ReportedProblem) -> Problem {
    match problem {
        ReportedProblem::Known(problem) => problem,
        ReportedProblem::Unknown { .. } => panic!("the server told a problem that nobody knows"),
    }
}

fn outside(answer: &HttpAnswer) -> Refused {
    let problem = ReportedProblem::parse(&answer.body).unwrap();
    Refused::Outside(known(problem))
}

/// The TLS of a peer with this identity, before any word of HTTP.
#[must_use]
pub fn peer_tls(ground: &Ground, identity: &TlsIdentity) -> rustls::ClientConfig {
    let mut roots = rustls::RootCertStore::empty();
    let ca = CertificateDer::from_pem_file(ground.pki.server_ca()).unwrap();
    roots.add(ca).unwrap();
    let chain: Vec<_> = CertificateDer::pem_file_iter(&identity.certificate)
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    let key = PrivateKeyDer::from_pem_file(&identity.key).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    rustls::ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13])
        .unwrap()
        .with_root_certificates(roots)
        .with_client_auth_cert(chain, key)
        .unwrap()
}

fn http(ground: &Ground, identity: &TlsIdentity) -> reqwest::Client {
    let mut tls = peer_tls(ground, identity);
    tls.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    reqwest::Client::builder()
        .no_proxy()
        .https_only(true)
        .timeout(Duration::from_secs(60))
        .tls_backend_preconfigured(tls)
        .build()
        .unwrap()
}
