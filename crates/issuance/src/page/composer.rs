//! Setting text on a sheet: placed, fitted to a width, broken into lines.

use super::marks::Mark;
use super::measures::Length;
use crate::fonts::{LabelFont, Run};

/// Puts marks on one sheet.
pub(super) struct Composer<'a> {
    labels: &'a LabelFont,
    headings: &'a LabelFont,
    marks: Vec<Mark>,
    /// Whether every text could be set.
    whole: bool,
}

/// Where a line of text goes: the point is on its baseline.
#[derive(Debug, Clone, Copy)]
pub(super) enum Anchor {
    Left(Length, Length),
    Centre(Length, Length),
    Right(Length, Length),
}

/// A size range for text that has to fit.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sizes {
    pub(super) largest: Length,
    pub(super) smallest: Length,
}

impl<'a> Composer<'a> {
    pub(super) fn new(labels: &'a LabelFont, headings: &'a LabelFont) -> Self {
        Self {
            labels,
            headings,
            marks: Vec::with_capacity(160),
            whole: true,
        }
    }

    /// The marks; `None` where a text had a character outside of a prepared set.
    pub(super) fn finish(self) -> Option<Vec<Mark>> {
        self.whole.then_some(self.marks)
    }

    pub(super) fn mark(&mut self, mark: Mark) {
        self.marks.push(mark);
    }

    pub(super) fn frame(&mut self, x: Length, y: Length, width: Length, height: Length) {
        self.mark(Mark::Frame {
            x,
            y,
            width,
            height,
            thickness: 70,
        });
    }

    pub(super) fn rule(&mut self, from: (Length, Length), to: (Length, Length)) {
        self.mark(Mark::Rule {
            from,
            to,
            thickness: 30,
        });
    }

    /// A line in the font of the labels.
    pub(super) fn label(&mut self, at: Anchor, size: Length, text: &str) {
        if let Some(run) = self.set(text) {
            self.run(at, size, run);
        }
    }

    /// A line in the font of the headings.
    pub(super) fn heading(&mut self, at: Anchor, size: Length, text: &str) -> Length {
        let Some(run) = self.headings.set(text) else {
            self.whole = false;
            return 0;
        };
        let width = width(&run, size);
        self.run(at, size, run);
        width
    }

    /// A line that was set.
    pub(super) fn run(&mut self, at: Anchor, size: Length, run: Run) {
        let (x, y) = match at {
            Anchor::Left(x, y) => (x, y),
            Anchor::Centre(x, y) => (x - width(&run, size) / 2, y),
            Anchor::Right(x, y) => (x - width(&run, size), y),
        };
        self.mark(Mark::Text { x, y, size, run });
    }

    /// Sets a text in the font of the labels.
    pub(super) fn set(&mut self, text: &str) -> Option<Run> {
        let run = self.labels.set(text);
        self.whole &= run.is_some();
        run
    }

    /// A line as large as its width allows; at the smallest size it may stand out.
    pub(super) fn fitted(&mut self, at: Anchor, available: Length, sizes: Sizes, text: &str) {
        if let Some(run) = self.set(text) {
            let size = fitted_size(&run, available, sizes).unwrap_or(sizes.smallest);
            self.run(at, size, run);
        }
    }

    /// Texts one above the other in a cell, each in one line as large as its width allows; or,
    /// where one is too wide for that, all in as many lines of the smallest size as they take.
    pub(super) fn stacked(
        &mut self,
        (x, top): (Length, Length),
        height: Length,
        available: Length,
        sizes: Sizes,
        texts: [&str; 2],
    ) {
        let [Some(upper), Some(lower)] = texts.map(|text| self.set(text)) else {
            return;
        };
        let fitting = |run| fitted_size(run, available, sizes);
        let set = match (fitting(&upper), fitting(&lower)) {
            (Some(first), Some(second)) => vec![(first, upper), (second, lower)],
            _ => [upper, lower]
                .iter()
                .flat_map(|run| lines(run, available, sizes.smallest))
                .map(|line| (sizes.smallest, line))
                .collect(),
        };
        let count = set.len() as Length;
        // Two lines have the distance of the largest size, more divide the cell.
        let leading = (sizes.largest * 122 / 100).min(height * 96 / 100 / count);
        let size = set.first().map_or(0, |(size, _)| *size);
        let first = top + (height - leading * (count - 1)) / 2 + size * 36 / 100;
        for (at, (size, run)) in (0..).zip(set) {
            self.run(Anchor::Left(x, first + at * leading), size, run);
        }
    }

