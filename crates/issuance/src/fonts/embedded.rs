//! A font as a document embeds it: program, widths, and what each glyph stands for.

use std::fmt::Write as _;

use ttf_parser::{Face, name_id};

use super::run::Glyph;
use super::sfnt;
use crate::pdf::{deflated, deflated_once};

/// A stream's bytes, deflated or not.
#[derive(Clone)]
pub(crate) struct StreamData {
    pub(crate) bytes: Vec<u8>,
    pub(crate) deflated: bool,
    /// Length before deflating.
    pub(crate) length: usize,
}

/// A font program in the form in which PDF embeds it (ISO 32000-2, 9.9).
#[derive(Clone)]
pub(crate) struct Program {
    pub(crate) data: StreamData,
    /// CFF outlines (`FontFile3`, `CIDFontType0C`) or TrueType outlines (`FontFile2`).
    pub(crate) cff: bool,
}

/// The numbers of a font that its descriptor states, in thousandths of an em.
#[derive(Clone)]
pub(crate) struct Metrics {
    postscript_name: String,
    units_per_em: i32,
    pub(crate) bounding_box: [i32; 4],
    pub(crate) ascent: i32,
    pub(crate) descent: i32,
    pub(crate) cap_height: i32,
}

/// A subset of a font, ready to be written into a document.
#[derive(Clone)]
pub(crate) struct EmbeddedFont {
    /// PostScript name with the subset's tag: `ABCDEF+Name`.
    pub(crate) name: String,
    pub(crate) program: Program,
    pub(crate) metrics: Metrics,
    /// The widths of the glyphs from id 1 on, as the text of a `W` array.
    pub(crate) widths: String,
    /// The CMap that gives each glyph its text (ISO 32000-2, 9.10.3).
    pub(crate) to_unicode: StreamData,
}

impl StreamData {
    pub(crate) const fn plain(bytes: Vec<u8>) -> Self {
        Self {
            length: bytes.len(),
            bytes,
            deflated: false,
        }
    }

    /// Deflated fast, for one document.
    pub(crate) fn deflated(bytes: &[u8]) -> Self {
        Self {
            length: bytes.len(),
            bytes: deflated(bytes),
            deflated: true,
        }
    }

    /// Deflated well, for every document.
    pub(crate) fn deflated_once(bytes: &[u8]) -> Self {
        Self {
            length: bytes.len(),
            bytes: deflated_once(bytes),
            deflated: true,
        }
    }
}

impl Program {
    /// The program as it is: for a document's few glyphs, which deflating shortens by a fifth
    /// for 50 µs.
    pub(crate) fn plain(font: Vec<u8>) -> Option<Self> {
        let (bytes, cff) = match sfnt::table(&font, b"CFF ") {
            Some(table) => (table.to_vec(), true),
            None => (font, false),
        };
        (!bytes.is_empty()).then(|| Self {
            data: StreamData::plain(bytes),
            cff,
        })
    }

    /// The program deflated, for what is prepared once.
    pub(crate) fn compressed(font: Vec<u8>) -> Option<Self> {
        let plain = Self::plain(font)?;
        Some(Self {
            data: StreamData::deflated_once(&plain.data.bytes),
            cff: plain.cff,
        })
    }
}

impl Metrics {
    /// The PostScript name of a font, for [`Metrics::of`].
    pub(crate) fn name(face: &Face<'_>) -> Option<String> {
        face.names()
            .into_iter()
            .filter(|name| name.name_id == name_id::POST_SCRIPT_NAME)
            .find_map(|name| name.to_string())
    }

