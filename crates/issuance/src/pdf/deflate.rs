//! zlib streams for `FlateDecode`, with a compressor kept by each thread.

use std::cell::RefCell;

use libdeflater::{CompressionLvl, Compressor};

/// The bytes as a zlib stream, as short as the library can make it: for what is prepared once.
pub(crate) fn deflated_once(bytes: &[u8]) -> Vec<u8> {
    compress(&mut Compressor::new(CompressionLvl::best()), bytes)
}

/// Fastest level that compresses: 42 µs for the largest code of 12.6 kB down to 3.4 kB, where
/// the next levels take twice as long for 150 bytes less.
const FAST: i32 = 1;

thread_local! {
    /// Making one costs more than deflating a page with it. It keeps hash chains of positions
    /// and counts of symbols, not the text.
    static COMPRESSOR: RefCell<Compressor> =
        RefCell::new(Compressor::new(CompressionLvl::new(FAST).unwrap_or_default()));
}

/// The bytes as a zlib stream (RFC 1950).
pub(crate) fn deflated(bytes: &[u8]) -> Vec<u8> {
    COMPRESSOR.with_borrow_mut(|compressor| compress(compressor, bytes))
}

fn compress(compressor: &mut Compressor, bytes: &[u8]) -> Vec<u8> {
    let mut out = vec![0; compressor.zlib_compress_bound(bytes.len())];
    let length = compressor
        .zlib_compress(bytes, &mut out)
        .expect("a buffer of the compressor's own bound holds its output");
    out.truncate(length);
    out
}
