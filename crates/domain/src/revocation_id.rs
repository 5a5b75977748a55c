//! A certificate's revocation id.

use std::fmt;

use crate::CertificateId;

/// A certificate's revocation id (`rid`): 1 to 24 characters of base64url (SMART Health Cards,
/// "Revocation"), published when the certificate is revoked. A certificate's id is one.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RevocationId(String);

/// Not 1 to 24 characters of base64url.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a revocation id is 1 to 24 characters of base64url")]
pub struct InvalidRevocationId;

impl RevocationId {
    /// Takes 1 to 24 characters of base64url.
    ///
    /// # Errors
    /// [`InvalidRevocationId`].
    pub fn parse(text: &str) -> Result<Self, InvalidRevocationId> {
        let plain = |c: u8| c.is_ascii_alphanumeric() || c == b'-' || c == b'_';
        if (1..=24).contains(&text.len()) && text.bytes().all(plain) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidRevocationId)
        }
    }

    /// The characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Twelve characters A–Z and 0–9 are base64url.
impl From<CertificateId> for RevocationId {
    fn from(id: CertificateId) -> Self {
        Self(id.as_str().to_owned())
    }
}

impl fmt::Debug for RevocationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RevocationId({})", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_short_base64url() {
        assert!(RevocationId::parse("Ab-_09").is_ok());
        for bad in ["", "a+b", "a=", &"a".repeat(25)] {
            assert_eq!(RevocationId::parse(bad), Err(InvalidRevocationId));
        }
        let id = CertificateId::parse("A1B2C3D4E5F6").unwrap();
        assert_eq!(RevocationId::from(id).as_str(), id.as_str());
    }
}
