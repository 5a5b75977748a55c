//! A file cut into blocks of whole lines, so that several threads can check lines at once.

use std::io::{self, BufRead, BufReader, Read};

use zeroize::Zeroizing;

use super::lines::LONGEST_LINE;

/// Bytes of a block, about.
const BLOCK: usize = 256 * 1024;

/// Some whole lines of a file.
pub(super) struct Block {
    /// The number of its first line, 1 for the file's header.
    pub(super) first_line: u64,
    pub(super) lines: Zeroizing<Vec<u8>>,
}

/// Cuts a file. Of a line that is too long only so much is kept that it shows.
pub(super) struct Blocks<R> {
    reader: BufReader<R>,
    line: u64,
}

impl<R: Read> Blocks<R> {
    pub(super) fn new(reader: R) -> Self {
        Self {
            reader: BufReader::with_capacity(BLOCK, reader),
            line: 1,
        }
    }

    /// The next block; `None` at the end of the file.
    pub(super) fn next(&mut self) -> io::Result<Option<Block>> {
        // A block and the rest of its last line never make it grow.
        let mut lines = Zeroizing::new(Vec::with_capacity(BLOCK + 2 * LONGEST_LINE));
        while lines.len() < BLOCK {
            let buffer = self.reader.fill_buf()?;
            if buffer.is_empty() {
                break;
            }
            let room = buffer.len().min(BLOCK - lines.len());
            lines.extend_from_slice(&buffer[..room]);
            self.reader.consume(room);
        }
        if lines.is_empty() {
            return Ok(None);
        }
        if lines.len() == BLOCK {
            self.end_line(&mut lines)?;
        }
        let first_line = self.line;
        self.line += lines.iter().filter(|byte| **byte == b'\n').count() as u64;
        Ok(Some(Block { first_line, lines }))
    }

    /// Reads on to the end of the block's last line.
    fn end_line(&mut self, lines: &mut Vec<u8>) -> io::Result<()> {
        let begin = lines.iter().rposition(|byte| *byte == b'\n');
        let mut length = lines.len() - begin.map_or(0, |at| at + 1);
        if length == 0 {
            return Ok(());
        }
        // With CR LF, a line of the longest length is two longer.
        let most = LONGEST_LINE + 2;
        loop {
            let buffer = self.reader.fill_buf()?;
            if buffer.is_empty() {
                return Ok(());
            }
            let end = buffer.iter().position(|byte| *byte == b'\n');
            let read = end.map_or(buffer.len(), |at| at + 1);
            let kept = read.min(most.saturating_sub(length));
            lines.extend_from_slice(&buffer[..kept]);
            length += kept;
            self.reader.consume(read);
            if end.is_some() {
                if lines.last() != Some(&b'\n') {
                    lines.push(b'\n');
                }
                return Ok(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::lines::{Line, Lines};
    use super::*;

    /// Every line's number and length, or that it is too long, read in blocks.
    fn in_blocks(file: &[u8]) -> Vec<(u64, Option<usize>)> {
        let mut blocks = Blocks::new(file);
        let mut all = Vec::new();
        while let Some(block) = blocks.next().unwrap() {
            assert!(block.lines.len() <= BLOCK + 2 * LONGEST_LINE);
            let mut lines = Lines::new(&block.lines[..], block.first_line);
            while let Some((number, line)) = lines.next().unwrap() {
                all.push(match line {
                    Line::Whole(line) => (number, Some(line.len())),
                    Line::TooLong => (number, None),
                });
            }
        }
        all
    }

    #[test]
    fn lines_are_the_same_in_blocks_as_whole() {
        let mut file = Vec::new();
        let mut expected = Vec::new();
        for n in 0..3000_usize {
            let length = n * 7919 % 1000;
            file.resize(file.len() + length, b'x');
            file.extend_from_slice(if n % 3 == 0 { b"\r\n" } else { b"\n" });
            expected.push((n as u64 + 1, Some(length)));
        }
        file.extend_from_slice(b"last");
        expected.push((3001, Some(4)));
        assert_eq!(in_blocks(&file), expected);
    }

    #[test]
    fn a_line_too_long_is_one_line_wherever_it_begins() {
        for before in [0, 10, BLOCK - 10, BLOCK - 1, BLOCK] {
            for long in [LONGEST_LINE + 1, LONGEST_LINE + 3, BLOCK, 5_000_000] {
                let mut file = vec![b'a'; 0];
                let lines = before / 10;
                for _ in 0..lines {
                    file.extend_from_slice(b"123456789\n");
                }
                file.resize(file.len() + long, b'x');
                file.extend_from_slice(b"\nnext\n");
                let all = in_blocks(&file);
                let number = lines as u64 + 1;
                assert_eq!(all.len(), lines + 2, "{before} {long}");
                assert_eq!(all[lines..], [(number, None), (number + 1, Some(4))]);
            }
        }
    }

    #[test]
    fn an_empty_file_has_no_block() {
        assert_eq!(in_blocks(b""), []);
    }
}
