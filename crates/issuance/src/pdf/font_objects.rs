//! A subset font as a composite font (ISO 32000-2, 9.7): glyph ids are the codes.

use super::file::{ObjectId, PdfFile};
use crate::fonts::EmbeddedFont;

/// Symbolic: the font's characters are not those of the standard Latin set (9.8.2).
const SYMBOLIC: u8 = 4;

/// Writes the font's five objects and gives the one that a page's resources name.
pub(crate) fn write_font(file: &mut PdfFile, font: &EmbeddedFont) -> ObjectId {
    let name = &font.name;
    let program = if font.program.cff {
        file.add_stream(format_args!("/Subtype/CIDFontType0C"), &font.program.data)
    } else {
        let length = font.program.data.length;
        file.add_stream(format_args!("/Length1 {length}"), &font.program.data)
    };
    let metrics = &font.metrics;
    let [left, bottom, right, top] = metrics.bounding_box;
    let descriptor = file.add(format_args!(
        "<</Type/FontDescriptor/FontName/{name}/Flags {SYMBOLIC}\
         /FontBBox[{left} {bottom} {right} {top}]/ItalicAngle 0/Ascent {}/Descent {}\
         /CapHeight {}/StemV 80/{} {program}>>",
        metrics.ascent,
        metrics.descent,
        metrics.cap_height,
        if font.program.cff {
            "FontFile3"
        } else {
            "FontFile2"
        },
    ));
    let descendant = file.add(format_args!(
        "<</Type/Font/Subtype/{}/BaseFont/{name}\
         /CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>\
         /FontDescriptor {descriptor}/DW 1000/W[1[{}]]{}>>",
        if font.program.cff {
            "CIDFontType0"
        } else {
            "CIDFontType2"
        },
        font.widths,
        if font.program.cff {
            ""
        } else {
            "/CIDToGIDMap/Identity"
        },
    ));
    let to_unicode = file.add_stream(format_args!(""), &font.to_unicode);
    file.add(format_args!(
        "<</Type/Font/Subtype/Type0/BaseFont/{name}/Encoding/Identity-H\
         /DescendantFonts[{descendant}]/ToUnicode {to_unicode}>>"
    ))
}
