//! base64url (RFC 4648, section 5), as JOSE and VDS-NC use it.

use base64::Engine;
use base64::alphabet::URL_SAFE;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use base64::prelude::BASE64_URL_SAFE_NO_PAD;

/// Reads with and without padding: the genuine VDS-NC sample pads its certificate.
const EITHER: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Without padding.
pub(crate) fn encode(bytes: impl AsRef<[u8]>) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

/// Without padding, behind what the text already holds.
pub(crate) fn append(bytes: impl AsRef<[u8]>, text: &mut String) {
    BASE64_URL_SAFE_NO_PAD.encode_string(bytes, text);
}

/// Without padding only; trailing bits must be zero.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    BASE64_URL_SAFE_NO_PAD.decode(text).ok()
}

/// With or without padding.
pub(crate) fn decode_padded_or_not(text: &str) -> Option<Vec<u8>> {
    EITHER.decode(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_spelling_only_where_it_counts() {
        assert_eq!(encode([0xfb, 0xff]), "-_8");
        assert_eq!(decode("-_8"), Some(vec![0xfb, 0xff]));
        assert_eq!(decode("-_8="), None);
        assert_eq!(decode("-_9"), None, "trailing bits");
        assert_eq!(decode("+/8"), None, "the other alphabet");
        assert_eq!(decode_padded_or_not("-_8="), Some(vec![0xfb, 0xff]));
        assert_eq!(decode_padded_or_not("-_8"), Some(vec![0xfb, 0xff]));
    }
}
