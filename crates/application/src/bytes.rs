//! Binary fields in JSON.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use zeroize::Zeroize;

/// Bytes that travel as base64url without padding (RFC 4648, section 5). Wiped when dropped;
/// `Debug` shows the length only.
#[derive(Clone, PartialEq, Eq, Hash, Default)]
pub struct Bytes(pub Vec<u8>);

impl Drop for Bytes {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl std::fmt::Debug for Bytes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Bytes({} bytes)", self.0.len())
    }
}

impl From<Vec<u8>> for Bytes {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

impl std::ops::Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = zeroize::Zeroizing::new(URL_SAFE_NO_PAD.encode(&self.0));
        serializer.serialize_str(&text)
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = zeroize::Zeroizing::new(String::deserialize(deserializer)?);
        URL_SAFE_NO_PAD
            .decode(text.as_bytes())
            .map(Self)
            // The decoder's own message would quote the offending byte.
            .map_err(|_| de::Error::custom("not base64url without padding"))
    }
}

/// Exactly `N` bytes; otherwise as [`Bytes`].
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct FixedBytes<const N: usize>(pub [u8; N]);

impl<const N: usize> Drop for FixedBytes<N> {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl<const N: usize> std::fmt::Debug for FixedBytes<N> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "FixedBytes({N} bytes)")
    }
}

impl<const N: usize> From<[u8; N]> for FixedBytes<N> {
    fn from(bytes: [u8; N]) -> Self {
        Self(bytes)
    }
}

impl<const N: usize> std::ops::Deref for FixedBytes<N> {
    type Target = [u8; N];

    fn deref(&self) -> &[u8; N] {
        &self.0
    }
}

impl<const N: usize> Serialize for FixedBytes<N> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = zeroize::Zeroizing::new(URL_SAFE_NO_PAD.encode(self.0));
        serializer.serialize_str(&text)
    }
}

impl<'de, const N: usize> Deserialize<'de> for FixedBytes<N> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let bytes = Bytes::deserialize(deserializer)?;
        let found = bytes.len();
        <[u8; N]>::try_from(&bytes[..])
            .map(Self)
            .map_err(|_| de::Error::custom(format_args!("{found} bytes instead of {N}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn travels_as_base64url() {
        let json = serde_json::to_string(&Bytes(vec![0xfb, 0xff])).unwrap();
        assert_eq!(json, "\"-_8\"");
        let back: Bytes = serde_json::from_str(&json).unwrap();
        assert_eq!(back.0, [0xfb, 0xff]);
        assert!(serde_json::from_str::<Bytes>("\"-_8=\"").is_err());
    }

    #[test]
    fn a_fixed_length_is_exact() {
        assert_eq!(
            serde_json::from_str::<FixedBytes<2>>("\"-_8\"").unwrap().0,
            [0xfb, 0xff]
        );
        assert!(serde_json::from_str::<FixedBytes<1>>("\"-_8\"").is_err());
        assert!(serde_json::from_str::<FixedBytes<3>>("\"-_8\"").is_err());
    }

    #[test]
    fn debug_tells_the_length_only() {
        assert_eq!(format!("{:?}", Bytes(vec![0x41; 3])), "Bytes(3 bytes)");
        assert_eq!(
            format!("{:?}", FixedBytes([0x41; 3])),
            "FixedBytes(3 bytes)"
        );
    }
}
