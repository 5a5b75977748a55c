//! Cards and readers that answer what no card should: each has its own, bounded end.

mod real_card_files;
mod simulated_card;

use domain::Pin;
use my_number_card::{
    CardError, CardInfoInputAp, CommandName, ElementaryFile, PinError, SignedBasicInformation,
    StatusWord, TransportError,
};
use simulated_card::{PIN, SimulatedCard};

const READ: u8 = 0xb0;
const SIGN: u8 = 0x2a;
const GET_RESPONSE: u8 = 0xc0;

fn read(card: &mut SimulatedCard) -> Result<SignedBasicInformation, CardError> {
    let ap = CardInfoInputAp::select(card)?;
    let pin = Pin::parse(&PIN).expect("four digits");
    let mut open = ap.present_pin(pin).map_err(|error| match error {
        PinError::Card(error) => error,
        PinError::Incorrect { .. } | PinError::Blocked => panic!("the PIN is right"),
    })?;
    let information = open.read_signed_basic_information(|_| ())?;
    open.sign_presence(&[7; 32])?;
    Ok(information)
}

/// Answers commands of one instruction with something else.
fn answering(instruction: u8, answer: Vec<u8>) -> SimulatedCard {
    SimulatedCard::twisted(move |_, command, honest| {
        Ok(if command[1] == instruction {
            answer.clone()
        } else {
            honest
        })
    })
}

#[test]
fn the_card_pulled_at_every_command() {
    let mut whole = SimulatedCard::new();
    read(&mut whole).unwrap();
    for pulled in 0..whole.commands.len() {
        for error in [TransportError::CardRemoved, TransportError::ReaderGone] {
            let mut card = SimulatedCard::twisted(move |number, _, honest| {
                if number == pulled {
                    Err(error)
                } else {
                    Ok(honest)
                }
            });
            assert_eq!(
                read(&mut card).map(|_| ()),
                Err(CardError::Transport(error)),
                "pulled at command {pulled}"
            );
            assert_eq!(
                card.commands.len(),
                pulled + 1,
                "nothing is sent afterwards"
            );
        }
    }
}

#[test]
fn answers_that_are_none() {
    let commands = {
        let mut whole = SimulatedCard::new();
        read(&mut whole).unwrap();
        whole.commands.len()
    };
    for at in 0..commands {
        for (length, error) in [
            (0, TransportError::AnswerTooShort(0)),
            (1, TransportError::AnswerTooShort(1)),
            (259, TransportError::AnswerTooLong(259)),
            (70_000, TransportError::AnswerTooLong(70_000)),
        ] {
            let mut card = SimulatedCard::twisted(move |number, _, honest| {
                Ok(if number == at {
                    vec![0x90; length]
                } else {
                    honest
                })
            });
            assert_eq!(
                read(&mut card).map(|_| ()),
                Err(CardError::Transport(error))
            );
        }
    }
}

#[test]
fn wrong_status_words_at_every_command() {
    let mut whole = SimulatedCard::new();
    read(&mut whole).unwrap();
    for at in 0..whole.commands.len() {
        let status = StatusWord(0x6f00);
        let mut card = SimulatedCard::twisted(move |number, _, honest| {
            Ok(if number == at {
                vec![0x6f, 0x00]
            } else {
                honest
            })
        });
        let refusal = read(&mut card).map(|_| ());
        let Err(CardError::Refused { status: told, .. }) = refusal else {
            panic!("command {at}: {refusal:?}");
        };
        assert_eq!(told, status);
    }
}

#[test]
fn a_read_that_gives_more_than_was_asked() {
    // The rest of EF 0003 is 80 bytes.
    let mut card = SimulatedCard::twisted(|_, command, honest| {
        Ok(if command[1] == READ && command[4] == 80 {
            [vec![0xff; 81], vec![0x90, 0x00]].concat()
        } else {
            honest
        })
    });
    assert_eq!(
        read(&mut card).map(|_| ()),
        Err(CardError::UnexpectedLength {
            command: CommandName::ReadBinary,
            length: 81
        })
    );
}

#[test]
fn a_file_without_an_end() {
    let endless = [vec![0xff; 256], vec![0x90, 0x00]].concat();
    let mut card = answering(READ, endless);
    assert_eq!(
        read(&mut card).map(|_| ()),
        Err(CardError::FileTooLong(ElementaryFile::IndividualNumber))
    );
    assert_eq!(card.received(READ).count(), 2);
}

#[test]
fn a_file_that_claims_to_be_endless() {
    let mut card = SimulatedCard::new();
    let mut file = vec![0xff; 60_000];
    file[..5].copy_from_slice(&[0xff, 0x20, 0x82, 0xff, 0xff]);
    card.files.insert(0x0002, file);
    assert_eq!(
        read(&mut card).map(|_| ()),
        Err(CardError::FileTooLong(ElementaryFile::BasicAttributes))
    );
    assert!(card.received(READ).count() <= 1 + 4096 / 256 + 1);
}

