//! The barcode signer's certificate (ICAO Doc 9303-12 and 9303-13).

use crypto::Es256PublicKey;
use time::OffsetDateTime;
use x509_parser::der_parser::der::parse_der;
use x509_parser::der_parser::{Oid, oid};
use x509_parser::extensions::{ParsedExtension, X509Extension};
use x509_parser::prelude::X509Certificate;

use super::x509::{Parts, read};
use super::{Csca, KeyUsagePeriod};
use crate::base64url;

/// ecdsa-with-SHA384 (RFC 5758, section 3.2).
const ECDSA_SHA384: Oid<'static> = oid!(1.2.840.10045.4.3.3);
/// Signs visible digital seals for non-constrained environments (Doc 9303-13).
const BARCODE_SIGNER: Oid<'static> = oid!(2.23.136.1.1.14.2);
/// documentTypeList (Doc 9303-12, 7.1.1).
const DOCUMENT_TYPES: Oid<'static> = oid!(2.23.136.1.1.6.2);
/// privateKeyUsagePeriod (RFC 3280, section 4.2.1.4).
const KEY_USAGE_PERIOD: Oid<'static> = oid!(2.5.29.16);

/// A barcode signer's certificate: what it must be is checked, who signed it is not yet.
#[derive(Clone)]
pub struct BarcodeSigner {
    parts: Parts,
    key: Es256PublicKey,
    period: Option<KeyUsagePeriod>,
    base64url: String,
}

/// Why bytes are no barcode signer's certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidBarcodeSigner {
    /// No X.509 certificate in DER of at most 4096 bytes.
    #[error("no certificate in DER")]
    Der,
    /// Not signed with ECDSA and SHA-384.
    #[error("the certificate is not signed with ECDSA and SHA-384")]
    Algorithm,
    /// Its key is not on P-256.
    #[error("the certificate's key is not on P-256")]
    Key,
    /// Key usage is not digitalSignature alone, critical.
    #[error("the certificate's key usage is not digitalSignature, critical")]
    KeyUsage,
    /// Extended key usage is not that of a barcode signer alone, critical.
    #[error("the certificate's extended key usage is not a barcode signer's, critical")]
    ExtendedKeyUsage,
    /// The document types do not have `NV`.
    #[error("the certificate is not for documents of type NV")]
    DocumentType,
    /// It is a CA's.
    #[error("the certificate is a CA's")]
    IsACa,
    /// A critical extension that is not understood here.
    #[error("the certificate has a critical extension that is not understood")]
    CriticalExtension,
    /// The private key's usage period is malformed.
    #[error("the certificate's private key usage period is malformed")]
    Period,
}

/// Why a barcode signer is not this CSCA's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotIssuedBy {
    /// It names another issuer or another issuer's key.
    #[error("the certificate names another CSCA")]
    OtherIssuer,
    /// The CSCA's signature does not hold.
    #[error("the CSCA's signature of the certificate does not hold")]
    Signature,
}

impl BarcodeSigner {
    /// Reads the certificate and checks that it is a barcode signer's.
    ///
    /// # Errors
    /// [`InvalidBarcodeSigner`].
    pub fn parse(der: &[u8]) -> Result<Self, InvalidBarcodeSigner> {
        let certificate = read(der).ok_or(InvalidBarcodeSigner::Der)?;
        let inner = &certificate.tbs_certificate.signature.algorithm;
        if *inner != ECDSA_SHA384 || certificate.signature_algorithm.algorithm != ECDSA_SHA384 {
            return Err(InvalidBarcodeSigner::Algorithm);
        }
        let key = Es256PublicKey::from_point(&certificate.public_key().subject_public_key.data)
            .map_err(|_| InvalidBarcodeSigner::Key)?;
        check_usage(&certificate)?;
        let period = extension(&certificate, &KEY_USAGE_PERIOD)
            .map(|period| KeyUsagePeriod::from_der(period.value))
            .map(|period| period.ok_or(InvalidBarcodeSigner::Period))
            .transpose()?;
        Ok(Self {
            parts: Parts::of(der, &certificate),
            key,
            period,
            base64url: base64url::encode(der),
        })
    }

