//! Codes in a picture.

use std::io::Cursor;

use super::{FoundCode, ReadBackError, from_text};

/// Longest PNG that is read, in bytes.
const LONGEST_PNG: usize = 8 * 1024 * 1024;
/// Most pixels that are looked at: an A4 page at 400 dpi has 15 million.
pub(super) const MOST_PIXELS: usize = 16 * 1024 * 1024;

/// A picture in grey, 0 is black.
pub(super) struct GreyPicture {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) pixels: Vec<u8>,
}

/// The codes in a PNG picture, each verified by nobody yet. Patterns that look like a code and
/// cannot be decoded are passed over: whoever needs a certain code asks for it
/// ([`super::verify_page`]).
///
/// # Errors
/// [`ReadBackError`], also for a code that decodes and is no certificate.
pub fn from_png(png: &[u8]) -> Result<Vec<FoundCode>, ReadBackError> {
    if png.len() > LONGEST_PNG {
        return Err(ReadBackError::TooLong(png.len()));
    }
    codes(&decode(png)?, 0)
}

/// The codes of a page's picture.
pub(super) fn codes(picture: &GreyPicture, page: usize) -> Result<Vec<FoundCode>, ReadBackError> {
    let mut image =
        rqrr::PreparedImage::prepare_from_greyscale(picture.width, picture.height, |x, y| {
            picture.pixels[y * picture.width + x]
        });
    let texts = image.detect_grids();
    let texts = texts.iter().filter_map(|grid| grid.decode().ok());
    texts
        .map(|(_, text)| match from_text(&text) {
            Ok(code) => Ok(FoundCode { page, code }),
            Err(source) => Err(ReadBackError::ForeignCode { page, source }),
        })
        .collect()
}

fn decode(png: &[u8]) -> Result<GreyPicture, ReadBackError> {
    let limits = png::Limits {
        bytes: 4 * MOST_PIXELS,
    };
    let mut decoder = png::Decoder::new_with_limits(Cursor::new(png), limits);
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().map_err(|_| ReadBackError::Picture)?;
    let (width, height) = reader.info().size();
    let (width, height) = (width as usize, height as usize);
    if width.saturating_mul(height) > MOST_PIXELS {
        return Err(ReadBackError::TooManyPixels { width, height });
    }
    let size = reader.output_buffer_size().ok_or(ReadBackError::Picture)?;
    let mut samples = vec![0; size];
    let frame = reader
        .next_frame(&mut samples)
        .map_err(|_| ReadBackError::Picture)?;
    let pixels = samples.chunks_exact(frame.color_type.samples());
    let pixels: Vec<u8> = pixels.map(grey).collect();
    if pixels.len() < width * height {
        return Err(ReadBackError::Picture);
    }
    Ok(GreyPicture {
        width,
        height,
        pixels,
    })
}

/// The grey of a pixel of 1 to 4 samples, on white where it is transparent.
fn grey(samples: &[u8]) -> u8 {
    let (colour, alpha) = match *samples {
        [grey, alpha] => (grey, alpha),
        [r, g, b] => (luma(r, g, b), 255),
        [r, g, b, alpha] => (luma(r, g, b), alpha),
        [grey, ..] => (grey, 255),
        [] => (255, 255),
    };
    let (colour, alpha) = (u16::from(colour), u16::from(alpha));
    // At most 255 · 255 / 255.
    ((colour * alpha + 255 * (255 - alpha)) / 255) as u8
}

/// Weights of ITU-R BT.601, in 256ths.
pub(super) fn luma(r: u8, g: u8, b: u8) -> u8 {
    let sum = 77 * u32::from(r) + 150 * u32::from(g) + 29 * u32::from(b);
    (sum >> 8) as u8
}
