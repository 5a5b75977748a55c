//! UTF-8 or CP932 (Windows' Shift_JIS).

use std::borrow::Cow;
use std::io::{self, Cursor, Read};

use encoding_rs::SHIFT_JIS;
use zeroize::Zeroizing;

use crate::error::FileFault;

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
    ///
    /// A file most of whose lines beyond ASCII are no text in the encoding that was named, or in
    /// either, is refused as a whole; a single such line is a row's fault later.
    pub(super) fn decide<R: Read>(
        self,
        mut reader: R,
    ) -> Result<(Decoder, impl Read + use<R>), FileFault> {
        let mut sample = Zeroizing::new(Vec::new());
        reader
            .by_ref()
            .take(SAMPLE)
            .read_to_end(&mut sample)
            .map_err(|error| FileFault::of(&error))?;
        let marked = sample.starts_with(BYTE_ORDER_MARK);
        let decoder = match self {
            Self::Detect if marked => Decoder::Utf8,
            Self::Detect if mostly(Decoder::Utf8, &sample) => Decoder::Utf8,
            Self::Detect | Self::Cp932 => Decoder::Cp932,
            Self::Utf8 => Decoder::Utf8,
        };
        if !mostly(decoder, &sample) {
            return Err(first_fault(decoder, &sample));
        }
        if self == Self::Cp932
            && let Some(fault) = utf8_instead(&sample)
        {
            return Err(fault);
        }
        let mut sample = Cursor::new(sample);
        if marked && decoder == Decoder::Utf8 {
            sample.set_position(BYTE_ORDER_MARK.len() as u64);
        }
        Ok((decoder, SampleThenRest { sample, reader }))
    }
}

/// What was looked at, and then the rest of the file.
struct SampleThenRest<R> {
    sample: Cursor<Zeroizing<Vec<u8>>>,
    reader: R,
}

impl<R: Read> Read for SampleThenRest<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let at = usize::try_from(self.sample.position()).unwrap_or(usize::MAX);
        let rest = self.sample.get_ref().get(at..).unwrap_or_default();
        if rest.is_empty() {
            return self.reader.read(buffer);
        }
        let length = rest.len().min(buffer.len());
        buffer[..length].copy_from_slice(&rest[..length]);
        self.sample.set_position((at + length) as u64);
        Ok(length)
    }
}

/// Whether more of the whole lines beyond ASCII are text in this encoding than are not. Japanese
/// text in CP932 is hardly ever UTF-8 by chance.
fn mostly(decoder: Decoder, sample: &[u8]) -> bool {
    let beyond_ascii = whole_lines(sample).filter(|(_, line)| !line.is_ascii());
    let (good, bad): (Vec<_>, Vec<_>) =
        beyond_ascii.partition(|(_, line)| decoder.decode(line).is_some());
    bad.len() <= good.len()
}

/// Where a sample that should be CP932 is UTF-8 in every line beyond ASCII: read as CP932 it would
/// often be text, and another one.
fn utf8_instead(sample: &[u8]) -> Option<FileFault> {
    let mut lines = (1..)
        .zip(whole_lines(sample))
        .filter(|(_, (_, line))| !line.is_ascii());
    let (line, (begin, first)) = lines.next()?;
    let utf8 = |line| Decoder::Utf8.decode(line).is_some();
    let at = begin + first.iter().position(|byte| !byte.is_ascii())?;
    (utf8(first) && lines.all(|(_, (_, line))| utf8(line))).then_some(FileFault::Encoding {
        line,
        byte: at as u64 + 1,
    })
}

/// The lines of a sample, each with where it begins; the last only where the sample is the file.
fn whole_lines(sample: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let whole = if sample.len() as u64 == SAMPLE {
        sample.iter().rposition(|byte| *byte == b'\n').unwrap_or(0)
    } else {
        sample.len()
    };
    let mut begin = 0;
    sample[..whole]
        .split(|byte| *byte == b'\n')
        .map(move |line| {
            let at = begin;
            begin += line.len() + 1;
            (at, line)
        })
}

