//! Sorting more records than memory holds: sorted runs on disk, merged when read.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use zeroize::Zeroizing;

use super::spill::{Piece, Spill};
use crate::error::{RegistryError, StorageFault};

/// Bytes of records that are sorted at once, for each thread that gathers.
const RUN: usize = 12 * 1024 * 1024;
/// Bytes read at once of each run.
const PIECE: usize = 32 * 1024;
/// Key, file, line, and the length of what follows.
const HEAD: usize = 32 + 2 + 8 + 4;

/// By what records are sorted: two keyed hashes, or one and nothing.
pub(super) type Key = [u8; 32];

/// Where a row stands in the batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Place {
    /// The file, 1 for the batch's first.
    pub(super) file: u16,
    /// The line, 1 for the header.
    pub(super) line: u64,
}

/// A record read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Record {
    pub(super) key: Key,
    pub(super) place: Place,
    pub(super) content: Zeroizing<Vec<u8>>,
}

/// Records sorted so far.
#[derive(Debug, Default)]
pub(super) struct Runs {
    runs: Vec<Vec<Piece>>,
    pub(super) records: u64,
}

/// Takes records in any order and writes sorted runs.
pub(super) struct Sorter<'a> {
    spill: &'a Spill,
    /// Records as they came, one behind the other.
    records: Zeroizing<Vec<u8>>,
    /// The first eight bytes of each one's key, and where it begins.
    order: Vec<(u64, u32)>,
    done: Runs,
}

impl<'a> Sorter<'a> {
    pub(super) fn new(spill: &'a Spill) -> Self {
        Self {
            spill,
            records: Zeroizing::default(),
            order: Vec::new(),
            done: Runs::default(),
        }
    }

    /// Takes a record; its content is what `write` appends.
    pub(super) fn push(
        &mut self,
        key: &Key,
        place: Place,
        write: impl FnOnce(&mut Vec<u8>),
    ) -> Result<(), RegistryError> {
        if self.records.capacity() == 0 {
            // Once, so that no half-filled copy is left behind by growing.
            self.records.reserve_exact(RUN + 64 * 1024);
        }
        let begin = self.records.len();
        self.records.extend_from_slice(key);
        self.records.extend_from_slice(&place.file.to_be_bytes());
        self.records.extend_from_slice(&place.line.to_be_bytes());
        self.records.extend_from_slice(&[0; 4]);
        write(&mut self.records);
        let length = self.records.len() - begin - HEAD;
        let length = u32::try_from(length).expect("a row is a line of 16 KiB at most");
        self.records[begin + HEAD - 4..begin + HEAD].copy_from_slice(&length.to_be_bytes());
        let prefix = key
            .first_chunk()
            .map_or(0, |half| u64::from_be_bytes(*half));
        let begin = u32::try_from(begin).expect("a run is far below 4 GiB");
        self.order.push((prefix, begin));
        if self.records.len() >= RUN {
            self.write_run()?;
        }
        Ok(())
    }

    /// Everything sorted.
    pub(super) fn finish(mut self) -> Result<Runs, RegistryError> {
        self.write_run()?;
        Ok(self.done)
    }

    fn write_run(&mut self) -> Result<(), RegistryError> {
        if self.order.is_empty() {
            return Ok(());
        }
        let records = &self.records;
        // Key, file and line as written are in the order of their bytes.
        let sorted_by = |begin: u32| &records[begin as usize..begin as usize + HEAD - 4];
        self.order.sort_unstable_by(|one, other| {
            let whole = || sorted_by(one.1).cmp(sorted_by(other.1));
            one.0.cmp(&other.0).then_with(whole)
        });
        let mut run = Vec::new();
        let mut piece = Zeroizing::new(Vec::with_capacity(PIECE + 64 * 1024));
        for (_, begin) in &self.order {
            let record = record_at(records, *begin as usize)?;
            piece.extend_from_slice(record);
            if piece.len() >= PIECE {
                run.push(self.spill.write(&piece)?);
                piece.clear();
            }
        }
        if !piece.is_empty() {
            run.push(self.spill.write(&piece)?);
        }
        self.done.records += self.order.len() as u64;
        self.done.runs.push(run);
        self.order.clear();
        self.records.clear();
        Ok(())
    }
}

impl Runs {
    /// Takes another's runs too.
    pub(super) fn append(&mut self, mut other: Self) {
        self.runs.append(&mut other.runs);
        self.records += other.records;
    }
}

/// All runs as one sorted sequence; in bounded memory: a piece of each run.
pub(super) struct Merge<'a> {
    spill: &'a Spill,
    runs: Vec<OpenRun<'a>>,
    heads: BinaryHeap<Reverse<(Key, Place, usize)>>,
}

struct OpenRun<'a> {
    pieces: std::slice::Iter<'a, Piece>,
    piece: Zeroizing<Vec<u8>>,
    /// Where its first record begins that was not given yet.
    at: usize,
}

