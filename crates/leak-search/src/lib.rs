//! For tests: whether somebody's data lie about in files, messages or logs, in whatever encoding.
//!
//! What is found is told by its number in the list and where it lies, never by itself, so that a
//! test's own output leaks nothing.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::general_purpose::{GeneralPurpose, NO_PAD};
use memchr::memmem::Finder;

/// Shorter than this, bytes stand anywhere by chance.
const SHORTEST: usize = 5;

/// A search for several texts at once.
#[derive(Debug)]
pub struct LeakSearch {
    /// What is searched for, with the number of the text it is an encoding of.
    needles: Vec<(usize, Finder<'static>)>,
}

impl LeakSearch {
    /// A search for these texts, each in every encoding that [`encodings`] knows.
    pub fn of<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> Self {
        let needles = texts.into_iter().enumerate().flat_map(|(number, text)| {
            let encodings = encodings(text.as_ref()).into_iter();
            encodings.map(move |bytes| (number, Finder::new(&bytes).into_owned()))
        });
        Self {
            needles: needles.collect(),
        }
    }

    /// The same search, for these bytes as they are besides; their numbers follow the texts'.
    #[must_use]
    pub fn and_bytes<T: AsRef<[u8]>>(mut self, bytes: impl IntoIterator<Item = T>) -> Self {
        let next = self.needles.iter().map(|(number, _)| number + 1).max();
        let needles = (next.unwrap_or(0)..).zip(bytes);
        self.needles.extend(
            needles.map(|(number, bytes)| (number, Finder::new(bytes.as_ref()).into_owned())),
        );
        self
    }

    /// The number of the first text that lies in these bytes.
    #[must_use]
    pub fn found_in(&self, content: &[u8]) -> Option<usize> {
        let mut found = self.needles.iter();
        found
            .find(|(_, needle)| needle.find(content).is_some())
            .map(|(number, _)| *number)
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

/// A text as it may lie in a file: UTF-8, UTF-16, CP932, hexadecimal, base64 at each alignment in
/// both alphabets; a number also in groups, and one of eight digits as a date.
#[must_use]
pub fn encodings(text: &str) -> Vec<Vec<u8>> {
    let mut all = BTreeSet::new();
    for text in spellings(text) {
        let utf8 = text.as_bytes();
        all.insert(utf8.to_vec());
        all.insert(text.encode_utf16().flat_map(u16::to_le_bytes).collect());
        all.insert(text.encode_utf16().flat_map(u16::to_be_bytes).collect());
        let (cp932, _, unmappable) = encoding_rs::SHIFT_JIS.encode(&text);
        if !unmappable {
            all.insert(cp932.into_owned());
        }
        all.insert(hex::encode(utf8).into_bytes());
        all.insert(hex::encode_upper(utf8).into_bytes());
        for alphabet in [&STANDARD, &URL_SAFE] {
            let base64 = GeneralPurpose::new(alphabet, NO_PAD);
            all.extend((0..3).map(|before| aligned(&base64, before, utf8)));
        }
    }
    all.retain(|bytes| bytes.len() >= SHORTEST);
    all.into_iter().collect()
}

/// The characters of base64 that depend on the text alone, where so many bytes come before it.
fn aligned(base64: &GeneralPurpose, before: usize, text: &[u8]) -> Vec<u8> {
    let padded = [&vec![0; before][..], text].concat();
    let encoded = base64.encode(padded);
    // The characters at both ends also depend on what stands beside the text.
    let whole = encoded.get(before + 1..encoded.len().saturating_sub(1));
    whole.unwrap_or_default().as_bytes().to_vec()
}

/// The text, and a number as people write it.
fn spellings(text: &str) -> Vec<String> {
    let mut spellings = vec![text.to_owned()];
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return spellings;
    }
    let grouped = |length: usize, separator: &str| {
        let groups: Vec<String> = text
            .as_bytes()
            .chunks(length)
            .map(|group| String::from_utf8_lossy(group).into_owned())
            .collect();
        groups.join(separator)
    };
    for separator in [" ", "-", ".", "\u{3000}"] {
        spellings.extend([grouped(4, separator), grouped(3, separator)]);
    }
    if let (8, Some((year, rest))) = (text.len(), text.split_at_checked(4)) {
        let (month, day) = rest.split_at(2);
        for separator in ["-", "/", "."] {
            spellings.push([year, month, day].join(separator));
        }
    }
    spellings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_found_in_every_encoding_wherever_it_stands() {
        for text in [
            "外字の\u{3000}名前",
            "123456789018",
            "19871123",
            "TQ9753186",
        ] {
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
        assert_eq!(number.found_in(b"1234-5678-9018"), Some(0));
        assert_eq!(number.found_in("1234 5678 9018".as_bytes()), Some(0));
        assert_eq!(number.found_in(b"born 1987-11-23"), Some(1));
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
