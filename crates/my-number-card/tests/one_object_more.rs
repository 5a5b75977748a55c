//! Every constructed object of every file with one more object at its end: signed or not, that is
//! another file than the one known.

mod real_card_files;

use my_number_card::{ElementaryFile, Malformation, MalformedFile, SignedBasicInformation};
use real_card_files::{EF0002, EF0003, EF0004, EF0007, file_mut, files};

/// An object of another kind than any that belongs there, without content.
const MORE: [u8; 3] = [0xdf, 0x7e, 0x00];

fn object(tag: &[u8], value: &[u8]) -> Vec<u8> {
    let length = u16::try_from(value.len()).expect("a short value");
    [tag, &[0x82], &length.to_be_bytes(), value].concat()
}

fn refusal(file: ElementaryFile, bytes: Vec<u8>) -> Malformation {
    let mut files = files();
    *file_mut(&mut files, file) = bytes;
    let refusal = SignedBasicInformation::from_files(files).expect_err("one object too many");
    let MalformedFile {
        file: told,
        malformation,
    } = refusal;
    assert_eq!(told, file);
    malformation
}

#[test]
fn at_the_end_of_a_file() {
    for (file, bytes, header) in [
        (ElementaryFile::BasicAttributes, EF0002, 3),
        (ElementaryFile::Integrity, EF0003, 5),
        (ElementaryFile::IssuerCertificate, EF0004, 5),
        (ElementaryFile::CardKey, EF0007, 5),
    ] {
        // Inside the file's object, whose length is written with three bytes here.
        let inside = object(&bytes[..2], &[&bytes[header..], &MORE].concat());
        let at = inside.len() - MORE.len();
        let found = refusal(file, inside);
        if file == ElementaryFile::BasicAttributes {
            // Its header grew by two bytes, so its offsets would be wrong as well.
            assert_eq!(at, EF0002.len() + 2);
        }
        assert_eq!(found, Malformation::TrailingBytes { at }, "EF {file}");

        // After the file's object, where only filler may be.
        let after = [bytes, &MORE].concat();
        let at = bytes.len();
        assert_eq!(refusal(file, after), Malformation::Filler { at });
    }
}

#[test]
fn at_the_end_of_the_cards_key() {
    // DF51 is at byte 5 and its value at 10; DF52 at 275.
    let key = object(&[0xdf, 0x51], &[&EF0007[10..275], &MORE].concat());
    let file = object(&[0xff, 0x50], &[&key[..], &EF0007[275..]].concat());
    assert_eq!(
        refusal(ElementaryFile::CardKey, file),
        Malformation::TrailingBytes { at: 275 }
    );
}

#[test]
fn at_the_end_of_the_issuers_key() {
    // 5F4E is at byte 5 and its value at 10; 5F37 at 307. Its length is fixed.
    let body = object(&[0x5f, 0x4e], &[&EF0004[10..307], &MORE].concat());
    let file = object(&[0x7f, 0x21], &[&body[..], &EF0004[307..]].concat());
    assert_eq!(
        refusal(ElementaryFile::IssuerCertificate, file),
        Malformation::UnexpectedLength {
            at: 10,
            expected: 297,
            found: 300
        }
    );
}
