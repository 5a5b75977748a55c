//! The penalty of a masked code (ISO/IEC 18004, 7.8.3), 64 modules at a time.
//!
//! Each rule looks along columns by combining whole rows, so that nothing is shifted; for rows,
//! the same is done to the square's columns.

use super::matrix::Line;
use super::square::Square;

/// The penalty: the lower, the better.
pub(super) fn score(square: &Square) -> u32 {
    along(&square.rows) + along(&square.columns) + blocks(&square.rows) + balance(&square.rows)
}

/// Runs and finder-like patterns along the columns of these rows.
fn along(rows: &[Line]) -> u32 {
    (0..rows.len().div_ceil(64))
        .map(|word| {
            let words: Vec<u64> = rows.iter().map(|row| row[word]).collect();
            let used = used(rows.len(), word);
            runs(&words, used) + finders(&words, used)
        })
        .sum()
}

/// The bits of a word that are modules.
const fn used(size: usize, word: usize) -> u64 {
    let modules = size - 64 * word;
    if modules >= 64 {
        u64::MAX
    } else {
        (1 << modules) - 1
    }
}

/// Rule 1: a run of n ≥ 5 modules of one colour costs n − 2. A run of n has n − 4 places at
/// which five of one colour begin; one for each of them, and two for each run.
fn runs(rows: &[u64], used: u64) -> u32 {
    let mut cost = 0;
    let mut before = 0;
    for five in rows.array_windows::<5>() {
        let any = five[0] | five[1] | five[2] | five[3] | five[4];
        let all = five[0] & five[1] & five[2] & five[3] & five[4];
        let same = (all | !any) & used;
        cost += same.count_ones() + 2 * (same & !before).count_ones();
        before = same;
    }
    cost
}

/// Rule 3: dark 1, light 1, dark 3, light 1, dark 1, with four light modules before or after it,
/// costs 40. What lies outside the code is light.
fn finders(rows: &[u64], used: u64) -> u32 {
    let row = |at: usize, offset: isize| {
        at.checked_add_signed(offset)
            .and_then(|at| rows.get(at))
            .copied()
            .unwrap_or(0)
    };
    let mut found = 0;
    for (at, seven) in rows.array_windows::<7>().enumerate() {
        let [a, b, c, d, e, f, g] = *seven;
        let pattern = a & !b & c & d & e & !f & g & used;
        if pattern != 0 {
            let before = row(at, -1) | row(at, -2) | row(at, -3) | row(at, -4);
            let after = row(at, 7) | row(at, 8) | row(at, 9) | row(at, 10);
            found += (pattern & !(before & after)).count_ones();
        }
    }
    40 * found
}

/// Rule 2: each block of 2 × 2 modules of one colour costs 3; blocks may overlap.
fn blocks(rows: &[Line]) -> u32 {
    let mut found = 0;
    for [upper, lower] in rows.array_windows::<2>() {
        for word in 0..rows.len().div_ceil(64) {
            // The right neighbours; the last one of a word comes from the next.
            let right = |row: &Line| row[word] >> 1 | row.get(word + 1).unwrap_or(&0) << 63;
            let (a, b) = (upper[word], lower[word]);
            let (c, d) = (right(upper), right(lower));
            let same = (a & b & c & d) | !(a | b | c | d);
            // The last column has no right neighbour.
            found += (same & used(rows.len() - 1, word)).count_ones();
        }
    }
    3 * found
}

/// Rule 4: 10 for each full 5 % by which the dark modules are off one half.
fn balance(rows: &[Line]) -> u32 {
    let dark: u32 = rows.iter().flatten().map(|word| word.count_ones()).sum();
    // At most 177² modules.
    let all = (rows.len() * rows.len()) as u32;
    10 * ((20 * dark).abs_diff(10 * all) / all)
}

#[cfg(test)]
mod tests {
    use qrcode::canvas::{Canvas, MaskPattern};
    use qrcode::types::EcLevel;

    use super::super::{Version, encode_bytes};
    use super::*;

    /// The rules, module by module.
    fn naive(dark: &[Vec<bool>]) -> u32 {
        let size = dark.len();
        let turned: Vec<Vec<bool>> = (0..size)
            .map(|x| dark.iter().map(|row| row[x]).collect())
            .collect();
        let lines = || dark.iter().chain(&turned);
        let mut cost = 0;
        for line in lines() {
            for run in line.chunk_by(|a, b| a == b) {
                if run.len() >= 5 {
                    cost += run.len() - 2;
                }
            }
            let finder = [true, false, true, true, true, false, true];
            let light = |from: isize| {
                (from..from + 4)
                    .all(|at| !usize::try_from(at).is_ok_and(|at| at < size && line[at]))
            };
            for at in 0..=size - 7 {
                let place = at as isize;
                if line[at..at + 7] == finder && (light(place - 4) || light(place + 7)) {
                    cost += 40;
                }
            }
        }
        for y in 1..size {
            for x in 1..size {
                let block = [
                    dark[y - 1][x - 1],
                    dark[y - 1][x],
                    dark[y][x - 1],
                    dark[y][x],
                ];
                if block == [true; 4] || block == [false; 4] {
                    cost += 3;
                }
            }
        }
        let percent = 100.0 * dark.iter().flatten().filter(|dark| **dark).count() as f64
            / (size * size) as f64;
        cost as u32 + 10 * ((percent - 50.0).abs() / 5.0).floor() as u32
    }