#[test]
fn a_file_shorter_than_its_object_is_malformed() {
    let mut card = SimulatedCard::new();
    card.files.get_mut(&0x0007).unwrap().truncate(256);
    let refusal = read(&mut card).map(|_| ());
    let Err(CardError::Malformed(malformed)) = refusal else {
        panic!("{refusal:?}");
    };
    assert_eq!(malformed.file, ElementaryFile::CardKey);
}

#[test]
fn files_that_are_missing_or_stay_closed() {
    for file in ElementaryFile::ALL {
        let mut card = SimulatedCard::new();
        card.files.remove(&file.id());
        assert_eq!(
            read(&mut card).map(|_| ()),
            Err(CardError::FileNotFound(file))
        );
    }
    let mut card = answering(READ, vec![0x69, 0x82]);
    assert_eq!(
        read(&mut card).map(|_| ()),
        Err(CardError::AccessDenied(ElementaryFile::IndividualNumber))
    );
}

/// `61xx`: the answer waits to be fetched with GET RESPONSE.
#[test]
fn answers_in_pieces_are_collected() {
    let mut waiting = Vec::new();
    let mut card = SimulatedCard::twisted(move |_, command, honest| {
        Ok(match command[1] {
            SIGN => {
                waiting = honest[100..].to_vec();
                [&honest[..100], &[0x61, 156]].concat()
            }
            GET_RESPONSE => {
                assert_eq!(command[4], 156);
                waiting.clone()
            }
            _ => honest,
        })
    });
    assert!(read(&mut card).is_ok());
}

#[test]
fn answers_in_endless_pieces_are_not() {
    for piece in [vec![0x61, 0x00], vec![0x61, 0x01], vec![0x00, 0x61, 0x01]] {
        let always = piece.clone();
        let mut card = SimulatedCard::twisted(move |_, command, honest| {
            Ok(match command[1] {
                SIGN | GET_RESPONSE => always.clone(),
                _ => honest,
            })
        });
        assert_eq!(
            read(&mut card).map(|_| ()),
            Err(CardError::Endless {
                command: CommandName::Sign
            })
        );
        assert_eq!(card.received(GET_RESPONSE).count(), 5);
    }
    let large = [vec![0; 200], vec![0x61, 200]].concat();
    let mut card = SimulatedCard::twisted(move |_, command, honest| {
        Ok(match command[1] {
            SIGN | GET_RESPONSE => large.clone(),
            _ => honest,
        })
    });
    assert_eq!(
        read(&mut card).map(|_| ()),
        Err(CardError::UnexpectedLength {
            command: CommandName::Sign,
            length: 400
        })
    );
}

/// `6Cxx`: the card names the length it would give.
#[test]
fn a_named_length_is_asked_for_once() {
    let mut card = SimulatedCard::twisted(|_, command, honest| {
        let data = honest.len() - 2;
        let asked = if command[1] == READ && command[4] == 0 {
            256
        } else {
            data
        };
        // Below 256 here: only then is it shorter than what was asked.
        Ok(if data < asked && honest.ends_with(&[0x90, 0x00]) {
            vec![0x6c, u8::try_from(data).expect("less than 256")]
        } else {
            honest
        })
    });
    assert!(read(&mut card).is_ok());

    let mut card = answering(READ, vec![0x6c, 0x05]);
    assert_eq!(
        read(&mut card).map(|_| ()),
        Err(CardError::Refused {
            command: CommandName::ReadBinary,
            status: StatusWord(0x6c05)
        })
    );
    assert_eq!(card.received(READ).count(), 2);
}

/// The end of a file is told in one of three ways.
#[test]
fn every_way_to_tell_the_end_of_a_file() {
    // Short data with 9000, as the simulated card does, or with a warning.
    let mut card = SimulatedCard::twisted(|_, command, mut honest| {
        if command[1] == READ && honest.len() == 17 + 2 {
            honest.truncate(17);
            honest.extend_from_slice(&[0x62, 0x82]);
        }
        Ok(honest)
    });
    assert!(read(&mut card).is_ok());
    // Past the end: the file is as long as the read, so only the next read tells.
    let mut card = SimulatedCard::new();
    card.files.get_mut(&0x0001).unwrap().resize(256, 0xff);
    let information = read(&mut card).unwrap();
    let file = information.files().get(ElementaryFile::IndividualNumber);
    assert_eq!(file.len(), 256);
}

#[test]
fn signatures_of_another_length() {
    for length in [0, 255] {
        let answer = [vec![0x5a; length], vec![0x90, 0x00]].concat();
        let mut card = answering(SIGN, answer);
        assert_eq!(
            read(&mut card).map(|_| ()),
            Err(CardError::UnexpectedLength {
                command: CommandName::Sign,
                length
            })
        );
    }
}
