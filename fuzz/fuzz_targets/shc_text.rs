//! SMART Health Cards: a code's text or a file's, key sets, revocation lists, and a payload that
//! a trusted key signed.
#![no_main]

use std::sync::LazyLock;

use certificate::read_back::from_file;
use certificate::shc::{
    IssuerUrl, Jwk, Jwks, KeyId, RevocationCheck, RevocationList, TrustedIssuer, UnsignedJws,
    verify,
};
use crypto::Es256SigningKey;
use libfuzzer_sys::fuzz_target;
use time::macros::datetime;

struct Issuer {
    key: Es256SigningKey,
    id: KeyId,
    trusted: TrustedIssuer,
}

static ISSUER: LazyLock<Issuer> = LazyLock::new(|| {
    let (key, _) = Es256SigningKey::generate().expect("there is randomness");
    let url = IssuerUrl::parse("https://vc.akashi.example").expect("an address");
    Issuer {
        id: KeyId::of(key.public_key()),
        trusted: TrustedIssuer {
            url,
            keys: Jwks {
                keys: vec![Jwk::new(key.public_key(), None)],
            },
            revocation: RevocationCheck::NotChecked,
        },
        key,
    }
});

fuzz_target!(|bytes: &[u8]| {
    let now = datetime!(2026-04-01 00:00 UTC);
    let _ = from_file(bytes);
    let _ = Jwks::parse(bytes);
    let _ = RevocationList::parse(bytes);
    let signed = UnsignedJws::new(bytes, &ISSUER.id).sign(|text| ISSUER.key.sign(text));
    if let Ok(jws) = signed {
        let _ = verify(&jws, &ISSUER.trusted, now);
    }
});
