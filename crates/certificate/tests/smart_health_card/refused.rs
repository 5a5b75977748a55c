//! Every reason to refuse a card or its text.

use crate::stage::{NOW, ShcIssuer, abroad, domestic};
use certificate::shc::{
    CodeTextError, InvalidJws, Jwk, Jwks, Jws, LONGEST_JWS, RevocationCheck, RevocationList,
    ShcError, TrustedIssuer, from_code_text, payload, verify,
};
use domain::RevocationId;
use serde_json::{Value, json};
use time::Duration;

/// The payload of a certificate for use abroad as JSON, to be changed in one point.
fn card(issuer: &ShcIssuer) -> Value {
    let id = RevocationId::parse("rid-1").unwrap();
    serde_json::from_slice(&payload(&abroad(2), 2, &issuer.facts(Some(&id)))).unwrap()
}

fn refusal(issuer: &ShcIssuer, card: &Value) -> ShcError {
    let jws = issuer.sign_payload(card.to_string().as_bytes());
    verify(&jws, &issuer.trusted(), NOW).unwrap_err()
}

#[test]
fn header_refusals() {
    use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
    let issuer = ShcIssuer::new();
    let jws = issuer.sign(&domestic(1));
    let (_, rest) = jws.as_str().split_once('.').unwrap();
    let id = issuer.id.as_str();
    for (header, expected) in [
        (
            format!(r#"{{"zip":"DEF","alg":"none","kid":"{id}"}}"#),
            ShcError::Algorithm,
        ),
        (
            format!(r#"{{"zip":"DEF","alg":"HS256","kid":"{id}"}}"#),
            ShcError::Algorithm,
        ),
        (
            format!(r#"{{"zip":"GZ","alg":"ES256","kid":"{id}"}}"#),
            ShcError::Compression,
        ),
        (
            r#"{"zip":"DEF","alg":"ES256","kid":"x"}"#.to_owned(),
            ShcError::UnknownKey,
        ),
        (
            format!(r#"{{"alg":"ES256","kid":"{id}"}}"#),
            ShcError::Header,
        ),
        (
            format!(r#"{{"zip":"DEF","alg":"ES256","kid":"{id}","jwk":{{}}}}"#),
            ShcError::Header,
        ),
        // The same, written otherwise: the signature covers the header.
        (
            format!(r#"{{"alg":"ES256","zip":"DEF","kid":"{id}"}}"#),
            ShcError::Signature,
        ),
    ] {
        let header = BASE64_URL_SAFE_NO_PAD.encode(&header);
        let jws = Jws::parse(&format!("{header}.{rest}")).unwrap();
        assert_eq!(verify(&jws, &issuer.trusted(), NOW).unwrap_err(), expected);
    }
}

#[test]
fn a_flipped_signature_or_payload_is_refused() {
    let issuer = ShcIssuer::new();
    let text = issuer.sign(&domestic(1)).as_str().to_owned();
    let header = text.find('.').unwrap();
    // Every character of payload and signature but the last ones, whose low bits are padding.
    for at in (header + 1..text.len() - 1).filter(|at| *at % 7 == 0) {
        let mut changed = text.clone().into_bytes();
        if changed[at] == b'.' {
            continue;
        }
        changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
        let Ok(jws) = Jws::parse(std::str::from_utf8(&changed).unwrap()) else {
            continue;
        };
        let refusal = verify(&jws, &issuer.trusted(), NOW).unwrap_err();
        assert_eq!(refusal, ShcError::Signature, "character {at}");
    }
    let short = Jws::parse(&text[..text.len() - 2]).unwrap();
    assert_eq!(
        verify(&short, &issuer.trusted(), NOW).unwrap_err(),
        ShcError::Signature
    );
}

#[test]
fn a_card_of_another_issuer_s_key_is_refused() {
    let (issuer, other) = (ShcIssuer::new(), ShcIssuer::new());
    let jws = other.sign(&domestic(1));
    assert_eq!(
        verify(&jws, &issuer.trusted(), NOW).unwrap_err(),
        ShcError::UnknownKey
    );
}

#[test]
fn a_signed_bomb_is_not_inflated() {
    let issuer = ShcIssuer::new();
    let bomb = issuer.sign_payload(&vec![b' '; 8 * 1024 * 1024]);
    assert_eq!(
        verify(&bomb, &issuer.trusted(), NOW).unwrap_err(),
        ShcError::PayloadTooLong { limit: 64 * 1024 }
    );
    let nothing = issuer.sign_payload(b"");
    assert_eq!(
        verify(&nothing, &issuer.trusted(), NOW).unwrap_err(),
        ShcError::Payload { column: 0 }
    );
}

#[test]
fn an_uncompressed_payload_is_refused() {
    use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
    let issuer = ShcIssuer::new();
    let header = format!(
        r#"{{"zip":"DEF","alg":"ES256","kid":"{}"}}"#,
        issuer.id.as_str()
    );
    let signed = [header.as_bytes(), b"{}{}{}"]
        .map(|part| BASE64_URL_SAFE_NO_PAD.encode(part))
        .join(".");
    let signature = BASE64_URL_SAFE_NO_PAD.encode(issuer.key.sign(signed.as_bytes()).unwrap());
    let jws = Jws::parse(&format!("{signed}.{signature}")).unwrap();
    assert_eq!(
        verify(&jws, &issuer.trusted(), NOW).unwrap_err(),
        ShcError::Inflate
    );
}

#[test]
fn payload_refusals() {
    let issuer = ShcIssuer::new();
    let entry = "/vc/credentialSubject/fhirBundle/entry";
    for (place, value, expected) in [
        (
            "/iss".to_owned(),
            json!("https://other.example"),
            ShcError::Issuer,
        ),
        (
            "/nbf".to_owned(),
            json!(NOW.unix_timestamp() + 1),
            ShcError::NotYetValid,
        ),
        ("/nbf".to_owned(), json!(1e300), ShcError::Time),
        (
            "/exp".to_owned(),
            json!(NOW.unix_timestamp()),
            ShcError::Expired,
        ),
        (
            "/vc/type/0".to_owned(),
            json!("https://smarthealth.cards#x"),
            ShcError::Type,
        ),
        (
            "/vc/credentialSubject/fhirVersion".to_owned(),
            json!("3.0.0"),
            ShcError::Type,
        ),
        (
            "/vc/rid".to_owned(),
            json!("not.base64url"),
            ShcError::RevocationId,
        ),
        (entry.to_owned(), json!([]), ShcError::Patient),
        (
            format!("{entry}/0/resource/resourceType"),
            json!("Group"),
            ShcError::Patient,
        ),
        (
            format!("{entry}/0/resource/name"),
            json!([]),
            ShcError::Patient,
        ),
        (
            format!("{entry}/0/resource/name/0"),
            json!({}),
            ShcError::Patient,
        ),
        (
            format!("{entry}/0/resource/birthDate"),
            json!("1980"),
            ShcError::Patient,
        ),
        (
            format!("{entry}/1/resource/status"),
            json!("not-done"),
            ShcError::Dose(0),
        ),
        (
            format!("{entry}/2/resource/patient/reference"),
            json!("resource:9"),
            ShcError::Dose(1),
        ),
        (
            format!("{entry}/2/resource/vaccineCode/coding"),
            json!([]),
            ShcError::Dose(1),
        ),
        (
            format!("{entry}/2/resource/occurrenceDateTime"),
            json!("2021-02-30"),
            ShcError::Dose(1),
        ),
        (
            format!("{entry}/2/resource/resourceType"),
            json!("Patient"),
            ShcError::Dose(1),
        ),
    ] {
        let mut card = card(&issuer);
        if place == "/exp" {
            card["exp"] = value;
        } else {
            *card.pointer_mut(&place).unwrap() = value;
        }
        assert_eq!(refusal(&issuer, &card), expected, "{place}");
    }
    let untouched = issuer.sign_payload(card(&issuer).to_string().as_bytes());
    assert!(verify(&untouched, &issuer.trusted(), NOW).is_ok());
}

#[test]
fn an_end_in_the_future_is_no_end() {
    let issuer = ShcIssuer::new();
    let mut card = card(&issuer);
    card["exp"] = json!(NOW.unix_timestamp() + 1);
    let jws = issuer.sign_payload(card.to_string().as_bytes());
    assert!(verify(&jws, &issuer.trusted(), NOW).is_ok());
}

#[test]
fn revocation() {
    let issuer = ShcIssuer::new();
    let jws = issuer.sign_payload(card(&issuer).to_string().as_bytes());
    let list = |counter, id: &str| {
        RevocationList::new(
            issuer.id.clone(),
            counter,
            [RevocationId::parse(id).unwrap()],
        )
    };
    let verified = |counter: Option<u64>, lists: Vec<RevocationList>| {
        let trusted = TrustedIssuer {
            keys: Jwks {
                keys: vec![Jwk::new(issuer.key.public_key(), counter)],
            },
            revocation: RevocationCheck::Lists(lists),
            ..issuer.trusted()
        };
        verify(&jws, &trusted, NOW).map(|_| ())
    };
    assert_eq!(
        verified(None, vec![]),
        Ok(()),
        "the key never revoked anything"
    );
    assert_eq!(verified(Some(2), vec![list(2, "rid-2")]), Ok(()));
    assert_eq!(
        verified(Some(2), vec![list(3, "rid-2")]),
        Ok(()),
        "newer than the key set"
    );
    assert_eq!(
        verified(Some(2), vec![list(2, "rid-1")]),
        Err(ShcError::Revoked)
    );
    assert_eq!(
        verified(None, vec![list(1, "rid-1")]),
        Err(ShcError::Revoked)
    );
    assert_eq!(
        verified(Some(2), vec![]),
        Err(ShcError::RevocationListMissing)
    );
    assert_eq!(
        verified(Some(2), vec![list(1, "rid-2")]),
        Err(ShcError::RevocationListMissing)
    );
    let mut earlier = list(2, "rid-1");
    earlier.revoked[0].issued_before = Some(NOW);
    assert_eq!(verified(Some(2), vec![earlier.clone()]), Ok(()));
    earlier.revoked[0].issued_before = Some(NOW + Duration::SECOND);
    assert_eq!(verified(Some(2), vec![earlier]), Err(ShcError::Revoked));
}

#[test]
fn code_text_refusals() {
    let refusal = |text: &str| from_code_text(text).unwrap_err();
    assert_eq!(refusal("SHC:/5676"), CodeTextError::Prefix);
    assert_eq!(refusal("shc:/1/3/5676"), CodeTextError::MultiPart);
    assert_eq!(refusal("shc:/567"), CodeTextError::OddDigits(3));
    assert_eq!(refusal("shc:/5678"), CodeTextError::Pair(2));
    assert_eq!(refusal("shc:/56a6"), CodeTextError::Pair(2));
    assert_eq!(
        refusal("shc:/5676"),
        CodeTextError::Jws(InvalidJws::Parts(1))
    );
    let long = format!("shc:/{}", "0".repeat(2 * LONGEST_JWS + 2));
    assert_eq!(refusal(&long), CodeTextError::TooLong(2 * LONGEST_JWS + 2));
}

#[test]
fn jws_refusals() {
    for (text, expected) in [
        ("YQ.Yg", InvalidJws::Parts(2)),
        ("YQ.Yg.Yw.ZA", InvalidJws::Parts(4)),
        ("YQ..Yw", InvalidJws::Part(1)),
        ("YQ.Yg==.Yw", InvalidJws::Part(1)),
        ("YQ.Yg.Y w", InvalidJws::Part(2)),
    ] {
        assert_eq!(Jws::parse(text), Err(expected), "{text}");
    }
    let long = "A".repeat(LONGEST_JWS + 1);
    assert_eq!(Jws::parse(&long), Err(InvalidJws::TooLong(LONGEST_JWS + 1)));
}
