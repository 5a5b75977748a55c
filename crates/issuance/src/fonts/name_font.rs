//! A font of the name chain: looked up character by character, variation selectors included.

use subsetter::GlyphRemapper;
use ttf_parser::Face;

use super::embedded::{EmbeddedFont, Metrics, Program};
use super::run::{FontSlot, Glyph, MissingAt, Run, clusters, needs_shaping};
use super::sfnt;

/// A font for what is registered.
pub(crate) struct NameFont {
    data: Vec<u8>,
    slot: FontSlot,
    metrics: Metrics,
}

/// The glyphs of a name font that one document needs, with new ids from 1 in the order in which
/// they came.
pub(crate) struct NameSubset {
    remapper: GlyphRemapper,
    /// The first glyph of each new id, for its width and its text.
    glyphs: Vec<Glyph>,
}

impl NameFont {
    /// Keeps the needed tables of the font at this index of the file. `None` where it has no
    /// outlines or cannot be read.
    pub(crate) fn parse(file: &[u8], index: u32, slot: FontSlot) -> Option<Self> {
        let name = Face::parse(file, index)
            .ok()
            .and_then(|face| Metrics::name(&face));
        let data = sfnt::needed_tables(file, index)?;
        let metrics = Metrics::of(&Face::parse(&data, 0).ok()?, name)?;
        Some(Self {
            data,
            slot,
            metrics,
        })
    }

    /// Its place.
    pub(crate) const fn slot(&self) -> FontSlot {
        self.slot
    }

    /// Sets a text, if the font has each of its characters, with its variation selector where
    /// one is asked for. A selector that the font does not know for this base is a missing
    /// glyph, never the base without it.
    pub(crate) fn set(&self, text: &str) -> Result<Run, MissingAt> {
        let face = self.face().ok_or(MissingAt { position: 0 })?;
        let mut glyphs = Vec::with_capacity(text.len() / 3 + 1);
        for (position, character, selector) in clusters(text) {
            let id = look_up(&face, character, selector).ok_or(MissingAt { position })?;
            let advance = face.glyph_hor_advance(id).unwrap_or(0);
            glyphs.push(Glyph {
                id: id.0,
                advance: self.metrics.thousandths(i32::from(advance)) as u16,
                character,
                selector,
            });
        }
        Ok(Run {
            font: self.slot,
            glyphs,
        })
    }

    /// The glyphs of a document as a font to embed. `None` where the font's outlines are broken.
    pub(crate) fn embed(&self, subset: &NameSubset) -> Option<EmbeddedFont> {
        let font = subsetter::subset(&self.data, 0, &subset.remapper).ok()?;
        let program = Program::plain(font)?;
        Some(EmbeddedFont::new(program, &self.metrics, &subset.glyphs))
    }

    fn face(&self) -> Option<Face<'_>> {
        // Parsed once before, when the font was taken: it reads the table directory only.
        Face::parse(&self.data, 0).ok()
    }
}

/// The glyph of a character. cmap format 14 decides for a character with a selector: a sequence
/// that it does not list has no glyph.
fn look_up(
    face: &Face<'_>,
    character: char,
    selector: Option<char>,
) -> Option<ttf_parser::GlyphId> {
    if needs_shaping(character) {
        return None;
    }
    let id = match selector {
        Some(selector) => face.glyph_variation_index(character, selector),
        None => face.glyph_index(character),
    }?;
    (id.0 != 0).then_some(id)
}

impl NameSubset {
    pub(crate) fn new() -> Self {
        Self {
            remapper: GlyphRemapper::new(),
            glyphs: Vec::new(),
        }
    }

    /// The glyph's id in the subset.
    pub(crate) fn take(&mut self, glyph: &Glyph) -> u16 {
        let id = self.remapper.remap(glyph.id);
        if usize::from(id) > self.glyphs.len() {
            self.glyphs.push(*glyph);
        }
        id
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fonts::FontPaths;

    fn font(at: usize) -> NameFont {
        let file = &FontPaths::default().names[at];
        let data = std::fs::read(&file.path).unwrap();
        NameFont::parse(&data, file.index, FontSlot::Name(0)).unwrap()
    }

    fn ids(font: &NameFont, text: &str) -> Vec<u16> {
        let run = font.set(text).unwrap();
        run.glyphs.iter().map(|glyph| glyph.id).collect()
    }

    #[test]
    fn a_variation_selector_gives_its_own_glyph() {
        let font = font(0);
        // IPAmj Mincho: 辻 with one dot (MJ026193 / E0102) and with two (E0103, the default).
        let plain = ids(&font, "辻");
        assert_ne!(ids(&font, "辻\u{e0102}"), plain);
        assert_eq!(ids(&font, "辻\u{e0103}"), plain);
    }

    #[test]
    fn an_unknown_selector_is_a_missing_glyph() {
        assert_eq!(
            font(0).set("浦辻\u{e0101}").unwrap_err(),
            MissingAt { position: 1 }
        );
    }

    #[test]
    fn characters_beyond_the_basic_plane_have_glyphs() {
        assert_eq!(ids(&font(0), "𠮷").len(), 1);
        assert_eq!(ids(&font(1), "𠮷").len(), 1);
    }

    #[test]
    fn a_subset_numbers_its_glyphs_from_one() {
        let font = font(0);
        let run = font.set("辻\u{e0102}辻辻\u{e0102}").unwrap();
        let mut subset = NameSubset::new();
        let new: Vec<_> = run.glyphs.iter().map(|glyph| subset.take(glyph)).collect();
        assert_eq!(new, [1, 2, 1]);
        assert_eq!(subset.glyphs.len(), 2);
        assert!(font.embed(&subset).is_some());
    }
}
