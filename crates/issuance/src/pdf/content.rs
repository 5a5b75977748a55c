//! The operators of a page's content stream.

use crate::fonts::{FontSlot, NameSubset, Outline, Run};
use crate::page::marks::Mark;
use crate::page::measures::{Length, SHEET_HEIGHT};

/// A content stream in the making.
pub(crate) struct Content<'a> {
    bytes: Vec<u8>,
    /// The glyphs taken from each font of the name chain.
    names: &'a mut [Option<NameSubset>],
}

/// cos 45° = sin 45°, as a matrix entry.
const DIAGONAL: &str = "0.70711";

impl<'a> Content<'a> {
    /// An empty stream; `names` has a place for each font of the chain.
    pub(crate) fn new(names: &'a mut [Option<NameSubset>]) -> Self {
        Self {
            bytes: Vec::with_capacity(16 << 10),
            names,
        }
    }

    /// The operators.
    pub(crate) fn finish(self) -> Vec<u8> {
        self.bytes
    }

    /// Draws a mark.
    pub(crate) fn draw(&mut self, mark: &Mark) {
        match mark {
            Mark::Text { x, y, size, run } => self.text((*x, *y), *size, run),
            Mark::Rule {
                from,
                to,
                thickness,
            } => {
                self.thickness(*thickness);
                self.position(from.0, from.1);
                self.put(b" m ");
                self.position(to.0, to.1);
                self.put(b" l S\n");
            }
            Mark::Frame {
                x,
                y,
                width,
                height,
                thickness,
            } => {
                self.thickness(*thickness);
                self.position(*x, *y + *height);
                self.put(b" ");
                self.length(*width);
                self.put(b" ");
                self.length(*height);
                self.put(b" re S\n");
            }
            Mark::Code { x, y, side, code } => {
                self.put(b"q ");
                self.length(*side);
                self.put(b" 0 0 ");
                self.length(*side);
                self.put(b" ");
                self.position(*x, *y + *side);
                self.put(b" cm /C");
                self.put(code.to_string().as_bytes());
                self.put(b" Do Q\n");
            }
        }
    }

    /// Draws an outlined text, turned by 45°, rising, in a grey: 0 is black, 1 white.
    pub(crate) fn watermark(
        &mut self,
        (x, y): (Length, Length),
        size: Length,
        outline: &Outline,
        grey: &str,
    ) {
        self.put(b"q ");
        self.put(grey.as_bytes());
        self.put(b" g ");
        for entry in [DIAGONAL, " ", DIAGONAL, " -", DIAGONAL, " ", DIAGONAL, " "] {
            self.put(entry.as_bytes());
        }
        self.position(x, y);
        self.put(b" cm ");
        // The outline is in thousandths of the size, which is in hundredths of a point.
        let scale = format!("{:.5}", f64::from(size) / 100_000.0);
        self.put(format!("{scale} 0 0 {scale} 0 0 cm\n").as_bytes());
        self.put(outline.operators().as_bytes());
        self.put(b"f Q\n");
    }

    fn text(&mut self, (x, y): (Length, Length), size: Length, run: &Run) {
        self.put(b"BT /");
        self.put(resource_name(run.font).as_bytes());
        self.put(b" ");
        self.length(size);
        self.put(b" Tf ");
        self.position(x, y);
        self.put(b" Td <");
        for glyph in &run.glyphs {
            let id = match run.font {
                FontSlot::Labels | FontSlot::Headings => glyph.id,
                FontSlot::Name(at) => self.names[usize::from(at)]
                    .get_or_insert_with(NameSubset::new)
                    .take(glyph),
            };
            for shift in [12, 8, 4, 0] {
                let digit = usize::from(id >> shift) & 15;
                self.bytes.push(b"0123456789ABCDEF"[digit]);
            }
        }
        self.put(b"> Tj ET\n");
    }

    fn thickness(&mut self, thickness: Length) {
        self.length(thickness);
        self.put(b" w ");
    }

    fn position(&mut self, x: Length, y: Length) {
        self.length(x);
        self.put(b" ");
        self.length(SHEET_HEIGHT - y);
    }

    /// Hundredths of a point as a decimal number of points.
    fn length(&mut self, length: Length) {
        if length < 0 {
            self.put(b"-");
        }
        let hundredths = length.unsigned_abs();
        let mut digits = [0; 10];
        let mut at = digits.len();
        let mut whole = hundredths / 100;
        loop {
            at -= 1;
            digits[at] = b'0' + (whole % 10) as u8;
            whole /= 10;
            if whole == 0 {
                break;
            }
        }
        self.bytes.extend_from_slice(&digits[at..]);
        let fraction = (hundredths % 100) as u8;
        if fraction != 0 {
            self.bytes.extend_from_slice(&[b'.', b'0' + fraction / 10]);
            if !fraction.is_multiple_of(10) {
                self.bytes.push(b'0' + fraction % 10);
            }
        }
    }

    fn put(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }
}

/// The name under which a page's resources have a font.
pub(crate) fn resource_name(font: FontSlot) -> String {
    match font {
        FontSlot::Labels => "L".to_owned(),
        FontSlot::Headings => "H".to_owned(),
        FontSlot::Name(at) => format!("N{at}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_decimal_points() {
        for (length, text) in [
            (0, "0"),
            (5, "0.05"),
            (120, "1.2"),
            (84192, "841.92"),
            (-250, "-2.5"),
        ] {
            let mut content = Content::new(&mut []);
            content.length(length);
            assert_eq!(content.finish(), text.as_bytes());
        }
    }
}
