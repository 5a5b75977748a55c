//! A server to pass on to, a mobile-api in front of it, and a phone's HTTP.

use std::fs::Permissions;
use std::net::{Ipv4Addr, SocketAddr};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::Response;
use http::HeaderMap;
use http_body_util::BodyExt as _;
use hyper_util::rt::{TokioExecutor, TokioIo};
use mobile_api::{Addresses, MobileApi, Settings};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tower::ServiceExt as _;

/// What the server got.
#[derive(Debug, Clone)]
pub struct Received {
    pub path: String,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
    /// The certificate that the relay showed, DER.
    pub certificate: Vec<u8>,
}

/// What the server answers.
pub type Answers = Arc<dyn Fn(&Received) -> Response + Send + Sync>;

/// A running mobile-api, with the server behind it.
pub struct Stage {
    pub addresses: Addresses,
    pub received: Arc<Mutex<Vec<Received>>>,
    pub folder: tempfile::TempDir,
    pub stop: watch::Sender<bool>,
    pub serving: JoinHandle<()>,
}

/// Something to change in the settings before the start.
pub type Change = fn(&str) -> String;

impl Stage {
    pub async fn new(answers: impl Fn(&Received) -> Response + Send + Sync + 'static) -> Self {
        Self::with(str::to_owned, answers).await
    }

    /// With settings of which the text was changed.
    pub async fn with(
        change: Change,
        answers: impl Fn(&Received) -> Response + Send + Sync + 'static,
    ) -> Self {
        let (folder, received) = behind(Arc::new(answers)).await;
        let file = folder.path().join("settings.toml");
        let text = std::fs::read_to_string(&file).unwrap();
        std::fs::write(&file, change(&text)).unwrap();
        let settings = Settings::load(&file).unwrap();
        let mobile_api = MobileApi::bind(&settings).await.unwrap();
        let addresses = mobile_api.addresses().unwrap();
        let (stop, stopped) = watch::channel(false);
        let serving = tokio::spawn(mobile_api.serve(stopped));
        Self {
            addresses,
            received,
            folder,
            stop,
            serving,
        }
    }

    pub fn url(&self, path: &str) -> String {
        format!("https://{}{path}", self.addresses.public)
    }

    /// How many requests reached the server.
    pub fn passed(&self) -> usize {
        self.received.lock().unwrap().len()
    }

    pub fn phone(&self) -> reqwest::Client {
        phone(self.folder.path())
    }

    /// A connection for bytes that no HTTP client would send so.
    pub async fn raw(&self) -> TlsStream<TcpStream> {
        let stream = TcpStream::connect(self.addresses.public).await.unwrap();
        let name = ServerName::try_from("localhost").unwrap();
        TlsConnector::from(Arc::new(trusting(self.folder.path())))
            .connect(name, stream)
            .await
            .unwrap()
    }
}

/// HTTP that trusts nobody but the public certificate's CA.
pub fn phone(folder: &Path) -> reqwest::Client {
    let mut tls = trusting(folder);
    tls.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .tls_backend_preconfigured(tls)
        .build()
        .unwrap()
}

/// TLS that trusts nobody but the public certificate's CA.
fn trusting(folder: &Path) -> rustls::ClientConfig {
    let mut roots = RootCertStore::empty();
    let ca = CertificateDer::from_pem_file(folder.join("ca.pem")).unwrap();
    roots.add(ca).unwrap();
    rustls::ClientConfig::builder_with_provider(Arc::new(
        rustls::crypto::aws_lc_rs::default_provider(),
    ))
    .with_safe_default_protocol_versions()
    .unwrap()
    .with_root_certificates(roots)
    .with_no_client_auth()
}