/// Where the first line that is no text in this encoding stands.
fn first_fault(decoder: Decoder, sample: &[u8]) -> FileFault {
    let lines = (1..).zip(whole_lines(sample));
    let fault = lines
        .filter(|(_, (_, line))| decoder.decode(line).is_none())
        .map(|(number, (begin, line))| (number, begin + decoder.first_fault(line)))
        .next();
    let (line, byte) = fault.unwrap_or((1, 0));
    FileFault::Encoding {
        line,
        byte: byte as u64 + 1,
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

    /// How many bytes of a line that is no text in this encoding are.
    pub(super) fn first_fault(self, line: &[u8]) -> usize {
        match self {
            Self::Utf8 => std::str::from_utf8(line)
                .err()
                .map_or(line.len(), |error| error.valid_up_to()),
            Self::Cp932 => {
                // Every character is one byte or two, so that the text before it says where.
                let good = |length: &usize| self.decode(&line[..*length]).is_some();
                (0..=line.len()).rev().find(good).unwrap_or(0)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decided(encoding: CsvEncoding, bytes: &[u8]) -> Result<(Decoder, Vec<u8>), FileFault> {
        let (decoder, mut reader) = encoding.decide(bytes)?;
        let mut rest = Vec::new();
        reader.read_to_end(&mut rest).unwrap();
        Ok((decoder, rest))
    }

    fn detected(bytes: &[u8]) -> Decoder {
        decided(CsvEncoding::Detect, bytes).unwrap().0
    }

    #[test]
    fn the_byte_order_mark_goes() {
        let marked = b"\xef\xbb\xbfa,b\n";
        for encoding in [CsvEncoding::Detect, CsvEncoding::Utf8] {
            let expected = (Decoder::Utf8, b"a,b\n".to_vec());
            assert_eq!(decided(encoding, marked), Ok(expected));
        }
        assert_eq!(detected(b"a,b\n"), Decoder::Utf8);
    }

    #[test]
    fn the_rest_follows_the_sample() {
        let file = b"123456789\n".repeat(100_000);
        assert_eq!(decided(CsvEncoding::Utf8, &file), Ok((Decoder::Utf8, file)));
    }

    #[test]
    fn most_lines_decide() {
        let (cp932, _, _) = SHIFT_JIS.encode("見出し\n山田\n髙橋\n");
        assert_eq!(detected(&cp932), Decoder::Cp932);
        let mut one_bad_line = "見出し\n山田\n".as_bytes().to_vec();
        one_bad_line.extend_from_slice(b"\xff\xfe\n");
        assert_eq!(detected(&one_bad_line), Decoder::Utf8);
    }

    #[test]
    fn another_encoding_than_the_named_one_is_refused_with_its_place() {
        let text = "a,b\n1,山田\n2,髙橋\n";
        let (cp932, _, _) = SHIFT_JIS.encode(text);
        let refused = |line, byte| Err(FileFault::Encoding { line, byte });
        assert_eq!(decided(CsvEncoding::Utf8, &cp932), refused(2, 7));
        // Read as CP932 this would be text, and another one.
        let utf8 = "a,b\n1,亀\n2,亀\n".as_bytes();
        assert!(Decoder::Cp932.decode("1,亀".as_bytes()).is_some());
        assert_eq!(decided(CsvEncoding::Cp932, utf8), refused(2, 7));
        let (euc, _, _) = encoding_rs::EUC_JP.encode("a,b\n1,ｱ\u{3000}￣弌\n");
        let neither = decided(
            CsvEncoding::Detect,
            &[&euc, &b"\xff\xff\n\xff\xff\n"[..]].concat(),
        );
        assert!(matches!(neither, Err(FileFault::Encoding { .. })));
    }

    #[test]
    fn a_character_cut_by_the_sample_s_end_is_no_fault() {
        let mut file = vec![b'x'; 9];
        file.push(b'\n');
        // Two-byte characters, the last one half in the sample.
        while (file.len() as u64) < SAMPLE + 10 {
            file.extend_from_slice("é".as_bytes());
        }
        assert_eq!(decided(CsvEncoding::Utf8, &file).unwrap().0, Decoder::Utf8);
    }

    #[test]
    fn cp932_has_what_shift_jis_lacks() {
        // NEC and IBM extensions: 髙 (FBFC), 﨑 (FAB1)
        let line = Decoder::Cp932.decode(b"\xfb\xfc\xfa\xb1");
        assert_eq!(line.as_deref(), Some("髙﨑"));
        assert_eq!(Decoder::Cp932.decode(b"\x81"), None);
        assert_eq!(Decoder::Cp932.first_fault(b"ab\xfb\xfc\x81"), 4);
        assert_eq!(Decoder::Utf8.decode(b"\xfb\xfc"), None);
        assert_eq!(Decoder::Utf8.first_fault(b"ab\xfb\xfc"), 2);
    }
}
