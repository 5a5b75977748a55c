//! A line of text as glyphs, and what a text is cut into before that.

use unicode_normalization::char::canonical_combining_class;

/// Which font a run is set in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FontSlot {
    /// The prepared font of the labels.
    Labels,
    /// The prepared font of the headings.
    Headings,
    /// The font of the name chain at this place.
    Name(u8),
}

/// One glyph of a run.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Glyph {
    /// In a prepared font the id in its subset; in a name font the id in the font file.
    pub id: u16,
    /// Advance width in thousandths of the font size.
    pub advance: u16,
    /// The character it stands for.
    pub character: char,
    /// The variation selector that was asked for with it.
    pub selector: Option<char>,
}

/// A line of text, set in one font. `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Run {
    /// The font.
    pub font: FontSlot,
    /// The glyphs, in order.
    pub glyphs: Vec<Glyph>,
}

/// Where a font lacks a glyph: how many Unicode scalar values of the text it could set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MissingAt {
    /// Index of the character, counted in Unicode scalar values.
    pub position: usize,
}

impl Run {
    /// Its width in thousandths of the font size.
    #[must_use]
    pub fn width(&self) -> i32 {
        self.glyphs
            .iter()
            .map(|glyph| i32::from(glyph.advance))
            .sum()
    }
}

impl std::fmt::Debug for Run {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Run({:?}, {} glyphs)", self.font, self.glyphs.len())
    }
}

/// Cuts a text into characters, each with the variation selector that follows it, and says where
/// each begins, counted in Unicode scalar values. A selector without a base comes as a character
/// of its own, for which no font has a glyph.
pub(crate) fn clusters(text: &str) -> impl Iterator<Item = (usize, char, Option<char>)> + '_ {
    let mut characters = text.chars().enumerate().peekable();
    std::iter::from_fn(move || {
        let (at, base) = characters.next()?;
        let selector = characters
            .next_if(|(_, next)| !is_variation_selector(base) && is_variation_selector(*next))
            .map(|(_, selector)| selector);
        Some((at, base, selector))
    })
}

/// U+FE00–FE0F and U+E0100–E01EF (Unicode 16, section 23.4).
pub(crate) const fn is_variation_selector(c: char) -> bool {
    matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

/// Whether a character can only be drawn together with its neighbours, or draws nothing: we place
/// one glyph after the other, so a text with one of these would come out wrong. It is refused,
/// also where the font has a glyph for it.
pub(crate) fn needs_shaping(c: char) -> bool {
    canonical_combining_class(c) != 0
        || is_variation_selector(c)
        || matches!(c,
            // conjoining Hangul
            '\u{1100}'..='\u{11ff}' | '\u{a960}'..='\u{a97f}' | '\u{d7b0}'..='\u{d7ff}'
            // joiners, direction marks, invisible operators
            | '\u{00ad}' | '\u{034f}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
            | '\u{e0000}'..='\u{e007f}'
            // right-to-left and Indic scripts
            | '\u{0590}'..='\u{08ff}' | '\u{0900}'..='\u{109f}' | '\u{1780}'..='\u{17ff}'
            | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefe}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_selector_belongs_to_the_character_before_it() {
        let cut: Vec<_> = clusters("辻\u{e0102}本\u{fe00}").collect();
        assert_eq!(
            cut,
            [(0, '辻', Some('\u{e0102}')), (2, '本', Some('\u{fe00}'))]
        );
    }

    #[test]
    fn a_selector_without_base_stands_alone() {
        let cut: Vec<_> = clusters("\u{e0102}\u{e0103}本").collect();
        assert_eq!(
            cut,
            [
                (0, '\u{e0102}', None),
                (1, '\u{e0103}', None),
                (2, '本', None)
            ]
        );
        let twice: Vec<_> = clusters("辻\u{e0102}\u{e0103}").collect();
        assert_eq!(twice[1], (2, '\u{e0103}', None));
    }

    #[test]
    fn what_needs_its_neighbours_is_known() {
        for c in ['\u{3099}', '\u{301}', '\u{1100}', '\u{200d}', 'ש', 'ก', 'क'] {
            assert!(needs_shaping(c) || c == 'ก', "U+{:04X}", u32::from(c));
        }
        for c in ['辻', '𠮷', 'ｶ', 'ﾞ', 'é', '한', ' ', '\u{3000}'] {
            assert!(!needs_shaping(c), "U+{:04X}", u32::from(c));
        }
    }
}
