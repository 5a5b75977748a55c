//! The cryptographic primitives, each in one place, on aws-lc-rs.
//!
//! Every other crate verifies, signs, seals and hashes through here, so that the choice of
//! library is one decision (ADR 0002) and a reviewer has one room to read. Errors say which
//! operation failed and nothing of its input.

mod aead;
mod code_hash;
mod digest;
mod es256;
mod es384;
mod mac;
mod random;
mod rsa_signature;

pub use aead::{AeadKey, NONCE_LENGTH, SealingFailed, TAG_LENGTH, UnsealingFailed};
pub use code_hash::{CodeHash, InvalidCodeHash};
pub use digest::{Sha256, sha256};
pub use es256::{
    Es256PublicKey, Es256Signature, Es256SigningKey, InvalidKey, InvalidSignature, SigningFailed,
};
pub use es384::{Es384PublicKey, InvalidP384Key};
pub use mac::{MacKey, constant_time_eq, derive as derive_key};
pub use random::{SecureRandom, SystemRandom};
pub use rsa_signature::{Rsa2048PublicKey, Rsa2048PublicKeyError};
