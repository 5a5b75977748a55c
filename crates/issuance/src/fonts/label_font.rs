//! A font for the fixed texts: subset and compressed once, the same in every document.

use subsetter::GlyphRemapper;
use ttf_parser::Face;

use super::embedded::{EmbeddedFont, Metrics, Program};
use super::run::{FontSlot, Glyph, Run};
use super::sfnt;

/// A prepared font with a closed set of characters.
pub(crate) struct LabelFont {
    slot: FontSlot,
    /// Sorted by character.
    glyphs: Vec<Glyph>,
    embedded: EmbeddedFont,
}

impl LabelFont {
    /// Subsets the font at this index of the file to these characters.
    ///
    /// # Errors
    /// The first character that the font lacks; `None` where the font cannot be used.
    pub(crate) fn prepare(
        file: &[u8],
        index: u32,
        slot: FontSlot,
        characters: &str,
    ) -> Result<Self, Option<char>> {
        let face = Face::parse(file, index).map_err(|_| None)?;
        let metrics = Metrics::of(&face, Metrics::name(&face)).ok_or(None)?;
        let mut wanted: Vec<char> = characters.chars().collect();
        wanted.sort_unstable();
        wanted.dedup();
        let mut remapper = GlyphRemapper::new();
        let mut glyphs = Vec::with_capacity(wanted.len());
        let mut by_id: Vec<Glyph> = Vec::with_capacity(wanted.len());
        for character in wanted {
            let old = face.glyph_index(character).ok_or(Some(character))?;
            let advance = face.glyph_hor_advance(old).unwrap_or(0);
            let glyph = Glyph {
                id: remapper.remap(old.0),
                advance: metrics.thousandths(i32::from(advance)) as u16,
                character,
                selector: None,
            };
            if usize::from(glyph.id) > by_id.len() {
                by_id.push(glyph);
            }
            glyphs.push(glyph);
        }
        let needed = sfnt::needed_tables(file, index).ok_or(None)?;
        let font = subsetter::subset(&needed, 0, &remapper).map_err(|_| None)?;
        let program = Program::compressed(font).ok_or(None)?;
        Ok(Self {
            slot,
            glyphs,
            embedded: EmbeddedFont::new(program, &metrics, &by_id).compressed(),
        })
    }

    /// Its place.
    pub(crate) const fn slot(&self) -> FontSlot {
        self.slot
    }

    /// Sets a text; `None` where a character is not of the prepared set.
    pub(crate) fn set(&self, text: &str) -> Option<Run> {
        let glyphs = text
            .chars()
            .map(|character| self.glyph(character))
            .collect::<Option<_>>()?;
        Some(Run {
            font: self.slot,
            glyphs,
        })
    }

    /// Whether a character is of the prepared set.
    pub(crate) fn has(&self, character: char) -> bool {
        self.glyph(character).is_some()
    }

    /// The font as it goes into every document.
    pub(crate) const fn embedded(&self) -> &EmbeddedFont {
        &self.embedded
    }

    fn glyph(&self, character: char) -> Option<Glyph> {
        self.glyphs
            .binary_search_by_key(&character, |glyph| glyph.character)
            .ok()
            .map(|at| self.glyphs[at])
    }
}