    /// A paragraph; gives the baseline that a next line would have.
    pub(super) fn paragraph(
        &mut self,
        (x, baseline): (Length, Length),
        available: Length,
        size: Length,
        text: &str,
    ) -> Length {
        let Some(run) = self.set(text) else {
            return baseline;
        };
        let mut y = baseline;
        for line in lines(&run, available, size) {
            self.run(Anchor::Left(x, y), size, line);
            y += size * 140 / 100;
        }
        y
    }
}

/// The width of a run at a size.
pub(super) fn width(run: &Run, size: Length) -> Length {
    (i64::from(run.width()) * i64::from(size) / 1000) as Length
}

/// The largest size of the range at which a run fits.
pub(super) fn fitted_size(run: &Run, available: Length, sizes: Sizes) -> Option<Length> {
    let thousandths = i64::from(run.width()).max(1);
    let fits = (i64::from(available) * 1000 / thousandths).min(i64::from(sizes.largest)) as Length;
    (fits >= sizes.smallest).then_some(fits)
}

/// Breaks a run into lines: at spaces, and between Japanese characters, but never before closing
/// nor after opening punctuation. A word longer than the line stands out of it.
pub(super) fn lines(run: &Run, available: Length, size: Length) -> Vec<Run> {
    let limit = i64::from(available) * 1000 / i64::from(size.max(1));
    let glyphs = &run.glyphs;
    let (mut lines, mut start, mut last_break, mut width) = (Vec::new(), 0, 0, 0_i64);
    for at in 0..glyphs.len() {
        if at > start && may_break(glyphs[at - 1].character, glyphs[at].character) {
            last_break = at;
        }
        width += i64::from(glyphs[at].advance);
        if width > limit && last_break > start && glyphs[at].character != ' ' {
            lines.push(line(run, start, last_break));
            start = last_break;
            width = glyphs[start..=at]
                .iter()
                .map(|g| i64::from(g.advance))
                .sum();
        }
    }
    lines.push(line(run, start, glyphs.len()));
    lines
}

fn line(run: &Run, from: usize, to: usize) -> Run {
    let is_space = |glyph: &&crate::fonts::Glyph| glyph.character == ' ';
    let spaces = run.glyphs[from..to]
        .iter()
        .rev()
        .take_while(is_space)
        .count();
    Run {
        font: run.font,
        glyphs: run.glyphs[from..to - spaces].to_vec(),
    }
}

fn may_break(before: char, after: char) -> bool {
    let japanese = |c: char| !c.is_ascii();
    match (before, after) {
        (_, ' ' | '、' | '。' | ')' | '」' | 'ー' | '・' | ',' | '.') | ('(' | '「', _) => {
            false
        }
        (' ' | '/', _) => true,
        _ => japanese(before) || japanese(after),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fonts::{FontSlot, Glyph};

    fn run(text: &str) -> Run {
        let glyphs = text.chars().map(|character| Glyph {
            id: 1,
            advance: 1000,
            character,
            selector: None,
        });
        Run {
            font: FontSlot::Labels,
            glyphs: glyphs.collect(),
        }
    }

    fn broken(text: &str, characters: Length) -> Vec<String> {
        lines(&run(text), characters * 100, 100)
            .iter()
            .map(|line| line.glyphs.iter().map(|glyph| glyph.character).collect())
            .collect()
    }

    #[test]
    fn words_stay_whole_and_kanji_do_not_have_to() {
        assert_eq!(broken("ab cd ef", 5), ["ab cd", "ef"]);
        assert_eq!(broken("一二三四五", 2), ["一二", "三四", "五"]);
        assert_eq!(broken("一二三、四", 3), ["一二", "三、四"]);
        assert_eq!(broken("abcdefgh ij", 4), ["abcdefgh", "ij"]);
        assert_eq!(broken("", 4), [""]);
    }

    #[test]
    fn a_text_is_as_large_as_fits() {
        let sizes = Sizes {
            largest: 1000,
            smallest: 500,
        };
        assert_eq!(fitted_size(&run("一二"), 2000, sizes), Some(1000));
        assert_eq!(fitted_size(&run("一二三"), 2000, sizes), Some(666));
        assert_eq!(fitted_size(&run("一二三四五"), 2000, sizes), None);
    }
}
