//! A session with a card that answers anything: it ends, within bounds, and the PIN is presented
//! once at most.
//!
//! Input: the answers, each after its length as two bytes, big-endian; after them the card is
//! gone.
#![no_main]

use domain::Pin;
use libfuzzer_sys::fuzz_target;
use my_number_card::{CardInfoInputAp, CardTransport, TransportError};
use zeroize::Zeroizing;

/// More than any session sends: five files of at most 4096 bytes, each read in at most five
/// pieces and a repetition.
const MOST_COMMANDS: usize = 400;

struct Card<'a> {
    answers: &'a [u8],
    commands: usize,
    presented: usize,
}

impl CardTransport for Card<'_> {
    fn transmit(&mut self, command: &[u8]) -> Result<Zeroizing<Vec<u8>>, TransportError> {
        self.commands += 1;
        assert!(self.commands <= MOST_COMMANDS, "a session without an end");
        check(command);
        if command[1] == 0x20 && command.len() > 4 {
            self.presented += 1;
            assert!(self.presented == 1, "the PIN was presented twice");
        }
        let (length, after) = self
            .answers
            .split_first_chunk::<2>()
            .ok_or(TransportError::CardRemoved)?;
        let length = usize::from(u16::from_be_bytes(*length)).min(after.len());
        let (answer, after) = after.split_at(length);
        self.answers = after;
        Ok(Zeroizing::new(answer.to_vec()))
    }
}

/// Only the commands that a session needs, in the only forms that they have.
fn check(command: &[u8]) {
    match command {
        [0x00, 0xa4, 0x04, 0x0c, 0x0a, name @ ..] => assert_eq!(name.len(), 10),
        [0x00, 0xa4, 0x02, 0x0c, 0x02, 0x00, file] => {
            assert!([0x11, 0x01, 0x02, 0x03, 0x04, 0x07].contains(file));
        }
        [0x00, 0x20, 0x00, 0x80] => {}
        [0x00, 0x20, 0x00, 0x80, 0x04, pin @ ..] => assert_eq!(pin.len(), 4),
        [0x00, 0xb0, high, _, _] => assert!(high & 0x80 == 0),
        [0x80, 0x2a, 0x00, 0x00, 0x33, rest @ ..] => assert_eq!(rest.len(), 52),
        [0x00, 0xc0, 0x00, 0x00, _] => {}
        _ => panic!("a command of {} bytes that no session sends", command.len()),
    }
}

fuzz_target!(|input: &[u8]| {
    let mut card = Card {
        answers: input,
        commands: 0,
        presented: 0,
    };
    let Ok(pin) = Pin::parse(b"1234") else { return };
    let Ok(ap) = CardInfoInputAp::select(&mut card) else {
        return;
    };
    let Ok(mut open) = ap.present_pin(pin) else {
        return;
    };
    let _ = open.read_signed_basic_information(|_| ());
    let _ = open.sign_presence(&[0; 32]);
});
