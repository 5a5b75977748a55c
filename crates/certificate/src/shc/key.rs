//! The issuer's public keys as published: JWK, JWK Set, thumbprint (RFC 7517, 7518, 7638).

use std::fmt;

use crypto::Es256PublicKey;
use serde::{Deserialize, Serialize};
use x509_parser::prelude::{FromDer, X509Certificate};

use crate::base64url;

/// Longest key set that is read, in bytes.
const LONGEST_KEY_SET: usize = 64 * 1024;
/// Most keys in a set.
const MOST_KEYS: usize = 64;

/// A key's id: base64url of its SHA-256 thumbprint (RFC 7638), 43 characters.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId(String);

impl KeyId {
    /// The id of a key: over `{"crv","kty","x","y"}`, the members a thumbprint takes, in
    /// lexical order and without white space.
    #[must_use]
    pub fn of(key: &Es256PublicKey) -> Self {
        let (x, y) = coordinates(key);
        let members = format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#);
        Self(base64url::encode(crypto::sha256(members.as_bytes())))
    }

    /// Takes 43 characters of base64url.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        (base64url::decode(text)?.len() == 32).then(|| Self(text.to_owned()))
    }

    /// The 43 characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyId({})", self.0)
    }
}

/// A published key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Jwk {
    key: Es256PublicKey,
    id: KeyId,
    revocation_counter: Option<u64>,
}

impl Jwk {
    /// A key as it is published. `revocation_counter` is `crlVersion`, the `ctr` of the key's
    /// newest revocation list; without one nothing of this key was ever revoked.
    #[must_use]
    pub fn new(key: &Es256PublicKey, revocation_counter: Option<u64>) -> Self {
        Self {
            id: KeyId::of(key),
            key: key.clone(),
            revocation_counter,
        }
    }

    /// The key.
    #[must_use]
    pub const fn key(&self) -> &Es256PublicKey {
        &self.key
    }

    /// Its id.
    #[must_use]
    pub const fn id(&self) -> &KeyId {
        &self.id
    }

    /// `crlVersion`.
    #[must_use]
    pub const fn revocation_counter(&self) -> Option<u64> {
        self.revocation_counter
    }
}

/// An issuer's published keys (`/.well-known/jwks.json`).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Jwks {
    /// The keys.
    pub keys: Vec<Jwk>,
}

/// Why a text is no key set of an SHC issuer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidKeySet {
    /// More than 64 kB or 64 keys.
    #[error("the key set is too large: {0} bytes or keys")]
    TooLarge(usize),
    /// No JSON in the form of a key set.
    #[error("the key set is malformed at line {line}, column {column}")]
    Malformed {
        /// Line, from 1.
        line: usize,
        /// Column.
        column: usize,
    },
    /// A key that is not for ES256: kty EC, crv P-256, alg ES256, use sig.
    #[error("key {0} of the set, from 0, is not for ES256")]
    NotEs256(usize),
    /// Coordinates that are no point of the curve.
    #[error("key {0} of the set, from 0, is no point of P-256")]
    Point(usize),
    /// The id is not the key's thumbprint.
    #[error("key {0} of the set, from 0, has an id that is not its thumbprint")]
    Thumbprint(usize),
    /// The first certificate of `x5c` does not hold the key.
    #[error("key {0} of the set, from 0, is not the one of its certificate")]
    Certificate(usize),
    /// A private key was published.
    #[error("key {0} of the set, from 0, is a private key")]
    Private(usize),
}

/// A key as JSON has it. Members that are not named here are ignored (RFC 7517, section 4).
#[derive(Serialize, Deserialize)]
struct JwkJson {
    kty: String,
    kid: String,
    #[serde(rename = "use")]
    usage: String,
    alg: String,
    crv: String,
    x: String,
    y: String,
    #[serde(
        rename = "crlVersion",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    crl_version: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    x5c: Option<Vec<String>>,
    #[serde(default, skip_serializing)]
    d: Option<serde::de::IgnoredAny>,
}

