//! Published key sets.

use crate::stage::ShcIssuer;
use certificate::shc::{InvalidKeySet, Jwk, Jwks};
use serde_json::{Value, json};

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
    let country = crate::stage::pki::VdsIssuer::new();
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
