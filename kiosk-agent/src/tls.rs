//! The kiosk's TLS: whom it trusts, and who it is.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use pem::{EncodeConfig, LineEnding, Pem};
use rustls::client::WebPkiServerVerifier;
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use settings_file::KeyFileError;
use zeroize::Zeroizing;

/// The kiosk's own certificate and key.
pub struct Identity {
    /// The certificate and those between it and its CA.
    pub chain: Vec<CertificateDer<'static>>,
    /// Its key, PKCS #8 DER.
    pub key: PrivatePkcs8KeyDer<'static>,
}

impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Identity({} certificates)", self.chain.len())
    }
}

/// Why TLS cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum TlsRefused {
    /// A file cannot be read, or is no PEM of the right kind.
    #[error("{path}: {problem}")]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// The key is missing, or open to others.
    #[error(transparent)]
    Key(#[from] KeyFileError),
    /// Certificate and key do not go together, or the CA is none.
    #[error("the certificates cannot be used: {0}")]
    Unusable(String),
}

impl Identity {
    /// Reads certificate and key, both PEM; the key must be its owner's only.
    ///
    /// # Errors
    /// [`TlsRefused::File`], [`TlsRefused::Key`].
    pub fn read(certificate: &Path, key: &Path) -> Result<Self, TlsRefused> {
        settings_file::check_owner_only(key)?;
        Ok(Self {
            chain: certificates(certificate)?,
            key: PrivatePkcs8KeyDer::from_pem_file(key).map_err(|error| TlsRefused::File {
                path: key.to_owned(),
                problem: error.to_string(),
            })?,
        })
    }
}

impl Identity {
    /// The key as it is kept: PKCS #8, PEM.
    #[must_use]
    pub fn key_pem(&self) -> Zeroizing<String> {
        let der = self.key.secret_pkcs8_der();
        Zeroizing::new(encoded("PRIVATE KEY", der))
    }

    /// The certificates as they are kept: PEM, the kiosk's own first.
    #[must_use]
    pub fn chain_pem(&self) -> String {
        let encode = |certificate: &CertificateDer<'_>| encoded("CERTIFICATE", certificate);
        self.chain.iter().map(encode).collect()
    }
}

fn encoded(label: &str, der: &[u8]) -> String {
    let unix = EncodeConfig::new().set_line_ending(LineEnding::LF);
    pem::encode_config(&Pem::new(label, der), unix)
}

/// Reads the certificates of a PEM file; at least one.
///
/// # Errors
/// [`TlsRefused::File`].
pub fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, TlsRefused> {
    let refused = |problem: String| TlsRefused::File {
        path: path.to_owned(),
        problem,
    };
    let certificates = CertificateDer::pem_file_iter(path)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| refused(error.to_string()))?;
    if certificates.is_empty() {
        return Err(refused("no certificate in it".to_owned()));
    }
    Ok(certificates)
}

/// A client that trusts nobody but these CAs, TLS 1.2 or 1.3, and shows who it is where it has
/// an identity.
///
/// # Errors
/// [`TlsRefused::Unusable`].
pub fn client(
    trusted: Vec<CertificateDer<'static>>,
    identity: Option<&Identity>,
) -> Result<ClientConfig, TlsRefused> {
    let unusable = |error: &dyn std::fmt::Display| TlsRefused::Unusable(error.to_string());
    let mut roots = RootCertStore::empty();
    for certificate in trusted {
        roots.add(certificate).map_err(|error| unusable(&error))?;
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = ClientConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()
        .map_err(|error| unusable(&error))?;
    let builder = if roots.is_empty() {
        // Nobody to trust: a connection by TLS cannot come about. For a printer on this machine.
        builder.with_root_certificates(roots)
    } else {
        let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider)
            .build()
            .map_err(|error| unusable(&error))?;
        builder.with_webpki_verifier(verifier)
    };
    match identity {
        None => Ok(builder.with_no_client_auth()),
        Some(identity) => builder
            .with_client_auth_cert(
                identity.chain.clone(),
                PrivateKeyDer::Pkcs8(identity.key.clone_key()),
            )
            .map_err(|error| unusable(&error)),
    }
}
