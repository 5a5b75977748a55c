//! For tests: whether somebody's data lie about in files, messages, logs or memory, in whatever
//! encoding, packed or not.
//!
//! What is found is told by its number in the list and where it lies, never by itself, so that a
//! test's own output leaks nothing.

mod compressed;
mod encodings;
mod needles;
mod pins;

use std::io;
use std::path::{Path, PathBuf};

pub use encodings::{NAMES as ENCODINGS, encodings, encodings_of_bytes};
use needles::Needles;
pub use pins::{PinSearch, Surroundings};

/// A piece of a document is recognised by so many bytes: what is left of it, if it is twice as
/// long, holds one such window whole.
pub const WINDOW: usize = 16;

/// A window with fewer different bytes stands anywhere.
const FEWEST_DIFFERENT: usize = 9;

/// A search for several texts at once.
#[derive(Debug, Clone, Default)]
pub struct LeakSearch {
    needles: Needles,
    /// The number of the next text.
    next: usize,
}

/// Something was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// The number of the text.
    pub number: usize,
    /// Where: bytes from the start; of a packed stream, where that begins.
    pub at: usize,
    /// Whether it lies in a packed stream.
    pub packed: bool,
}

impl LeakSearch {
    /// A search for these texts, each in every encoding that [`encodings()`] knows.
    pub fn of<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> Self {
        let mut search = Self::default();
        for text in texts {
            for bytes in encodings(text.as_ref()) {
                search.needles.add(search.next, &bytes);
            }
            search.next += 1;
        }
        search
    }

    /// The same search, for these bytes as they are besides; their numbers follow the texts'.
    #[must_use]
    pub fn and_bytes<T: AsRef<[u8]>>(mut self, bytes: impl IntoIterator<Item = T>) -> Self {
        for bytes in bytes {
            self.needles.add(self.next, bytes.as_ref());
            self.next += 1;
        }
        self
    }

    /// The same search, for these bytes in every form that [`encodings_of_bytes()`] knows besides.
    #[must_use]
    pub fn and_encoded_bytes<T: AsRef<[u8]>>(mut self, bytes: impl IntoIterator<Item = T>) -> Self {
        for bytes in bytes {
            for form in encodings_of_bytes(bytes.as_ref()) {
                self.needles.add(self.next, &form);
            }
            self.next += 1;
        }
        self
    }

    /// The same search, for pieces of a document besides, under one number: one window after the
    /// other, without those that stand in `elsewhere` too, which say nothing about anybody.
    #[must_use]
    pub fn and_windows_of(mut self, document: &[u8], elsewhere: &[u8]) -> Self {
        let common: std::collections::HashSet<&[u8]> = elsewhere.windows(WINDOW).collect();
        for window in document.chunks_exact(WINDOW) {
            let mut seen = [false; 256];
            window
                .iter()
                .for_each(|byte| seen[usize::from(*byte)] = true);
            let different = seen.iter().filter(|seen| **seen).count();
            if different >= FEWEST_DIFFERENT && !common.contains(window) {
                self.needles.add(self.next, window);
            }
        }
        self.next += 1;
        self
    }

    /// How many byte strings are looked for.
    #[must_use]
    pub const fn needles(&self) -> usize {
        self.needles.count()
    }

    /// How many texts, bytes and documents they stand for: numbers are below this.
    #[must_use]
    pub const fn texts(&self) -> usize {
        self.next
    }

    /// The number of the first text that lies in these bytes.
    #[must_use]
    pub fn found_in(&self, content: &[u8]) -> Option<usize> {
        let mut first = None;
        self.needles.look(content, |number, _| {
            first = Some(number);
            false
        });
        first
    }

    /// Everything that lies in these bytes, as it is or packed, but no more than `most`; and how
    /// many packed streams there were.
    #[must_use]
    pub fn everything_in(&self, content: &[u8], most: usize) -> (Vec<Found>, usize) {
        let mut all = Vec::new();
        self.needles.look(content, |number, at| {
            all.push(Found {
                number,
                at,
                packed: false,
            });
            all.len() < most
        });
        let streams = compressed::each_stream(content, |at, unpacked| {
            if let Some(number) = self.found_in(unpacked) {
                all.push(Found {
                    number,
                    at,
                    packed: true,
                });
            }
            all.len() < most
        });
        (all, streams)
    }

    /// The files below a folder in which one of the texts lies.
    ///
    /// # Errors
    /// Where a file or a folder cannot be read: what was not searched is not clean.
    pub fn found_below(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        let mut found = Vec::new();
        for file in files_below(folder)? {
            if self.found_in(&std::fs::read(&file)?).is_some() {
                found.push(file);
            }
        }
        Ok(found)
    }
}

/// What lies packed in these bytes, unpacked, one after the other.
#[must_use]
pub fn unpacked(content: &[u8]) -> Vec<u8> {
    let mut all = Vec::new();
    compressed::each_stream(content, |_, unpacked| {
        all.extend_from_slice(unpacked);
        true
    });
    all
}

