//! A session with a well-behaved card: what is sent, and what the PIN's answers mean.

mod real_card_files;
mod simulated_card;

use domain::Pin;
use my_number_card::{
    CardError, CardInfoInputAp, CommandName, ElementaryFile, PinError, PinTries, ReadProgress,
    StatusWord,
};
use simulated_card::{PIN, SimulatedCard};

const SELECT: u8 = 0xa4;
const VERIFY: u8 = 0x20;
const READ: u8 = 0xb0;

fn pin(digits: &[u8]) -> Pin {
    Pin::parse(digits).expect("four digits")
}

fn presented(card: &SimulatedCard) -> usize {
    card.received(VERIFY)
        .filter(|command| command.len() > 4)
        .count()
}

#[test]
fn a_whole_session() {
    let mut card = SimulatedCard::new();
    let mut seen = Vec::new();
    let mut ap = CardInfoInputAp::select(&mut card).unwrap();
    assert_eq!(ap.tries_left(), Ok(PinTries::Left(3)));
    let mut open = ap.present_pin(pin(&PIN)).unwrap();
    let information = open
        .read_signed_basic_information(|progress| seen.push(progress))
        .unwrap();
    assert_eq!(open.sign_presence(&[7; 32]), Ok([0x5a; 256]));
    for file in ElementaryFile::ALL {
        assert_eq!(
            information.files().get(file),
            real_card_files::file_mut(&mut real_card_files::files(), file),
            "EF {file}"
        );
    }
    let expected = (0..=5).map(|files_read| ReadProgress {
        files_read,
        files: 5,
    });
    assert!(seen.into_iter().eq(expected));
    assert_eq!(presented(&card), 1);
}

#[test]
fn only_the_pin_is_ever_presented_and_nothing_else_selected() {
    let mut card = SimulatedCard::new();
    let ap = CardInfoInputAp::select(&mut card).unwrap();
    let mut open = ap.present_pin(pin(&PIN)).unwrap();
    open.read_signed_basic_information(|_| ()).unwrap();
    let selected: Vec<u16> = card
        .received(SELECT)
        .skip(1)
        .map(|command| u16::from_be_bytes([command[5], command[6]]))
        .collect();
    // Neither 照合番号A (0014) nor B (0015), nor the blocked 0012.
    assert_eq!(selected, [0x0011, 0x0001, 0x0002, 0x0003, 0x0004, 0x0007]);
}

#[test]
fn reads_ask_for_256_bytes_at_most_and_stop_at_the_objects_end() {
    let mut card = SimulatedCard::new();
    // The file of a card is longer than its object.
    for file in [0x0002, 0x0003, 0x0004, 0x0007] {
        card.files.get_mut(&file).unwrap().resize(700, 0xff);
    }
    let ap = CardInfoInputAp::select(&mut card).unwrap();
    let mut open = ap.present_pin(pin(&PIN)).unwrap();
    let information = open.read_signed_basic_information(|_| ()).unwrap();
    assert_eq!(
        information.files().get(ElementaryFile::CardKey),
        real_card_files::EF0007
    );
    let reads: Vec<[u8; 3]> = card
        .received(READ)
        .map(|command| [command[2], command[3], command[4]])
        .collect();
    assert_eq!(
        reads,
        [
            [0, 0, 0],
            [0, 0, 0],
            [0, 0, 0],
            [1, 0, 80],
            [0, 0, 0],
            [1, 0, 0],
            [2, 0, 56],
            [0, 0, 0],
            [1, 0, 0],
            [2, 0, 24],
        ]
    );
}

#[test]
fn a_wrong_pin_costs_one_try() {
    let mut card = SimulatedCard::new();
    for (expected, tries_after) in [
        (PinError::Incorrect { tries_left: 2 }, PinTries::Left(2)),
        (PinError::Incorrect { tries_left: 1 }, PinTries::Left(1)),
        (PinError::Blocked, PinTries::Blocked),
    ] {
        let ap = CardInfoInputAp::select(&mut card).unwrap();
        assert_eq!(ap.present_pin(pin(b"0000")).map(|_| ()), Err(expected));
        let mut ap = CardInfoInputAp::select(&mut card).unwrap();
        assert_eq!(ap.tries_left(), Ok(tries_after));
    }
    assert_eq!(presented(&card), 3);
}

#[test]
fn a_locked_card_is_not_presented_to() {
    for status in [[0x63, 0xc0], [0x69, 0x84], [0x69, 0x83]] {
        let mut card = SimulatedCard::twisted(move |_, command, honest| {
            Ok(if command[1] == VERIFY {
                status.to_vec()
            } else {
                honest
            })
        });
        let ap = CardInfoInputAp::select(&mut card).unwrap();
        assert_eq!(
            ap.present_pin(pin(&PIN)).map(|_| ()),
            Err(PinError::Blocked)
        );
        assert_eq!(presented(&card), 0);
    }
}

#[test]
fn a_card_that_was_left_open_is_not_presented_to() {
    let mut card = SimulatedCard::twisted(|_, command, honest| {
        Ok(if command[1] == VERIFY {
            vec![0x90, 0x00]
        } else {
            honest
        })
    });
    let ap = CardInfoInputAp::select(&mut card).unwrap();
    assert_eq!(
        ap.present_pin(pin(&PIN)).map(|_| ()),
        Err(PinError::Card(CardError::LeftOpen))
    );
    assert_eq!(presented(&card), 0);
}

#[test]
fn whatever_is_answered_the_pin_is_presented_once() {
    for status in 0..=u16::MAX {
        // Every SW1, and every SW2 where it means something for VERIFY.
        if status & 0xff > 0x10 && status >> 8 != 0x63 {
            continue;
        }
        let mut card = SimulatedCard::twisted(move |_, command, honest| {
            let is_pin = command[1] == VERIFY && command.len() > 4;
            Ok(if is_pin {
                status.to_be_bytes().to_vec()
            } else {
                honest
            })
        });
        let ap = CardInfoInputAp::select(&mut card).unwrap();
        let result = ap.present_pin(pin(&PIN)).map(|_| ());
        assert_eq!(result.is_ok(), status == 0x9000, "{status:04x}");
        assert_eq!(presented(&card), 1, "{status:04x}");
    }
}

#[test]
fn another_card_is_told_apart() {
    let mut card = SimulatedCard::twisted(|_, _, _| Ok(vec![0x6a, 0x82]));
    assert_eq!(
        CardInfoInputAp::select(&mut card).map(|_| ()),
        Err(CardError::NotAMyNumberCard)
    );
    let mut card = SimulatedCard::twisted(|_, _, _| Ok(vec![0x6f, 0x00]));
    assert_eq!(
        CardInfoInputAp::select(&mut card).map(|_| ()),
        Err(CardError::Refused {
            command: CommandName::SelectApplication,
            status: StatusWord(0x6f00)
        })
    );
}
