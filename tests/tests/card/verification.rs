//! Cards that lie, properly signed or not: each refused in its step.

use domain::{BirthDate, ChannelId, InvalidBirthDate, InvalidMyNumber, Redacted, TermsVersion};
use fixtures::card::{
    CardCa, CardIssuer, CardPerson, Ef, IssuedCard, PoolKey, VirtualCard, foreign_ca_id, test_ca_id,
};
use my_number_card::{
    CardError, CardInfoInputAp, ElementaryFile, Malformation, MalformedFile, Presence,
    SignedBasicInformation, TrustedCardCas, VerificationError, VerifiedHolder, presence_digest,
    verify,
};
use time::{Date, macros::date};

use crate::table::{PIN, issued, issuer, key, person, pin, session, trusted};

const TODAY: Date = date!(2026 - 01 - 01);
const CHALLENGE: [u8; 32] = [1; 32];
const CHANNEL: ChannelId = ChannelId([2; 32]);

fn terms() -> TermsVersion {
    TermsVersion::parse("2026-01").expect("seven characters")
}

/// What a card gives, and its signature over the challenge.
fn read(card: IssuedCard) -> (SignedBasicInformation, [u8; 256]) {
    let ap = CardInfoInputAp::select(VirtualCard::new(card)).expect("the application is there");
    let mut open = ap.present_pin(pin(PIN)).expect("the PIN is right");
    let information = open
        .read_signed_basic_information(|_| ())
        .expect("well-formed files");
    let digest = presence_digest(&CHALLENGE, &CHANNEL, &information.files_digest(), &terms());
    let signature = open.sign_presence(&digest).expect("a card with a key");
    (information, signature)
}

fn check(card: IssuedCard) -> Result<VerifiedHolder, VerificationError> {
    let (information, signature) = read(card);
    let presence = Presence::Signed {
        challenge: &CHALLENGE,
        channel: CHANNEL,
        terms: &terms(),
        signature: &signature,
    };
    verify(&information, &trusted(), presence, TODAY)
}

fn issue(issuer: &CardIssuer, person: &CardPerson, card: u8) -> IssuedCard {
    let transport = key(PoolKey::Transport);
    issuer.issue(person, &key(PoolKey::Card(card)), &transport)
}

#[test]
fn an_honest_card_verifies() {
    let holder = check(issued()).unwrap();
    let modulus = key(PoolKey::Card(0)).modulus();
    assert_eq!(holder.card_key_sha256(), &crypto::sha256(&modulus));
    assert_eq!(
        VerifiedHolder::from_sealed_state(&holder.to_state()),
        Ok(holder)
    );
}

#[test]
fn a_presence_signature_is_over_everything_it_binds() {
    let (information, signature) = read(issued());
    let later = TermsVersion::parse("2026-02").unwrap();
    let terms = terms();
    let mut other_signature = signature;
    other_signature[255] ^= 1;
    for (challenge, channel, terms, signature) in [
        (&[9; 32], CHANNEL, &terms, &signature),
        (&CHALLENGE, ChannelId([9; 32]), &terms, &signature),
        (&CHALLENGE, CHANNEL, &later, &signature),
        (&CHALLENGE, CHANNEL, &terms, &other_signature),
    ] {
        let presence = Presence::Signed {
            challenge,
            channel,
            terms,
            signature,
        };
        assert_eq!(
            verify(&information, &trusted(), presence, TODAY),
            Err(VerificationError::PresenceSignature)
        );
    }
    // The same card's other files: a byte of filler more.
    let mut files = information.files().clone();
    files.ef0007.push(0xff);
    let information = SignedBasicInformation::from_files(files).unwrap();
    let presence = Presence::Signed {
        challenge: &CHALLENGE,
        channel: CHANNEL,
        terms: &terms,
        signature: &signature,
    };
    assert_eq!(
        verify(&information, &trusted(), presence, TODAY),
        Err(VerificationError::PresenceSignature)
    );
}

#[test]
fn a_ca_that_is_not_trusted() {
    let (information, _) = read(issued());
    for trusted in [
        TrustedCardCas::production(),
        TrustedCardCas::production().accept_test_hierarchy(),
    ] {
        assert_eq!(
            verify(&information, &trusted, Presence::NotRequired, TODAY),
            Err(VerificationError::UnknownCaKey(test_ca_id()))
        );
    }
    let foreign = CardCa::new(foreign_ca_id(), key(PoolKey::ForeignCa))
        .certify(foreign_ca_id(), key(PoolKey::ForeignIssuer));
    assert_eq!(
        check(issue(&foreign, &person(), 0)),
        Err(VerificationError::UnknownCaKey(foreign_ca_id()))
    );
}

