//! AES-256-GCM (NIST SP 800-38D).

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use zeroize::Zeroizing;

use crate::{MacKey, SecureRandom};

/// Length of the nonce in front of every sealed text, in bytes.
pub const NONCE_LENGTH: usize = 12;
/// Length of the tag behind every sealed text, in bytes.
pub const TAG_LENGTH: usize = 16;

/// The library could not seal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("sealing failed")]
pub struct SealingFailed;

/// The sealed text is not one of this key and this binding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the sealed text does not open")]
pub struct UnsealingFailed;

/// A secret of 32 bytes from which a sealing key and a MAC key are derived, each for one named
/// purpose. `Debug` shows nothing of it.
pub struct AeadKey {
    sealing: LessSafeKey,
    nonces: MacKey,
}

impl AeadKey {
    /// Derives the key for a named purpose out of a 32-byte secret.
    #[must_use]
    pub fn derive(secret: &[u8; 32], purpose: &str) -> Self {
        let sealing = crate::mac::derive(secret, &format!("{purpose}, sealing"));
        let nonces = crate::mac::derive(secret, &format!("{purpose}, nonces"));
        let Ok(key) = UnboundKey::new(&AES_256_GCM, &*sealing) else {
            unreachable!("a 32-byte key fits AES-256-GCM")
        };
        Self {
            sealing: LessSafeKey::new(key),
            nonces: MacKey::new(&nonces),
        }
    }

    /// Seals a text, bound to `binding`, under a fresh random nonce: nonce ‖ ciphertext ‖ tag.
    ///
    /// # Errors
    /// [`SealingFailed`].
    pub fn seal(
        &self,
        random: &dyn SecureRandom,
        binding: &[u8],
        text: &[u8],
    ) -> Result<Vec<u8>, SealingFailed> {
        let mut nonce = [0; NONCE_LENGTH];
        random.fill(&mut nonce);
        self.seal_under(nonce, binding, text)
    }

    /// Seals a text so that the same text and binding always give the same bytes: the nonce is a
    /// MAC over both, so it repeats only where everything repeats.
    ///
    /// # Errors
    /// [`SealingFailed`].
    pub fn seal_deterministic(
        &self,
        binding: &[u8],
        text: &[u8],
    ) -> Result<Vec<u8>, SealingFailed> {
        let mac = self.nonces.mac(&[binding, text]);
        let mut nonce = [0; NONCE_LENGTH];
        nonce.copy_from_slice(&mac[..NONCE_LENGTH]);
        self.seal_under(nonce, binding, text)
    }

    fn seal_under(
        &self,
        nonce: [u8; NONCE_LENGTH],
        binding: &[u8],
        text: &[u8],
    ) -> Result<Vec<u8>, SealingFailed> {
        let mut sealed = Vec::with_capacity(NONCE_LENGTH + text.len() + TAG_LENGTH);
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(text);
        let tag = self
            .sealing
            .seal_in_place_separate_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(binding),
                &mut sealed[NONCE_LENGTH..],
            )
            .map_err(|_| SealingFailed)?;
        sealed.extend_from_slice(tag.as_ref());
        Ok(sealed)
    }

    /// Opens what was sealed with the same binding. The text is wiped when dropped.
    ///
    /// # Errors
    /// [`UnsealingFailed`], one for every reason.
    pub fn open(
        &self,
        binding: &[u8],
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, UnsealingFailed> {
        let (nonce, ciphertext) = sealed
            .split_first_chunk::<NONCE_LENGTH>()
            .ok_or(UnsealingFailed)?;
        let mut text = Zeroizing::new(ciphertext.to_vec());
        let length = self
            .sealing
            .open_in_place(
                Nonce::assume_unique_for_key(*nonce),
                Aad::from(binding),
                &mut text,
            )
            .map_err(|_| UnsealingFailed)?
            .len();
        text.truncate(length);
        Ok(text)
    }
}

impl std::fmt::Debug for AeadKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AeadKey([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SystemRandom;

    #[test]
    fn opens_with_its_key_and_binding_only() {
        let key = AeadKey::derive(&[1; 32], "test");
        let sealed = key.seal(&SystemRandom, b"row 1", b"text").unwrap();
        assert_eq!(key.open(b"row 1", &sealed).unwrap()[..], b"text"[..]);
        assert!(key.open(b"row 2", &sealed).is_err());
        let other = AeadKey::derive(&[1; 32], "another purpose");
        assert!(other.open(b"row 1", &sealed).is_err());
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(key.open(b"row 1", &changed).is_err(), "byte {at}");
        }
        assert!(key.open(b"row 1", &sealed[..5]).is_err());
    }

    #[test]
    fn deterministic_sealing_repeats_only_itself() {
        let key = AeadKey::derive(&[1; 32], "test");
        let first = key.seal_deterministic(b"b", b"text").unwrap();
        assert_eq!(first, key.seal_deterministic(b"b", b"text").unwrap());
        let other = key.seal_deterministic(b"b", b"texu").unwrap();
        assert_ne!(first[..NONCE_LENGTH], other[..NONCE_LENGTH]);
    }
}
