//! What the two certificates of the chain have in common (RFC 5280).

use time::OffsetDateTime;
use x509_parser::extensions::ParsedExtension;
use x509_parser::prelude::{FromDer, X509Certificate};

/// Longest certificate that is read, in bytes: more would fit no code.
const LONGEST_CERTIFICATE: usize = 4096;

/// What both certificates have.
#[derive(Clone)]
pub(super) struct Parts {
    pub(super) der: Vec<u8>,
    pub(super) to_be_signed: Vec<u8>,
    pub(super) signature: Vec<u8>,
    pub(super) issuer: Vec<u8>,
    pub(super) subject: Vec<u8>,
    pub(super) country: Option<String>,
    /// Seconds since the epoch, first and last.
    validity: [i64; 2],
    pub(super) subject_key: Option<Vec<u8>>,
    pub(super) authority_key: Option<Vec<u8>>,
}

impl Parts {
    pub(super) fn of(der: &[u8], certificate: &X509Certificate<'_>) -> Self {
        let mut subject_key = None;
        let mut authority_key = None;
        for extension in certificate.iter_extensions() {
            if let ParsedExtension::SubjectKeyIdentifier(id) = extension.parsed_extension() {
                subject_key = Some(id.0.to_vec());
            }
            if let ParsedExtension::AuthorityKeyIdentifier(id) = extension.parsed_extension() {
                authority_key = id.key_identifier.as_ref().map(|id| id.0.to_vec());
            }
        }
        let validity = certificate.validity();
        Self {
            der: der.to_vec(),
            to_be_signed: certificate.tbs_certificate.as_ref().to_vec(),
            signature: certificate.signature_value.data.to_vec(),
            issuer: certificate.issuer().as_raw().to_vec(),
            subject: certificate.subject().as_raw().to_vec(),
            country: certificate
                .subject()
                .iter_country()
                .next()
                .and_then(|country| country.as_str().ok())
                .map(str::to_owned),
            validity: [
                validity.not_before.timestamp(),
                validity.not_after.timestamp(),
            ],
            subject_key,
            authority_key,
        }
    }

    pub(super) fn is_valid_at(&self, moment: OffsetDateTime) -> bool {
        let [first, last] = self.validity;
        (first..=last).contains(&moment.unix_timestamp())
    }
}

/// Reads exactly one certificate, without extensions that stand twice.
pub(super) fn read(der: &[u8]) -> Option<X509Certificate<'_>> {
    if der.len() > LONGEST_CERTIFICATE {
        return None;
    }
    let (rest, certificate) = X509Certificate::from_der(der).ok()?;
    (rest.is_empty() && certificate.extensions_map().is_ok()).then_some(certificate)
}
