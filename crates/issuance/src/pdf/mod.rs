//! Writing PDF (ISO 32000-2, as far as version 1.7 knows it): objects, fonts, and the operators
//! of a page. Small because it writes one kind of document; why it is not `printpdf` is in
//! ADR 0006.

mod content;
mod deflate;
mod file;
mod font_objects;

pub(crate) use content::{Content, resource_name};
pub(crate) use deflate::{deflated, deflated_once};
pub(crate) use file::{ObjectId, PdfFile};
pub(crate) use font_objects::write_font;
