//! ICAO VDS-NC: what is written, and every reason to refuse one.

#![allow(clippy::unwrap_used)] // a test fails by it

mod stage;

use base64::{Engine, prelude::BASE64_URL_SAFE, prelude::BASE64_URL_SAFE_NO_PAD};
use certificate::model::Certificate;
use certificate::qr::Version;
use certificate::vds_nc::{
    BarcodeSigner, Csca, DoesNotFit, InvalidBarcodeSigner, InvalidCsca, InvalidVdsNc,
    LONGEST_OBJECT, NotIssuedBy, PassportMissing, UnsignedVdsNc, VdsNc, VdsNcError, data,
    newest_that_fit, verify,
};
use crypto::Es256SigningKey;
use domain::{BirthDate, NormalizedName};
use rcgen::{BasicConstraints, CertificateParams, CustomExtension, IsCa, KeyUsagePurpose};
use serde_json::{Value, json};
use stage::pki::{Country, EKU, NV, VdsIssuer, csca_params, extensions, signer_params};
use stage::{NOW, abroad, domestic};
use time::Duration;
use time::macros::{date, datetime};

#[test]
fn the_data_is_canonical_and_exact() {
    let text = data(&abroad(1), 1).unwrap();
    let expected = concat!(
        r#"{"hdr":{"is":"JPN","t":"icao.vacc","v":1},"msg":{"pid":{"#,
        r#""ai":"JPN13112120260401758043","dob":"1980-01-02","i":"TZ1234567","#,
        r#""n":"SATO HANAKO"},"uvci":"B5RTQ7XK2MZA","ve":[{"des":"XM0GQ8","dis":"RA01.0","#,
        r#""nam":"Comirnaty","vd":[{"adm":"MHLW_Gov_of_JAPAN","ctr":"JPN","#,
        r#""dvc":"2021-07-01","lot":"FA0203","seq":1}]}]}}"#,
    );
    assert_eq!(text, expected);
    assert_eq!(data(&domestic(1), 1), Err(PassportMissing));
}

#[test]
fn what_was_written_verifies() {
    let japan = VdsIssuer::new();
    let object = japan.sign(&abroad(3));
    let again = VdsNc::parse(object.as_str()).unwrap();
    assert_eq!(again, object);
    let verified = verify(&again, &[japan.country.csca()], NOW).unwrap();
    let born = BirthDate::from_date(date!(1980 - 01 - 02));
    assert!(
        verified
            .holder
            .matches(&NormalizedName::of("SATO HANAKO"), born)
    );
    assert_eq!(verified.passport_number.expose(), "TZ1234567");
    assert_eq!(verified.certificate_id, "B5RTQ7XK2MZA");
    let doses: Vec<_> = verified
        .doses
        .iter()
        .map(|dose| (dose.number.unwrap(), dose.product.unwrap().id.as_str()))
        .collect();
    assert_eq!(doses, [(1, "comirnaty"), (2, "comirnaty"), (3, "spikevax")]);
}

#[test]
fn a_padded_certificate_is_read_as_in_the_genuine_sample() {
    let japan = VdsIssuer::new();
    let (data, _) = parts(&japan.sign(&abroad(1)));
    let signed = japan.key.sign(data.to_string().as_bytes()).unwrap();
    let padded = BASE64_URL_SAFE.encode(japan.signer.der());
    let object = assemble(&data, &padded, &BASE64_URL_SAFE_NO_PAD.encode(signed));
    assert!(verify(&object, &[japan.country.csca()], NOW).is_ok());
}

/// An object's data and signature object.
fn parts(object: &VdsNc) -> (Value, Value) {
    let value: Value = serde_json::from_str(object.as_str()).unwrap();
    (value["data"].clone(), value["sig"].clone())
}

fn assemble(data: &Value, cer: &str, sigvl: &str) -> VdsNc {
    let sig = json!({"alg": "ES256", "cer": cer, "sigvl": sigvl});
    VdsNc::parse(&json!({"data": data, "sig": sig}).to_string()).unwrap()
}

