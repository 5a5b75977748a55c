//! EF 0002 malformed in every way that its parser knows.

mod real_card_files;

use domain::{InvalidBirthDate, InvalidText};
use my_number_card::{ElementaryFile, Malformation, MalformedFile, SignedBasicInformation};
use real_card_files::files;
use zeroize::Zeroizing;

fn object(tag: u16, value: &[u8]) -> Vec<u8> {
    let length = u16::try_from(value.len())
        .expect("a short value")
        .to_be_bytes();
    [&tag.to_be_bytes()[..], &[0x82], &length, value].concat()
}

/// Attributes with right offsets, each object's length in the long form.
fn attributes(name: &[u8], address: &[u8], birth_date: &[u8], sex: &[u8]) -> Vec<u8> {
    let objects = [
        object(0xdf22, name),
        object(0xdf23, address),
        object(0xdf24, birth_date),
        object(0xdf25, sex),
    ];
    let mut at: u16 = 5 + 5 + 8;
    let mut offsets = Vec::new();
    for object in &objects {
        offsets.extend_from_slice(&at.to_be_bytes());
        at += u16::try_from(object.len()).expect("a short object");
    }
    object(
        0xff20,
        &[object(0xdf21, &offsets), objects.concat()].concat(),
    )
}

fn parse(ef0002: Vec<u8>) -> Result<SignedBasicInformation, Malformation> {
    let mut files = files();
    files.ef0002 = Zeroizing::new(ef0002);
    SignedBasicInformation::from_files(files).map_err(|error| {
        let MalformedFile { file, malformation } = error;
        assert_eq!(file, ElementaryFile::BasicAttributes);
        malformation
    })
}

const NAME: &[u8] = "試験\u{3000}太郎".as_bytes();
const ADDRESS: &[u8] = "試験県試験市".as_bytes();

#[test]
fn lengths_in_the_long_form_are_read() {
    let information = parse(attributes(NAME, ADDRESS, b"20000101", b"3")).unwrap();
    assert_eq!(
        information.attributes().address.expose().as_bytes(),
        ADDRESS
    );
}

#[test]
fn dates_that_are_none() {
    let at = 18 + 5 + NAME.len() + 5 + ADDRESS.len() + 5;
    for (date, reason) in [
        (&b"20010229"[..], InvalidBirthDate::Impossible),
        (b"20001301", InvalidBirthDate::Impossible),
        (b"00000000", InvalidBirthDate::Impossible),
        (b"2000010", InvalidBirthDate::NotEightDigits),
        (b"2000-1-1", InvalidBirthDate::NotEightDigits),
    ] {
        assert_eq!(
            parse(attributes(NAME, ADDRESS, date, b"1")).unwrap_err(),
            Malformation::BirthDate { at, reason }
        );
    }
}

#[test]
fn codes_of_sex_that_are_none() {
    let at = 18 + 5 + NAME.len() + 5 + ADDRESS.len() + 5 + 8 + 5;
    for code in [&b""[..], b"0", b"4", b"11"] {
        assert_eq!(
            parse(attributes(NAME, ADDRESS, b"20000101", code)).unwrap_err(),
            Malformation::Sex { at }
        );
    }
}

#[test]
fn texts_that_are_none() {
    for (name, malformation) in [
        (
            &b"\xe8\xa9\xa6\xff"[..],
            Malformation::NotUtf8 { at: 23 + 3 },
        ),
        (
            b"",
            Malformation::Text {
                at: 23,
                reason: InvalidText::Empty,
            },
        ),
        (
            b"a\nb",
            Malformation::Text {
                at: 23,
                reason: InvalidText::Control(1),
            },
        ),
        (
            &[b'a'; 1025],
            Malformation::Text {
                at: 23,
                reason: InvalidText::TooLong(1025),
            },
        ),
    ] {
        assert_eq!(
            parse(attributes(name, ADDRESS, b"20000101", b"1")).unwrap_err(),
            malformation
        );
    }
}

#[test]
fn offsets_that_point_elsewhere() {
    for (index, at) in (10..18).enumerate() {
        let mut file = attributes(NAME, ADDRESS, b"20000101", b"1");
        file[at] = file[at].wrapping_add(1);
        assert_eq!(
            parse(file).unwrap_err(),
            Malformation::Offset {
                at: 10 + index / 2 * 2
            }
        );
    }
}

#[test]
fn objects_missing_doubled_or_in_another_order() {
    let name = object(0xdf22, NAME);
    let address = object(0xdf23, ADDRESS);
    let offsets = object(0xdf21, &[0; 8]);
    let after_name = 5 + 13 + name.len();
    let outer = |parts: &[&[u8]]| object(0xff20, &parts.concat());
    assert_eq!(
        parse(outer(&[&offsets, &address, &name])).unwrap_err(),
        Malformation::UnexpectedTag {
            at: 18,
            expected: 0xdf22,
            found: 0xdf23
        }
    );
    assert_eq!(
        parse(outer(&[&offsets, &name, &name])).unwrap_err(),
        Malformation::UnexpectedTag {
            at: after_name,
            expected: 0xdf23,
            found: 0xdf22
        }
    );
    assert_eq!(
        parse(outer(&[&offsets, &name])).unwrap_err(),
        Malformation::TagCutOff { at: after_name }
    );
    let whole = attributes(NAME, ADDRESS, b"20000101", b"1");
    let at = whole.len();
    let more = object(0xff20, &[&whole[5..], &object(0xdf26, b"")].concat());
    assert_eq!(parse(more).unwrap_err(), Malformation::TrailingBytes { at });
}

#[test]
fn an_offset_table_of_another_size() {
    let whole = attributes(NAME, ADDRESS, b"20000101", b"1");
    let short = object(0xff20, &[&object(0xdf21, &[0; 6]), &whole[18..]].concat());
    assert_eq!(
        parse(short).unwrap_err(),
        Malformation::UnexpectedLength {
            at: 10,
            expected: 8,
            found: 6
        }
    );
}