    /// That this CSCA issued it.
    ///
    /// # Errors
    /// [`NotIssuedBy`].
    pub fn check_issued_by(&self, csca: &Csca) -> Result<(), NotIssuedBy> {
        let names_it = self.parts.issuer == csca.parts.subject
            && self.parts.authority_key.is_some()
            && self.parts.authority_key == csca.parts.subject_key;
        if !names_it {
            return Err(NotIssuedBy::OtherIssuer);
        }
        csca.key
            .verify_der(&self.parts.to_be_signed, &self.parts.signature)
            .map_err(|_| NotIssuedBy::Signature)
    }

    /// Whether the certificate holds at this moment.
    #[must_use]
    pub fn is_valid_at(&self, moment: OffsetDateTime) -> bool {
        self.parts.is_valid_at(moment)
    }

    /// For how long the key may sign, where the certificate says so.
    #[must_use]
    pub const fn key_usage_period(&self) -> Option<KeyUsagePeriod> {
        self.period
    }

    /// Country of the subject, ISO 3166-1 alpha-2.
    #[must_use]
    pub fn country(&self) -> Option<&str> {
        self.parts.country.as_deref()
    }

    /// Its key.
    #[must_use]
    pub const fn key(&self) -> &Es256PublicKey {
        &self.key
    }

    /// The DER.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.parts.der
    }

    /// The DER as the object carries it.
    pub(super) fn base64url(&self) -> &str {
        &self.base64url
    }
}

impl std::fmt::Debug for BarcodeSigner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "BarcodeSigner({:?})", self.key)
    }
}

fn check_usage(certificate: &X509Certificate<'_>) -> Result<(), InvalidBarcodeSigner> {
    if certificate.is_ca() {
        return Err(InvalidBarcodeSigner::IsACa);
    }
    /// Bit 0 of KeyUsage (RFC 5280, section 4.2.1.3).
    const DIGITAL_SIGNATURE: u16 = 1;
    let usage = certificate.key_usage().ok().flatten();
    if !usage.is_some_and(|usage| usage.critical && usage.value.flags == DIGITAL_SIGNATURE) {
        return Err(InvalidBarcodeSigner::KeyUsage);
    }
    let usage = certificate.extended_key_usage().ok().flatten();
    let is_signer = usage.is_some_and(|usage| {
        let usages = usage.value;
        let named = [
            usages.any,
            usages.server_auth,
            usages.client_auth,
            usages.code_signing,
            usages.email_protection,
            usages.time_stamping,
            usages.ocsp_signing,
        ];
        usage.critical && !named.contains(&true) && usages.other == [BARCODE_SIGNER]
    });
    if !is_signer {
        return Err(InvalidBarcodeSigner::ExtendedKeyUsage);
    }
    let types = extension(certificate, &DOCUMENT_TYPES);
    if !types.is_some_and(|types| lists_nv(types.value)) {
        return Err(InvalidBarcodeSigner::DocumentType);
    }
    let understood = |extension: &&X509Extension<'_>| {
        matches!(
            extension.parsed_extension(),
            ParsedExtension::KeyUsage(_)
                | ParsedExtension::ExtendedKeyUsage(_)
                | ParsedExtension::BasicConstraints(_)
        ) || extension.oid == DOCUMENT_TYPES
            || extension.oid == KEY_USAGE_PERIOD
    };
    if certificate
        .iter_extensions()
        .any(|extension| extension.critical && !understood(&extension))
    {
        return Err(InvalidBarcodeSigner::CriticalExtension);
    }
    Ok(())
}

fn extension<'a>(
    certificate: &'a X509Certificate<'_>,
    oid: &Oid<'_>,
) -> Option<&'a X509Extension<'a>> {
    // `read` refused certificates with an extension that stands twice.
    certificate.get_extension_unique(oid).ok().flatten()
}

/// Whether `SEQUENCE { version INTEGER, SET OF PrintableString }` has `NV`.
fn lists_nv(der: &[u8]) -> bool {
    let Ok((rest, list)) = parse_der(der) else {
        return false;
    };
    let Ok([version, types]) = list.as_sequence().map(Vec::as_slice) else {
        return false;
    };
    rest.is_empty()
        && version.as_u32() == Ok(0)
        && types
            .as_set()
            .is_ok_and(|types| types.iter().any(|kind| kind.as_str() == Ok("NV")))
}
