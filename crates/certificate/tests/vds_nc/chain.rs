//! Every reason to refuse a certificate of the chain.

use crate::stage::pki::{Country, EKU, NV, VdsIssuer, csca_params, extensions, signer_params};
use crate::stage::{NOW, abroad};
use certificate::vds_nc::{
    BarcodeSigner, Csca, InvalidBarcodeSigner, InvalidCsca, NotIssuedBy, UnsignedVdsNc, VdsNcError,
    verify,
};
use rcgen::{BasicConstraints, CertificateParams, CustomExtension, IsCa, KeyUsagePurpose};
use time::Duration;
use time::macros::datetime;

#[test]
fn another_country_s_signer_is_refused() {
    let (japan, other) = (VdsIssuer::new(), VdsIssuer::new());
    let object = japan.sign(&abroad(1));
    let refusal = |cscas: &[Csca]| verify(&object, cscas, NOW).unwrap_err();
    // Both CSCAs have one name; the key's identifier tells them apart.
    assert_eq!(refusal(&[other.country.csca()]), VdsNcError::UnknownCsca);
    assert_eq!(refusal(&[]), VdsNcError::UnknownCsca);
    let cscas = [other.country.csca(), japan.country.csca()];
    assert!(verify(&object, &cscas, NOW).is_ok());
}

#[test]
fn a_csca_of_another_name_with_the_same_key_is_another() {
    let japan = VdsIssuer::new();
    let mut der = japan.country.csca_der.clone();
    // The subject is the name's second place in a self-signed certificate.
    let name = der
        .windows(9)
        .rposition(|bytes| bytes == b"TEST CSCA")
        .unwrap();
    der[name] = b'B';
    let renamed = Csca::parse(&der).unwrap();
    assert_eq!(
        japan.signer.check_issued_by(&renamed),
        Err(NotIssuedBy::OtherIssuer)
    );
}

#[test]
fn a_signer_whose_certificate_was_changed_is_refused() {
    let japan = VdsIssuer::new();
    let mut der = japan.signer.der().to_vec();
    let name = der
        .windows(8)
        .rposition(|bytes| bytes == b"TEST BCS")
        .unwrap();
    der[name] = b'B';
    let changed = BarcodeSigner::parse(&der).unwrap();
    assert_eq!(
        changed.check_issued_by(&japan.country.csca()),
        Err(NotIssuedBy::Signature)
    );
    let object = UnsignedVdsNc::new(&abroad(1), 1)
        .unwrap()
        .sign(&changed, |bytes| japan.key.sign(bytes))
        .unwrap();
    assert_eq!(
        verify(&object, &[japan.country.csca()], NOW).unwrap_err(),
        VdsNcError::SignerSignature
    );
}

#[test]
fn certificates_outside_their_time_are_refused() {
    let japan = VdsIssuer::new();
    let object = japan.sign(&abroad(1));
    let at = |moment| verify(&object, &[japan.country.csca()], moment).map(|_| ());
    assert_eq!(at(NOW - Duration::days(29)), Ok(()));
    assert_eq!(
        at(NOW - Duration::days(31)),
        Err(VdsNcError::SignerNotValid)
    );
    assert_eq!(
        at(NOW + Duration::days(11 * 365)),
        Err(VdsNcError::SignerNotValid)
    );
    assert_eq!(
        at(NOW + Duration::days(16 * 365)),
        Err(VdsNcError::CscaNotValid)
    );
}

/// The refusal of a signer's certificate that differs in one point.
fn signer_refusal(change: impl FnOnce(&mut CertificateParams)) -> InvalidBarcodeSigner {
    let mut params = signer_params();
    change(&mut params);
    let (der, _) = Country::new(csca_params()).certify(params);
    BarcodeSigner::parse(&der).unwrap_err()
}

