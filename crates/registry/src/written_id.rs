//! Ids as people copy them: lowercase hexadecimal digits, two for each byte, and nothing else.

use std::fmt;

/// Writes an id.
pub(crate) fn write(bytes: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    bytes.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
}

/// Reads an id of so many bytes; `None` where the text is none.
pub(crate) fn read<const BYTES: usize>(text: &str) -> Option<[u8; BYTES]> {
    let digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    let mut bytes = [0; BYTES];
    (text.bytes().all(digit) && hex::decode_to_slice(text, &mut bytes).is_ok()).then_some(bytes)
}
