//! Every reason to refuse an object.

use crate::stage::pki::VdsIssuer;
use crate::stage::{NOW, abroad};
use base64::{Engine, prelude::BASE64_URL_SAFE, prelude::BASE64_URL_SAFE_NO_PAD};
use certificate::vds_nc::{
    BarcodeSigner, Csca, InvalidBarcodeSigner, InvalidVdsNc, LONGEST_OBJECT, UnsignedVdsNc, VdsNc,
    VdsNcError, verify, verify_by,
};
use crypto::Es256SigningKey;
use serde_json::{Value, json};

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
        let text = serde_json_canonicalizer::to_string(&json!({"data": data, "sig": sig})).unwrap();
        let object = VdsNc::parse(&text).unwrap();
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
    let refusal = verify_by(&object, &japan.signer).unwrap_err();
    assert_eq!(refusal, VdsNcError::Signature);
}

#[test]
fn another_signer_s_object_is_refused_where_one_signer_is_asked_for() {
    let (japan, other) = (VdsIssuer::new(), VdsIssuer::new());
    let object = japan.sign(&abroad(1));
    assert!(verify_by(&object, &japan.signer).is_ok());
    let refusal = verify_by(&object, &other.signer).unwrap_err();
    assert_eq!(refusal, VdsNcError::OtherSigner);
    // Its certificate beside the other's signature.
    let (data, sig) = parts(&object);
    let cer = BASE64_URL_SAFE_NO_PAD.encode(other.signer.der());
    let mixed = assemble(&data, &cer, sig["sigvl"].as_str().unwrap());
    let refusal = verify_by(&mixed, &other.signer).unwrap_err();
    assert_eq!(refusal, VdsNcError::Signature);
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
