//! The elementary files that make up the signed basic information, and what is in them.

mod basic_attributes;
mod card_key;
mod individual_number;
mod integrity;
mod issuer_certificate;
mod rsa_key;

use std::fmt;

use crypto::Sha256;
use zeroize::Zeroizing;

pub(crate) use basic_attributes::BasicAttributesFile;
pub(crate) use card_key::CardKeyFile;
pub(crate) use individual_number::IndividualNumberFile;
pub(crate) use integrity::IntegrityFile;
pub(crate) use issuer_certificate::IssuerCertificateFile;

use crate::malformation::Malformation;

/// An elementary file of 券面事項入力補助AP that is read here. EF 0005 and 0006 are not needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ElementaryFile {
    /// EF 0001, the individual number (個人番号).
    IndividualNumber,
    /// EF 0002, the basic attributes (基本4情報).
    BasicAttributes,
    /// EF 0003, the digests of both and the issuer's signature.
    Integrity,
    /// EF 0004, the issuer's card-verifiable certificate.
    IssuerCertificate,
    /// EF 0007, the card's own public key, signed by the issuer.
    CardKey,
}

impl ElementaryFile {
    /// Every file, in the order in which they are read.
    pub const ALL: [Self; 5] = [
        Self::IndividualNumber,
        Self::BasicAttributes,
        Self::Integrity,
        Self::IssuerCertificate,
        Self::CardKey,
    ];

    /// The file's identifier.
    #[must_use]
    pub const fn id(self) -> u16 {
        match self {
            Self::IndividualNumber => 0x0001,
            Self::BasicAttributes => 0x0002,
            Self::Integrity => 0x0003,
            Self::IssuerCertificate => 0x0004,
            Self::CardKey => 0x0007,
        }
    }

    /// The most bytes taken of it, filler included; generous against the 17, 104, 336, 568 and
    /// 536 bytes observed. EF 0002 holds two texts of unknown greatest length.
    #[must_use]
    pub const fn longest(self) -> usize {
        match self {
            Self::IndividualNumber => 256,
            Self::BasicAttributes => 4096,
            Self::Integrity | Self::IssuerCertificate | Self::CardKey => 1024,
        }
    }

    pub(crate) const fn check_length(self, length: usize) -> Result<(), Malformation> {
        let longest = self.longest();
        if length > longest {
            Err(Malformation::TooLong { length, longest })
        } else {
            Ok(())
        }
    }
}

/// The identifier, four hexadecimal digits.
impl fmt::Display for ElementaryFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04X}", self.id())
    }
}

/// The five files as read, wiped when dropped; `Debug` shows lengths only.
#[derive(Clone)]
pub struct CardFiles {
    /// EF 0001, the whole file: its digest covers the filler.
    pub ef0001: Zeroizing<Vec<u8>>,
    /// EF 0002, with or without filler.
    pub ef0002: Zeroizing<Vec<u8>>,
    /// EF 0003, with or without filler.
    pub ef0003: Zeroizing<Vec<u8>>,
    /// EF 0004, with or without filler.
    pub ef0004: Zeroizing<Vec<u8>>,
    /// EF 0007, with or without filler.
    pub ef0007: Zeroizing<Vec<u8>>,
}

impl CardFiles {
    /// One of the files.
    #[must_use]
    pub fn get(&self, file: ElementaryFile) -> &[u8] {
        match file {
            ElementaryFile::IndividualNumber => &self.ef0001,
            ElementaryFile::BasicAttributes => &self.ef0002,
            ElementaryFile::Integrity => &self.ef0003,
            ElementaryFile::IssuerCertificate => &self.ef0004,
            ElementaryFile::CardKey => &self.ef0007,
        }
    }

    /// SHA-256 over the files in the order of [`ElementaryFile::ALL`], each after its length as
    /// four bytes, big-endian.
    #[must_use]
    pub fn digest(&self) -> [u8; 32] {
        let mut sum = Sha256::new();
        for file in ElementaryFile::ALL {
            let bytes = self.get(file);
            // Files are bounded far below 4 GiB; a longer one is refused before it gets here.
            let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
            sum.update(&length.to_be_bytes());
            sum.update(bytes);
        }
        sum.finish()
    }
}

impl fmt::Debug for CardFiles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut lengths = f.debug_map();
        for file in ElementaryFile::ALL {
            lengths.entry(&format_args!("EF {file}"), &self.get(file).len());
        }
        lengths.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files() -> CardFiles {
        let file = |byte| Zeroizing::new(vec![byte; 3]);
        CardFiles {
            ef0001: file(1),
            ef0002: file(2),
            ef0003: file(3),
            ef0004: file(4),
            ef0007: file(7),
        }
    }

    #[test]
    fn the_digest_tells_where_a_file_ends() {
        let mut shifted = files();
        shifted.ef0001.push(2);
        shifted.ef0002.pop();
        assert_ne!(files().digest(), shifted.digest());
    }

    #[test]
    fn debug_shows_lengths_only() {
        assert_eq!(
            format!("{:?}", files()),
            "{EF 0001: 3, EF 0002: 3, EF 0003: 3, EF 0004: 3, EF 0007: 3}"
        );
    }
}
