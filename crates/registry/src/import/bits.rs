//! A yes or no for each row, by its number: an eighth of a byte each.

/// Which rows are meant.
#[derive(Debug, Default)]
pub(super) struct Bits(Vec<u64>);

impl Bits {
    /// Says yes to a row.
    pub(super) fn set(&mut self, number: usize) {
        let word = number / 64;
        if word >= self.0.len() {
            self.0.resize(word + 1, 0);
        }
        self.0[word] |= 1 << (number % 64);
    }

    /// Whether yes was said to a row.
    pub(super) fn get(&self, number: usize) -> bool {
        let word = self.0.get(number / 64).copied().unwrap_or_default();
        word >> (number % 64) & 1 == 1
    }

    /// To how many rows yes was said.
    pub(super) fn count(&self) -> u64 {
        self.0.iter().map(|word| u64::from(word.count_ones())).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_its_own() {
        let mut bits = Bits::default();
        for number in [0, 63, 64, 1000] {
            bits.set(number);
            assert!(bits.get(number));
        }
        for number in [1, 62, 65, 999, 1001, 100_000] {
            assert!(!bits.get(number));
        }
        assert_eq!(bits.count(), 4);
    }
}
