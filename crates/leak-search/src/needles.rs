//! Many byte strings looked for at once: whatever their number, each position costs one look into
//! a table of the first four bytes.

use std::collections::HashMap;

/// Bits of the table, as a power of two: half a megabyte, which stays in a processor's cache.
const TABLE_BITS: u32 = 22;

/// What is looked for is at least so long.
pub(crate) const HEAD: usize = 4;

/// A number, and what it stands for.
type Needle = (usize, Box<[u8]>);

/// What is looked for, each with a number, which several may share.
#[derive(Debug, Clone)]
pub(crate) struct Needles {
    table: Vec<u64>,
    by_head: HashMap<[u8; HEAD], Vec<Needle>>,
    count: usize,
}

impl Default for Needles {
    fn default() -> Self {
        Self {
            table: vec![0; 1 << (TABLE_BITS - 6)],
            by_head: HashMap::new(),
            count: 0,
        }
    }
}

impl Needles {
    /// Adds one; shorter ones than [`HEAD`] are left out.
    pub(crate) fn add(&mut self, number: usize, bytes: &[u8]) {
        let Some(head) = bytes.first_chunk::<HEAD>() else {
            return;
        };
        let slot = slot(*head);
        self.table[slot / 64] |= 1 << (slot % 64);
        self.by_head
            .entry(*head)
            .or_default()
            .push((number, bytes.into()));
        self.count += 1;
    }

    pub(crate) const fn count(&self) -> usize {
        self.count
    }

    /// Calls `found` with the number and the place of each, until it says stop.
    pub(crate) fn look(&self, content: &[u8], mut found: impl FnMut(usize, usize) -> bool) {
        let mut at = 0;
        while let Some(head) = content
            .get(at..)
            .and_then(|rest| rest.first_chunk::<HEAD>())
        {
            let slot = slot(*head);
            if self.table[slot / 64] >> (slot % 64) & 1 == 1 {
                let here = self.by_head.get(head).into_iter().flatten();
                for (number, needle) in here {
                    if content[at..].starts_with(needle) && !found(*number, at) {
                        return;
                    }
                }
            }
            at += 1;
        }
    }
}

/// Multiplied by a large odd number, the upper bits depend on all bytes.
fn slot(head: [u8; HEAD]) -> usize {
    let mixed = u32::from_le_bytes(head).wrapping_mul(0x9e37_79b1);
    // 22 bits fit.
    (mixed >> (32 - TABLE_BITS)) as usize
}
