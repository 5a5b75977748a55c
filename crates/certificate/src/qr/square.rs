//! A square of modules by its rows and by its columns, so that both can be looked along without
//! shifting.

use super::matrix::{Line, set};

/// A square by its rows and by its columns.
#[derive(Clone)]
pub(super) struct Square {
    pub(super) rows: Vec<Line>,
    pub(super) columns: Vec<Line>,
}

impl Square {
    pub(super) fn light(size: usize) -> Self {
        Self {
            rows: vec![[0; 3]; size],
            columns: vec![[0; 3]; size],
        }
    }

    /// The square of these rows.
    pub(super) fn of_rows(rows: Vec<Line>) -> Self {
        let columns = transposed(&rows);
        Self { rows, columns }
    }

    pub(super) fn set(&mut self, x: usize, y: usize, dark: bool) {
        set(&mut self.rows[y], x, dark);
        set(&mut self.columns[x], y, dark);
    }

    /// Becomes `plain` with the modules of `mask` inverted; all three are of one size.
    pub(super) fn set_masked(&mut self, plain: &Self, mask: &Self) {
        flip(&mut self.rows, &plain.rows, &mask.rows);
        flip(&mut self.columns, &plain.columns, &mask.columns);
    }
}

fn flip(lines: &mut [Line], plain: &[Line], masks: &[Line]) {
    for ((line, plain), mask) in lines.iter_mut().zip(plain).zip(masks) {
        *line = [plain[0] ^ mask[0], plain[1] ^ mask[1], plain[2] ^ mask[2]];
    }
}

/// The columns of these rows, in blocks of 64 × 64.
fn transposed(rows: &[Line]) -> Vec<Line> {
    let mut columns = vec![[0; 3]; rows.len()];
    for (across, lines) in rows.chunks(64).enumerate() {
        for (down, columns) in columns.chunks_mut(64).enumerate() {
            let mut block = [0; 64];
            for (word, line) in block.iter_mut().zip(lines) {
                *word = line[down];
            }
            transpose(&mut block);
            for (column, word) in columns.iter_mut().zip(block) {
                column[across] = word;
            }
        }
    }
    columns
}

/// Swaps halves, quarters, … of the block across its diagonal.
fn transpose(block: &mut [u64; 64]) {
    let mut width = 32;
    let mut low = u64::MAX >> 32;
    while width > 0 {
        for first in (0..64).filter(|row| row & width == 0) {
            let swapped = (block[first] >> width ^ block[first + width]) & low;
            block[first] ^= swapped << width;
            block[first + width] ^= swapped;
        }
        width /= 2;
        low ^= low << width;
    }
}

#[cfg(test)]
mod tests {
    use super::super::matrix::bit;
    use super::*;

    #[test]
    fn columns_are_the_rows_turned() {
        for size in [21, 64, 65, 129, 177] {
            let mut state = 1_u64;
            let mut rows = vec![[0; 3]; size];
            for row in &mut rows {
                for x in 0..size {
                    state = state
                        .wrapping_mul(6_364_136_223_846_793_005)
                        .wrapping_add(1);
                    set(row, x, state >> 63 == 1);
                }
            }
            let square = Square::of_rows(rows);
            for (x, y) in (0..size).flat_map(|y| (0..size).map(move |x| (x, y))) {
                assert_eq!(bit(&square.rows[y], x), bit(&square.columns[x], y));
            }
        }
    }
}
