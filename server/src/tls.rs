//! Mutual TLS: who may connect, and who is connected.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::{ChannelId, Clock};
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, UnixTime};
use rustls::server::{NoServerSessionStorage, VerifierBuilderError, WebPkiClientVerifier};
use rustls::time_provider::TimeProvider;
use rustls::{RootCertStore, ServerConfig};
use settings_file::KeyFileError;

use crate::settings::TlsSettings;

/// Why a listener cannot speak TLS.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A PEM file is missing or holds no such object.
    #[error("{path} cannot be read: {source}")]
    Pem {
        /// The file.
        path: PathBuf,
        /// What the reader says; it never quotes the file.
        source: rustls::pki_types::pem::Error,
    },
    /// The key's file is missing, or open to others.
    #[error(transparent)]
    Key(#[from] KeyFileError),
    /// The CA for peers holds no certificate.
    #[error("the certificate authority for peers cannot be used: {0}")]
    ClientCa(#[from] VerifierBuilderError),
    /// Certificate and key do not go together.
    #[error("the TLS certificate cannot be used: {0}")]
    Certificate(#[from] rustls::Error),
}

/// The TLS side of one listener: TLS 1.3 only, the peer's certificate required and from
/// `client_ca`, its validity judged by `clock`.
///
/// Sessions are never resumed: a resumed session does not show its certificate again, so that an
/// expired one would live on in it.
///
/// # Errors
/// [`TlsError`].
pub fn mutual(
    own: &TlsSettings,
    client_ca: &Path,
    clock: Arc<dyn Clock>,
) -> Result<Arc<ServerConfig>, TlsError> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let mut roots = RootCertStore::empty();
    for certificate in certificates(client_ca)? {
        roots.add(certificate)?;
    }
    let verifier =
        WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider))
            .build()?;
    let chain = certificates(&own.certificate.relative())?;
    let key_file = own.key.relative();
    settings_file::check_owner_only(&key_file)?;
    let key = PrivateKeyDer::from_pem_file(&key_file).map_err(|source| TlsError::Pem {
        path: key_file,
        source,
    })?;
    let mut config = ServerConfig::builder_with_details(provider, Arc::new(ClockTime(clock)))
        .with_protocol_versions(&[&rustls::version::TLS13])?
        .with_client_cert_verifier(verifier)
        .with_single_cert(chain, key)?;
    config.session_storage = Arc::new(NoServerSessionStorage {});
    config.send_tls13_tickets = 0;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let failed = |source| TlsError::Pem {
        path: path.to_owned(),
        source,
    };
    CertificateDer::pem_file_iter(path)
        .map_err(failed)?
        .collect::<Result<_, _>>()
        .map_err(failed)
}

/// The clock, for judging certificates.
struct ClockTime(Arc<dyn Clock>);

impl std::fmt::Debug for ClockTime {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ClockTime")
    }
}

impl TimeProvider for ClockTime {
    fn current_time(&self) -> Option<UnixTime> {
        let seconds = u64::try_from(self.0.now().unix_timestamp()).ok()?;
        Some(UnixTime::since_unix_epoch(std::time::Duration::from_secs(
            seconds,
        )))
    }
}

/// A certificate is none, or its key is not of this house's kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CertificateKeyError {
    /// Not one DER X.509 certificate.
    #[error("this is no X.509 certificate")]
    NotACertificate,
    /// Its key is no P-256 key, so its holder could not sign requests with it.
    #[error("the certificate's key is no P-256 key")]
    NotP256,
}

/// Who a certificate's holder is as a channel: SHA-256 of its `SubjectPublicKeyInfo`.
///
/// # Errors
/// [`CertificateKeyError`].
pub fn channel_of_certificate(der: &[u8]) -> Result<ChannelId, CertificateKeyError> {
    let (rest, certificate) = x509_parser::parse_x509_certificate(der)
        .map_err(|_| CertificateKeyError::NotACertificate)?;
    if !rest.is_empty() {
        return Err(CertificateKeyError::NotACertificate);
    }
    let spki = certificate.public_key().raw;
    crypto::Es256PublicKey::from_spki_der(spki).map_err(|_| CertificateKeyError::NotP256)?;
    Ok(ChannelId(crypto::sha256(spki)))
}

/// Reads a certificate file (PEM) and says who its holder is as a channel.
///
/// # Errors
/// [`CertificateFileError`].
pub fn channel_of_certificate_file(path: &Path) -> Result<ChannelId, CertificateFileError> {
    let der = CertificateDer::from_pem_file(path).map_err(CertificateFileError::Pem)?;
    Ok(channel_of_certificate(&der)?)
}

/// Why a certificate file names no channel.
#[derive(Debug, thiserror::Error)]
pub enum CertificateFileError {
    /// The file is missing or no PEM certificate.
    #[error("the certificate cannot be read: {0}")]
    Pem(rustls::pki_types::pem::Error),
    /// The certificate is not of this house's kind.
    #[error(transparent)]
    Key(#[from] CertificateKeyError),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_certificate_names_no_channel() {
        assert_eq!(
            channel_of_certificate(b"no certificate"),
            Err(CertificateKeyError::NotACertificate)
        );
    }
}
