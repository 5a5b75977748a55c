//! Error correction (ISO/IEC 18004, 7.5 and 7.6), eight bits a step.
//!
//! The crate `qrcode` divides by the generator polynomial coefficient by coefficient, which takes
//! half of a code's time. Division is linear: what a leading byte leaves is asked of `qrcode`
//! once for each of its 256 values, and a block's remainder is then put together from that. How
//! a version's data is cut into blocks is learned from `qrcode` as well.

use std::sync::OnceLock;

use qrcode::ec::{construct_codewords, create_error_correction_code};
use qrcode::types::EcLevel;

use super::segments::Version;

/// A remainder's bytes from the highest, in 32 of which the standard uses at most 30.
type Remainder = [u128; 2];

/// Data and error correction of these data codewords, each interleaved by blocks.
pub(super) fn codewords(data: &[u8], version: Version, level: EcLevel) -> Vec<u8> {
    static BLOCKS: [[OnceLock<Blocks>; 4]; 40] = [const { [const { OnceLock::new() }; 4] }; 40];
    let of_version = &BLOCKS[usize::from(version.number()) - 1];
    of_version[level as usize]
        .get_or_init(|| Blocks::learn(data.len(), version, level))
        .codewords(data)
}

/// How a version's data is cut at a level.
struct Blocks {
    /// Where each block begins, and where the last one ends.
    edges: Vec<usize>,
    /// Bytes of error correction for each block.
    correction: usize,
    /// What each leading byte leaves.
    left_by: Vec<Remainder>,
}

impl Blocks {
    /// Learns the blocks from how `qrcode` interleaves places instead of data.
    fn learn(length: usize, version: Version, level: EcLevel) -> Self {
        let interleaved = |byte: usize| {
            let places: Vec<u8> = (0..length).map(|at| (at >> (8 * byte)) as u8).collect();
            construct_codewords(&places, version.of_qrcode(), level)
                .expect("every version from 1 to 40 has every level")
        };
        let ((low, correction), (high, _)) = (interleaved(0), interleaved(1));
        let places = low.iter().zip(&high);
        let places = places.map(|(low, high)| usize::from(*high) << 8 | usize::from(*low));
        // The first of every block, then the second of the first.
        let mut edges: Vec<usize> = places.take_while(|place| *place != 1).collect();
        let correction = correction.len() / edges.len();
        edges.push(length);
        let left_by =
            (0..=u8::MAX).map(|byte| remainder(&create_error_correction_code(&[byte], correction)));
        Self {
            edges,
            correction,
            left_by: left_by.collect(),
        }
    }

    fn codewords(&self, data: &[u8]) -> Vec<u8> {
        let blocks: Vec<&[u8]> = self
            .edges
            .windows(2)
            .map(|edge| &data[edge[0]..edge[1]])
            .collect();
        let longest = blocks.iter().map(|block| block.len()).max().unwrap_or(0);
        let mut codewords = Vec::with_capacity(data.len() + blocks.len() * self.correction);
        for at in 0..longest {
            codewords.extend(blocks.iter().filter_map(|block| block.get(at)));
        }
        let corrections: Vec<[u8; 32]> = blocks.iter().map(|block| self.correct(block)).collect();
        for at in 0..self.correction {
            codewords.extend(corrections.iter().map(|correction| correction[at]));
        }
        codewords
    }

    /// The remainder of a block, its bytes from the highest.
    fn correct(&self, block: &[u8]) -> [u8; 32] {
        let mut left: Remainder = [0; 2];
        for byte in block {
            let leading = (left[0] >> 120) as u8 ^ byte;
            let by = self.left_by[usize::from(leading)];
            left = [left[0] << 8 | left[1] >> 120, left[1] << 8];
            left = [left[0] ^ by[0], left[1] ^ by[1]];
        }
        let mut bytes = [0; 32];
        bytes[..16].copy_from_slice(&left[0].to_be_bytes());
        bytes[16..].copy_from_slice(&left[1].to_be_bytes());
        bytes
    }
}

fn remainder(bytes: &[u8]) -> Remainder {
    let mut padded = [0; 32];
    padded[..bytes.len()].copy_from_slice(bytes);
    let (high, low) = padded.split_at(16);
    let number = |half: &[u8]| {
        half.iter()
            .fold(0, |sum, byte| sum << 8 | u128::from(*byte))
    };
    [number(high), number(low)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_version_and_level_as_the_library_has_it() {
        let levels = [EcLevel::L, EcLevel::M, EcLevel::Q, EcLevel::H];
        for (number, level) in (1..=40).flat_map(|number| levels.map(|level| (number, level))) {
            let version = Version::new(number).unwrap();
            let bits = qrcode::bits::Bits::new(version.of_qrcode());
            let length = bits.max_len(level).unwrap() / 8;
            let data: Vec<u8> = (0..length)
                .map(|at| (at * at * 31 + at * 7 + usize::from(number)) as u8)
                .collect();
            let (mut theirs, correction) =
                construct_codewords(&data, version.of_qrcode(), level).unwrap();
            theirs.extend(correction);
            assert!(
                codewords(&data, version, level) == theirs,
                "version {number} {level:?}"
            );
        }
    }
}
