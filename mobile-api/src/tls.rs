//! TLS: what phones see, and how this relay proves itself to the server.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::{ClientConfig, RootCertStore, ServerConfig};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use settings_file::KeyFileError;

use crate::settings::{PublicSettings, ServerSettings};

/// Why TLS cannot be spoken.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A PEM file is missing or holds no such object.
    #[error("{path} cannot be read: {source}")]
    Pem {
        /// The file.
        path: PathBuf,
        /// What the reader says; it never quotes the file.
        source: rustls_pki_types::pem::Error,
    },
    /// A key's file is missing, or open to others.
    #[error(transparent)]
    Key(#[from] KeyFileError),
    /// Certificate and key do not go together, or a CA is none.
    #[error("a TLS certificate cannot be used: {0}")]
    Certificate(#[from] rustls::Error),
}

/// Towards phones and verifiers: TLS 1.2 and 1.3, and nobody has to show a certificate.
pub(crate) fn public(settings: &PublicSettings) -> Result<Arc<ServerConfig>, TlsError> {
    let (chain, key) = identity(&settings.certificate.relative(), &settings.key.relative())?;
    let mut config = ServerConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key)?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

/// Towards the server: TLS 1.3, its CA and no other, and this relay's certificate shown.
pub(crate) fn towards_server(settings: &ServerSettings) -> Result<ClientConfig, TlsError> {
    let mut roots = RootCertStore::empty();
    for certificate in certificates(&settings.ca.relative())? {
        roots.add(certificate)?;
    }
    let (chain, key) = identity(&settings.certificate.relative(), &settings.key.relative())?;
    let mut config = ClientConfig::builder_with_provider(provider())
        .with_protocol_versions(&[&rustls::version::TLS13])?
        .with_root_certificates(roots)
        .with_client_auth_cert(chain, key)?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(aws_lc_rs::default_provider())
}

type Identity = (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>);

fn identity(certificate: &Path, key: &Path) -> Result<Identity, TlsError> {
    settings_file::check_owner_only(key)?;
    let private = PrivateKeyDer::from_pem_file(key).map_err(|source| TlsError::Pem {
        path: key.to_owned(),
        source,
    })?;
    Ok((certificates(certificate)?, private))
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    CertificateDer::pem_file_iter(path)
        .and_then(Iterator::collect)
        .map_err(|source| TlsError::Pem {
            path: path.to_owned(),
            source,
        })
}
