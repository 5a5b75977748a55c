//! The pages of a PDF as a picture for a screen, by the rasteriser that reads codes back.

use super::admission::Inadmissible;
use super::picture::GreyPicture;
use super::{ReadBackError, page, raster};

/// Pixels an inch: an A4 page takes 1240 × 1754, so that a lot number of 5 points can be read.
const PIXELS_PER_INCH: f32 = 150.0;
/// Most pages in one picture: a certificate has one sheet, or two.
const MOST_PAGES: usize = 2;
/// Longest picture, in bytes: a page of ours takes a tenth of it.
const LONGEST_PICTURE: usize = 4 * 1024 * 1024;

/// The pages of a PDF, one below the other, as one PNG in grey. Takes tens of milliseconds: call it
/// off the thread that serves others. Nothing is written anywhere.
///
/// # Errors
/// [`ReadBackError`], also for more than two pages, and for pages of different widths.
pub fn to_screen(pdf: &[u8]) -> Result<Vec<u8>, ReadBackError> {
    let pdf = page::admitted(pdf)?;
    let pages = pdf.pages();
    if pages.len() > MOST_PAGES {
        return Err(Inadmissible::Pages(pages.len()).into());
    }
    let mut whole: Option<GreyPicture> = None;
    for page in pages.iter() {
        let sheet = raster::rendered(page, PIXELS_PER_INCH)?;
        match &mut whole {
            None => whole = Some(sheet),
            Some(whole) => below(whole, &sheet)?,
        }
    }
    let whole = whole.ok_or(Inadmissible::Pages(0))?;
    let png = encoded(&whole).map_err(|_| ReadBackError::Picture)?;
    if png.len() > LONGEST_PICTURE {
        return Err(ReadBackError::TooLong(png.len()));
    }
    Ok(png)
}

/// Puts a sheet below those that are there.
fn below(whole: &mut GreyPicture, sheet: &GreyPicture) -> Result<(), ReadBackError> {
    if whole.width != sheet.width {
        return Err(ReadBackError::Picture);
    }
    whole.pixels.extend_from_slice(&sheet.pixels);
    whole.height += sheet.height;
    Ok(())
}

fn encoded(picture: &GreyPicture) -> Result<Vec<u8>, png::EncodingError> {
    // Two A4 sheets at this resolution have far less than 2³² pixels a side.
    let (width, height) = (picture.width as u32, picture.height as u32);
    let mut png = Vec::with_capacity(picture.pixels.len() / 4);
    let mut encoder = png::Encoder::new(&mut png, width, height);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::Eight);
    // A resident waits for it: a larger picture sooner.
    encoder.set_compression(png::Compression::Fast);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&picture.pixels)?;
    writer.finish()?;
    Ok(png)
}
