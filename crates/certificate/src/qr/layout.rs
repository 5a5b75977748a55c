//! What is the same in every code of a version: functional patterns, where the data goes, and
//! the eight masks; laid out once for each version.

use std::sync::OnceLock;

use qrcode::canvas::{Canvas, Module};
use qrcode::types::EcLevel;

use super::matrix::{Line, QrMatrix};
use super::segments::Version;
use super::square::Square;
use super::{format, penalty};

/// A version's layout.
pub(super) struct Layout {
    version: Version,
    functional: Vec<Line>,
    /// Where each bit of the codewords goes, (x, y), in their order.
    data: Vec<(u8, u8)>,
    /// The masks over the data's modules, 0 to 7.
    masks: Vec<Square>,
}

/// The layout of a version, laid out at its first use.
pub(super) fn of(version: Version) -> &'static Layout {
    static LAYOUTS: [OnceLock<Layout>; 40] = [const { OnceLock::new() }; 40];
    LAYOUTS[usize::from(version.number()) - 1].get_or_init(|| Layout::new(version))
}

impl Layout {
    fn new(version: Version) -> Self {
        let size = version.size();
        let mut canvas = Canvas::new(version.of_qrcode(), EcLevel::L);
        canvas.draw_all_functional_patterns();
        let module = |x: usize, y: usize| canvas.get(x as i16, y as i16);
        let mut functional = Square::light(size);
        for (x, y) in (0..size).flat_map(|y| (0..size).map(move |x| (x, y))) {
            functional.set(x, y, module(x, y).is_dark());
        }
        let data = zigzag(size)
            .filter(|(x, y)| module(*x, *y) == Module::Empty)
            .map(|(x, y)| (x as u8, y as u8))
            .collect::<Vec<_>>();
        let mask = |mask| {
            let mut square = Square::light(size);
            for (x, y) in &data {
                let (x, y) = (usize::from(*x), usize::from(*y));
                square.set(x, y, flips(mask, x, y));
            }
            square
        };
        Self {
            version,
            functional: functional.rows,
            masks: (0..8).map(mask).collect(),
            data,
        }
    }

    /// The code of these codewords, under the mask with the lowest penalty (ISO/IEC 18004,
    /// 7.8.3), the first of equal ones.
    pub(super) fn fill(&self, codewords: &[u8], level: EcLevel) -> QrMatrix {
        let plain = self.place(codewords);
        let mut square = plain.clone();
        let mut best = (u32::MAX, Vec::new());
        for (mask, flips) in self.masks.iter().enumerate() {
            square.set_masked(&plain, flips);
            self.write_format(&mut square, format::bits(level, mask));
            let penalty = penalty::score(&square);
            if penalty < best.0 {
                best = (penalty, square.rows.clone());
            }
        }
        QrMatrix {
            version: self.version,
            rows: best.1,
        }
    }

    /// The codewords' bits in their places; modules that are left over are light (7.7.3).
    fn place(&self, codewords: &[u8]) -> Square {
        let mut rows = self.functional.clone();
        for (word, places) in codewords.iter().zip(self.data.chunks(8)) {
            for (at, (x, y)) in places.iter().enumerate() {
                let dark = u64::from(word << at >> 7);
                rows[usize::from(*y)][usize::from(*x / 64)] |= dark << (x % 64);
            }
        }
        Square::of_rows(rows)
    }

    fn write_format(&self, square: &mut Square, bits: u16) {
        for at in 0..15 {
            for (x, y) in format::places(at, self.version.size()) {
                square.set(x, y, bits >> at & 1 == 1);
            }
        }
    }
}

/// The places in which data may stand, in order: columns in pairs from the right, upwards and
/// downwards in turn, the column of the vertical timing pattern left out (7.7.3).
fn zigzag(size: usize) -> impl Iterator<Item = (usize, usize)> {
    let pairs = (0..size / 2).map(move |pair| {
        let right = size - 1 - 2 * pair;
        (pair, if right <= 6 { right - 1 } else { right })
    });
    pairs.flat_map(move |(pair, right)| {
        (0..size).flat_map(move |step| {
            let y = if pair % 2 == 0 { size - 1 - step } else { step };
            [(right, y), (right - 1, y)]
        })
    })
}

/// Whether a mask flips a module (ISO/IEC 18004, table 10).
const fn flips(mask: usize, x: usize, y: usize) -> bool {
    match mask {
        0 => (y + x).is_multiple_of(2),
        1 => y.is_multiple_of(2),
        2 => x.is_multiple_of(3),
        3 => (y + x).is_multiple_of(3),
        4 => (y / 2 + x / 3).is_multiple_of(2),
        5 => (y * x) % 2 + (y * x) % 3 == 0,
        6 => ((y * x) % 2 + (y * x) % 3).is_multiple_of(2),
        _ => ((y + x) % 2 + (y * x) % 3).is_multiple_of(2),
    }
}
