//! Reading certificates back: out of a text, a picture or a PDF page as it will print; then
//! verifying them.
//!
//! A kiosk does this with the very bytes that go to the printer, before they go
//! (`docs/adr/0004-read-back.md`). Everything is bounded, nothing is written anywhere. Rendering
//! takes tens of milliseconds: call it off the thread that serves others.

mod admission;
mod page;
mod picture;
mod raster;
mod screen;
mod text;
mod trust;
mod upright;

pub use admission::Inadmissible;
pub use page::{from_pdf, page_count};
pub use picture::from_png;
pub use screen::to_screen;
pub use text::{Code, TextError, from_file, from_text};
pub use trust::{PageError, Trust, VerifiedCode, VerifiedPage, VerifyError, verify_page};

/// A code found on a page, not yet verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundCode {
    /// Its page, from 0; a picture is one page.
    pub page: usize,
    /// What it says.
    pub code: Code,
}

/// Why nothing was read out of a picture or a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReadBackError {
    /// More bytes than are read.
    #[error("the file is {0} bytes long")]
    TooLong(usize),
    /// No PNG, or a damaged one.
    #[error("no readable PNG")]
    Picture,
    /// More pixels than are looked at.
    #[error("{width} × {height} pixels are too many")]
    TooManyPixels {
        /// Pixels across.
        width: usize,
        /// Pixels down.
        height: usize,
    },
    /// No PDF, or a damaged one.
    #[error("no readable PDF")]
    Document,
    /// A PDF with something that no page of ours has.
    #[error("the PDF: {0}")]
    Inadmissible(#[from] Inadmissible),
    /// A code whose modules print smaller than scanners read ([`crate::qr::SMALLEST_MODULE_MM`]).
    #[error("a code on page {page}, from 0, has modules of {micrometres} µm")]
    ModuleTooSmall {
        /// Which page.
        page: usize,
        /// How large its modules are.
        micrometres: usize,
    },
    /// A code says something that is no certificate.
    #[error("a code on page {page}, from 0, is no certificate: {source}")]
    ForeignCode {
        /// Which page.
        page: usize,
        /// Why it is none.
        source: TextError,
    },
}
