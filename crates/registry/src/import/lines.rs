//! Lines of a file, each bounded: a line that is too long is passed over, not kept.

use std::io::{self, BufRead, BufReader, Read};

use zeroize::Zeroizing;

/// Longest line taken, in bytes without its end.
pub(super) const LONGEST_LINE: usize = 16 * 1024;

/// Reads a file line by line. Lines end in LF or CR LF.
pub(super) struct Lines<R> {
    reader: BufReader<R>,
    line: Zeroizing<Vec<u8>>,
    number: u64,
}

/// A line, without its end.
pub(super) enum Line<'a> {
    Whole(&'a [u8]),
    TooLong,
}

impl<R: Read> Lines<R> {
    /// Reads lines from here on; the first has this number.
    pub(super) fn new(reader: R, first: u64) -> Self {
        Self {
            reader: BufReader::with_capacity(64 * 1024, reader),
            line: Zeroizing::new(Vec::with_capacity(LONGEST_LINE + 2)),
            number: first - 1,
        }
    }

    /// The next line and its number; `None` at the end.
    pub(super) fn next(&mut self) -> io::Result<Option<(u64, Line<'_>)>> {
        self.line.clear();
        // One more than fits with CR LF shows that the line is too long.
        let most = LONGEST_LINE as u64 + 2;
        let read = (&mut self.reader)
            .take(most)
            .read_until(b'\n', &mut self.line)?;
        if read == 0 {
            return Ok(None);
        }
        self.number += 1;
        let ended = self.line.last() == Some(&b'\n');
        if ended {
            self.line.pop();
            if self.line.last() == Some(&b'\r') {
                self.line.pop();
            }
        } else if read as u64 == most {
            self.pass_over()?;
        }
        let line = if self.line.len() > LONGEST_LINE {
            Line::TooLong
        } else {
            Line::Whole(&self.line)
        };
        Ok(Some((self.number, line)))
    }

    /// Goes to the end of the line without keeping it.
    fn pass_over(&mut self) -> io::Result<()> {
        loop {
            let buffer = self.reader.fill_buf()?;
            if buffer.is_empty() {
                return Ok(());
            }
            if let Some(end) = buffer.iter().position(|byte| *byte == b'\n') {
                self.reader.consume(end + 1);
                return Ok(());
            }
            let length = buffer.len();
            self.reader.consume(length);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(file: &[u8]) -> Vec<(u64, Option<usize>)> {
        let mut lines = Lines::new(file, 1);
        let mut all = Vec::new();
        while let Some((number, line)) = lines.next().unwrap() {
            all.push(match line {
                Line::Whole(line) => (number, Some(line.len())),
                Line::TooLong => (number, None),
            });
        }
        all
    }

    #[test]
    fn both_line_ends_and_a_last_line_without() {
        assert_eq!(
            lines(b"ab\r\nc\n\nd"),
            [(1, Some(2)), (2, Some(1)), (3, Some(0)), (4, Some(1))]
        );
    }

    #[test]
    fn a_line_too_long_is_passed_over() {
        for length in [
            LONGEST_LINE + 1,
            LONGEST_LINE + 2,
            LONGEST_LINE + 3,
            1_000_000,
        ] {
            let mut file = vec![b'x'; length];
            file.extend_from_slice(b"\nnext\n");
            assert_eq!(lines(&file), [(1, None), (2, Some(4))], "{length}");
        }
        let mut longest = vec![b'x'; LONGEST_LINE];
        longest.extend_from_slice(b"\r\n");
        assert_eq!(lines(&longest), [(1, Some(LONGEST_LINE))]);
    }
}