#[test]
fn a_ca_that_borrows_a_trusted_id() {
    let impostor = CardCa::new(test_ca_id(), key(PoolKey::ForeignCa))
        .certify(foreign_ca_id(), key(PoolKey::ForeignIssuer));
    assert_eq!(
        check(issue(&impostor, &person(), 0)),
        Err(VerificationError::IssuerCertificateSignature)
    );
}

#[test]
fn digests_signed_by_another_issuer() {
    let mut card = issued();
    let other = issue(&issuer(1), &person(), 0);
    let foreign = other.files.get(Ef::Integrity).unwrap().to_vec();
    card.files.replace(Ef::Integrity, foreign);
    assert_eq!(check(card), Err(VerificationError::IntegritySignature));
}

#[test]
fn the_number_or_the_attributes_of_somebody_else() {
    let mut somebody = person();
    somebody.individual_number = Redacted::new("537686677188".to_owned());
    somebody.name = Redacted::new("試験\u{3000}次郎".to_owned());
    let other = issue(&issuer(0), &somebody, 0);
    for (ef, refusal) in [
        (
            Ef::IndividualNumber,
            VerificationError::IndividualNumberDigest,
        ),
        (Ef::BasicAttributes, VerificationError::AttributesDigest),
    ] {
        let mut card = issued();
        card.files
            .replace(ef, other.files.get(ef).unwrap().to_vec());
        assert_eq!(check(card), Err(refusal));
    }
}

#[test]
fn the_card_key_of_another_issuers_card() {
    let mut card = issued();
    let other = issue(&issuer(1), &person(), 1);
    let foreign = other.files.get(Ef::CardKey).unwrap().to_vec();
    card.files.replace(Ef::CardKey, foreign);
    card.key = other.key;
    assert_eq!(check(card), Err(VerificationError::CardKeySignature));
}

#[test]
fn a_copy_of_the_files_without_the_key() {
    let mut copy = issued();
    copy.key = Some(key(PoolKey::Card(1)));
    assert_eq!(check(copy), Err(VerificationError::PresenceSignature));
}

/// What is **not** caught, and cannot be by what is on the card: EF 0007 names nobody, so copied
/// files and the living key of another card of the same issuer pass together.
/// `docs/SECURITY.md` says so; a municipality may remember each resident's card key.
#[test]
fn the_living_key_of_another_card_of_the_same_issuer_passes() {
    let mut card = issued();
    let other = issue(&issuer(0), &person(), 1);
    let living = other.files.get(Ef::CardKey).unwrap().to_vec();
    card.files.replace(Ef::CardKey, living);
    card.key = other.key;
    let holder = check(card).unwrap();
    let honest = check(issued()).unwrap();
    assert_ne!(holder.card_key_sha256(), honest.card_key_sha256());
}

#[test]
fn a_birth_date_that_lies_ahead() {
    let mut unborn = person();
    unborn.birth_date = Redacted::new("20260102".to_owned());
    assert_eq!(
        check(issue(&issuer(0), &unborn, 0)),
        Err(VerificationError::BirthDateInFuture)
    );
    unborn.birth_date = Redacted::new("20260101".to_owned());
    let holder = check(issue(&issuer(0), &unborn, 0)).unwrap();
    assert_eq!(holder.attributes().birth_date, BirthDate::from_date(TODAY));
}

/// Properly signed, and nonsense all the same.
#[test]
fn signed_nonsense_is_malformed() {
    let malformed = |person: &CardPerson| {
        let card = VirtualCard::new(issue(&issuer(0), person, 0));
        match session(card).map(|_| ()) {
            Err(CardError::Malformed(malformed)) => malformed,
            other => panic!("{other:?}"),
        }
    };
    let mut nobody = person();
    nobody.individual_number = Redacted::new("123456789010".to_owned());
    let malformation = Malformation::IndividualNumber {
        at: 3,
        reason: InvalidMyNumber::CheckDigit,
    };
    let file = ElementaryFile::IndividualNumber;
    assert_eq!(malformed(&nobody), MalformedFile { file, malformation });

    let mut impossible = person();
    impossible.birth_date = Redacted::new("19990229".to_owned());
    let MalformedFile { file, malformation } = malformed(&impossible);
    assert_eq!(file, ElementaryFile::BasicAttributes);
    let Malformation::BirthDate { reason, .. } = malformation else {
        panic!("{malformation:?}");
    };
    assert_eq!(reason, InvalidBirthDate::Impossible);
}
