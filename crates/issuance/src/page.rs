//! The printed page.

use time::Date;

use crate::{Fonts, Signed};

/// What the page says beyond the certificate. Copies are the printer's business.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageOptions<'a> {
    /// Mark it 見本 / SPECIMEN. A certificate of a TEST issuer is always marked.
    pub specimen: bool,
    /// Mark it 再発行 / REISSUED, with this day.
    pub reissued_on: Option<Date>,
    /// The verification page's address, printed: ASCII, at most 60 characters.
    pub verification_url: &'a str,
}

/// Why no page was made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RenderError {
    /// The verification page's address is empty, too long, or not ASCII.
    #[error("the verification page's address cannot be printed")]
    VerificationUrl,
    /// A text that these fonts cannot set: it was linted with others.
    #[error("a text of the certificate cannot be set in these fonts")]
    Text,
    /// A code that cannot be drawn.
    #[error("a code cannot be drawn")]
    Code,
    /// The document came out longer than 100 kB.
    #[error("the document is {0} bytes long")]
    TooLong(usize),
}

/// Renders the A4 page as PDF, at most 100 kB: the same input gives the same bytes.
///
/// # Errors
/// [`RenderError`].
pub fn render(
    _signed: &Signed,
    _fonts: &Fonts,
    _options: &PageOptions<'_>,
) -> Result<Vec<u8>, RenderError> {
    Err(RenderError::Text)
}