    /// The numbers of a font. `None` where it has no em.
    pub(crate) fn of(face: &Face<'_>, postscript_name: Option<String>) -> Option<Self> {
        let units_per_em = i32::from(face.units_per_em());
        let scaled = |value: i16| i32::from(value) * 1000 / units_per_em;
        let bounds = face.global_bounding_box();
        let name: String = postscript_name
            .unwrap_or_default()
            .chars()
            .filter(|c| c.is_ascii_alphanumeric() || *c == '-')
            .take(63)
            .collect();
        (units_per_em > 0).then(|| Self {
            postscript_name: if name.is_empty() {
                "Font".to_owned()
            } else {
                name
            },
            units_per_em,
            bounding_box: [bounds.x_min, bounds.y_min, bounds.x_max, bounds.y_max].map(scaled),
            ascent: scaled(face.ascender()),
            descent: scaled(face.descender()),
            cap_height: scaled(face.capital_height().unwrap_or(face.ascender())),
        })
    }

    /// Font units as thousandths of an em, rounded.
    pub(crate) const fn thousandths(&self, units: i32) -> i32 {
        (units * 1000 + self.units_per_em / 2) / self.units_per_em
    }
}

impl EmbeddedFont {
    /// A subset whose glyph `i + 1` is `glyphs[i]`.
    pub(crate) fn new(program: Program, metrics: &Metrics, glyphs: &[Glyph]) -> Self {
        let mut widths = String::with_capacity(5 * glyphs.len());
        for glyph in glyphs {
            // Writing to a String cannot fail.
            let _ = write!(widths, "{} ", glyph.advance);
        }
        Self {
            name: format!("{}+{}", tag(glyphs), metrics.postscript_name),
            program,
            metrics: metrics.clone(),
            widths,
            to_unicode: StreamData::plain(to_unicode(glyphs).into_bytes()),
        }
    }

    /// The same with its CMap deflated, for what is prepared once.
    pub(crate) fn compressed(mut self) -> Self {
        self.to_unicode = StreamData::deflated_once(&self.to_unicode.bytes);
        self
    }
}

/// The six capital letters that tell one subset of a font from another (ISO 32000-2, 9.9.2), out
/// of what the subset holds (FNV-1a).
fn tag(glyphs: &[Glyph]) -> String {
    let mut sum = 0xcbf2_9ce4_8422_2325_u64;
    for glyph in glyphs {
        for part in [
            u32::from(glyph.character),
            glyph.selector.map_or(0, u32::from),
        ] {
            sum = (sum ^ u64::from(part)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    (0..6)
        .map(|_| {
            let letter = b'A' + (sum % 26) as u8;
            sum /= 26;
            char::from(letter)
        })
        .collect()
}

/// Entries of one `bfchar` block: the most that the format allows.
const BLOCK: usize = 100;

fn to_unicode(glyphs: &[Glyph]) -> String {
    let mut cmap = String::with_capacity(400 + 20 * glyphs.len());
    cmap.push_str(
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n\
         /CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n\
         /CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n\
         1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n",
    );
    for (block, entries) in glyphs.chunks(BLOCK).enumerate() {
        let _ = writeln!(cmap, "{} beginbfchar", entries.len());
        for (at, glyph) in entries.iter().enumerate() {
            let _ = write!(cmap, "<{:04X}> <", block * BLOCK + at + 1);
            for character in std::iter::once(glyph.character).chain(glyph.selector) {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    let _ = write!(cmap, "{unit:04X}");
                }
            }
            cmap.push_str(">\n");
        }
        cmap.push_str("endbfchar\n");
    }
    cmap.push_str("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n");
    cmap
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_glyph_of_a_sequence_reads_as_the_sequence() {
        let glyph = Glyph {
            id: 9,
            advance: 1000,
            character: '𠮷',
            selector: Some('\u{e0100}'),
        };
        let cmap = to_unicode(&[glyph]);
        assert!(cmap.contains("1 beginbfchar\n<0001> <D842DFB7DB40DD00>\n"));
    }

    #[test]
    fn blocks_are_cut_at_a_hundred() {
        let glyph = Glyph {
            id: 1,
            advance: 500,
            character: 'a',
            selector: None,
        };
        let cmap = to_unicode(&vec![glyph; 101]);
        assert!(cmap.contains("100 beginbfchar") && cmap.contains("1 beginbfchar\n<0065>"));
    }
}
