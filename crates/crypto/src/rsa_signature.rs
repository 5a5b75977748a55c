//! RSA-2048, PKCS #1 v1.5 with SHA-256 (RFC 8017, section 8.2): what My Number Cards carry.
//! Only verifying: the cards sign.

use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};

use crate::InvalidSignature;

/// An RSA-2048 public key: 256-byte modulus, public exponent 65537.
#[derive(Clone, PartialEq, Eq)]
pub struct Rsa2048PublicKey {
    modulus: [u8; 256],
}

/// Why two numbers are no RSA-2048 key of a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Rsa2048PublicKeyError {
    /// The modulus is not 2048 bits long, or is even.
    #[error("the modulus is no odd number of 2048 bits")]
    Modulus,
}

impl Rsa2048PublicKey {
    /// Takes the big-endian modulus; the exponent is 65537.
    ///
    /// # Errors
    /// [`Rsa2048PublicKeyError`].
    pub fn new(modulus: [u8; 256]) -> Result<Self, Rsa2048PublicKeyError> {
        if modulus[0] & 0x80 == 0 || modulus[255] & 1 == 0 {
            return Err(Rsa2048PublicKeyError::Modulus);
        }
        Ok(Self { modulus })
    }

    /// The big-endian modulus.
    #[must_use]
    pub const fn modulus(&self) -> &[u8; 256] {
        &self.modulus
    }

    /// Verifies a PKCS #1 v1.5 signature over a message (hashed here with SHA-256).
    ///
    /// # Errors
    /// [`InvalidSignature`].
    pub fn verify(&self, message: &[u8], signature: &[u8; 256]) -> Result<(), InvalidSignature> {
        RsaPublicKeyComponents {
            n: &self.modulus[..],
            e: &[1, 0, 1][..],
        }
        .verify(&RSA_PKCS1_2048_8192_SHA256, message, signature)
        .map_err(|_| InvalidSignature)
    }
}

impl std::fmt::Debug for Rsa2048PublicKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Rsa2048PublicKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_and_even_moduli_are_refused() {
        let mut short = [0xff; 256];
        short[0] = 0x7f;
        assert!(Rsa2048PublicKey::new(short).is_err());
        let mut even = [0xff; 256];
        even[255] = 0xfe;
        assert!(Rsa2048PublicKey::new(even).is_err());
        assert!(Rsa2048PublicKey::new([0xff; 256]).is_ok());
    }
}
