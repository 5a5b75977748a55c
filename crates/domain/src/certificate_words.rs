//! A certificate's id, kind and price.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A certificate's id (証明書ID): 12 characters A–Z and 0–9, chosen at random.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CertificateId([u8; 12]);

/// Not twelve characters A–Z, 0–9.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a certificate id is 12 characters A–Z, 0–9")]
pub struct InvalidCertificateId;

/// The characters of a certificate id.
const ALPHABET: &[u8; 36] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

impl CertificateId {
    /// Parses twelve characters A–Z, 0–9.
    ///
    /// # Errors
    /// [`InvalidCertificateId`].
    pub fn parse(text: &str) -> Result<Self, InvalidCertificateId> {
        let id: [u8; 12] = text
            .as_bytes()
            .try_into()
            .map_err(|_| InvalidCertificateId)?;
        if id.iter().all(|byte| ALPHABET.contains(byte)) {
            Ok(Self(id))
        } else {
            Err(InvalidCertificateId)
        }
    }

    /// Makes an id of 96 random bits: each of twelve base-36 digits of the number. The bias of
    /// cutting at 36^12 ≈ 2^62 out of 2^96 is below 2^-33.
    #[must_use]
    pub fn from_random(random: [u8; 12]) -> Self {
        let mut number = random
            .iter()
            .fold(0_u128, |sum, byte| (sum << 8) | u128::from(*byte));
        Self(std::array::from_fn(|_| {
            let digit = ALPHABET[(number % 36) as usize];
            number /= 36;
            digit
        }))
    }

    /// The twelve characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // Only the alphabet's ASCII characters are ever stored.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Display for CertificateId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for CertificateId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CertificateId({})", self.as_str())
    }
}

impl std::str::FromStr for CertificateId {
    type Err = InvalidCertificateId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl TryFrom<String> for CertificateId {
    type Error = InvalidCertificateId;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<CertificateId> for String {
    fn from(id: CertificateId) -> Self {
        id.as_str().to_owned()
    }
}

/// What a certificate is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CertificateKind {
    /// 海外用及び日本国内用: with roman name, nationality and passport number.
    Abroad,
    /// 日本国内用.
    Domestic,
}

impl CertificateKind {
    /// Every kind, in the order in which a resident is offered them.
    pub const ALL: [Self; 2] = [Self::Abroad, Self::Domestic];

    /// The stable name in messages, settings and records.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Abroad => "abroad",
            Self::Domestic => "domestic",
        }
    }
}

/// An amount in yen.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Yen(pub u32);

impl fmt::Display for Yen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "¥{}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_made_id_parses_again() {
        let id = CertificateId::from_random([7; 12]);
        assert_eq!(CertificateId::parse(id.as_str()), Ok(id));
        assert_ne!(id, CertificateId::from_random([8; 12]));
    }

    #[test]
    fn other_characters_are_refused() {
        for bad in ["ABCDEFGHIJKl", "ABCDEFGHIJK", "ABCDEFGHIJK-", ""] {
            assert_eq!(CertificateId::parse(bad), Err(InvalidCertificateId));
        }
    }
}
