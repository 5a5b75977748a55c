//! UTF-8 or CP932 (Windows' Shift_JIS).

use std::borrow::Cow;
use std::io::{self, Cursor, Read};

use encoding_rs::SHIFT_JIS;

/// In which encoding a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CsvEncoding {
    /// To be told from the file's beginning: a byte order mark, or most of its lines.
    #[default]
    Detect,
    /// UTF-8, with or without a byte order mark.
    Utf8,
    /// CP932 (Windows-31J), as Japanese systems call their Shift_JIS.
    Cp932,
}

/// What decodes a file's lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Decoder {
    Utf8,
    Cp932,
}

/// How much of a file decides on its encoding.
const SAMPLE: u64 = 256 * 1024;
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

impl CsvEncoding {
    /// Decides how the file's lines are decoded, and gives the file without byte order mark.
    pub(super) fn decide(self, mut reader: impl Read) -> io::Result<(Decoder, impl Read)> {
        let mut sample = Vec::new();
        reader.by_ref().take(SAMPLE).read_to_end(&mut sample)?;
        let marked = sample.starts_with(BYTE_ORDER_MARK);
        let decoder = match self {
            Self::Detect if marked => Decoder::Utf8,
            Self::Detect => detect(&sample),
            Self::Utf8 => Decoder::Utf8,
            Self::Cp932 => Decoder::Cp932,
        };
        let mut sample = Cursor::new(sample);
        if marked && decoder == Decoder::Utf8 {
            sample.set_position(BYTE_ORDER_MARK.len() as u64);
        }
        Ok((decoder, sample.chain(reader)))
    }
}

/// A file in which more of the lines beyond ASCII are UTF-8 than are not is UTF-8, with bad
/// lines perhaps; Japanese text in CP932 is hardly ever UTF-8 by chance.
fn detect(sample: &[u8]) -> Decoder {
    let lines = sample.split(|byte| *byte == b'\n');
    let beyond_ascii = lines.filter(|line| !line.is_ascii());
    let (utf8, other): (Vec<_>, Vec<_>) =
        beyond_ascii.partition(|line| std::str::from_utf8(line).is_ok());
    if other.len() > utf8.len() {
        Decoder::Cp932
    } else {
        Decoder::Utf8
    }
}

impl Decoder {
    /// The line as text; `None`: it is none in this encoding.
    pub(super) fn decode(self, line: &[u8]) -> Option<Cow<'_, str>> {
        match self {
            Self::Utf8 => std::str::from_utf8(line).ok().map(Cow::Borrowed),
            Self::Cp932 => SHIFT_JIS.decode_without_bom_handling_and_without_replacement(line),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn detected(bytes: &[u8]) -> (Decoder, Vec<u8>) {
        let (decoder, mut reader) = CsvEncoding::Detect.decide(bytes).unwrap();
        let mut rest = Vec::new();
        reader.read_to_end(&mut rest).unwrap();
        (decoder, rest)
    }

    #[test]
    fn the_byte_order_mark_goes() {
        assert_eq!(
            detected(b"\xef\xbb\xbfa,b\n"),
            (Decoder::Utf8, b"a,b\n".to_vec())
        );
        assert_eq!(detected(b"a,b\n").0, Decoder::Utf8);
    }

    #[test]
    fn most_lines_decide() {
        let (cp932, _, _) = SHIFT_JIS.encode("見出し\n山田\n髙橋\n");
        assert_eq!(detected(&cp932).0, Decoder::Cp932);
        let mut one_bad_line = "見出し\n山田\n".as_bytes().to_vec();
        one_bad_line.extend_from_slice(b"\xff\xfe\n");
        assert_eq!(detected(&one_bad_line).0, Decoder::Utf8);
    }

    #[test]
    fn cp932_has_what_shift_jis_lacks() {
        // NEC and IBM extensions: 髙 (FBFC), 﨑 (FAB1)
        let line = Decoder::Cp932.decode(b"\xfb\xfc\xfa\xb1");
        assert_eq!(line.as_deref(), Some("髙﨑"));
        assert_eq!(Decoder::Cp932.decode(b"\x81"), None);
        assert_eq!(Decoder::Utf8.decode(b"\xfb\xfc"), None);
    }
}