#[test]
fn certificates_that_are_no_barcode_signer_s() {
    use InvalidBarcodeSigner as Invalid;
    // serverAuth, and both.
    let tls = [0x30, 10, 6, 8, 0x2b, 6, 1, 5, 5, 7, 3, 1];
    let both = [&[0x30, 19][..], &EKU[2..], &tls[2..]].concat();
    // Another of ICAO's: signs visible digital seals for constrained environments.
    let other = [0x30, 9, 6, 7, 0x67, 0x81, 8, 1, 1, 14, 1];
    let wrong = [
        (&tls[..], true),
        (&both[..], true),
        (&other[..], true),
        (EKU, false),
    ];
    for (eku, critical) in wrong {
        let refusal = signer_refusal(|params| {
            params.custom_extensions = extensions(eku, critical, NV);
        });
        assert_eq!(refusal, Invalid::ExtendedKeyUsage);
    }
    assert_eq!(
        signer_refusal(|params| params.custom_extensions.truncate(1)),
        Invalid::DocumentType
    );
    let other_type = [0x30, 9, 2, 1, 0, 0x31, 4, 0x13, 2, b'N', b'X'];
    for types in [&other_type[..], b"", b"\x30\x00", &NV[..9]] {
        let refusal =
            signer_refusal(|params| params.custom_extensions = extensions(EKU, true, types));
        assert_eq!(refusal, Invalid::DocumentType);
    }
    assert_eq!(
        signer_refusal(|params| params.key_usages = vec![]),
        Invalid::KeyUsage
    );
    assert_eq!(
        signer_refusal(|params| params.key_usages.push(KeyUsagePurpose::KeyCertSign)),
        Invalid::KeyUsage
    );
    assert_eq!(
        signer_refusal(|params| {
            params.key_usages = vec![];
            // digitalSignature, but not critical.
            let usage = CustomExtension::from_oid_content(&[2, 5, 29, 15], vec![3, 2, 7, 0x80]);
            params.custom_extensions.push(usage);
        }),
        Invalid::KeyUsage
    );
    assert_eq!(
        signer_refusal(|params| params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained)),
        Invalid::IsACa
    );
    assert_eq!(
        signer_refusal(|params| {
            let mut unknown = CustomExtension::from_oid_content(&[1, 2, 3, 4], vec![5, 0]);
            unknown.set_criticality(true);
            params.custom_extensions.push(unknown);
        }),
        Invalid::CriticalExtension
    );
    assert_eq!(
        signer_refusal(|params| {
            let period = CustomExtension::from_oid_content(&[2, 5, 29, 16], vec![0x30, 0]);
            params.custom_extensions.push(period);
        }),
        Invalid::Period
    );
    assert_eq!(
        signer_refusal(|params| {
            let again = params.custom_extensions[1].clone();
            params.custom_extensions.push(again);
        }),
        Invalid::Der,
        "an extension that stands twice"
    );
    let japan = Country::new(csca_params());
    assert_eq!(
        BarcodeSigner::parse(&japan.csca_der).unwrap_err(),
        Invalid::Key
    );
}

#[test]
fn a_signer_of_another_country_is_refused() {
    let japan = Country::new(csca_params());
    let mut params = signer_params();
    params.distinguished_name.remove(rcgen::DnType::CountryName);
    let (der, key) = japan.certify(params);
    let signer = BarcodeSigner::parse(&der).unwrap();
    let object = UnsignedVdsNc::new(&abroad(1), 1)
        .unwrap()
        .sign(&signer, |bytes| key.sign(bytes))
        .unwrap();
    assert_eq!(
        verify(&object, &[japan.csca()], NOW).unwrap_err(),
        VdsNcError::State
    );
}

#[test]
fn a_signer_signed_with_another_algorithm_is_refused() {
    // The algorithm inside the signed part and the one beside the signature must both be it.
    let (mut der, _) = Country::new(csca_params()).certify(signer_params());
    let algorithm = [6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 3];
    let inner = der
        .windows(algorithm.len())
        .position(|bytes| bytes == algorithm)
        .unwrap();
    der[inner + algorithm.len() - 1] = 2;
    assert_eq!(
        BarcodeSigner::parse(&der).unwrap_err(),
        InvalidBarcodeSigner::Algorithm
    );
    // Self-signed with its own P-256 key: ECDSA with SHA-256.
    let key = rcgen::KeyPair::generate().unwrap();
    let der = signer_params().self_signed(&key).unwrap().der().to_vec();
    assert_eq!(
        BarcodeSigner::parse(&der).unwrap_err(),
        InvalidBarcodeSigner::Algorithm
    );
}

#[test]
fn cscas_that_are_none() {
    let japan = VdsIssuer::new();
    assert_eq!(Csca::parse(b"x").unwrap_err(), InvalidCsca::Der);
    assert_eq!(
        Csca::parse(japan.signer.der()).unwrap_err(),
        InvalidCsca::NotACa
    );
    let mut params = csca_params();
    params.key_usages = vec![KeyUsagePurpose::CrlSign];
    let crl_only = Country::new(params);
    assert_eq!(
        Csca::parse(&crl_only.csca_der).unwrap_err(),
        InvalidCsca::NotACa
    );
    let mut params = csca_params();
    params.is_ca = IsCa::ExplicitNoCa;
    let no_ca = Country::new(params);
    assert_eq!(
        Csca::parse(&no_ca.csca_der).unwrap_err(),
        InvalidCsca::NotACa
    );
    let key = rcgen::KeyPair::generate().unwrap();
    let der = csca_params().self_signed(&key).unwrap().der().to_vec();
    assert_eq!(Csca::parse(&der).unwrap_err(), InvalidCsca::Key);
    let mut trailing = japan.country.csca_der.clone();
    trailing.push(0);
    assert_eq!(Csca::parse(&trailing).unwrap_err(), InvalidCsca::Der);
}

#[test]
fn the_period_in_which_the_key_may_sign() {
    let mut params = signer_params();
    params
        .custom_extensions
        .push(CustomExtension::from_oid_content(
            &[2, 5, 29, 16],
            b"\x30\x22\x80\x0f20260101000000Z\x81\x0f20270401000000Z".to_vec(),
        ));
    let (der, _) = Country::new(csca_params()).certify(params);
    let period = BarcodeSigner::parse(&der)
        .unwrap()
        .key_usage_period()
        .unwrap();
    assert!(period.contains(NOW));
    assert!(!period.contains(datetime!(2027-04-01 00:00:01 UTC)));
    let (der, _) = Country::new(csca_params()).certify(signer_params());
    assert_eq!(BarcodeSigner::parse(&der).unwrap().key_usage_period(), None);
}