/// A folder with certificates, published files and settings, and a server behind.
pub async fn behind(answers: Answers) -> (tempfile::TempDir, Arc<Mutex<Vec<Received>>>) {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| -> PathBuf { folder.path().join(name) };
    write_certificates(folder.path());
    std::fs::create_dir_all(at("public/.well-known/crl")).unwrap();
    std::fs::write(at("public/.well-known/jwks.json"), "{\"keys\":[]}").unwrap();
    std::fs::write(at("public/.well-known/crl/k.json"), "{}").unwrap();
    std::fs::write(at("public/csca.der"), "der").unwrap();
    std::fs::write(at("public/csca.crl"), "crl").unwrap();
    std::fs::write(at("public/left-behind.key.pem"), "secret").unwrap();
    std::fs::write(at("secret.json"), "secret").unwrap();
    let received = Arc::default();
    let server = serve(folder.path(), Arc::clone(&received), answers).await;
    std::fs::write(
        at("settings.toml"),
        format!(
            "[public]\nlisten = \"127.0.0.1:0\"\ncertificate = \"public.pem\"\n\
             key = \"public.key.pem\"\nfiles = \"public\"\n\
             [server]\nurl = \"https://localhost:{}\"\nca = \"ca.pem\"\n\
             certificate = \"relay.pem\"\nkey = \"relay.key.pem\"\n\
             [health]\nlisten = \"127.0.0.1:0\"\n[limits]\n",
            server.port()
        ),
    )
    .unwrap();
    (folder, received)
}

/// A CA, and under it the server, the public side and the relay; and a CA nobody trusts.
fn write_certificates(folder: &Path) {
    let ca = authority();
    std::fs::write(folder.join("ca.pem"), ca.pem()).unwrap();
    for name in ["server", "public", "relay"] {
        certify(folder, name, &ca);
    }
    let foreign = authority();
    std::fs::write(folder.join("foreign-ca.pem"), foreign.pem()).unwrap();
    certify(folder, "foreign-relay", &foreign);
}

fn authority() -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

fn certify(folder: &Path, name: &str, issuer: &CertifiedIssuer<'static, KeyPair>) {
    let key = KeyPair::generate().unwrap();
    let names = vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
    let certificate = CertificateParams::new(names)
        .unwrap()
        .signed_by(&key, issuer)
        .unwrap();
    std::fs::write(folder.join(format!("{name}.pem")), certificate.pem()).unwrap();
    let key_file = folder.join(format!("{name}.key.pem"));
    std::fs::write(&key_file, key.serialize_pem()).unwrap();
    set_mode(&key_file, 0o600);
}

/// Sets a file's permissions.
pub fn set_mode(file: &Path, mode: u32) {
    std::fs::set_permissions(file, Permissions::from_mode(mode)).unwrap();
}

/// The server's relay listener: TLS 1.3, a certificate of the CA required.
async fn serve(folder: &Path, received: Arc<Mutex<Vec<Received>>>, answers: Answers) -> SocketAddr {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut roots = RootCertStore::empty();
    roots
        .add(CertificateDer::from_pem_file(folder.join("ca.pem")).unwrap())
        .unwrap();
    let verifier =
        WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider))
            .build()
            .unwrap();
    let chain = vec![CertificateDer::from_pem_file(folder.join("server.pem")).unwrap()];
    let key = PrivateKeyDer::from_pem_file(folder.join("server.key.pem")).unwrap();
    let mut tls = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13])
        .unwrap()
        .with_client_cert_verifier(verifier)
        .with_single_cert(chain, key)
        .unwrap();
    tls.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(tls));
    let socket = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = socket.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = socket.accept().await {
            let (acceptor, received, answers) = (
                acceptor.clone(),
                Arc::clone(&received),
                Arc::clone(&answers),
            );
            tokio::spawn(async move {
                let Ok(stream) = acceptor.accept(stream).await else {
                    return;
                };
                let certificate = stream.get_ref().1.peer_certificates().unwrap()[0].to_vec();
                let router =
                    Router::new()
                        .fallback(receive)
                        .with_state((certificate, received, answers));
                let service = hyper::service::service_fn(
                    move |request: hyper::Request<hyper::body::Incoming>| {
                        router.clone().oneshot(request.map(Body::new))
                    },
                );
                let _ = hyper_util::server::conn::auto::Builder::new(TokioExecutor::new())
                    .serve_connection(TokioIo::new(stream), service)
                    .await;
            });
        }
    });
    address
}

type ServerState = (Vec<u8>, Arc<Mutex<Vec<Received>>>, Answers);

async fn receive(
    State((certificate, received, answers)): State<ServerState>,
    request: Request,
) -> Response {
    let (head, body) = request.into_parts();
    let got = Received {
        path: head.uri.path().to_owned(),
        headers: head.headers,
        body: body.collect().await.unwrap().to_bytes().to_vec(),
        certificate,
    };
    received.lock().unwrap().push(got.clone());
    // An answer may take its time: it must not hold the runtime up.
    tokio::task::spawn_blocking(move || answers(&got))
        .await
        .unwrap()
}
