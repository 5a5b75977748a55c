//! The real test card's bytes: its chain holds, and no byte of it can be another.

mod real_card_files;

use std::ops::Range;

use domain::{ChannelId, InvalidMyNumber, Sex, TermsVersion};
use my_number_card::{
    CardFiles, ElementaryFile, Malformation, MalformedFile, Presence, SignedBasicInformation,
    TrustedCardCas, VerificationError, VerifiedHolder, verify,
};
use real_card_files::{EF0001, file_mut, files};
use time::{Date, macros::date};

const TODAY: Date = date!(2026 - 01 - 01);

/// Either of the two refusals that a changed file can meet.
#[derive(Debug, PartialEq)]
enum Refusal {
    Malformed(MalformedFile),
    NotAuthentic(VerificationError),
}

fn check(files: CardFiles) -> Result<VerifiedHolder, Refusal> {
    let information = SignedBasicInformation::from_files(files).map_err(Refusal::Malformed)?;
    let trusted = TrustedCardCas::production().accept_test_hierarchy();
    verify(&information, &trusted, Presence::NotRequired, TODAY).map_err(Refusal::NotAuthentic)
}

#[test]
fn the_chain_to_ca_6000033_holds() {
    let holder = check(files()).unwrap();
    assert_eq!(holder.my_number().expose_digits(), &EF0001[3..15]);
    assert_eq!(holder.attributes().name.parts(), ("黒桐", Some("幹也")));
    assert_eq!(holder.attributes().birth_date.to_iso(), "1980-02-17");
    assert_eq!(holder.attributes().sex, Sex::Male);
    assert!(
        holder
            .attributes()
            .address
            .expose()
            .starts_with("東京都清瀬市")
    );
}

#[test]
fn production_trust_refuses_it() {
    let information = SignedBasicInformation::from_files(files()).unwrap();
    let trusted = TrustedCardCas::production();
    let refusal = verify(&information, &trusted, Presence::NotRequired, TODAY).unwrap_err();
    let VerificationError::UnknownCaKey(id) = refusal else {
        panic!("refused for another reason: {refusal}");
    };
    assert_eq!(id.as_bytes()[..7], *b"6000033");
}

#[test]
fn nobody_without_its_key_shows_its_presence() {
    let information = SignedBasicInformation::from_files(files()).unwrap();
    let trusted = TrustedCardCas::production().accept_test_hierarchy();
    let presence = Presence::Signed {
        challenge: &[1; 32],
        channel: ChannelId([2; 32]),
        terms: &TermsVersion::parse("2026-01").unwrap(),
        signature: &[3; 256],
    };
    assert_eq!(
        verify(&information, &trusted, presence, TODAY),
        Err(VerificationError::PresenceSignature)
    );
}

#[test]
fn filler_after_the_object_is_ff_and_only_ff() {
    for file in [
        ElementaryFile::BasicAttributes,
        ElementaryFile::Integrity,
        ElementaryFile::IssuerCertificate,
        ElementaryFile::CardKey,
    ] {
        let mut filled = files();
        let end = file_mut(&mut filled, file).len();
        file_mut(&mut filled, file).extend_from_slice(&[0xff; 40]);
        assert!(check(filled.clone()).is_ok(), "EF {file} with filler");
        for at in end..end + 40 {
            let mut bad = filled.clone();
            file_mut(&mut bad, file)[at] ^= 1;
            let malformation = Malformation::Filler { at };
            let expected = Refusal::Malformed(MalformedFile { file, malformation });
            assert_eq!(check(bad), Err(expected));
        }
    }
}

#[test]
fn filler_of_ef_0001_is_digested() {
    let mut longer = files();
    longer.ef0001.push(0xff);
    let expected = Refusal::NotAuthentic(VerificationError::IndividualNumberDigest);
    assert_eq!(check(longer), Err(expected));
    let mut shorter = files();
    shorter.ef0001.pop();
    let expected = Refusal::NotAuthentic(VerificationError::IndividualNumberDigest);
    assert_eq!(check(shorter), Err(expected));
}

#[test]
fn a_file_longer_than_its_kind_may_be_is_not_parsed() {
    for file in ElementaryFile::ALL {
        let mut long = files();
        let length = file.longest() + 1;
        file_mut(&mut long, file).resize(length, 0xff);
        let malformation = Malformation::TooLong {
            length,
            longest: file.longest(),
        };
        let expected = Refusal::Malformed(MalformedFile { file, malformation });
        assert_eq!(check(long), Err(expected));
    }
}

#[test]
fn a_file_cut_anywhere_is_refused() {
    for file in ElementaryFile::ALL {
        let whole = file_mut(&mut files(), file).len();
        for length in 0..whole {
            let mut cut = files();
            file_mut(&mut cut, file).truncate(length);
            let refusal = check(cut).unwrap_err();
            let expected: &[&str] = match (file, length) {
                (ElementaryFile::IndividualNumber, 15..) => &["IndividualNumberDigest"],
                _ => &["TagCutOff", "LengthCutOff", "ValueCutOff"],
            };
            assert!(
                expected.contains(&name(&refusal).as_str()),
                "EF {file} cut to {length}: {refusal:?}"
            );
        }
    }
}

/// What a place in a file is, and so how a change of it must be refused.
enum Place {
    /// A tag.
    Tag,
    /// A length: the structure no longer fits.
    Length,
    /// Anything else: one of these refusals, by the name of the error's variant.
    Value(&'static [&'static str]),
}

type PlaceInFile = (Range<usize>, Place);

use Place::{Length, Tag, Value};