#[derive(Serialize, Deserialize)]
struct JwksJson {
    keys: Vec<JwkJson>,
}

impl Jwks {
    /// Reads a key set. Every key must be one for ES256 under its thumbprint.
    ///
    /// # Errors
    /// [`InvalidKeySet`].
    pub fn parse(json: &[u8]) -> Result<Self, InvalidKeySet> {
        if json.len() > LONGEST_KEY_SET {
            return Err(InvalidKeySet::TooLarge(json.len()));
        }
        let set: JwksJson =
            serde_json::from_slice(json).map_err(|error| InvalidKeySet::Malformed {
                line: error.line(),
                column: error.column(),
            })?;
        if set.keys.len() > MOST_KEYS {
            return Err(InvalidKeySet::TooLarge(set.keys.len()));
        }
        let keys = set.keys.iter().enumerate();
        let keys = keys
            .map(|(at, jwk)| read(at, jwk))
            .collect::<Result<_, _>>()?;
        Ok(Self { keys })
    }

    /// The key set as published.
    #[must_use]
    pub fn to_json(&self) -> String {
        let keys = self.keys.iter().map(write).collect();
        serde_json::to_string(&JwksJson { keys })
            .expect("texts and numbers without maps always serialise")
    }

    /// The key with this id.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<&Jwk> {
        self.keys.iter().find(|jwk| jwk.id.as_str() == id)
    }
}

fn read(at: usize, jwk: &JwkJson) -> Result<Jwk, InvalidKeySet> {
    if jwk.d.is_some() {
        return Err(InvalidKeySet::Private(at));
    }
    if (
        jwk.kty.as_str(),
        jwk.crv.as_str(),
        jwk.alg.as_str(),
        jwk.usage.as_str(),
    ) != ("EC", "P-256", "ES256", "sig")
    {
        return Err(InvalidKeySet::NotEs256(at));
    }
    let coordinate = |text| {
        base64url::decode(text)
            .filter(|bytes| bytes.len() == 32)
            .ok_or(InvalidKeySet::Point(at))
    };
    let point = [&[4][..], &coordinate(&jwk.x)?, &coordinate(&jwk.y)?].concat();
    let key = Es256PublicKey::from_point(&point).map_err(|_| InvalidKeySet::Point(at))?;
    let read = Jwk::new(&key, jwk.crl_version);
    if read.id.as_str() != jwk.kid {
        return Err(InvalidKeySet::Thumbprint(at));
    }
    match jwk.x5c.as_deref() {
        None => Ok(read),
        Some([first, ..]) if certificate_point(first).is_some_and(|own| own == point) => Ok(read),
        Some(_) => Err(InvalidKeySet::Certificate(at)),
    }
}

/// The public key of an `x5c` certificate: standard base64 of DER (RFC 7517, section 4.7).
fn certificate_point(base64: &str) -> Option<Vec<u8>> {
    use base64::{Engine, prelude::BASE64_STANDARD};
    let der = BASE64_STANDARD.decode(base64).ok()?;
    let (rest, certificate) = X509Certificate::from_der(&der).ok()?;
    rest.is_empty()
        .then(|| certificate.public_key().subject_public_key.data.to_vec())
}

fn write(jwk: &Jwk) -> JwkJson {
    let (x, y) = coordinates(&jwk.key);
    JwkJson {
        kty: "EC".to_owned(),
        kid: jwk.id.0.clone(),
        usage: "sig".to_owned(),
        alg: "ES256".to_owned(),
        crv: "P-256".to_owned(),
        x,
        y,
        crl_version: jwk.revocation_counter,
        x5c: None,
        d: None,
    }
}

fn coordinates(key: &Es256PublicKey) -> (String, String) {
    let (x, y) = key.point()[1..].split_at(32);
    (base64url::encode(x), base64url::encode(y))
}
