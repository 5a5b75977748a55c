//! The square of modules.

use std::fmt;

use super::segments::Version;

/// One line of modules, module `x` in bit `x % 64` of word `x / 64`; set is dark. 177 modules at
/// most.
pub(super) type Line = [u64; 3];

/// A code's modules, without quiet zone. Redacted in `Debug`: a code says what it says.
#[derive(Clone, PartialEq, Eq)]
pub struct QrMatrix {
    pub(super) version: Version,
    pub(super) rows: Vec<Line>,
}

/// Dark modules in a row, for drawing a code with few rectangles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DarkRun {
    /// First module, from the left.
    pub x: usize,
    /// Row, from the top.
    pub y: usize,
    /// How many.
    pub length: usize,
}

impl QrMatrix {
    /// The code's version.
    #[must_use]
    pub const fn version(&self) -> Version {
        self.version
    }

    /// Modules a side.
    #[must_use]
    pub const fn size(&self) -> usize {
        self.version.size()
    }

    /// Whether a module is dark, counted from the top left; outside the code none is.
    #[must_use]
    pub fn is_dark(&self, x: usize, y: usize) -> bool {
        x < self.size() && self.rows.get(y).is_some_and(|row| bit(row, x))
    }

    /// The rows from the top, packed eight modules a byte, the leftmost in the highest bit, dark
    /// set: as 1-bit images have them. Each row begins on a byte.
    #[must_use]
    pub fn packed_rows(&self) -> Vec<u8> {
        let bytes = self.size().div_ceil(8);
        let row = |row: &Line| {
            let row = *row;
            (0..bytes).map(move |at| ((row[at / 8] >> (8 * (at % 8))) as u8).reverse_bits())
        };
        self.rows.iter().flat_map(row).collect()
    }

    /// The dark runs of every row, from the top left.
    pub fn dark_runs(&self) -> impl Iterator<Item = DarkRun> + '_ {
        let runs = move |y: usize| {
            let mut x = 0;
            std::iter::from_fn(move || {
                x += (x..self.size())
                    .take_while(|x| !self.is_dark(*x, y))
                    .count();
                let length = (x..self.size()).take_while(|x| self.is_dark(*x, y)).count();
                let run = DarkRun { x, y, length };
                x += length;
                (length > 0).then_some(run)
            })
        };
        (0..self.size()).flat_map(runs)
    }
}

pub(super) const fn bit(line: &Line, at: usize) -> bool {
    line[at / 64] >> (at % 64) & 1 == 1
}

pub(super) const fn set(line: &mut Line, at: usize, dark: bool) {
    let mask = 1 << (at % 64);
    if dark {
        line[at / 64] |= mask;
    } else {
        line[at / 64] &= !mask;
    }
}

impl fmt::Debug for QrMatrix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "QrMatrix(version {}, [redacted])", self.version.number())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_and_packed_rows_are_the_same_modules() {
        let code = super::super::encode_bytes(b"the same modules", Version::VDS_NC).unwrap();
        let size = code.size();
        let mut drawn = vec![vec![false; size]; size];
        for run in code.dark_runs() {
            drawn[run.y][run.x..run.x + run.length].fill(true);
        }
        let packed = code.packed_rows();
        let stride = size.div_ceil(8);
        for (y, row) in drawn.iter().enumerate() {
            for (x, dark) in row.iter().enumerate() {
                let packed = packed[y * stride + x / 8] & (0x80 >> (x % 8)) != 0;
                assert_eq!((*dark, packed), (code.is_dark(x, y), code.is_dark(x, y)));
            }
        }
        assert!(!code.is_dark(size, 0) && !code.is_dark(0, size));
    }
}