/// Every byte of the five files. There is **no exception**: no byte is left that neither a
/// signature, a digest, a rule of consistency nor the structure covers.
const LAYOUT: [(ElementaryFile, &[PlaceInFile]); 5] = [
    (
        ElementaryFile::IndividualNumber,
        &[
            (0..2, Tag),
            (2..3, Length),
            // A changed digit keeps the check digit right once in a while: then the digest.
            (
                3..15,
                Value(&["IndividualNumber", "IndividualNumberDigest"]),
            ),
            (15..17, Value(&["Filler"])),
        ],
    ),
    (
        ElementaryFile::BasicAttributes,
        &[
            (0..2, Tag),
            (2..3, Length),
            (3..5, Tag),
            (5..6, Length),
            (6..14, Value(&["Offset"])),
            (14..16, Tag),
            (16..17, Length),
            (17..32, Value(&["AttributesDigest", "NotUtf8"])),
            (32..34, Tag),
            (34..35, Length),
            (35..89, Value(&["AttributesDigest", "NotUtf8"])),
            (89..91, Tag),
            (91..92, Length),
            (92..100, Value(&["AttributesDigest", "BirthDate"])),
            (100..102, Tag),
            (102..103, Length),
            (103..104, Value(&["AttributesDigest", "Sex"])),
        ],
    ),
    (
        ElementaryFile::Integrity,
        &[
            (0..2, Tag),
            (2..5, Length),
            (5..7, Tag),
            (7..8, Length),
            (8..40, Value(&["IntegritySignature"])),
            (40..42, Tag),
            (42..43, Length),
            (43..75, Value(&["IntegritySignature"])),
            (75..77, Tag),
            (77..80, Length),
            (80..336, Value(&["IntegritySignature"])),
        ],
    ),
    (
        ElementaryFile::IssuerCertificate,
        &[
            (0..2, Tag),
            (2..5, Length),
            (5..7, Tag),
            (7..10, Length),
            // The issuer's, that is the CA's, key id; then the subject's.
            (10..17, Value(&["UnknownCaKey", "KeyId"])),
            (17..19, Value(&["KeyId"])),
            (19..22, Value(&["UnknownCaKey", "KeyId"])),
            (22..26, Value(&["UnknownCaKey"])),
            (26..33, Value(&["IssuerCertificateSignature", "KeyId"])),
            (33..35, Value(&["KeyId"])),
            (35..38, Value(&["IssuerCertificateSignature", "KeyId"])),
            (38..42, Value(&["IssuerCertificateSignature"])),
            (42..43, Tag),
            (43..44, Length),
            (44..47, Value(&["Exponent"])),
            (47..48, Tag),
            (48..51, Length),
            (51..307, Value(&["IssuerCertificateSignature", "Modulus"])),
            (307..309, Tag),
            (309..312, Length),
            (312..568, Value(&["IssuerCertificateSignature"])),
        ],
    ),
    (
        ElementaryFile::CardKey,
        &[
            (0..2, Tag),
            (2..5, Length),
            (5..7, Tag),
            (7..10, Length),
            (10..11, Tag),
            (11..12, Length),
            (12..15, Value(&["Exponent"])),
            (15..16, Tag),
            (16..19, Length),
            (19..275, Value(&["CardKeySignature", "Modulus"])),
            (275..277, Tag),
            (277..280, Length),
            (280..536, Value(&["CardKeySignature"])),
        ],
    ),
];

#[test]
fn every_flipped_bit_of_every_byte_is_refused_for_its_own_reason() {
    for (file, places) in LAYOUT {
        let mut next = 0;
        for (range, place) in places {
            assert_eq!(range.start, next, "EF {file}: the layout has a gap");
            next = range.end;
            for at in range.clone() {
                for bit in 0..8 {
                    let mut flipped = files();
                    file_mut(&mut flipped, file)[at] ^= 1 << bit;
                    let refusal = match check(flipped) {
                        Err(refusal) => refusal,
                        Ok(_) => panic!("EF {file}, byte {at}, bit {bit} may be anything"),
                    };
                    assert!(
                        fits(place, &name(&refusal)),
                        "EF {file}, byte {at}, bit {bit}: {refusal:?}"
                    );
                }
            }
        }
        assert_eq!(next, file_mut(&mut files(), file).len(), "EF {file}");
    }
}

fn fits(place: &Place, name: &str) -> bool {
    let expected: &[&str] = match place {
        // A changed tag may also swallow the byte that was its length.
        Tag => &["UnexpectedTag", "TagTooLong"],
        // A changed length moves everything after it.
        Length => &[
            "LengthTooLong",
            "LengthIndefinite",
            "ValueCutOff",
            "TagCutOff",
            "UnexpectedTag",
            "UnexpectedLength",
            "TagTooLong",
            "TrailingBytes",
            "Filler",
            "IndividualNumber",
        ],
        Value(names) => names,
    };
    expected.contains(&name)
}

/// The name of the error's innermost variant.
fn name(refusal: &Refusal) -> String {
    let shown = match refusal {
        Refusal::Malformed(error) => format!("{:?}", error.malformation),
        Refusal::NotAuthentic(error) => format!("{error:?}"),
    };
    let end = shown.find([' ', '(']).unwrap_or(shown.len());
    shown[..end].to_owned()
}

#[test]
fn a_wrong_check_digit_is_its_own_refusal() {
    let mut wrong = files();
    wrong.ef0001[14] = b'0';
    let malformation = Malformation::IndividualNumber {
        at: 3,
        reason: InvalidMyNumber::CheckDigit,
    };
    let file = ElementaryFile::IndividualNumber;
    let expected = Refusal::Malformed(MalformedFile { file, malformation });
    assert_eq!(check(wrong), Err(expected));
}
