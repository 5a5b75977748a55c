//! A text as segments, in the smallest version that holds it.

use qrcode::bits::Bits;
use qrcode::types::{EcLevel, Mode};

use super::matrix::QrMatrix;
use super::{QUIET_ZONE, correction, layout};
use crate::shc::{Jws, numeric};

/// A code's version: 1 to 40, of 21 to 177 modules a side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version(u8);

/// Why there is no code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum QrError {
    /// The text needs a larger version than is printed.
    #[error("{bytes} bytes do not fit a code of version {largest}")]
    TooLong {
        /// Length of the text.
        bytes: usize,
        /// The largest version asked for.
        largest: u8,
    },
}

impl Version {
    /// The largest that a SMART Health Card may have (SHC, "Chunking"): 105 modules a side, with
    /// its quiet zone 45 mm at 0.40 mm.
    pub const SHC: Self = Self(22);

    /// The largest printed for a VDS-NC: 153 modules a side, with its quiet zone 64 mm at
    /// 0.40 mm, so that it stands beside a SMART Health Card on A4; and the largest that was
    /// shown to be read from prints. It holds 2188 bytes, about five doses.
    pub const VDS_NC: Self = Self(34);

    /// Takes 1 to 40.
    #[must_use]
    pub const fn new(version: u8) -> Option<Self> {
        match version {
            1..=40 => Some(Self(version)),
            _ => None,
        }
    }

    /// 1 to 40.
    #[must_use]
    pub const fn number(self) -> u8 {
        self.0
    }

    /// Modules a side, without quiet zone.
    #[must_use]
    pub const fn size(self) -> usize {
        17 + 4 * self.0 as usize
    }

    /// How many bytes one byte segment holds at error correction level L.
    #[must_use]
    pub fn byte_capacity(self) -> usize {
        let overhead = 4 + Mode::Byte.length_bits_count(self.of_qrcode());
        capacity(self, EcLevel::L).saturating_sub(overhead) / 8
    }

    /// Side in millimetres, quiet zone included, at this size of a module.
    #[must_use]
    pub const fn printed_mm(self, module_mm: f64) -> f64 {
        (self.size() + 2 * QUIET_ZONE) as f64 * module_mm
    }

    pub(super) const fn of_qrcode(self) -> qrcode::Version {
        qrcode::Version::Normal(self.0 as i16)
    }

    fn up_to(self) -> impl Iterator<Item = Self> {
        (1..=self.0).map(Self)
    }
}

/// One segment.
#[derive(Clone, Copy)]
enum Segment<'a> {
    Bytes(&'a [u8]),
    Digits(&'a [u8]),
}

impl Segment<'_> {
    fn bits(self, version: Version) -> usize {
        let (mode, length) = match self {
            Self::Bytes(bytes) => (Mode::Byte, bytes.len()),
            Self::Digits(digits) => (Mode::Numeric, digits.len()),
        };
        let count = mode.length_bits_count(version.of_qrcode());
        // A count that does not fit its field fits no version of this class either.
        if length >= 1 << count {
            return usize::MAX / 4;
        }
        4 + count + mode.data_bits_count(length)
    }
}

/// A SMART Health Card as a code: `shc:/` in byte mode, the digits in numeric mode (SHC,
/// "Encoding chunks as QR codes"), version at most 22, level L or better.
///
/// # Errors
/// [`QrError`] for a JWS of more than 1195 characters.
pub fn encode_shc(jws: &Jws) -> Result<QrMatrix, QrError> {
    let digits = crate::shc::to_digits(jws);
    let segments = [
        Segment::Bytes(numeric::PREFIX.as_bytes()),
        Segment::Digits(digits.as_bytes()),
    ];
    encode(&segments, Version::SHC)
}

/// A text in byte mode, version at most `largest`, level L or better.
///
/// # Errors
/// [`QrError`].
pub fn encode_bytes(text: &[u8], largest: Version) -> Result<QrMatrix, QrError> {
    encode(&[Segment::Bytes(text)], largest)
}

