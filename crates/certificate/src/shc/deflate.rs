//! Raw DEFLATE (RFC 1951), as SHC wants the payload (`"zip":"DEF"`).

use std::cell::RefCell;

use libdeflater::{CompressionLvl, Compressor, DecompressionError, Decompressor};

/// Of libdeflate's 12 levels. The three above it save 3 of 520 bytes on a certificate of three
/// doses and take 6 to 20 times as long (`docs/PERFORMANCE.md`).
const LEVEL: i32 = 9;

/// Longest payload that is inflated, in bytes: a certificate of a hundred doses has about 30 kB.
pub(super) const LONGEST_PAYLOAD: usize = 64 * 1024;

/// Why bytes are not inflated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum InflateError {
    /// No raw DEFLATE stream.
    Malformed,
    /// It inflates to more than [`LONGEST_PAYLOAD`].
    TooLong,
}

thread_local! {
    /// Making a compressor costs as much as using it once: each thread keeps one. Its state
    /// holds nothing of what it compressed that outlives the next call's reset, and the
    /// processes that compress wipe freed memory.
    static COMPRESSOR: RefCell<Compressor> = RefCell::new(Compressor::new(
        CompressionLvl::new(LEVEL).expect("libdeflate has levels 1 to 12"),
    ));
}

/// Compresses; deterministic.
pub(super) fn deflate(bytes: &[u8]) -> Vec<u8> {
    COMPRESSOR.with_borrow_mut(|compressor| {
        let mut compressed = vec![0; compressor.deflate_compress_bound(bytes.len())];
        let length = compressor
            .deflate_compress(bytes, &mut compressed)
            .expect("the buffer has the length that the compressor named as its bound");
        compressed.truncate(length);
        compressed
    })
}

/// Inflates at most [`LONGEST_PAYLOAD`] bytes.
pub(super) fn inflate(compressed: &[u8]) -> Result<Vec<u8>, InflateError> {
    let mut bytes = vec![0; LONGEST_PAYLOAD];
    let length = Decompressor::new()
        .deflate_decompress(compressed, &mut bytes)
        .map_err(|error| match error {
            DecompressionError::BadData => InflateError::Malformed,
            DecompressionError::InsufficientSpace => InflateError::TooLong,
        })?;
    bytes.truncate(length);
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        let text = b"resource:0 resource:1 resource:2".repeat(20);
        let compressed = deflate(&text);
        assert!(compressed.len() < text.len() / 4);
        assert_eq!(inflate(&compressed), Ok(text));
    }

    #[test]
    fn a_bomb_is_refused() {
        let fits = deflate(&vec![b'a'; LONGEST_PAYLOAD]);
        assert!(inflate(&fits).is_ok());
        let bomb = deflate(&vec![b'a'; LONGEST_PAYLOAD + 1]);
        assert_eq!(inflate(&bomb), Err(InflateError::TooLong));
        assert_eq!(inflate(b"\xff\xff"), Err(InflateError::Malformed));
        assert_eq!(inflate(b""), Err(InflateError::Malformed));
    }
}
