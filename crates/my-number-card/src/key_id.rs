//! Key ids of card-verifiable certificates.

use std::fmt;

/// The id of a card CA's or issuer's key (証明者鍵ID): 16 bytes, compared in full. Names a key,
/// not a person.
///
/// Shape, observed on cards: 7 ASCII digits, `08 05`, 3 ASCII digits, 4 bytes of unknown meaning.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KeyId([u8; 16]);

/// Sixteen bytes of another shape, or not sixteen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a key id is 7 digits, 08 05, 3 digits and 4 bytes")]
pub struct InvalidKeyId;

impl KeyId {
    /// Parses exactly 16 bytes of the shape above.
    ///
    /// # Errors
    /// [`InvalidKeyId`].
    pub fn parse(bytes: &[u8]) -> Result<Self, InvalidKeyId> {
        let id: [u8; 16] = bytes.try_into().map_err(|_| InvalidKeyId)?;
        let digits = id[..7].iter().chain(&id[9..12]).all(u8::is_ascii_digit);
        (digits && id[7..9] == [0x08, 0x05])
            .then_some(Self(id))
            .ok_or(InvalidKeyId)
    }

    /// The 16 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// For the table of known CAs only: its test parses every entry.
    pub(crate) const fn known(id: [u8; 16]) -> Self {
        Self(id)
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyId({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_observed_shape() {
        let good = *b"6000033\x08\x05001\0\0\0\0";
        assert!(KeyId::parse(&good).is_ok());
        for at in 0..12 {
            let mut bad = good;
            bad[at] ^= 0x80;
            assert_eq!(KeyId::parse(&bad), Err(InvalidKeyId), "byte {at}");
        }
        assert!(KeyId::parse(&good[..15]).is_err());
    }
}
