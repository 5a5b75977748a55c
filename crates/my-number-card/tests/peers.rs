//! What `myna-card`, written independently, says of the same bytes.

mod real_card_files;

use my_number_card::{KeyId, Presence, SignedBasicInformation, TrustedCardCas, verify};
use myna_card::{CardVerifiableCertificate, ap::text::Attributes, ca, tlv::ber};
use real_card_files::{EF0002, EF0004, files};
use time::macros::date;

#[test]
fn both_read_the_same_attributes() {
    let theirs = Attributes::parse(EF0002).unwrap();
    let information = SignedBasicInformation::from_files(files()).unwrap();
    let ours = information.attributes();
    assert_eq!(ours.name.expose(), theirs.name);
    assert_eq!(ours.address.expose(), theirs.address);
    let born = ours.birth_date.date();
    let month = theirs.birth_date.month;
    assert_eq!(born.year(), i32::from(theirs.birth_date.year));
    assert_eq!(u8::from(born.month()), month);
    assert_eq!(born.day(), theirs.birth_date.day);
}

#[test]
fn both_know_the_same_ca_keys() {
    let theirs = |name: &str| ca::KNOWN.iter().find(|key| key.name() == name).unwrap();
    let issuer = CardVerifiableCertificate::parse(EF0004)
        .unwrap()
        .issuer_key_id;
    let test = theirs("6000033");
    assert_eq!(issuer.as_bytes(), test.key_id);

    // Ours hold their key under their id: a chain verifies with it, and with no other.
    let information = SignedBasicInformation::from_files(files()).unwrap();
    let check = |trusted| {
        let today = date!(2026 - 01 - 01);
        verify(&information, &trusted, Presence::NotRequired, today).is_ok()
    };
    assert!(check(TrustedCardCas::production().accept_test_hierarchy()));
    assert!(!check(TrustedCardCas::production()));
    for (key, trusted) in [
        (theirs("5000033"), TrustedCardCas::production()),
        (test, TrustedCardCas::production().accept_test_hierarchy()),
    ] {
        let id = KeyId::parse(key.key_id).unwrap();
        assert_eq!(
            trusted.modulus(&id).map(<[u8; 256]>::as_slice),
            Some(key.modulus)
        );
    }
}

#[test]
fn both_end_an_object_at_the_same_byte() {
    for bytes in [EF0002, EF0004] {
        let theirs = ber::parse_header(bytes).unwrap().total_len();
        assert_eq!(theirs, bytes.len());
    }
}
