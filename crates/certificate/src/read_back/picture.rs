//! Codes in a picture.

use std::io::Cursor;

use rqrr::{Grid, PreparedImage, SimpleGrid};

use super::upright::{self, UprightCode};
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

impl GreyPicture {
    /// Whether the pixel is darker than a middle grey; it must lie on the picture.
    pub(super) fn is_dark_at(&self, x: usize, y: usize) -> bool {
        self.pixels[y * self.width + x] < 128
    }

    /// The same at a place between pixels' edges, where that is on the picture.
    pub(super) fn is_dark(&self, x: f64, y: f64) -> Option<bool> {
        let on_picture = x >= 0.0 && y >= 0.0 && x < self.width as f64 && y < self.height as f64;
        // Not negative and below the width and the height: cutting off gives the pixel.
        on_picture.then(|| self.is_dark_at(x as usize, y as usize))
    }
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
    let picture = decode(png)?;
    let upright = upright::find(&picture);
    let texts: Vec<_> = upright.iter().filter_map(text).collect();
    if texts.is_empty() {
        return codes(texts_in_any_light(&picture), 0);
    }
    codes(texts, 0)
}

/// What the codes of a picture say that may be turned, slanted or badly lit.
fn texts_in_any_light(picture: &GreyPicture) -> Vec<String> {
    let grey = |x, y| picture.pixels[y * picture.width + x];
    let mut image = PreparedImage::prepare_from_greyscale(picture.width, picture.height, grey);
    let grids = image.detect_grids();
    let texts = grids.iter().filter_map(|grid| grid.decode().ok());
    texts.map(|(_, text)| text).collect()
}

/// What an upright code says.
pub(super) fn text(code: &UprightCode) -> Option<String> {
    let grid = SimpleGrid::from_func(code.size, |x, y| code.is_dark(x, y));
    Grid::new(grid).decode().ok().map(|(_, text)| text)
}

/// The certificates in these texts, all found on one page.
pub(super) fn codes(
    texts: impl IntoIterator<Item = String>,
    page: usize,
) -> Result<Vec<FoundCode>, ReadBackError> {
    let texts = texts.into_iter();
    texts
        .map(|text| match from_text(&text) {
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
