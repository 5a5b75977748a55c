//! ES256: ECDSA on P-256 with SHA-256 and 64-byte `r‖s` signatures (RFC 7518, section 3.4).

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair,
    ParsedPublicKey,
};

/// A 64-byte `r‖s` signature.
pub type Es256Signature = [u8; 64];

/// DER of a P-256 `SubjectPublicKeyInfo` up to the 65-byte uncompressed point (RFC 5480).
const SPKI_PREFIX: [u8; 26] = [
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a,
    0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
];

/// The key is no P-256 key in the form that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a P-256 key")]
pub struct InvalidKey;

/// The signature does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the ES256 signature does not hold")]
pub struct InvalidSignature;

/// The library could not sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("ES256 signing failed")]
pub struct SigningFailed;

/// A P-256 private key. No `Clone`, no `Serialize`; `Debug` shows nothing of it.
pub struct Es256SigningKey {
    pair: EcdsaKeyPair,
    public: Es256PublicKey,
}

impl Es256SigningKey {
    /// Reads a PKCS #8 `PrivateKeyInfo` in DER.
    ///
    /// # Errors
    /// [`InvalidKey`].
    pub fn from_pkcs8_der(der: &[u8]) -> Result<Self, InvalidKey> {
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, der)
            .map_err(|_| InvalidKey)?;
        let public = Es256PublicKey::from_point(pair.public_key().as_ref())?;
        Ok(Self { pair, public })
    }

    /// Makes a new key and gives its PKCS #8 DER with it.
    ///
    /// # Errors
    /// [`SigningFailed`] where the library has no randomness.
    pub fn generate() -> Result<(Self, zeroize::Zeroizing<Vec<u8>>), SigningFailed> {
        let document =
            EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new())
                .map_err(|_| SigningFailed)?;
        let der = zeroize::Zeroizing::new(document.as_ref().to_vec());
        let key = Self::from_pkcs8_der(&der).map_err(|_| SigningFailed)?;
        Ok((key, der))
    }

    /// Signs a message (hashed here).
    ///
    /// # Errors
    /// [`SigningFailed`].
    pub fn sign(&self, message: &[u8]) -> Result<Es256Signature, SigningFailed> {
        let signature = self
            .pair
            .sign(&SystemRandom::new(), message)
            .map_err(|_| SigningFailed)?;
        signature.as_ref().try_into().map_err(|_| SigningFailed)
    }

    /// The public half.
    #[must_use]
    pub const fn public_key(&self) -> &Es256PublicKey {
        &self.public
    }
}

impl std::fmt::Debug for Es256SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Es256SigningKey([redacted])")
    }
}

/// A P-256 public key, parsed once.
#[derive(Clone)]
pub struct Es256PublicKey {
    parsed: ParsedPublicKey,
    point: [u8; 65],
}

impl Es256PublicKey {
    /// Takes the 65-byte uncompressed point `04‖x‖y` (SEC 1, section 2.3.3).
    ///
    /// # Errors
    /// [`InvalidKey`], also for a point that is not on the curve.
    pub fn from_point(point: &[u8]) -> Result<Self, InvalidKey> {
        let point: [u8; 65] = point.try_into().map_err(|_| InvalidKey)?;
        let parsed =
            ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).map_err(|_| InvalidKey)?;
        Ok(Self { parsed, point })
    }

    /// Reads a DER `SubjectPublicKeyInfo` of an uncompressed P-256 point.
    ///
    /// # Errors
    /// [`InvalidKey`].
    pub fn from_spki_der(der: &[u8]) -> Result<Self, InvalidKey> {
        let point = der.strip_prefix(&SPKI_PREFIX).ok_or(InvalidKey)?;
        Self::from_point(point)
    }

    /// The DER `SubjectPublicKeyInfo`.
    #[must_use]
    pub fn to_spki_der(&self) -> Vec<u8> {
        [&SPKI_PREFIX[..], &self.point].concat()
    }

    /// The uncompressed point `04‖x‖y`.
    #[must_use]
    pub const fn point(&self) -> &[u8; 65] {
        &self.point
    }

    /// Verifies a signature over a message (hashed here).
    ///
    /// # Errors
    /// [`InvalidSignature`], also for one that is not 64 bytes long.
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), InvalidSignature> {
        self.parsed
            .verify_sig(message, signature)
            .map_err(|_| InvalidSignature)
    }
}

impl PartialEq for Es256PublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.point == other.point
    }
}

impl Eq for Es256PublicKey {}

impl std::fmt::Debug for Es256PublicKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let sum = super::sha256(&self.to_spki_der());
        write!(f, "Es256PublicKey(sha256 {:02x}{:02x}…)", sum[0], sum[1])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_one_key_signs_another_refuses() {
        let (key, der) = Es256SigningKey::generate().unwrap();
        let again = Es256SigningKey::from_pkcs8_der(&der).unwrap();
        assert_eq!(key.public_key(), again.public_key());
        let signature = key.sign(b"message").unwrap();
        assert_eq!(key.public_key().verify(b"message", &signature), Ok(()));
        let (other, _) = Es256SigningKey::generate().unwrap();
        assert_eq!(
            other.public_key().verify(b"message", &signature),
            Err(InvalidSignature)
        );
        assert_eq!(
            key.public_key().verify(b"massage", &signature),
            Err(InvalidSignature)
        );
    }

    #[test]
    fn the_public_key_survives_its_der() {
        let (key, _) = Es256SigningKey::generate().unwrap();
        let der = key.public_key().to_spki_der();
        assert_eq!(
            Es256PublicKey::from_spki_der(&der).as_ref(),
            Ok(key.public_key())
        );
        assert_eq!(
            Es256PublicKey::from_spki_der(&der[1..]).unwrap_err(),
            InvalidKey
        );
    }
}