/// Every file in a folder and below.
///
/// # Errors
/// Where a folder cannot be read.
pub fn files_below(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            files.extend(files_below(&path)?);
        } else if path.is_file() {
            files.push(path);
        }
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine as _;
    use std::io::Write as _;

    const TEXTS: [&str; 4] = [
        "外字の\u{3000}名前",
        "123456789018",
        "19871123",
        "TQ9753186",
    ];

    #[test]
    fn a_text_is_found_in_every_encoding_wherever_it_stands() {
        for text in TEXTS {
            let search = LeakSearch::of([text]);
            for (number, encoding) in encodings(text).into_iter().enumerate() {
                let content = [b"x".repeat(number), encoding, b"y".to_vec()].concat();
                assert_eq!(search.found_in(&content), Some(0), "{number}");
            }
            for before in 0..4 {
                let around = [&b"abc"[..before.min(3)], text.as_bytes(), b"xyz"].concat();
                let base64 = base64::engine::general_purpose::STANDARD.encode(around);
                assert_eq!(search.found_in(base64.as_bytes()), Some(0), "{before}");
            }
            assert_eq!(search.found_in(b"nothing of anybody"), None);
        }
        let number = LeakSearch::of(["123456789018", "19871123"]);
        for written in [
            "1234-5678-9018",
            "1234 5678 9018",
            "１２３４５６７８９０１８",
        ] {
            assert_eq!(number.found_in(written.as_bytes()), Some(0), "{written}");
        }
        assert_eq!(number.found_in(b"\x12\x34\x56\x78\x90\x18"), Some(0));
        for written in ["born 1987-11-23", "1987年11月23日"] {
            assert_eq!(number.found_in(written.as_bytes()), Some(1), "{written}");
        }
        let name = LeakSearch::of(["名前"]);
        assert_eq!(name.found_in(br#""name":"\u540d\u524D""#), None);
        assert_eq!(name.found_in(br#""name":"\u540d\u524d""#), Some(0));
        assert_eq!(name.found_in(b"?q=%E5%90%8D%E5%89%8D"), Some(0));
    }

    #[test]
    fn a_command_is_found_as_it_is_and_as_logs_write_it() {
        let verify = [0x00, 0x20, 0x00, 0x80, 0x04, 0x31, 0x37, 0x32, 0x38];
        let search = LeakSearch::of(TEXTS).and_encoded_bytes([verify]);
        for written in [
            "APDU: 00 20 00 80 04 31 37 32 38",
            "apdu 002000800431373238",
            "00:20:00:80:04:31:37:32:38",
        ] {
            assert_eq!(search.found_in(written.as_bytes()), Some(4), "{written}");
        }
        assert_eq!(search.found_in(&[b"xy", &verify[..]].concat()), Some(4));
        assert_eq!(search.found_in(b"00 20 00 80 04 31 37 32 39"), None);
    }

    #[test]
    fn a_packed_text_is_found_wherever_its_stream_begins() {
        use flate2::Compression;
        use flate2::write::{GzEncoder, ZlibEncoder};
        let search = LeakSearch::of(TEXTS);
        let text = "before 123456789018 after, and more so that it is worth packing it";
        for level in 0..=9 {
            let mut zlib = ZlibEncoder::new(Vec::new(), Compression::new(level));
            zlib.write_all(text.as_bytes()).unwrap();
            let mut gzip = GzEncoder::new(Vec::new(), Compression::new(level));
            gzip.write_all(text.as_bytes()).unwrap();
            for packed in [zlib.finish().unwrap(), gzip.finish().unwrap()] {
                let content = [b"\x78\x9c\x1f\x8b rubbish".as_slice(), &packed, b"x"].concat();
                let (found, streams) = search.everything_in(&content, 10);
                assert!(streams > 0);
                assert!(found.iter().any(|found| found.number == 1), "{level}");
            }
        }
        assert_eq!(search.everything_in(b"\x78\x9c nothing", 10).0, []);
    }

    #[test]
    fn a_picture_in_pieces_is_one_stream() {
        let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        zlib.write_all(&[b"pixels ".repeat(20), b"TQ9753186".to_vec()].concat())
            .unwrap();
        let packed = zlib.finish().unwrap();
        let chunk = |kind: &[u8], data: &[u8]| {
            let length = u32::try_from(data.len()).unwrap().to_be_bytes();
            [&length, kind, data, &[0; 4]].concat()
        };
        let (first, second) = packed.split_at(9);
        let picture = [
            b"\x89PNG\r\n\x1a\n".to_vec(),
            chunk(b"IHDR", &[0; 13]),
            chunk(b"IDAT", first),
            chunk(b"IDAT", second),
            chunk(b"IEND", b""),
        ]
        .concat();
        let (found, _) = LeakSearch::of(TEXTS).everything_in(&picture, 10);
        assert_eq!(
            found.first().map(|found| (found.number, found.at)),
            Some((3, 0))
        );
    }

    #[test]
    fn a_piece_of_a_document_is_found_and_what_all_have_in_common_is_not() {
        let document: Vec<u8> = (0..4000_u32)
            .flat_map(|i| {
                i.wrapping_mul(i ^ 0x9e37)
                    .wrapping_mul(2_654_435_761)
                    .to_le_bytes()
            })
            .collect();
        let (common, own) = document.split_at(8000);
        let search = LeakSearch::of(TEXTS).and_windows_of(&document, common);
        let piece = &own[777..777 + 2 * WINDOW];
        assert_eq!(search.found_in(&[b"xyz", piece].concat()), Some(4));
        assert_eq!(search.found_in(&common[100..300]), None);
        assert_eq!(search.found_in(&[0; 4096]), None);
    }

    #[test]
    fn a_leak_is_told_by_its_file_alone() {
        let folder = tempfile::tempdir().unwrap();
        let deep = folder.path().join("a/b");
        std::fs::create_dir_all(&deep).unwrap();
        std::fs::write(deep.join("clean"), b"nothing").unwrap();
        std::fs::write(deep.join("log"), b"..31323334..123456789018").unwrap();
        let search = LeakSearch::of(["123456789018"]);
        assert_eq!(
            search.found_below(folder.path()).unwrap(),
            [deep.join("log")]
        );
        assert!(search.found_below(&folder.path().join("none")).is_err());
    }
}
