//! SMART Health Cards: what is written, and every reason to refuse one.

#![allow(clippy::unwrap_used)] // a test fails by it

mod stage;

use certificate::shc::{
    CODE_CHARACTERS, CodeTextError, DoesNotFit, InvalidJws, InvalidKeySet, Jwk, Jwks, Jws,
    LONGEST_JWS, RevocationCheck, RevocationId, RevocationList, ShcError, TrustedIssuer,
    from_code_text, newest_that_fit, payload, to_digits, verify,
};
use domain::{BirthDate, NormalizedName};
use serde_json::{Value, json};
use stage::{NOW, ShcIssuer, abroad, domestic, with_former_surname};
use time::Duration;
use time::macros::date;

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
fn the_payload_is_minified_and_exact() {
    let issuer = ShcIssuer::new();
    let id = RevocationId::from(abroad(1).id);
    let text = payload(&abroad(1), 1, &issuer.facts(Some(&id)));
    let expected = concat!(
        r#"{"iss":"https://vc.akashi.example/issuer","nbf":1775012400,"vc":{"type":["#,
        r#""https://smarthealth.cards#health-card","https://smarthealth.cards#immunization","#,
        r#""https://smarthealth.cards#covid19"],"credentialSubject":{"fhirVersion":"4.0.1","#,
        r#""fhirBundle":{"resourceType":"Bundle","type":"collection","entry":["#,
        r#"{"fullUrl":"resource:0","resource":{"resourceType":"Patient","name":["#,
        r#"{"family":"佐藤","given":["花子"]},{"family":"SATO","given":["HANAKO"]}],"#,
        r#""birthDate":"1980-01-02"}},"#,
        r#"{"fullUrl":"resource:1","resource":{"resourceType":"Immunization","#,
        r#""status":"completed","vaccineCode":{"coding":["#,
        r#"{"system":"http://hl7.org/fhir/sid/cvx","code":"208"}]},"#,
        r#""patient":{"reference":"resource:0"},"occurrenceDateTime":"2021-07-01","#,
        r#""lotNumber":"FA0203","performer":[{"actor":{"display":"MHLW_Gov_of_JAPAN"}}]}}"#,
        r#"]}},"rid":"B5RTQ7XK2MZA"}}"#,
    );
    assert_eq!(String::from_utf8(text).unwrap(), expected);
}

#[test]
fn names_of_both_kinds_of_certificate() {
    let issuer = ShcIssuer::new();
    let names = |certificate| {
        let text = payload(&certificate, 1, &issuer.facts(None));
        let card: Value = serde_json::from_slice(&text).unwrap();
        card["vc"]["credentialSubject"]["fhirBundle"]["entry"][0]["resource"]["name"].clone()
    };
    let japanese = json!({"family": "佐藤", "given": ["花子"]});
    let former = json!({"family": "鈴木", "given": ["花子"]});
    let roman = json!({"family": "SATO", "given": ["HANAKO"]});
    assert_eq!(names(domestic(1)), json!([japanese]));
    assert_eq!(names(abroad(1)), json!([japanese, roman]));
    assert_eq!(
        names(with_former_surname(abroad(1))),
        json!([japanese, former, roman])
    );
    let mut mononym = domestic(1);
    mononym.holder.name = domain::PersonName::parse("MONONYM").unwrap();
    assert_eq!(
        names(mononym),
        json!([{"family": "MONONYM"}]),
        "no empty array"
    );
}

#[test]
fn the_header_is_exact_and_the_signature_that_of_the_key() {
    let issuer = ShcIssuer::new();
    let jws = issuer.sign(&domestic(1));
    let parts: Vec<&str> = jws.as_str().split('.').collect();
    use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
    let header = BASE64_URL_SAFE_NO_PAD.decode(parts[0]).unwrap();
    let expected = format!(
        r#"{{"zip":"DEF","alg":"ES256","kid":"{}"}}"#,
        issuer.id.as_str()
    );
    assert_eq!(String::from_utf8(header).unwrap(), expected);
    let signature = BASE64_URL_SAFE_NO_PAD.decode(parts[2]).unwrap();
    let signed = format!("{}.{}", parts[0], parts[1]);
    assert_eq!(
        issuer
            .key
            .public_key()
            .verify(signed.as_bytes(), &signature),
        Ok(())
    );
}