    fn modules(rows: &[Line]) -> Vec<Vec<bool>> {
        let row = |row| {
            (0..rows.len())
                .map(|x| super::super::matrix::bit(row, x))
                .collect()
        };
        rows.iter().map(row).collect()
    }

    fn square(dark: &[Vec<bool>]) -> Square {
        let lines = |line: &dyn Fn(usize, usize) -> bool| {
            let mut lines = vec![[0; 3]; dark.len()];
            for (at, own) in lines.iter_mut().enumerate() {
                for along in 0..dark.len() {
                    super::super::matrix::set(own, along, line(at, along));
                }
            }
            lines
        };
        Square {
            rows: lines(&|y, x| dark[y][x]),
            columns: lines(&|x, y| dark[y][x]),
        }
    }

    /// The library's own drawing under each mask, scored module by module, and the first of the
    /// lowest.
    fn library_best(text: &[u8], version: Version, level: EcLevel) -> Vec<Vec<bool>> {
        let mut bits = qrcode::bits::Bits::new(version.of_qrcode());
        bits.push_byte_data(text).unwrap();
        bits.push_terminator(level).unwrap();
        let (data, correction) =
            qrcode::ec::construct_codewords(&bits.into_bytes(), version.of_qrcode(), level)
                .unwrap();
        let mut canvas = Canvas::new(version.of_qrcode(), level);
        canvas.draw_all_functional_patterns();
        canvas.draw_data(&data, &correction);
        let masks = [
            MaskPattern::Checkerboard,
            MaskPattern::HorizontalLines,
            MaskPattern::VerticalLines,
            MaskPattern::DiagonalLines,
            MaskPattern::LargeCheckerboard,
            MaskPattern::Fields,
            MaskPattern::Diamonds,
            MaskPattern::Meadow,
        ];
        let drawn = masks.map(|mask| {
            let mut canvas = canvas.clone();
            canvas.apply_mask(mask);
            let colors = canvas.into_colors();
            let dark: Vec<bool> = colors.iter().map(|c| *c == qrcode::Color::Dark).collect();
            dark.chunks(version.size()).map(<[bool]>::to_vec).collect()
        });
        drawn
            .into_iter()
            .min_by_key(|dark: &Vec<_>| naive(dark))
            .unwrap()
    }

    #[test]
    fn every_version_is_drawn_like_the_library_s_and_scored_like_the_rules() {
        for number in 1..=40 {
            let version = Version::new(number).unwrap();
            // Full at level L: no smaller version and no better level holds it.
            let text: Vec<u8> = (0..version.byte_capacity())
                .map(|at| (at * 37 + usize::from(number)) as u8)
                .collect();
            let ours = encode_bytes(&text, version).unwrap();
            let dark = modules(&ours.rows);
            assert_eq!(score(&square(&dark)), naive(&dark), "version {number}");
            assert!(
                dark == library_best(&text, version, EcLevel::L),
                "version {number}"
            );
        }
    }

    #[test]
    fn better_levels_are_drawn_like_the_library_s() {
        for (length, level) in [(14, EcLevel::M), (11, EcLevel::Q), (7, EcLevel::H)] {
            let text = vec![b'x'; length];
            let ours = encode_bytes(&text, Version::VDS_NC).unwrap();
            let theirs = library_best(&text, ours.version(), level);
            assert!(modules(&ours.rows) == theirs, "{length} bytes");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_square_is_scored_like_the_rules(
            version in 1_usize..=40,
            seed in proptest::array::uniform8(0_u64..),
            sparse in 0..3,
        ) {
            let size = 17 + 4 * version;
            let dark: Vec<Vec<bool>> = (0..size)
                .map(|y| {
                    (0..size)
                        .map(|x| {
                            let at = (x * 31 + y * 17 + x * y) as u64;
                            let word = seed[(at % 8) as usize].rotate_left((at / 8 % 64) as u32);
                            let mixed = word.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40;
                            mixed.is_multiple_of(2_u64 << sparse)
                        })
                        .collect()
                })
                .collect();
            proptest::prop_assert_eq!(score(&square(&dark)), naive(&dark));
        }
    }
}
