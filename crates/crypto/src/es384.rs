//! ECDSA on P-384 with SHA-384: how a country signing certificate (CSCA) signs. Only verifying:
//! the CSCA's key is never here.

use aws_lc_rs::signature::{ECDSA_P384_SHA384_ASN1, ParsedPublicKey};

use crate::InvalidSignature;

/// The key is no P-384 key in the form that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a P-384 key")]
pub struct InvalidP384Key;

/// A P-384 public key, parsed once.
#[derive(Clone)]
pub struct Es384PublicKey {
    parsed: ParsedPublicKey,
    point: [u8; 97],
}

impl Es384PublicKey {
    /// Takes the 97-byte uncompressed point `04‖x‖y` (SEC 1, section 2.3.3).
    ///
    /// # Errors
    /// [`InvalidP384Key`], also for a point that is not on the curve.
    pub fn from_point(point: &[u8]) -> Result<Self, InvalidP384Key> {
        let point: [u8; 97] = point.try_into().map_err(|_| InvalidP384Key)?;
        let parsed =
            ParsedPublicKey::new(&ECDSA_P384_SHA384_ASN1, point).map_err(|_| InvalidP384Key)?;
        Ok(Self { parsed, point })
    }

    /// Verifies a DER `SEQUENCE{r, s}` (RFC 5758, section 3.2) over a message (hashed here).
    ///
    /// # Errors
    /// [`InvalidSignature`].
    pub fn verify_der(&self, message: &[u8], signature: &[u8]) -> Result<(), InvalidSignature> {
        self.parsed
            .verify_sig(message, signature)
            .map_err(|_| InvalidSignature)
    }
}

impl PartialEq for Es384PublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.point == other.point
    }
}

impl Eq for Es384PublicKey {}

impl std::fmt::Debug for Es384PublicKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let sum = super::sha256(&self.point);
        write!(f, "Es384PublicKey(sha256 {:02x}{:02x}…)", sum[0], sum[1])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_lc_rs::rand::SystemRandom;
    use aws_lc_rs::signature::{ECDSA_P384_SHA384_ASN1_SIGNING, EcdsaKeyPair, KeyPair};

    #[test]
    fn what_the_key_signed_and_nothing_else() {
        let pair = EcdsaKeyPair::generate(&ECDSA_P384_SHA384_ASN1_SIGNING).unwrap();
        let key = Es384PublicKey::from_point(pair.public_key().as_ref()).unwrap();
        let signature = pair.sign(&SystemRandom::new(), b"message").unwrap();
        assert_eq!(key.verify_der(b"message", signature.as_ref()), Ok(()));
        assert_eq!(
            key.verify_der(b"massage", signature.as_ref()),
            Err(InvalidSignature)
        );
    }

    #[test]
    fn points_off_the_curve_are_refused() {
        let mut point = [1; 97];
        point[0] = 4;
        assert_eq!(Es384PublicKey::from_point(&point), Err(InvalidP384Key));
        assert_eq!(Es384PublicKey::from_point(&point[1..]), Err(InvalidP384Key));
    }
}
