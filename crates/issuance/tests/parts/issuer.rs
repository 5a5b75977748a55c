//! A TEST issuer's files, made afresh; and wrong ones.

use std::path::Path;
use std::sync::OnceLock;

use certificate::shc::IssuerUrl;
use issuance::{KeyError, SigningKeyPaths, SigningKeys};
use rcgen::{
    BasicConstraints, CertificateParams, CustomExtension, DnType, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, PKCS_ECDSA_P256_SHA256, PKCS_ECDSA_P384_SHA384,
};
use tempfile::TempDir;
use time::macros::datetime;
use time::{Duration, OffsetDateTime};

/// When the tests happen: 2026-01-15 in Japan.
pub const NOW: OffsetDateTime = datetime!(2026-01-15 03:00 UTC);

/// What an issuer's files say.
pub struct Pki {
    pub csca_name: &'static str,
    pub signer_name: &'static str,
    /// The organisation of both.
    pub organisation: Option<&'static str>,
    pub signer_until: OffsetDateTime,
    pub csca_until: OffsetDateTime,
    /// privateKeyUsagePeriod's end; `None` leaves the extension out.
    pub key_until: Option<OffsetDateTime>,
}

impl Default for Pki {
    fn default() -> Self {
        Self {
            csca_name: "TEST CSCA",
            signer_name: "TEST BCS",
            organisation: None,
            signer_until: NOW + Duration::days(3650),
            csca_until: NOW + Duration::days(5000),
            key_until: Some(NOW + Duration::days(450)),
        }
    }
}

impl Pki {
    /// Writes the files.
    pub fn write(&self, directory: &Path) -> SigningKeyPaths {
        let paths = SigningKeyPaths::in_directory(directory);
        let csca_key = KeyPair::generate_for(&PKCS_ECDSA_P384_SHA384).unwrap();
        let mut csca = self.named(self.csca_name, self.csca_until);
        csca.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        csca.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let csca_der = csca.self_signed(&csca_key).unwrap();
        std::fs::write(&paths.csca, csca_der.der()).unwrap();

        let signer_key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap();
        let signer = self
            .signer()
            .signed_by(&signer_key, &Issuer::new(csca, csca_key));
        std::fs::write(&paths.barcode_signer_certificate, signer.unwrap().der()).unwrap();
        std::fs::write(&paths.barcode_signer_key, signer_key.serialize_pem()).unwrap();
        let shc_key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap();
        std::fs::write(&paths.shc_key, shc_key.serialize_pem()).unwrap();
        paths
    }

    fn signer(&self) -> CertificateParams {
        let mut params = self.named(self.signer_name, self.signer_until);
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.use_authority_key_identifier_extension = true;
        // SEQUENCE { OID 2.23.136.1.1.14.2 }
        let usage = vec![0x30, 9, 6, 7, 0x67, 0x81, 8, 1, 1, 14, 2];
        let mut usage = CustomExtension::from_oid_content(&[2, 5, 29, 37], usage);
        usage.set_criticality(true);
        // SEQUENCE { 0, SET { "NV" } }
        let types = vec![0x30, 9, 2, 1, 0, 0x31, 4, 0x13, 2, b'N', b'V'];
        let types = CustomExtension::from_oid_content(&[2, 23, 136, 1, 1, 6, 2], types);
        params.custom_extensions = vec![usage, types];
        if let Some(until) = self.key_until {
            let text = format!(
                "{:04}{:02}{:02}000000Z",
                until.year(),
                u8::from(until.month()),
                until.day()
            );
            let period = [&[0x30, 17, 0x81, 15], text.as_bytes()].concat();
            let period = CustomExtension::from_oid_content(&[2, 5, 29, 16], period);
            params.custom_extensions.push(period);
        }
        params
    }

    fn named(&self, name: &str, until: OffsetDateTime) -> CertificateParams {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CountryName, "JP");
        if let Some(organisation) = self.organisation {
            let kind = DnType::OrganizationName;
            params.distinguished_name.push(kind, organisation);
        }
        params.distinguished_name.push(DnType::CommonName, name);
        params.not_before = NOW - Duration::days(10);
        params.not_after = until;
        params
    }
}

/// The issuer's address.
pub fn url() -> IssuerUrl {
    IssuerUrl::parse("https://vc.akashi.example/issuer").unwrap()
}

/// Loads the keys of these files.
pub fn load(paths: &SigningKeyPaths) -> Result<SigningKeys, KeyError> {
    SigningKeys::load(paths, url(), NOW)
}

/// Keys of a PKI as described.
pub fn keys_of(pki: &Pki) -> Result<SigningKeys, KeyError> {
    let directory = TempDir::new().unwrap();
    load(&pki.write(directory.path()))
}

/// The usual TEST issuer, made once for each test binary.
pub fn keys() -> &'static SigningKeys {
    static KEYS: OnceLock<SigningKeys> = OnceLock::new();
    KEYS.get_or_init(|| keys_of(&Pki::default()).unwrap())
}
