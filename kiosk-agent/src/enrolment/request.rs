//! A new key, and the request to sign it.

use domain::KeyFingerprint;
use rcgen::{CertificateParams, DistinguishedName, DnType, KeyPair, PKCS_ECDSA_P256_SHA256};
use rustls_pki_types::PrivatePkcs8KeyDer;
use zeroize::Zeroizing;

use application::client::ChannelKey;

/// What a kiosk is called in its certificate: 1 to 64 of A–Z, a–z, 0–9, `-` and `.`. It stands in
/// requests and file names; the name in records is the one it is registered by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KioskName(String);

/// Not 1 to 64 letters, digits, dashes and dots.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a kiosk's name is 1 to 64 of A–Z, a–z, 0–9, - and .")]
pub struct InvalidKioskName;

impl KioskName {
    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::str::FromStr for KioskName {
    type Err = InvalidKioskName;

    fn from_str(text: &str) -> Result<Self, InvalidKioskName> {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.';
        let good = (1..=64).contains(&text.len()) && text.bytes().all(fits);
        good.then(|| Self(text.to_owned())).ok_or(InvalidKioskName)
    }
}

/// No key, or no request, could be made.
#[derive(Debug, thiserror::Error)]
pub enum RequestFailed {
    /// There is no randomness.
    #[error("no key could be made")]
    Key,
    /// The request could not be written.
    #[error("no request could be made: {0}")]
    Request(#[from] rcgen::Error),
}

/// A P-256 key that was made just now, and what is asked for with it. `Debug` shows its
/// fingerprint only.
pub struct NewKey {
    pub(super) key_pem: Zeroizing<String>,
    pub(super) request_pem: String,
    fingerprint: KeyFingerprint,
}

impl NewKey {
    /// Makes a key and a request in this name.
    ///
    /// # Errors
    /// [`RequestFailed`].
    pub fn generate(name: &KioskName) -> Result<Self, RequestFailed> {
        let (channel, der) = ChannelKey::generate().map_err(|_| RequestFailed::Key)?;
        let der = PrivatePkcs8KeyDer::from(der.as_slice());
        let pair = KeyPair::from_pkcs8_der_and_sign_algo(&der, &PKCS_ECDSA_P256_SHA256)?;
        let mut params = CertificateParams::default();
        params.distinguished_name = DistinguishedName::new();
        params
            .distinguished_name
            .push(DnType::CommonName, name.as_str());
        Ok(Self {
            request_pem: params.serialize_request(&pair)?.pem()?,
            key_pem: Zeroizing::new(pair.serialize_pem()),
            fingerprint: channel.id().fingerprint(),
        })
    }

    /// What people compare.
    #[must_use]
    pub const fn fingerprint(&self) -> KeyFingerprint {
        self.fingerprint
    }
}

impl std::fmt::Debug for NewKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "NewKey({})", self.fingerprint)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_that_files_and_certificates_can_bear() {
        assert!("kiosk-0007.urayasu".parse::<KioskName>().is_ok());
        for bad in ["", "a b", "../kiosk", "浦安", &"k".repeat(65)] {
            assert_eq!(bad.parse::<KioskName>(), Err(InvalidKioskName));
        }
    }

    #[test]
    fn each_key_is_new_and_not_shown() {
        let name = "kiosk-0007".parse().unwrap();
        let (one, other) = (
            NewKey::generate(&name).unwrap(),
            NewKey::generate(&name).unwrap(),
        );
        assert_ne!(one.fingerprint(), other.fingerprint());
        assert!(
            one.request_pem
                .starts_with("-----BEGIN CERTIFICATE REQUEST-----")
        );
        assert!(!one.request_pem.contains("PRIVATE"));
        assert!(!format!("{one:?}").contains("PRIVATE"));
    }
}
