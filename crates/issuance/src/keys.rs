//! The issuer's signing keys and what must hold of them before the server starts.

use std::path::{Path, PathBuf};

use certificate::shc::{IssuerUrl, Jwk, Jwks, KeyId, RevocationCheck, TrustedIssuer};
use certificate::vds_nc::{BarcodeSigner, Csca, InvalidBarcodeSigner, InvalidCsca, NotIssuedBy};
use crypto::{Es256PublicKey, Es256SigningKey};
use rustls_pki_types::PrivatePkcs8KeyDer;
use rustls_pki_types::pem::PemObject;
use time::OffsetDateTime;
use x509_parser::prelude::{FromDer, X509Certificate};
use zeroize::Zeroizing;

/// Longest key or certificate file read, in bytes.
const LONGEST_FILE: u64 = 16 << 10;
/// The word that the name of every test issuer contains, and of no other.
const TEST: &str = "TEST";

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

/// Which of the files an error is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyFile {
    /// SMART Health Card key.
    ShcKey,
    /// Barcode signer key.
    BarcodeSignerKey,
    /// Barcode signer certificate.
    BarcodeSignerCertificate,
    /// CSCA certificate.
    Csca,
}

/// Why the keys cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// A file cannot be read.
    #[error("the file of {file:?} cannot be read: {source}")]
    Unreadable {
        /// Which file.
        file: KeyFile,
        /// What the system says.
        source: std::io::Error,
    },
    /// A file is longer than any key or certificate.
    #[error("the file of {0:?} is longer than 16 kB")]
    TooLong(KeyFile),
    /// A key file is no PEM with a P-256 key in PKCS #8.
    #[error("the file of {0:?} is no P-256 key in PKCS #8 PEM")]
    Key(KeyFile),
    /// The CSCA certificate is none.
    #[error("the CSCA certificate: {0}")]
    Csca(#[from] InvalidCsca),
    /// The barcode signer certificate is none.
    #[error("the barcode signer certificate: {0}")]
    BarcodeSigner(#[from] InvalidBarcodeSigner),
    /// Barcode signer key and certificate do not belong together.
    #[error("the barcode signer's certificate is another key's")]
    OtherKey,
    /// The CSCA did not sign the barcode signer's certificate.
    #[error("the barcode signer's chain: {0}")]
    Chain(#[from] NotIssuedBy),
    /// A certificate does not hold now.
    #[error("the certificate {0:?} is not valid now")]
    NotValid(KeyFile),
    /// The barcode signer's certificate does not say for how long its key may sign, or it may
    /// not now.
    #[error("the barcode signer's key is outside its usage period")]
    UsagePeriod,
    /// One key for both formats: a revoked or leaked key of one would take the other with it.
    #[error("the SMART Health Card key is the barcode signer's")]
    SharedKey,
    /// One of CSCA and barcode signer has a TEST name and the other has not.
    #[error("a TEST certificate and another one are mixed")]
    MixedNames,
}

/// The issuer's keys. No `Clone`, no `Serialize`.
#[derive(Debug)]
pub struct SigningKeys {
    shc: Es256SigningKey,
    shc_key_id: KeyId,
    trusted: TrustedIssuer,
    barcode_key: Es256SigningKey,
    barcode_signer: BarcodeSigner,
    csca: Csca,
    csca_der: Vec<u8>,
    test_issuer: bool,
}

impl SigningKeys {
    /// Reads and checks the keys: that key and certificate belong together, that the certificate
    /// is a barcode signer's and was signed by the CSCA, that both hold now and that the key is
    /// within its period of use.
    ///
    /// # Errors
    /// [`KeyError`]: the first check that failed.
    pub fn load(
        paths: &SigningKeyPaths,
        issuer: IssuerUrl,
        now: OffsetDateTime,
    ) -> Result<Self, KeyError> {
        let shc = private_key(&paths.shc_key, KeyFile::ShcKey)?;
        let barcode_key = private_key(&paths.barcode_signer_key, KeyFile::BarcodeSignerKey)?;
        let csca_der = read(&paths.csca, KeyFile::Csca)?.to_vec();
        let signer_der = read(
            &paths.barcode_signer_certificate,
            KeyFile::BarcodeSignerCertificate,
        )?;
        let csca = Csca::parse(&csca_der)?;
        let barcode_signer = BarcodeSigner::parse(&signer_der)?;
        if barcode_signer.key() != barcode_key.public_key() {
            return Err(KeyError::OtherKey);
        }
        if shc.public_key() == barcode_key.public_key() {
            return Err(KeyError::SharedKey);
        }
        barcode_signer.check_issued_by(&csca)?;
        let test_issuer = is_named_test(&csca_der);
        if is_named_test(&signer_der) != test_issuer {
            return Err(KeyError::MixedNames);
        }
        let jwk = Jwk::new(shc.public_key(), None);
        let keys = Self {
            shc_key_id: jwk.id().clone(),
            trusted: TrustedIssuer {
                url: issuer,
                keys: Jwks { keys: vec![jwk] },
                revocation: RevocationCheck::NotChecked,
            },
            shc,
            barcode_key,
            barcode_signer,
            csca,
            csca_der,
            test_issuer,
        };
        keys.check_period(now)?;
        Ok(keys)
    }

    /// Whether CSCA, certificate and key may be used at this moment: asked at the start and
    /// before every signature, for a server runs for months.
    ///
    /// # Errors
    /// [`KeyError::NotValid`] or [`KeyError::UsagePeriod`].
    pub fn check_period(&self, now: OffsetDateTime) -> Result<(), KeyError> {
        if !self.csca.is_valid_at(now) {
            return Err(KeyError::NotValid(KeyFile::Csca));
        }
        if !self.barcode_signer.is_valid_at(now) {
            return Err(KeyError::NotValid(KeyFile::BarcodeSignerCertificate));
        }
        let period = self.barcode_signer.key_usage_period();
        if !period.is_some_and(|period| period.contains(now)) {
            return Err(KeyError::UsagePeriod);
        }
        Ok(())
    }

    /// Whether this is a TEST issuer: the names of test issuers contain the word `TEST`; the
    /// common name of the CSCA's subject decides, and the barcode signer's must agree. Only with
    /// one may a setting called `accept_…` be on, and what it issues is marked 見本 / SPECIMEN.
    #[must_use]
    pub const fn is_test_issuer(&self) -> bool {
        self.test_issuer
    }

    /// The SMART Health Card's `iss`.
    #[must_use]
    pub const fn issuer(&self) -> &IssuerUrl {
        &self.trusted.url
    }

    /// The public half of the SMART Health Card key, for the published JWKS.
    #[must_use]
    pub const fn shc_public_key(&self) -> &Es256PublicKey {
        self.shc.public_key()
    }

    /// The CSCA, for verifying what was signed.
    #[must_use]
    pub const fn csca(&self) -> &Csca {
        &self.csca
    }

    /// The CSCA's certificate, DER, for publishing.
    #[must_use]
    pub fn csca_der(&self) -> &[u8] {
        &self.csca_der
    }

    /// The barcode signer's certificate.
    #[must_use]
    pub const fn barcode_signer(&self) -> &BarcodeSigner {
        &self.barcode_signer
    }

    pub(crate) const fn shc_key(&self) -> &Es256SigningKey {
        &self.shc
    }

    pub(crate) const fn shc_key_id(&self) -> &KeyId {
        &self.shc_key_id
    }

    /// This issuer as a verifier trusts it, revocation left out.
    pub(crate) const fn trusted(&self) -> &TrustedIssuer {
        &self.trusted
    }

    pub(crate) const fn barcode_key(&self) -> &Es256SigningKey {
        &self.barcode_key
    }
}

fn private_key(path: &Path, file: KeyFile) -> Result<Es256SigningKey, KeyError> {
    let pem = read(path, file)?;
    let der = PrivatePkcs8KeyDer::from_pem_slice(&pem).map_err(|_| KeyError::Key(file))?;
    let key = Es256SigningKey::from_pkcs8_der(der.secret_pkcs8_der());
    key.map_err(|_| KeyError::Key(file))
}

fn read(path: &Path, file: KeyFile) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    let unreadable = |source| KeyError::Unreadable { file, source };
    let length = std::fs::metadata(path).map_err(unreadable)?.len();
    if length > LONGEST_FILE {
        return Err(KeyError::TooLong(file));
    }
    std::fs::read(path).map(Zeroizing::new).map_err(unreadable)
}

/// Whether a certificate's subject has one common name, with the word TEST in it. What the
/// organisation is called decides nothing: the `accept_…` settings hang on this.
fn is_named_test(der: &[u8]) -> bool {
    X509Certificate::from_der(der).is_ok_and(|(_, certificate)| {
        let mut names = certificate.subject().iter_common_name();
        let (Some(name), None) = (names.next(), names.next()) else {
            return false;
        };
        let words = name.as_str().unwrap_or_default();
        words
            .split(|c: char| !c.is_ascii_alphanumeric())
            .any(|word| word == TEST)
    })
}
