//! Codes on the pages of a PDF, rendered as they will print.

use hayro::hayro_syntax::Pdf;

use super::picture::{GreyPicture, codes, text};
use super::{FoundCode, ReadBackError};
use super::{admission, raster, upright};
use crate::qr::SMALLEST_MODULE_MM;

/// Longest PDF that is read, in bytes: ours have at most 100 kB.
const LONGEST_PDF: usize = 512 * 1024;
/// Pixels an inch: less than any office printer's, so what is read here is there to be read in
/// print. A module of 0.40 mm has 4.7 pixels.
const PIXELS_PER_INCH: f32 = 300.0;
/// By how much a module may measure less than it should: the finder patterns' middles are known
/// to half a pixel, and the smallest code has them 66 pixels apart.
const TOLERANCE: f64 = 0.015;

/// The codes on every page of a PDF, in the pages' order. The pages are rendered: what does not
/// print, or without its quiet zone, or turned, is not found.
///
/// # Errors
/// [`ReadBackError`], also for a code that decodes and is no certificate, and for one whose modules
/// print smaller than 0.40 mm.
pub fn from_pdf(pdf: &[u8]) -> Result<Vec<FoundCode>, ReadBackError> {
    let pdf = admitted(pdf)?;
    let mut found = Vec::new();
    for (at, page) in pdf.pages().iter().enumerate() {
        found.extend(printed_codes(
            &raster::rendered(page, PIXELS_PER_INCH)?,
            at,
        )?);
    }
    Ok(found)
}

/// How many pages a PDF has: how many sheets one copy takes, printed on one side.
///
/// # Errors
/// [`ReadBackError`].
pub fn page_count(pdf: &[u8]) -> Result<u8, ReadBackError> {
    Ok(admission::admitted_pages(&opened(pdf)?)?)
}

/// A document that may be rendered.
pub(super) fn admitted(pdf: &[u8]) -> Result<Pdf, ReadBackError> {
    let pdf = opened(pdf)?;
    admission::check(&pdf)?;
    Ok(pdf)
}

fn opened(pdf: &[u8]) -> Result<Pdf, ReadBackError> {
    if pdf.len() > LONGEST_PDF {
        return Err(ReadBackError::TooLong(pdf.len()));
    }
    Pdf::new(pdf.to_vec()).map_err(|_| ReadBackError::Document)
}

/// The codes of a rendered page, which must be large enough for scanners.
fn printed_codes(picture: &GreyPicture, page: usize) -> Result<Vec<FoundCode>, ReadBackError> {
    let mut texts = Vec::new();
    for code in upright::find(picture) {
        let Some(text) = text(&code) else {
            continue;
        };
        let module_mm = code.pitch / f64::from(PIXELS_PER_INCH) * 25.4;
        if module_mm < SMALLEST_MODULE_MM * (1.0 - TOLERANCE) {
            return Err(ReadBackError::ModuleTooSmall {
                page,
                micrometres: (module_mm * 1000.0) as usize,
            });
        }
        texts.push(text);
    }
    codes(texts, page)
}
