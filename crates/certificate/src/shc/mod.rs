//! SMART Health Cards (SHC): written, read, verified.
//!
//! Source: SMART Health Cards Framework 1.4 and the FHIR "vaccination" profiles (Data
//! Minimisation). What the specification leaves open and is ours: names and their order
//! ([`payload()`]).

mod credential;
mod deflate;
mod file;
mod issuer;
mod jws;
mod key;
pub(crate) mod numeric;
mod payload;
mod revocation;
mod verify;

pub use file::{FileError, from_file, to_file};
pub use issuer::{InvalidIssuerUrl, IssuerUrl};
pub use jws::{
    CODE_CHARACTERS, DoesNotFit, InvalidJws, Jws, LONGEST_JWS, SigningRefused, UnsignedJws,
    newest_that_fit,
};
pub use key::{InvalidKeySet, Jwk, Jwks, KeyId};
pub use numeric::{CodeTextError, from_code_text, to_digits};
pub use payload::{IssueFacts, payload};
pub use revocation::{InvalidRevocationList, RevocationList};
pub use verify::{RevocationCheck, ShcError, TrustedIssuer, VerifiedShc, verify};
