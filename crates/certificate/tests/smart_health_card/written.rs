//! What is written, and that it is read again.

use crate::stage::{NOW, ShcIssuer, abroad, domestic, with_former_surname};
use certificate::shc::{
    CODE_CHARACTERS, DoesNotFit, LONGEST_JWS, from_code_text, newest_that_fit, payload, to_digits,
    verify,
};
use domain::{BirthDate, NormalizedName, RevocationId};
use serde_json::{Value, json};
use time::macros::date;

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
