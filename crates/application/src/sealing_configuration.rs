//! The sealing key configuration, signed by a key whose public half is pinned in kiosk and app.

use crypto::{Es256Signature, Es256SigningKey, SigningFailed};
use serde::{Deserialize, Serialize};

use crate::bytes::{Bytes, FixedBytes};

/// Longest validity of a sealing configuration, in seconds: 31 days. Whoever once got hold of a
/// sealing key cannot serve its configuration for longer.
pub const LONGEST_VALIDITY_SECONDS: i64 = 31 * 24 * 60 * 60;

/// What the signed bytes begin with, so that no signature made for anything else fits.
const LABEL: &[u8] = b"akashi sealing configuration v1\0";

/// The sealing keys in force, as served. JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignedSealingConfiguration {
    /// Key configurations, the one to be used first (`application/ohttp-keys`, RFC 9458,
    /// section 3.2).
    pub key_configurations: Bytes,
    /// Valid from, seconds since 1970.
    pub not_before: i64,
    /// Valid until, seconds since 1970, at most [`LONGEST_VALIDITY_SECONDS`] later.
    pub not_after: i64,
    /// ES256 over label, both moments and the configurations.
    pub signature: FixedBytes<64>,
}

impl SignedSealingConfiguration {
    /// Signs key configurations for a time.
    pub(crate) fn sign(
        key_configurations: Vec<u8>,
        not_before: i64,
        not_after: i64,
        key: &Es256SigningKey,
    ) -> Result<Self, SigningFailed> {
        let signature: Es256Signature =
            key.sign(&signed_bytes(&key_configurations, not_before, not_after))?;
        Ok(Self {
            key_configurations: key_configurations.into(),
            not_before,
            not_after,
            signature: signature.into(),
        })
    }

    /// The bytes that its signature covers.
    pub(crate) fn signed_bytes(&self) -> Vec<u8> {
        signed_bytes(&self.key_configurations, self.not_before, self.not_after)
    }
}

/// Label ‖ not before ‖ not after (64-bit big-endian, two's complement) ‖ the configurations'
/// length (32-bit big-endian) ‖ the configurations.
fn signed_bytes(key_configurations: &[u8], not_before: i64, not_after: i64) -> Vec<u8> {
    // Bounded by the JSON around it: far below 2³².
    let length = u32::try_from(key_configurations.len()).unwrap_or(u32::MAX);
    let mut bytes = LABEL.to_vec();
    bytes.extend_from_slice(&not_before.to_be_bytes());
    bytes.extend_from_slice(&not_after.to_be_bytes());
    bytes.extend_from_slice(&length.to_be_bytes());
    bytes.extend_from_slice(key_configurations);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signed_bytes_are_those_of_the_protocol() {
        let expected = b"akashi sealing configuration v1\0\
            \0\0\0\0\0\0\0\x01\0\0\0\0\0\0\x01\x02\0\0\0\x03abc";
        assert_eq!(signed_bytes(b"abc", 1, 0x102), expected);
    }
}