impl<'a> Merge<'a> {
    pub(super) fn of(runs: &'a Runs, spill: &'a Spill) -> Result<Self, RegistryError> {
        let open = |pieces: &'a Vec<Piece>| OpenRun {
            pieces: pieces.iter(),
            piece: Zeroizing::default(),
            at: 0,
        };
        let mut merge = Self {
            spill,
            runs: runs.runs.iter().map(open).collect(),
            heads: BinaryHeap::new(),
        };
        for run in 0..merge.runs.len() {
            merge.look_at(run)?;
        }
        Ok(merge)
    }

    /// Where the next record would stand.
    pub(super) fn next_key(&self) -> Option<&Key> {
        self.heads.peek().map(|Reverse((key, _, _))| key)
    }

    /// The next record: by key, then by file and line.
    pub(super) fn next(&mut self) -> Result<Option<Record>, RegistryError> {
        let Some(Reverse((key, place, run))) = self.heads.pop() else {
            return Ok(None);
        };
        let open = &mut self.runs[run];
        let record = record_at(&open.piece, open.at)?;
        let content = Zeroizing::new(record[HEAD..].to_vec());
        open.at += record.len();
        self.look_at(run)?;
        Ok(Some(Record {
            key,
            place,
            content,
        }))
    }

    /// Puts a run's next record among those to choose from.
    fn look_at(&mut self, run: usize) -> Result<(), RegistryError> {
        let open = &mut self.runs[run];
        if open.at == open.piece.len() {
            let Some(piece) = open.pieces.next() else {
                open.piece = Zeroizing::default();
                open.at = 0;
                return Ok(());
            };
            open.piece = self.spill.read(*piece)?;
            open.at = 0;
        }
        let head = &record_at(&open.piece, open.at)?[..HEAD];
        let (key, rest) = head.split_first_chunk().ok_or(damaged())?;
        let (file, rest) = rest.split_first_chunk().ok_or(damaged())?;
        let line = rest.first_chunk().ok_or(damaged())?;
        let place = Place {
            file: u16::from_be_bytes(*file),
            line: u64::from_be_bytes(*line),
        };
        self.heads.push(Reverse((*key, place, run)));
        Ok(())
    }
}

/// The whole record that begins there.
fn record_at(records: &[u8], begin: usize) -> Result<&[u8], RegistryError> {
    let rest = records.get(begin..).ok_or(damaged())?;
    let head = rest.get(..HEAD).ok_or(damaged())?;
    let length = head
        .last_chunk()
        .map_or(0, |length| u32::from_be_bytes(*length));
    rest.get(..HEAD + length as usize).ok_or(damaged())
}

const fn damaged() -> RegistryError {
    RegistryError::SpillUnavailable(StorageFault::InputOutput)
}

#[cfg(test)]
mod tests {
    use super::super::spill::tests::spill;
    use super::*;

    fn place(line: u64) -> Place {
        Place { file: 1, line }
    }

    #[test]
    fn many_runs_come_back_in_order() {
        let spill = spill();
        let mut runs = Runs::default();
        // Two sorters, each with more than a run, keys all over, some of them the same.
        for half in 0..2_u64 {
            let mut sorter = Sorter::new(&spill);
            for n in 0..15_000_u64 {
                let line = n * 2 + half;
                let mut key = [0; 32];
                key[..8].copy_from_slice(
                    &(line.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 3).to_be_bytes(),
                );
                key[31] = 7;
                if line % 100 == 0 {
                    key = [9; 32];
                }
                let content = |text: &mut Vec<u8>| {
                    text.extend_from_slice(&line.to_be_bytes());
                    text.resize(text.len() + 1000, b'x');
                };
                sorter.push(&key, place(line), content).unwrap();
            }
            runs.append(sorter.finish().unwrap());
        }
        assert!(runs.runs.len() > 2, "{}", runs.runs.len());
        assert_eq!(runs.records, 30_000);
        let mut merge = Merge::of(&runs, &spill).unwrap();
        let mut before: Option<(Key, Place)> = None;
        let mut count = 0;
        while let Some(record) = merge.next().unwrap() {
            assert_eq!(record.content[..8], record.place.line.to_be_bytes());
            assert_eq!(record.content.len(), 1008);
            let now = (record.key, record.place);
            assert!(before.is_none_or(|before| before < now));
            before = Some(now);
            count += 1;
        }
        assert_eq!(count, 30_000);
    }

    #[test]
    fn nothing_is_nothing() {
        let spill = spill();
        let runs = Sorter::new(&spill).finish().unwrap();
        let mut merge = Merge::of(&runs, &spill).unwrap();
        assert_eq!(merge.next_key(), None);
        assert_eq!(merge.next(), Ok(None));
    }
}
