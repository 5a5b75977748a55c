//! How a ledger file's text is encoded.

use encoding_rs::SHIFT_JIS;
use zeroize::Zeroizing;

/// How a ledger file's text is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LedgerEncoding {
    /// CP932 (Windows-31J), what most ledger systems take.
    ///
    /// A character it lacks is never replaced by a look-alike or a `?`: the resident's row is
    /// refused to the report, and the rest of the file is written.
    Cp932,
    /// UTF-8 with a byte order mark, by which ledger systems tell it from CP932.
    Utf8,
}

impl LedgerEncoding {
    /// The stable name, in records and on the command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Cp932 => "cp932",
            Self::Utf8 => "utf-8",
        }
    }

    /// The bytes that begin the file.
    pub(super) const fn mark(self) -> &'static [u8] {
        match self {
            Self::Cp932 => b"",
            Self::Utf8 => b"\xef\xbb\xbf",
        }
    }

    /// The text's bytes; `None` where they would not be read back as the same text.
    pub(super) fn encode(self, text: &str) -> Option<Zeroizing<Vec<u8>>> {
        match self {
            Self::Utf8 => Some(Zeroizing::new(text.as_bytes().to_vec())),
            Self::Cp932 => {
                let (bytes, _, unmappable) = SHIFT_JIS.encode(text);
                let bytes = Zeroizing::new(bytes.into_owned());
                // The encoder also makes two signs of ASCII out of ¥ and ‾, and − out of －.
                let same = SHIFT_JIS
                    .decode_without_bom_handling_and_without_replacement(&bytes)
                    .is_some_and(|back| back == text);
                (same && !unmappable).then_some(bytes)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cp932_takes_what_reads_back_the_same_and_nothing_else() {
        for text in ["", "ABC 123", "髙島 会館～①", "ﾌｱｲｻﾞｰ"] {
            let bytes = LedgerEncoding::Cp932.encode(text).unwrap();
            assert_eq!(SHIFT_JIS.decode(&bytes).0, text);
        }
        // 𠮷 and the wave dash are lacking; ¥, ‾ and − would come back as others.
        for text in ["𠮷野", "〜", "¥", "‾", "\u{2212}", "é"] {
            assert_eq!(LedgerEncoding::Cp932.encode(text), None, "{text}");
            assert!(LedgerEncoding::Utf8.encode(text).is_some());
        }
    }
}
