//! A text as outlines: for the watermark, which is seen and is not part of what the page says.

use std::fmt::Write as _;

use ttf_parser::{Face, OutlineBuilder};

/// The path operators of a text, in thousandths of its font size from its first baseline point.
pub(crate) struct Outline(String);

impl Outline {
    /// Outlines a text. `None` where the font cannot be read or lacks a character.
    pub(crate) fn of(file: &[u8], index: u32, text: &str) -> Option<Self> {
        let face = Face::parse(file, index).ok()?;
        let mut path = Path {
            operators: String::new(),
            scale: 1000.0 / f32::from(face.units_per_em()),
            origin: 0.0,
            at: (0.0, 0.0),
        };
        for character in text.chars() {
            let glyph = face.glyph_index(character)?;
            // A space has no outline.
            let _ = face.outline_glyph(glyph, &mut path);
            path.origin += f32::from(face.glyph_hor_advance(glyph)?);
        }
        Some(Self(path.operators))
    }

    pub(crate) fn operators(&self) -> &str {
        &self.0
    }
}

/// Takes a glyph's curves in font units.
struct Path {
    operators: String,
    scale: f32,
    /// Where the glyph begins on the baseline, in font units.
    origin: f32,
    /// The last point, in font units.
    at: (f32, f32),
}

impl Path {
    fn write(&mut self, points: &[(f32, f32)], operator: char) {
        for (x, y) in points {
            let (x, y) = ((x + self.origin) * self.scale, y * self.scale);
            // Writing to a String cannot fail.
            let _ = write!(self.operators, "{} {} ", x.round(), y.round());
        }
        self.operators.push(operator);
        self.operators.push('\n');
        self.at = points.last().copied().unwrap_or(self.at);
    }
}

impl OutlineBuilder for Path {
    fn move_to(&mut self, x: f32, y: f32) {
        self.write(&[(x, y)], 'm');
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.write(&[(x, y)], 'l');
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let toward = |(from_x, from_y): (f32, f32)| {
            (
                from_x + (x1 - from_x) * 2.0 / 3.0,
                from_y + (y1 - from_y) * 2.0 / 3.0,
            )
        };
        self.write(&[toward(self.at), toward((x, y)), (x, y)], 'c');
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.write(&[(x1, y1), (x2, y2), (x, y)], 'c');
    }

    fn close(&mut self) {
        self.operators.push_str("h\n");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fonts::FontPaths;

    #[test]
    fn a_text_has_an_outline_and_a_missing_character_has_none() {
        let file = FontPaths::default().headings;
        let data = std::fs::read(file.path).unwrap();
        let outline = Outline::of(&data, file.index, "見本").unwrap();
        assert!(outline.operators().contains(" c\n"));
        assert!(Outline::of(&data, file.index, "\u{2ffff}").is_none());
    }
}
