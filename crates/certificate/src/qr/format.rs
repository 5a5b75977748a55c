//! Format information: level and mask, twice (ISO/IEC 18004, 7.9).

use qrcode::types::EcLevel;

/// The 15 bits for a level and a mask.
pub(super) const fn bits(level: EcLevel, mask: usize) -> u16 {
    let level = match level {
        EcLevel::L => 0b01,
        EcLevel::M => 0b00,
        EcLevel::Q => 0b11,
        EcLevel::H => 0b10,
    };
    let data = level << 3 | mask as u16;
    let mut remainder = data;
    let mut step = 0;
    while step < 10 {
        // BCH (15, 5), generator x¹⁰+x⁸+x⁵+x⁴+x²+x+1.
        remainder = (remainder << 1) ^ ((remainder >> 9) * 0x537);
        step += 1;
    }
    (data << 10 | remainder) ^ 0x5412
}

/// Where bit `at`, 0 the lowest, stands: both places as (x, y).
pub(super) const fn places(at: usize, size: usize) -> [(usize, usize); 2] {
    let first = match at {
        0..=5 => (8, at),
        6 => (8, 7),
        7 => (8, 8),
        8 => (7, 8),
        _ => (14 - at, 8),
    };
    let second = if at < 8 {
        (size - 1 - at, 8)
    } else {
        (8, size - 15 + at)
    };
    [first, second]
}
