//! The printed page: A4 portrait, Japanese and English side by side, black on white.
//!
//! The fixed part of each sheet and the labels' fonts are prepared once (`fixed`); a document
//! adds what differs (`variable`), its codes as 1-bit images, and the few glyphs of registered
//! names that it needs (`document`).

pub mod another_writer;
mod codes;
mod composer;
mod document;
mod fits;
mod fixed;
mod layout;
pub mod marks;
pub mod measures;
mod variable;
pub(crate) mod words;

use certificate::model::Certificate;
use time::Date;

pub(crate) use fits::{alternative_name_fits, lot_fits, name_fits, title_english_fits, title_fits};
pub(crate) use fixed::{StaticSheets, WatermarkOutlines};
pub use layout::MOST_DOSES;

use self::document::Shown;
use crate::{Fonts, Linted, Signed};

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
    /// More doses than two sheets hold.
    #[error("{0} doses are more than two sheets hold")]
    TooManyDoses(usize),
    /// A text that these fonts cannot set: it was linted with others.
    #[error("a text of the certificate cannot be set in these fonts")]
    Text,
    /// A code that cannot be drawn, or is larger than its place on the page.
    #[error("a code cannot be drawn")]
    Code,
    /// The document came out longer than 100 kB.
    #[error("the document is {0} bytes long")]
    TooLong(usize),
}

/// Longest document, in bytes.
pub const LONGEST_DOCUMENT: usize = 100_000;

/// Longest address of a verification page, in characters.
const LONGEST_URL: usize = 60;

/// The disease of the certificates that the minister issues together with the municipality:
/// COVID-19 (ICD-11, RA01.0).
const COVID_19: &str = "RA01.0";

/// Renders the A4 page as PDF, at most 100 kB: the same input gives the same bytes. Up to eight
/// doses take one sheet, more take a second one.
///
/// # Errors
/// [`RenderError`].
pub fn render(
    signed: &Signed,
    fonts: &Fonts,
    options: &PageOptions<'_>,
) -> Result<Vec<u8>, RenderError> {
    check(signed.certificate(), options)?;
    bounded(document::write(
        Shown::issued(signed, options)?,
        fonts,
        options,
    )?)
}

/// Renders the page as it will print, crossed out: without a code, a signature or a certificate's
/// id, so that it is worth nothing to anybody. The same input gives the same bytes.
///
/// # Errors
/// [`RenderError`].
pub fn render_preview(
    linted: &Linted,
    fonts: &Fonts,
    options: &PageOptions<'_>,
) -> Result<Vec<u8>, RenderError> {
    check(linted.certificate(), options)?;
    bounded(document::write(Shown::preview(linted), fonts, options)?)
}

/// Refuses what no page has room for.
fn check(certificate: &Certificate, options: &PageOptions<'_>) -> Result<(), RenderError> {
    let url = options.verification_url;
    let printable = url.bytes().all(|byte| byte.is_ascii_graphic());
    if !printable || !(1..=LONGEST_URL).contains(&url.len()) {
        return Err(RenderError::VerificationUrl);
    }
    let doses = certificate.doses.len();
    if doses > MOST_DOSES {
        return Err(RenderError::TooManyDoses(doses));
    }
    Ok(())
}

fn bounded(document: Vec<u8>) -> Result<Vec<u8>, RenderError> {
    if document.len() > LONGEST_DOCUMENT {
        return Err(RenderError::TooLong(document.len()));
    }
    Ok(document)
}

/// Whether every dose is against COVID-19.
fn is_covid_19(certificate: &Certificate) -> bool {
    let mut doses = certificate.doses.iter();
    doses.all(|dose| dose.product.icd11_disease == COVID_19)
}
