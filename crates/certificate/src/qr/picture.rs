//! A code as a PNG picture.

use super::{QUIET_ZONE, QrMatrix};

/// Most pixels a side: a code of version 40 at 40 pixels a module.
const MOST_PIXELS: usize = 8192;

/// Why there is no picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PictureError {
    /// No pixel a module, or more than 8192 pixels a side.
    #[error("{0} pixels a module are none or too many")]
    PixelsPerModule(usize),
    /// The PNG library failed.
    #[error("the picture could not be written")]
    Encoding,
}

/// The code with its quiet zone as a PNG of 1-bit grey, so many pixels a module.
///
/// # Errors
/// [`PictureError`].
pub fn to_png(code: &QrMatrix, pixels_per_module: usize) -> Result<Vec<u8>, PictureError> {
    let modules = code.size() + 2 * QUIET_ZONE;
    let side = modules.saturating_mul(pixels_per_module);
    let too_many = PictureError::PixelsPerModule(pixels_per_module);
    if side == 0 || side > MOST_PIXELS {
        return Err(too_many);
    }
    let side_u32 = u32::try_from(side).map_err(|_| too_many)?;
    let mut pixels = Vec::with_capacity(side.div_ceil(8) * side);
    for y in 0..modules {
        let row = row(code, y, side, pixels_per_module);
        for _ in 0..pixels_per_module {
            pixels.extend_from_slice(&row);
        }
    }
    let mut png = Vec::new();
    let mut encoder = png::Encoder::new(&mut png, side_u32, side_u32);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::One);
    encoder
        .write_header()
        .and_then(|mut writer| writer.write_image_data(&pixels))
        .map_err(|_| PictureError::Encoding)?;
    Ok(png)
}

/// One row of pixels, packed, light set.
fn row(code: &QrMatrix, y: usize, side: usize, pixels_per_module: usize) -> Vec<u8> {
    let mut row = vec![0xff_u8; side.div_ceil(8)];
    for pixel in 0..side {
        let module = (pixel / pixels_per_module).checked_sub(QUIET_ZONE);
        let dark = match (module, y.checked_sub(QUIET_ZONE)) {
            (Some(x), Some(y)) => code.is_dark(x, y),
            (Some(_), None) | (None, Some(_) | None) => false,
        };
        if dark {
            row[pixel / 8] &= !(0x80 >> (pixel % 8));
        }
    }
    row
}

#[cfg(test)]
mod tests {
    use super::super::{Version, encode_bytes};
    use super::*;

    #[test]
    fn sizes() {
        let code = encode_bytes(b"x", Version::VDS_NC).unwrap();
        let png = to_png(&code, 3).unwrap();
        let reader = png::Decoder::new(std::io::Cursor::new(png))
            .read_info()
            .unwrap();
        assert_eq!(reader.info().width, 3 * (21 + 8));
        for bad in [0, MOST_PIXELS, usize::MAX] {
            assert_eq!(to_png(&code, bad), Err(PictureError::PixelsPerModule(bad)));
        }
    }
}
