//! How a text may be written.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::general_purpose::{GeneralPurpose, NO_PAD};

/// Shorter than this, bytes stand anywhere by chance.
const SHORTEST: usize = 5;

/// What [`encodings`] knows, for a report.
pub const NAMES: &str = "UTF-8, UTF-16 (both orders), UTF-32, CP932, hexadecimal, base64 at each \
     alignment in both alphabets, percent, JSON escapes; digits in groups, full-width, as bare \
     values, packed; dates with separators";

/// A text as it may lie in a file or in memory: UTF-8, UTF-16, UTF-32, CP932, hexadecimal, base64
/// at each alignment in both alphabets, percent-encoded, with JSON's escapes; a number also in
/// groups, in full-width digits, one byte for a digit or two digits, and one of eight digits as a
/// date.
#[must_use]
pub fn encodings(text: &str) -> Vec<Vec<u8>> {
    let mut all = BTreeSet::new();
    for text in spellings(text) {
        let utf8 = text.as_bytes();
        all.insert(utf8.to_vec());
        all.insert(text.encode_utf16().flat_map(u16::to_le_bytes).collect());
        all.insert(text.encode_utf16().flat_map(u16::to_be_bytes).collect());
        all.insert(
            text.chars()
                .flat_map(|c| u32::from(c).to_le_bytes())
                .collect(),
        );
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
        all.extend(escaped(&text));
    }
    all.extend(digit_values(text));
    all.retain(|bytes| bytes.len() >= SHORTEST);
    all.into_iter().collect()
}

/// Bytes that are no text, such as a card's command, as they may lie in a file, a log or in memory:
/// themselves, hexadecimal with and without separators, base64 at each alignment.
#[must_use]
pub fn encodings_of_bytes(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut all = BTreeSet::from([bytes.to_vec()]);
    for separator in ["", " ", ":"] {
        let pairs: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let written = pairs.join(separator);
        all.insert(written.to_uppercase().into_bytes());
        all.insert(written.into_bytes());
    }
    for alphabet in [&STANDARD, &URL_SAFE] {
        let base64 = GeneralPurpose::new(alphabet, NO_PAD);
        all.extend((0..3).map(|before| aligned(&base64, before, bytes)));
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

/// With the escapes of URLs and of JSON, in capitals and in small letters.
fn escaped(text: &str) -> [Vec<u8>; 4] {
    let percent = |plain: fn(&u8) -> bool, upper: bool| -> Vec<u8> {
        let escape = |byte: u8| match (plain(&byte), upper) {
            (true, _) => char::from(byte).to_string(),
            (false, true) => format!("%{byte:02X}"),
            (false, false) => format!("%{byte:02x}"),
        };
        text.bytes().map(escape).collect::<String>().into_bytes()
    };
    let json = |upper: bool| -> Vec<u8> {
        let escape = |unit: u16| match (u8::try_from(unit), upper) {
            (Ok(byte), _) if byte.is_ascii() => char::from(byte).to_string(),
            (_, true) => format!("\\u{unit:04X}"),
            (_, false) => format!("\\u{unit:04x}"),
        };
        let units = text.encode_utf16();
        units.map(escape).collect::<String>().into_bytes()
    };
    [
        percent(u8::is_ascii_alphanumeric, true),
        percent(u8::is_ascii_alphanumeric, false),
        json(true),
        json(false),
    ]
}

/// The text, and a number as people write it.
fn spellings(text: &str) -> Vec<String> {
    let mut spellings = vec![text.to_owned()];
    if !is_number(text) {
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
    for separator in [" ", "-", ".", "\u{3000}", "\0"] {
        spellings.extend([1, 3, 4].map(|length| grouped(length, separator)));
    }
    let full_width = |digit: char| char::from_u32(u32::from(digit) + 0xfee0);
    spellings.push(text.chars().filter_map(full_width).collect());
    if let (8, Some((year, rest))) = (text.len(), text.split_at_checked(4)) {
        let (month, day) = rest.split_at(2);
        for separator in ["-", "/", "."] {
            spellings.push([year, month, day].join(separator));
        }
        spellings.push(format!("{year}年{month}月{day}日"));
        let bare = |part: &str| part.trim_start_matches('0').to_owned();
        spellings.push(format!("{year}年{}月{}日", bare(month), bare(day)));
    }
    spellings
}

/// A number with a byte for each digit, and with one for two.
fn digit_values(text: &str) -> Vec<Vec<u8>> {
    if !is_number(text) {
        return Vec::new();
    }
    let digits: Vec<u8> = text.bytes().map(|digit| digit - b'0').collect();
    let pairs = digits.chunks(2);
    let packed = pairs.map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit));
    vec![packed.collect(), digits]
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}
