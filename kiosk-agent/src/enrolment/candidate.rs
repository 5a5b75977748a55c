//! A certificate that came back, and whether it can become the kiosk's own.

use std::path::Path;

use application::client::ChannelKey;
use domain::KeyFingerprint;
use rustls_pki_types::PrivatePkcs8KeyDer;
use time::OffsetDateTime;
use x509_parser::prelude::{FromDer, X509Certificate};

use crate::tls::{self, Identity, TlsRefused};

/// Most certificates in a chain.
const LONGEST_CHAIN: usize = 4;

/// A certificate for a key of this kiosk, looked through and not yet tried.
#[derive(Debug)]
pub struct Candidate {
    /// Certificate and key.
    pub identity: Identity,
    /// Until when it is valid.
    pub not_after: OffsetDateTime,
}

/// Why a certificate cannot become the kiosk's.
#[derive(Debug, thiserror::Error)]
pub enum CandidateRefused {
    /// It cannot be read.
    #[error(transparent)]
    Unreadable(#[from] TlsRefused),
    /// More than four certificates.
    #[error("more than {LONGEST_CHAIN} certificates in one file")]
    TooMany,
    /// Not X.509.
    #[error("the first certificate cannot be understood")]
    Malformed,
    /// It is for another key than the one that waits for it.
    #[error("the certificate is not for this kiosk's key, whose fingerprint is {0}")]
    AnotherKey(KeyFingerprint),
    /// Its time has not begun, or is over, by this machine's clock.
    #[error("the certificate is valid from {0} to {1}, and not now: look at the clock, too")]
    NotNow(time::Date, time::Date),
    /// It is not for proving who one is to a server.
    #[error("the certificate is not for clients (extended key usage clientAuth)")]
    NotForClients,
}

impl Candidate {
    /// Looks through a certificate file (PEM; those between it and its CA may follow) for this key.
    ///
    /// # Errors
    /// [`CandidateRefused`].
    pub fn read(
        file: &Path,
        key: PrivatePkcs8KeyDer<'static>,
        now: OffsetDateTime,
    ) -> Result<Self, CandidateRefused> {
        let chain = tls::certificates(file)?;
        if chain.len() > LONGEST_CHAIN {
            return Err(CandidateRefused::TooMany);
        }
        let own = chain.first().ok_or(CandidateRefused::Malformed)?;
        let (_, parsed) =
            X509Certificate::from_der(own).map_err(|_| CandidateRefused::Malformed)?;
        let channel = ChannelKey::from_pkcs8_der(key.secret_pkcs8_der())
            .map_err(|_| CandidateRefused::Malformed)?;
        if parsed.public_key().raw != channel.public_key().to_spki_der() {
            return Err(CandidateRefused::AnotherKey(channel.id().fingerprint()));
        }
        let usage = parsed
            .extended_key_usage()
            .map_err(|_| CandidateRefused::Malformed)?;
        if usage.is_some_and(|usage| !usage.value.client_auth && !usage.value.any) {
            return Err(CandidateRefused::NotForClients);
        }
        let from = parsed.validity().not_before.to_datetime();
        let not_after = parsed.validity().not_after.to_datetime();
        if now < from || now > not_after {
            return Err(CandidateRefused::NotNow(from.date(), not_after.date()));
        }
        Ok(Self {
            identity: Identity { chain, key },
            not_after,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{Clock as _, SystemClock};
    use rcgen::{CertificateParams, ExtendedKeyUsagePurpose, KeyPair};
    use time::Duration;

    struct Given {
        folder: tempfile::TempDir,
        pair: KeyPair,
        params: CertificateParams,
    }

    impl Given {
        fn new() -> Self {
            let mut params = CertificateParams::default();
            let now = SystemClock.now();
            params.not_before = now - Duration::days(1);
            params.not_after = now + Duration::days(1);
            Self {
                folder: tempfile::tempdir().unwrap(),
                pair: KeyPair::generate().unwrap(),
                params,
            }
        }

        /// What becomes of so many certificates for this key, in one file.
        fn read_for(self, key: &KeyPair, count: usize) -> Result<Candidate, CandidateRefused> {
            let file = self.folder.path().join("kiosk.pem");
            let pem = self.params.self_signed(&self.pair).unwrap().pem();
            std::fs::write(&file, pem.repeat(count)).unwrap();
            let key = PrivatePkcs8KeyDer::from(key.serialize_der());
            Candidate::read(&file, key, SystemClock.now())
        }

        fn read(self) -> Result<Candidate, CandidateRefused> {
            let key = KeyPair::from_pem(&self.pair.serialize_pem()).unwrap();
            self.read_for(&key, 1)
        }
    }

    #[test]
    fn a_certificate_for_this_key_is_taken() {
        assert!(Given::new().read().is_ok());
        let mut for_clients = Given::new();
        for_clients.params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        assert!(for_clients.read().is_ok());
    }

    #[test]
    fn any_other_is_refused_with_its_reason() {
        let other = KeyPair::generate().unwrap();
        assert!(matches!(
            Given::new().read_for(&other, 1),
            Err(CandidateRefused::AnotherKey(_))
        ));
        let given = Given::new();
        let key = KeyPair::from_pem(&given.pair.serialize_pem()).unwrap();
        assert!(matches!(
            given.read_for(&key, 5),
            Err(CandidateRefused::TooMany)
        ));
        let mut server = Given::new();
        server.params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        assert!(matches!(
            server.read(),
            Err(CandidateRefused::NotForClients)
        ));
        for (from, to) in [(-3, -2), (2, 3)] {
            let mut given = Given::new();
            let now = SystemClock.now();
            given.params.not_before = now + Duration::days(from);
            given.params.not_after = now + Duration::days(to);
            assert!(matches!(given.read(), Err(CandidateRefused::NotNow(..))));
        }
    }
}
