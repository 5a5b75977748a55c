//! Whatever bytes come, parsers and session end, and nothing but the card's own content verifies.

mod real_card_files;
mod simulated_card;

use domain::Pin;
use my_number_card::{
    CardInfoInputAp, CardTransport, ElementaryFile, Presence, SignedBasicInformation,
    TransportError, TrustedCardCas, verify,
};
use proptest::{collection::vec, prelude::*, sample::Index};
use real_card_files::{file_mut, files};
use time::macros::date;
use zeroize::Zeroizing;

fn any_file() -> impl Strategy<Value = ElementaryFile> {
    proptest::sample::select(&ElementaryFile::ALL[..])
}

/// Answers in this order, whatever is asked; then the card is gone.
struct Answers(std::vec::IntoIter<Vec<u8>>);

impl CardTransport for Answers {
    fn transmit(&mut self, _: &[u8]) -> Result<Zeroizing<Vec<u8>>, TransportError> {
        self.0
            .next()
            .map(Zeroizing::new)
            .ok_or(TransportError::CardRemoved)
    }
}

/// Status words that lead somewhere, and any others.
fn answer() -> impl Strategy<Value = Vec<u8>> {
    let status = prop_oneof![
        4 => Just([0x90, 0x00]),
        1 => any::<u8>().prop_map(|more| [0x61, more]),
        1 => any::<u8>().prop_map(|length| [0x6c, length]),
        1 => Just([0x63, 0xc3]),
        1 => any::<[u8; 2]>(),
    ];
    (vec(any::<u8>(), 0..270), status).prop_map(|(data, status)| [&data[..], &status].concat())
}

proptest! {
    #[test]
    fn arbitrary_files_are_parsed_or_refused(file in any_file(), bytes in vec(any::<u8>(), 0..600)) {
        let mut changed = files();
        *file_mut(&mut changed, file) = bytes;
        prop_assert!(SignedBasicInformation::from_files(changed).is_err());
    }

    #[test]
    fn a_file_with_a_part_replaced_never_verifies(
        file in any_file(),
        at in any::<Index>(),
        removed in 0_usize..8,
        inserted in vec(any::<u8>(), 0..8),
    ) {
        let original = file_mut(&mut files(), file).clone();
        let start = at.index(original.len());
        let end = (start + removed).min(original.len());
        let mut bytes = original.clone();
        bytes.splice(start..end, inserted);
        let is_same = bytes.starts_with(&original)
            && bytes[original.len()..].iter().all(|byte| *byte == 0xff);
        prop_assume!(!is_same);
        let mut changed = files();
        *file_mut(&mut changed, file) = bytes;
        if let Ok(information) = SignedBasicInformation::from_files(changed) {
            let trusted = TrustedCardCas::production().accept_test_hierarchy();
            let today = date!(2026 - 01 - 01);
            prop_assert!(verify(&information, &trusted, Presence::NotRequired, today).is_err());
        }
    }

    #[test]
    fn arbitrary_answers_come_to_an_end(answers in vec(answer(), 0..60)) {
        let mut card = Answers(answers.into_iter());
        let pin = Pin::parse(b"1234").expect("four digits");
        if let Ok(ap) = CardInfoInputAp::select(&mut card)
            && let Ok(mut open) = ap.present_pin(pin)
        {
            prop_assert!(open.read_signed_basic_information(|_| ()).is_err());
            let _ = open.sign_presence(&[0; 32]);
        }
    }
}
