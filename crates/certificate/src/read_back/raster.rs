//! A page of a PDF as it will look in print: the one place that renders.

use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_syntax::page::Page;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings};

use super::ReadBackError;
use super::admission::Inadmissible;
use super::picture::{GreyPicture, luma};

/// Longest side of a page, in points (1/72 inch): a little more than A4's.
const LONGEST_SIDE: f32 = 900.0;

/// Renders a page in grey on white, at so many pixels an inch.
///
/// # Errors
/// [`Inadmissible::PageSize`].
pub(super) fn rendered(
    page: &Page<'_>,
    pixels_per_inch: f32,
) -> Result<GreyPicture, ReadBackError> {
    let (width, height) = page.render_dimensions();
    if !(1.0..=LONGEST_SIDE).contains(&width) || !(1.0..=LONGEST_SIDE).contains(&height) {
        return Err(Inadmissible::PageSize {
            width: width as u32,
            height: height as u32,
        }
        .into());
    }
    let scale = pixels_per_inch / 72.0;
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