/// The smallest version that holds the segments at level L, and in it the best level that holds
/// them.
fn encode(segments: &[Segment<'_>], largest: Version) -> Result<QrMatrix, QrError> {
    let needed = |version| {
        segments
            .iter()
            .map(|segment| segment.bits(version))
            .sum::<usize>()
    };
    let version = largest
        .up_to()
        .find(|version| needed(*version) <= capacity(*version, EcLevel::L))
        .ok_or_else(|| QrError::TooLong {
            bytes: segments.iter().map(Segment::length).sum(),
            largest: largest.0,
        })?;
    let level = [EcLevel::H, EcLevel::Q, EcLevel::M]
        .into_iter()
        .find(|level| needed(version) <= capacity(version, *level))
        .unwrap_or(EcLevel::L);
    let data = data(segments, version, level)
        .expect("the segments were counted to fit this version and level");
    let codewords = correction::codewords(&data, version, level);
    Ok(layout::of(version).fill(&codewords, level))
}

impl Segment<'_> {
    const fn length(&self) -> usize {
        match self {
            Self::Bytes(text) | Self::Digits(text) => text.len(),
        }
    }
}

/// Data bits of a version at a level.
fn capacity(version: Version, level: EcLevel) -> usize {
    Bits::new(version.of_qrcode())
        .max_len(level)
        .expect("every version from 1 to 40 has every level")
}

/// The segments' bits, filled up to the version's data codewords (7.4.9 and 7.4.10).
fn data(segments: &[Segment<'_>], version: Version, level: EcLevel) -> qrcode::QrResult<Vec<u8>> {
    let mut bits = Bits::new(version.of_qrcode());
    for segment in segments {
        match segment {
            Segment::Bytes(bytes) => bits.push_byte_data(bytes)?,
            Segment::Digits(digits) => bits.push_numeric_data(digits)?,
        }
    }
    bits.push_terminator(level)?;
    Ok(bits.into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jws(characters: usize) -> Jws {
        // No part of base64url has 4n + 1 characters.
        let header = if characters % 4 == 3 { "YWE" } else { "YQ" };
        let rest = "A".repeat(characters - header.len() - 4);
        Jws::parse(&format!("{header}.Yg.{rest}")).unwrap()
    }

    #[test]
    fn a_health_card_of_1195_characters_is_version_22_and_one_more_is_refused() {
        let code = encode_shc(&jws(1195)).unwrap();
        assert_eq!(code.version(), Version::SHC);
        let digits = 2 * 1196 + 5;
        assert_eq!(
            encode_shc(&jws(1196)).err(),
            Some(QrError::TooLong {
                bytes: digits,
                largest: 22
            })
        );
    }

    #[test]
    fn byte_capacities_of_the_standard() {
        // ISO/IEC 18004, table 7, level L.
        for (version, bytes) in [
            (1, 17),
            (9, 230),
            (10, 271),
            (22, 1003),
            (31, 1840),
            (34, 2188),
            (40, 2953),
        ] {
            assert_eq!(Version::new(version).unwrap().byte_capacity(), bytes);
        }
        let full = vec![b'x'; 2188];
        assert_eq!(
            encode_bytes(&full, Version::VDS_NC).unwrap().version(),
            Version::VDS_NC
        );
        let more = vec![b'x'; 2189];
        assert_eq!(
            encode_bytes(&more, Version::VDS_NC).err(),
            Some(QrError::TooLong {
                bytes: 2189,
                largest: 34
            })
        );
        assert_eq!(Version::new(0), None);
        assert_eq!(Version::new(41), None);
    }

    #[test]
    fn a_count_beyond_its_field_is_too_long_and_no_panic() {
        let text = vec![b'x'; 1 << 16];
        assert!(encode_bytes(&text, Version::new(40).unwrap()).is_err());
    }

    #[test]
    fn in_print() {
        assert!((Version::SHC.printed_mm(0.40) - 45.2).abs() < 1e-9);
        assert!((Version::VDS_NC.printed_mm(0.40) - 64.4).abs() < 1e-9);
    }
}
