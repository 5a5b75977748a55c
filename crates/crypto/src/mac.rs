//! HMAC-SHA-256 (RFC 2104) and comparing in constant time.

use aws_lc_rs::{constant_time, hkdf, hmac};

use crate::SecureRandom;

/// An HMAC-SHA-256 key. `Debug` shows nothing of it.
#[derive(Clone)]
pub struct MacKey(hmac::Key);

impl MacKey {
    /// Takes 32 bytes as key.
    #[must_use]
    pub fn new(key: &[u8; 32]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, key))
    }

    /// Makes a key of fresh randomness, for one session.
    #[must_use]
    pub fn random(random: &dyn SecureRandom) -> Self {
        let mut key = zeroize::Zeroizing::new([0; 32]);
        random.fill(&mut *key);
        Self::new(&key)
    }

    /// The MAC over several pieces, each preceded by its length (64-bit big-endian), so that no
    /// two lists of pieces give the same input.
    #[must_use]
    pub fn mac(&self, pieces: &[&[u8]]) -> [u8; 32] {
        let mut context = hmac::Context::with_key(&self.0);
        for piece in pieces {
            context.update(&(piece.len() as u64).to_be_bytes());
            context.update(piece);
        }
        let mut tag = [0; 32];
        tag.copy_from_slice(context.sign().as_ref());
        tag
    }
}

impl std::fmt::Debug for MacKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MacKey([redacted])")
    }
}

/// Derives a 32-byte key for one named purpose from a 32-byte secret (HKDF-SHA-256, RFC 5869,
/// without salt).
#[must_use]
pub fn derive(secret: &[u8; 32], purpose: &str) -> zeroize::Zeroizing<[u8; 32]> {
    let mut key = zeroize::Zeroizing::new([0; 32]);
    let prk = hkdf::Salt::new(hkdf::HKDF_SHA256, &[]).extract(secret);
    let filled = prk
        .expand(&[purpose.as_bytes()], hkdf::HKDF_SHA256)
        .and_then(|okm| okm.fill(&mut *key));
    // HKDF-SHA-256 gives up to 8160 bytes and 32 are asked for: expanding cannot fail.
    debug_assert!(filled.is_ok());
    key
}

/// Whether two byte strings are equal, in time that depends on their lengths only.
#[must_use]
pub fn constant_time_eq(a: &[u8], b: &[u8]) -> bool {
    constant_time::verify_slices_are_equal(a, b).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cut_between_pieces_counts() {
        let key = MacKey::new(&[1; 32]);
        assert_ne!(key.mac(&[b"ab", b"c"]), key.mac(&[b"a", b"bc"]));
        assert_eq!(key.mac(&[b"ab", b"c"]), key.mac(&[b"ab", b"c"]));
    }

    #[test]
    fn derived_keys_differ_by_purpose() {
        assert_ne!(*derive(&[1; 32], "one"), *derive(&[1; 32], "two"));
    }
}