#[test]
fn what_was_written_verifies_through_its_code_text() {
    let issuer = ShcIssuer::new();
    let jws = issuer.sign(&with_former_surname(abroad(3)));
    let text = format!("shc:/{}", to_digits(&jws));
    let again = from_code_text(&text).unwrap();
    assert_eq!(again, jws);
    let card = verify(&again, &issuer.trusted(), NOW).unwrap();
    let born = BirthDate::from_date(date!(1980 - 01 - 02));
    for name in ["佐藤花子", "鈴木花子", "SATO HANAKO"] {
        assert!(card.holder.matches(&NormalizedName::of(name), born));
    }
    let doses: Vec<_> = card
        .doses
        .iter()
        .map(|dose| dose.product.unwrap().id.as_str())
        .collect();
    assert_eq!(doses, ["comirnaty", "comirnaty", "spikevax"]);
    assert_eq!(card.doses[0].date, date!(2021 - 07 - 01));
    assert_eq!(card.not_before, NOW);
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
fn the_newest_doses_that_fit() {
    let issuer = ShcIssuer::new();
    let facts = issuer.facts(None);
    let (all, doses) = newest_that_fit(&abroad(3), &facts, &issuer.id, CODE_CHARACTERS).unwrap();
    assert_eq!(doses, 3);
    assert!(all.length_when_signed() <= CODE_CHARACTERS);

    let many = abroad(30);
    let (unsigned, doses) = newest_that_fit(&many, &facts, &issuer.id, CODE_CHARACTERS).unwrap();
    assert!((5..30).contains(&doses), "{doses}");
    let length = unsigned.length_when_signed();
    let jws = unsigned.sign(|bytes| issuer.key.sign(bytes)).unwrap();
    assert_eq!(jws.as_str().len(), length);
    let card = verify(&jws, &issuer.trusted(), NOW).unwrap();
    assert_eq!(card.doses.len(), doses);
    assert_eq!(
        card.doses.last().unwrap().date,
        many.doses.last().unwrap().date
    );
    assert_eq!(card.doses[0].date, many.doses[30 - doses].date);
    let (_, again) = newest_that_fit(&many, &facts, &issuer.id, CODE_CHARACTERS).unwrap();
    assert_eq!(again, doses);
    let (one_more, _) = newest_that_fit(&many, &facts, &issuer.id, LONGEST_JWS).unwrap();
    assert!(one_more.length_when_signed() > CODE_CHARACTERS);

    assert_eq!(
        newest_that_fit(&abroad(1), &facts, &issuer.id, 100).unwrap_err(),
        DoesNotFit { characters: 100 }
    );
    assert_eq!(
        newest_that_fit(&abroad(0), &facts, &issuer.id, CODE_CHARACTERS).unwrap_err(),
        DoesNotFit {
            characters: CODE_CHARACTERS
        }
    );
}

#[test]
fn a_refused_signature_is_no_card() {
    let issuer = ShcIssuer::new();
    let unsigned = certificate::shc::UnsignedJws::new(b"{}", &issuer.id);
    let refused = unsigned
        .sign(|_| Err("the key is in its safe"))
        .unwrap_err();
    assert_eq!(refused.0, "the key is in its safe");
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

#[test]
fn the_thumbprint_of_the_specification_s_example() {
    // The example key of SMART Health Cards Framework 1.4, "Public keys".
    let set = r#"{"keys":[{"kty":"EC","kid":"3Kfdg-XwP-7gXyywtUfUADwBumDOPKMQx-iELL11W9s",
        "use":"sig","alg":"ES256","crv":"P-256",
        "x":"11XvRWy1I2S0EyJlyf_bWfw_TQ5CJJNLw78bHXNxcgw",
        "y":"eZXwxvO1hvCY0KucrPfKo7yAyMT6Ajc3N7OkAB6VYy8","crlVersion":1}]}"#;
    let set = Jwks::parse(set.as_bytes()).unwrap();
    assert_eq!(
        set.keys[0].id().as_str(),
        "3Kfdg-XwP-7gXyywtUfUADwBumDOPKMQx-iELL11W9s"
    );
    assert_eq!(set.keys[0].revocation_counter(), Some(1));
    assert_eq!(Jwks::parse(set.to_json().as_bytes()), Ok(set));
}

#[test]
fn key_set_refusals() {
    use base64::{Engine, prelude::BASE64_STANDARD};
    let issuer = ShcIssuer::new();
    let country = stage::pki::VdsIssuer::new();
    let jwk = || {
        let set = issuer.trusted().keys.to_json();
        serde_json::from_str::<Value>(&set).unwrap()["keys"][0].clone()
    };
    let parsed = |jwk: Value| Jwks::parse(json!({ "keys": [jwk] }).to_string().as_bytes());
    assert!(parsed(jwk()).is_ok());
    for (member, value, expected) in [
        ("kty", json!("RSA"), InvalidKeySet::NotEs256(0)),
        ("alg", json!("ES384"), InvalidKeySet::NotEs256(0)),
        ("use", json!("enc"), InvalidKeySet::NotEs256(0)),
        ("crv", json!("P-384"), InvalidKeySet::NotEs256(0)),
        ("x", json!("AAAA"), InvalidKeySet::Point(0)),
        ("x", jwk()["y"].clone(), InvalidKeySet::Point(0)),
        (
            "kid",
            json!("3Kfdg-XwP-7gXyywtUfUADwBumDOPKMQx-iELL11W9s"),
            InvalidKeySet::Thumbprint(0),
        ),
        ("d", json!("AAAA"), InvalidKeySet::Private(0)),
        ("x5c", json!([]), InvalidKeySet::Certificate(0)),
        (
            "x5c",
            json!([BASE64_STANDARD.encode(country.signer.der())]),
            InvalidKeySet::Certificate(0),
        ),
    ] {
        let mut jwk = jwk();
        jwk[member] = value;
        assert_eq!(parsed(jwk), Err(expected), "{member}");
    }
    let own = Jwk::new(country.key.public_key(), None);
    let mut certified = serde_json::from_str::<Value>(&Jwks { keys: vec![own] }.to_json()).unwrap();
    certified["keys"][0]["x5c"] = json!([BASE64_STANDARD.encode(country.signer.der())]);
    assert!(Jwks::parse(certified.to_string().as_bytes()).is_ok());
    assert_eq!(
        Jwks::parse(b"{}"),
        Err(InvalidKeySet::Malformed { line: 1, column: 2 })
    );
    let long = vec![b' '; 64 * 1024 + 1];
    assert_eq!(
        Jwks::parse(&long),
        Err(InvalidKeySet::TooLarge(64 * 1024 + 1))
    );
    let many = Jwks {
        keys: vec![Jwk::new(issuer.key.public_key(), None); 65],
    };
    assert_eq!(
        Jwks::parse(many.to_json().as_bytes()),
        Err(InvalidKeySet::TooLarge(65))
    );
}
