//! What a PDF may hold before it is rendered. Our own pages hold little, so that whatever could
//! cost time or memory without bound is refused by kind, not measured while it runs.

use hayro::hayro_syntax::Filter;
use hayro::hayro_syntax::Pdf;
use hayro::hayro_syntax::object::{Dict, Object, Stream};
use libdeflater::Decompressor;

/// Most objects in a document.
const MOST_OBJECTS: usize = 2_000;
/// Most bytes that all streams together decompress to.
const MOST_STREAM_BYTES: usize = 32 * 1024 * 1024;
/// Most pixels in an image.
const MOST_IMAGE_PIXELS: u64 = 16 * 1024 * 1024;
/// Most pages.
const MOST_PAGES: u8 = 8;

/// What no page of ours has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Inadmissible {
    /// No page, or more than 8.
    #[error("{0} pages")]
    Pages(usize),
    /// More objects than a document of ours could need.
    #[error("more than 2000 objects")]
    Objects,
    /// A stream under another filter than a single Flate.
    #[error("a stream under a filter that is not used here")]
    Filter,
    /// A stream that is damaged, or all of them together decompress to too much.
    #[error("a stream is damaged or too large")]
    Stream,
    /// An image with too many pixels.
    #[error("an image with too many pixels")]
    Image,
    /// A drawing inside a drawing inside the page: a few of them multiply without bound.
    #[error("a drawing within a drawing")]
    NestedDrawing,
    /// A page that is much larger than A4.
    #[error("a page of {width} × {height} points")]
    PageSize {
        /// Points across.
        width: u32,
        /// Points down.
        height: u32,
    },
}

/// Admits a document for rendering.
pub(super) fn check(pdf: &Pdf) -> Result<(), Inadmissible> {
    admitted_pages(pdf)?;
    let mut bytes_left = MOST_STREAM_BYTES;
    for (at, object) in pdf.objects().into_iter().enumerate() {
        if at >= MOST_OBJECTS {
            return Err(Inadmissible::Objects);
        }
        if let Object::Stream(stream) = object {
            check_stream(&stream, &mut bytes_left)?;
        }
    }
    Ok(())
}

/// The number of pages, where there are not too many.
pub(super) fn admitted_pages(pdf: &Pdf) -> Result<u8, Inadmissible> {
    let pages = pdf.pages().len();
    u8::try_from(pages)
        .ok()
        .filter(|pages| (1..=MOST_PAGES).contains(pages))
        .ok_or(Inadmissible::Pages(pages))
}

fn check_stream(stream: &Stream<'_>, bytes_left: &mut usize) -> Result<(), Inadmissible> {
    let raw = stream.raw_data();
    let length = match stream.filters().as_slice() {
        [] => raw.len(),
        [Filter::FlateDecode] => inflated(&raw, *bytes_left)?,
        _ => return Err(Inadmissible::Filter),
    };
    *bytes_left = bytes_left.checked_sub(length).ok_or(Inadmissible::Stream)?;
    let dict = stream.dict();
    let side = |key: &[u8]| u64::from(dict.get::<u32>(key).unwrap_or(0));
    if side(b"Width").saturating_mul(side(b"Height")) > MOST_IMAGE_PIXELS {
        return Err(Inadmissible::Image);
    }
    let draws_drawings = dict
        .get::<Dict<'_>>(&b"Resources"[..])
        .is_some_and(|resources| {
            [&b"XObject"[..], b"Pattern", b"ExtGState"]
                .into_iter()
                .any(|kind| {
                    resources
                        .get::<Dict<'_>>(kind)
                        .is_some_and(|kind| !kind.is_empty())
                })
        });
    if draws_drawings {
        return Err(Inadmissible::NestedDrawing);
    }
    Ok(())
}

/// How long a zlib stream (RFC 1950) is when it is inflated.
fn inflated(raw: &[u8], most: usize) -> Result<usize, Inadmissible> {
    // No deflate stream grows to more than 1032 times its length.
    let mut bytes = vec![0; most.min(raw.len().saturating_mul(1032))];
    Decompressor::new()
        .zlib_decompress(raw, &mut bytes)
        .map_err(|_| Inadmissible::Stream)
}
