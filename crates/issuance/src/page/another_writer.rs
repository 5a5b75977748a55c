//! What another PDF writer needs to put the same page on paper. For measuring ours against it
//! (`benches/printpdf.rs`, ADR 0006), not for issuing.

use super::document::{self, Shown};
use super::marks::Mark;
use super::{PageOptions, RenderError, fixed, is_covid_19};
use crate::{Fonts, Signed};

/// A code as a 1-bit image.
pub struct Picture {
    /// Pixels of a side.
    pub pixels: usize,
    /// Rows from the top, eight pixels a byte, set is light.
    pub rows: Vec<u8>,
}

/// The fixed marks of a certificate's first sheet, prepared once for all.
///
/// # Errors
/// [`RenderError::Text`].
pub fn fixed_marks(signed: &Signed, fonts: &Fonts) -> Result<Vec<Mark>, RenderError> {
    let certificate = signed.certificate();
    let covid_19 = is_covid_19(certificate);
    fixed::first_sheet(&fonts.labels, &fonts.headings, certificate.kind, covid_19)
        .ok_or(RenderError::Text)
}

/// A certificate's own marks, sheet by sheet, and its codes.
///
/// # Errors
/// [`RenderError`].
pub fn own_marks(
    signed: &Signed,
    fonts: &Fonts,
    options: &PageOptions<'_>,
) -> Result<(Vec<Vec<Mark>>, Vec<Picture>), RenderError> {
    let shown = Shown::issued(signed, options)?;
    let sheets = document::compose(&shown, fonts, options)?;
    let pictures = shown.codes.into_iter().map(|code| Picture {
        pixels: code.pixels(),
        rows: code.image,
    });
    Ok((sheets, pictures.collect()))
}
