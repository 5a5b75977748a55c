//! A picture with codes: the bytes as a PNG, and a damaged code in a PNG that is one.
#![no_main]

use certificate::qr::{QUIET_ZONE, QrMatrix, Version, encode_bytes};
use certificate::read_back::from_png;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = from_png(bytes);
    let (text, damage) = bytes.split_at(bytes.len() / 2);
    if let Ok(code) = encode_bytes(text, Version::SHC) {
        let _ = from_png(&damaged(&code, damage));
    }
});

/// The code at two pixels a module, one pixel of it inverted for every two bytes.
fn damaged(code: &QrMatrix, damage: &[u8]) -> Vec<u8> {
    let side = 2 * (code.size() + 2 * QUIET_ZONE);
    let dark = |pixel: usize| {
        let (x, y) = (pixel % side / 2, pixel / side / 2);
        x >= QUIET_ZONE && y >= QUIET_ZONE && code.is_dark(x - QUIET_ZONE, y - QUIET_ZONE)
    };
    let mut pixels: Vec<u8> = (0..side * side)
        .map(|at| if dark(at) { 0 } else { 255 })
        .collect();
    for pair in damage.chunks_exact(2) {
        let at = usize::from(pair[0]) << 8 | usize::from(pair[1]);
        let count = pixels.len();
        pixels[at % count] ^= 0xff;
    }
    let mut png = Vec::new();
    let side = u32::try_from(side).expect("a code has at most 185 modules a side");
    let mut encoder = png::Encoder::new(&mut png, side, side);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Fast);
    let written = encoder
        .write_header()
        .and_then(|mut writer| writer.write_image_data(&pixels));
    written.expect("a picture in memory is written");
    png
}
