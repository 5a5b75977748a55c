//! A TEST CSCA and barcode signers, right and wrong in one point each.

use certificate::model::Certificate;
use certificate::vds_nc::{BarcodeSigner, Csca, UnsignedVdsNc, VdsNc};
use crypto::Es256SigningKey;
use rcgen::{
    BasicConstraints, CertificateParams, CustomExtension, DistinguishedName, DnType, DnValue, IsCa,
    Issuer, KeyIdMethod, KeyPair, KeyUsagePurpose, PKCS_ECDSA_P256_SHA256, PKCS_ECDSA_P384_SHA384,
};
use time::Duration;

use super::NOW;

pub const EKU: &[u8] = &[0x30, 9, 6, 7, 0x67, 0x81, 8, 1, 1, 14, 2];
pub const NV: &[u8] = &[0x30, 9, 2, 1, 0, 0x31, 4, 0x13, 2, b'N', b'V'];

/// The extended key usage extension, and the list of document types.
pub fn extensions(eku: &[u8], critical: bool, types: &[u8]) -> Vec<CustomExtension> {
    let mut usage = CustomExtension::from_oid_content(&[2, 5, 29, 37], eku.to_vec());
    usage.set_criticality(critical);
    vec![
        usage,
        CustomExtension::from_oid_content(&[2, 23, 136, 1, 1, 6, 2], types.to_vec()),
    ]
}

fn named(country: &str, name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    let mut dn = DistinguishedName::new();
    dn.push(
        DnType::CountryName,
        DnValue::PrintableString(country.try_into().unwrap()),
    );
    dn.push(
        DnType::CommonName,
        DnValue::PrintableString(name.try_into().unwrap()),
    );
    params.distinguished_name = dn;
    params.key_identifier_method = KeyIdMethod::Sha256;
    params
}

/// A CSCA's parameters as they should be.
pub fn csca_params() -> CertificateParams {
    let mut params = named("JP", "TEST CSCA");
    params.not_before = NOW - Duration::days(365);
    params.not_after = NOW + Duration::days(15 * 365);
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params
}

/// A barcode signer's parameters as they should be.
pub fn signer_params() -> CertificateParams {
    let mut params = named("JP", "TEST BCS");
    params.not_before = NOW - Duration::days(30);
    params.not_after = NOW + Duration::days(10 * 365);
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.use_authority_key_identifier_extension = true;
    params.custom_extensions = extensions(EKU, true, NV);
    params
}

/// A country: its CSCA, and whom it signs.
pub struct Country {
    issuer: Issuer<'static, KeyPair>,
    pub csca_der: Vec<u8>,
}

impl Country {
    pub fn new(params: CertificateParams) -> Self {
        let key = KeyPair::generate_for(&PKCS_ECDSA_P384_SHA384).unwrap();
        let csca_der = params.self_signed(&key).unwrap().der().to_vec();
        Self {
            issuer: Issuer::new(params, key),
            csca_der,
        }
    }

    pub fn csca(&self) -> Csca {
        Csca::parse(&self.csca_der).unwrap()
    }

    /// A signer's certificate with a fresh key.
    pub fn certify(&self, params: CertificateParams) -> (Vec<u8>, Es256SigningKey) {
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap();
        let der = params.signed_by(&key, &self.issuer).unwrap().der().to_vec();
        let key = Es256SigningKey::from_pkcs8_der(&key.serialize_der()).unwrap();
        (der, key)
    }
}

/// A signer as it should be, ready to sign.
pub struct VdsIssuer {
    pub country: Country,
    pub signer: BarcodeSigner,
    pub key: Es256SigningKey,
}

impl VdsIssuer {
    pub fn new() -> Self {
        let country = Country::new(csca_params());
        let (der, key) = country.certify(signer_params());
        Self {
            signer: BarcodeSigner::parse(&der).unwrap(),
            country,
            key,
        }
    }

    pub fn sign(&self, certificate: &Certificate) -> VdsNc {
        UnsignedVdsNc::new(certificate, certificate.doses.len())
            .unwrap()
            .sign(&self.signer, |bytes| self.key.sign(bytes))
            .unwrap()
    }
}