/// Signed data, changed in one point before it was signed.
fn signed(japan: &VdsIssuer, data: &Value) -> VdsNc {
    let value = japan.key.sign(data.to_string().as_bytes()).unwrap();
    assemble(
        data,
        &BASE64_URL_SAFE_NO_PAD.encode(japan.signer.der()),
        &BASE64_URL_SAFE_NO_PAD.encode(value),
    )
}

#[test]
fn outer_forms_that_are_refused() {
    let object = VdsIssuer::new().sign(&abroad(1));
    let text = object.as_str();
    let refusal = |text: &str| VdsNc::parse(text).unwrap_err();
    assert_eq!(refusal(&format!("[{text}]")), InvalidVdsNc::NotAnObject);
    assert_eq!(refusal("\"x\""), InvalidVdsNc::NotAnObject);
    assert_eq!(refusal(r#"{"data":{}}"#), InvalidVdsNc::Members);
    assert_eq!(
        refusal(r#"{"data":{},"sig":{},"x":1}"#),
        InvalidVdsNc::Members
    );
    assert_eq!(refusal("{"), InvalidVdsNc::Json { line: 1, column: 1 });
    let long = " ".repeat(LONGEST_OBJECT + 1);
    assert_eq!(refusal(&long), InvalidVdsNc::TooLong(LONGEST_OBJECT + 1));
    let deep = "[".repeat(10_000);
    assert!(matches!(refusal(&deep), InvalidVdsNc::Json { .. }));
    for (from, to) in [
        (r#"{"data""#, r#"{ "data""#),
        (r#""v":1"#, r#""v":1.0"#),
        (r#""v":1"#, r#""v":2,"v":1"#),
        (
            r#""is":"JPN","t":"icao.vacc""#,
            r#""t":"icao.vacc","is":"JPN""#,
        ),
        ("SATO", r"\u0053ATO"),
    ] {
        let changed = text.replacen(from, to, 1);
        assert_ne!(changed, text);
        assert_eq!(refusal(&changed), InvalidVdsNc::NotCanonical, "{to}");
    }
}

#[test]
fn signature_objects_that_are_refused() {
    let japan = VdsIssuer::new();
    let (data, sig) = parts(&japan.sign(&abroad(1)));
    for (member, value, expected) in [
        ("alg", json!("ES384"), VdsNcError::Algorithm),
        ("alg", json!("none"), VdsNcError::Algorithm),
        ("cer", json!("+/"), VdsNcError::CertificateText),
        (
            "cer",
            json!("AAAA"),
            VdsNcError::Signer(InvalidBarcodeSigner::Der),
        ),
        ("cer", json!(1), VdsNcError::SignatureObject),
        ("more", json!(1), VdsNcError::SignatureObject),
        ("sigvl", json!("AAAA"), VdsNcError::Signature),
        ("sigvl", json!(""), VdsNcError::Signature),
        ("sigvl", json!("A".repeat(86)), VdsNcError::Signature),
    ] {
        let mut sig = sig.clone();
        sig[member] = value;
        let object = VdsNc::parse(&json!({"data": data, "sig": sig}).to_string()).unwrap();
        let refusal = verify(&object, &[japan.country.csca()], NOW).unwrap_err();
        assert_eq!(refusal, expected, "{member}");
    }
}

#[test]
fn every_changed_character_of_the_data_is_refused() {
    let japan = VdsIssuer::new();
    let cscas = [japan.country.csca()];
    let text = japan.sign(&abroad(1)).as_str().to_owned();
    let (start, end) = (r#"{"data":"#.len(), text.find(r#","sig":"#).unwrap());
    let mut verified = 0;
    for at in start..end {
        let mut changed = text.clone().into_bytes();
        changed[at] = match changed[at] {
            b'0'..=b'8' | b'A'..=b'Y' | b'a'..=b'y' => changed[at] + 1,
            _ => continue,
        };
        // Two members may have come to one name, or out of order: then it is no object at all.
        if let Ok(object) = VdsNc::parse(std::str::from_utf8(&changed).unwrap()) {
            assert_eq!(
                verify(&object, &cscas, NOW).unwrap_err(),
                VdsNcError::Signature
            );
            verified += 1;
        }
    }
    assert!(verified > 150, "{verified}");
}

#[test]
fn signed_data_that_is_refused() {
    let japan = VdsIssuer::new();
    let (good, _) = parts(&japan.sign(&abroad(2)));
    assert!(verify(&signed(&japan, &good), &[japan.country.csca()], NOW).is_ok());
    for (place, value, expected) in [
        ("/hdr/t", json!("icao.test"), VdsNcError::Type),
        ("/hdr/v", json!(2), VdsNcError::Type),
        ("/hdr/v", json!("1"), VdsNcError::Data),
        ("/hdr/is", json!("UTO"), VdsNcError::State),
        ("/msg/pid/dob", json!("1980"), VdsNcError::Holder),
        ("/msg/pid/n", json!(" "), VdsNcError::Holder),
        ("/msg/pid/n", json!("A\u{7}B"), VdsNcError::Holder),
        ("/msg/ve", json!({}), VdsNcError::Data),
        (
            "/msg/ve/1/vd/0/dvc",
            json!("2021-13-01"),
            VdsNcError::Dose(1),
        ),
        ("/msg/ve/1/vd/0/seq", json!(-1), VdsNcError::Data),
    ] {
        let mut data = good.clone();
        *data.pointer_mut(place).unwrap() = value;
        let refusal = verify(&signed(&japan, &data), &[japan.country.csca()], NOW).unwrap_err();
        assert_eq!(refusal, expected, "{place}");
    }
}

#[test]
fn another_key_s_signature_is_refused() {
    let japan = VdsIssuer::new();
    let (other, _) = Es256SigningKey::generate().unwrap();
    let object = UnsignedVdsNc::new(&abroad(1), 1)
        .unwrap()
        .sign(&japan.signer, |bytes| other.sign(bytes))
        .unwrap();
    let refusal = verify(&object, &[japan.country.csca()], NOW).unwrap_err();
    assert_eq!(refusal, VdsNcError::Signature);
}

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

#[test]
fn the_newest_doses_that_fit() {
    let japan = VdsIssuer::new();
    let largest = Version::VDS_NC.byte_capacity();
    let many = abroad(20);
    let (unsigned, doses) = newest_that_fit(&many, &japan.signer, largest).unwrap();
    assert!((4..20).contains(&doses), "{doses}");
    let length = unsigned.length_when_signed(&japan.signer);
    let object = unsigned
        .sign(&japan.signer, |bytes| japan.key.sign(bytes))
        .unwrap();
    assert_eq!(object.as_str().len(), length);
    assert_eq!(VdsNc::parse(object.as_str()).as_ref(), Ok(&object));
    let verified = verify(&object, &[japan.country.csca()], NOW).unwrap();
    assert_eq!(verified.doses.len(), doses);
    assert_eq!(verified.doses.last().unwrap().number, Some(20));
    let one_more = UnsignedVdsNc::new(&many, doses + 1).unwrap();
    assert!(one_more.length_when_signed(&japan.signer) > largest);

    let refusal = |certificate: Certificate, bytes| {
        newest_that_fit(&certificate, &japan.signer, bytes).unwrap_err()
    };
    assert_eq!(refusal(abroad(1), 100), DoesNotFit::NoDose { bytes: 100 });
    assert_eq!(
        refusal(abroad(0), largest),
        DoesNotFit::NoDose { bytes: largest }
    );
    assert_eq!(
        refusal(domestic(1), largest),
        DoesNotFit::Passport(PassportMissing)
    );
}

proptest::proptest! {
    #[test]
    fn no_text_panics(text in r#"[\[\]{}":,a-z0-9\\.e+-]{0,200}"#) {
        if let Ok(object) = VdsNc::parse(&text) {
            let _ = verify(&object, &[], NOW);
        }
    }

    #[test]
    fn no_der_panics(der in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..300)) {
        let _ = BarcodeSigner::parse(&der);
        let _ = Csca::parse(&der);
    }
}
