//! Codes on the pages of a PDF, rendered as they will print.

use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_syntax::Pdf;
use hayro::hayro_syntax::page::Page;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings};

use super::admission::{self, Inadmissible};
use super::picture::{GreyPicture, codes, luma};
use super::{FoundCode, ReadBackError};

/// Longest PDF that is read, in bytes: ours have at most 100 kB.
const LONGEST_PDF: usize = 512 * 1024;
/// Pixels an inch: less than any office printer's, so what is read here is there to be read in
/// print. A module of 0.40 mm has 4.7 pixels.
const PIXELS_PER_INCH: f32 = 300.0;
/// Longest side of a page, in points (1/72 inch): a little more than A4's.
const LONGEST_SIDE: f32 = 900.0;

/// The codes on every page of a PDF, in the pages' order. The pages are rendered: what does not
/// print is not found.
///
/// # Errors
/// [`ReadBackError`], also for a code that decodes and is no certificate.
pub fn from_pdf(pdf: &[u8]) -> Result<Vec<FoundCode>, ReadBackError> {
    if pdf.len() > LONGEST_PDF {
        return Err(ReadBackError::TooLong(pdf.len()));
    }
    let pdf = Pdf::new(pdf.to_vec()).map_err(|_| ReadBackError::Document)?;
    admission::check(&pdf)?;
    let mut found = Vec::new();
    for (at, page) in pdf.pages().iter().enumerate() {
        found.extend(codes(&rendered(page)?, at)?);
    }
    Ok(found)
}

fn rendered(page: &Page<'_>) -> Result<GreyPicture, ReadBackError> {
    let (width, height) = page.render_dimensions();
    if !(1.0..=LONGEST_SIDE).contains(&width) || !(1.0..=LONGEST_SIDE).contains(&height) {
        return Err(Inadmissible::PageSize {
            width: width as u32,
            height: height as u32,
        }
        .into());
    }
    let scale = PIXELS_PER_INCH / 72.0;
    let pixels = hayro::render(
        page,
        &RenderCache::new(),
        &InterpreterSettings::default(),
        &RenderSettings::default(),
        &PixmapSettings {
            x_scale: scale,
            y_scale: scale,
            bg_color: WHITE,
        },
    );
    Ok(GreyPicture {
        width: usize::from(pixels.width()),
        height: usize::from(pixels.height()),
        pixels: pixels
            .data()
            .iter()
            .map(|pixel| luma(pixel.r, pixel.g, pixel.b))
            .collect(),
    })
}
