//! Cards that fail in the middle, over real PC/SC: a typed end each time, no panic, no hang.

use std::time::Duration;

use fixtures::card::{Fault, Faults, InsertedCard, VirtualCard, insert};
use fixtures::stage::pcscd::Pcscd;
use kiosk_agent::card::LookFor;
use my_number_card::{
    CardError, CardInfoInputAp, CommandName, ElementaryFile, StatusWord, TransportError,
};
use std::ops::ControlFlow;

use crate::table::{connect, lay, patiently, resident, session};

/// Pulls the card at its first, third, … or second, fourth, … command in one of the two slots,
/// until a session comes to its end before the card is pulled. How many it was pulled in.
fn pull_at_every_second(port: u16, reader: &str, first: usize) -> usize {
    for at in (first..).step_by(2) {
        let faults = Faults::default().at(at, Fault::Pull);
        let card = resident().with_faults(faults);
        let address = ("127.0.0.1", port);
        let inserted = insert(card, address, Duration::from_secs(20)).expect("a free slot");
        let look_for = LookFor {
            reader: Some(reader),
            ..patiently()
        };
        let mut card = connect(look_for).expect("the card in this slot");
        let result = session(&mut card).map(|_| ());
        if result.is_ok() {
            return at;
        }
        let removed = CardError::Transport(TransportError::CardRemoved);
        assert_eq!(result, Err(removed), "pulled at command {at}");
        // Gone is gone: nothing is retried behind the error.
        assert_eq!(session(&mut card).map(|_| ()), Err(removed));
        inserted.wait_until_out().expect("the card is out");
        card.give_back()
            .wait_until_taken(Duration::from_secs(20), || ControlFlow::Continue(()))
            .expect("the empty slot is seen");
    }
    unreachable!("a session has an end")
}

#[test]
fn the_card_pulled_at_every_single_command() {
    Pcscd::in_own_process(
        "faults::the_card_pulled_at_every_single_command",
        |service| {
            let (_, port) = service.reader();
            let pulled = std::thread::scope(|scope| {
                let odd = scope.spawn(|| pull_at_every_second(port, "Virtual PCD 00 00", 1));
                let even = scope.spawn(|| pull_at_every_second(port + 1, "Virtual PCD 00 01", 2));
                [odd.join().unwrap(), even.join().unwrap()]
            });
            // One of the two ended at the first command that a session no longer sends.
            let mut card = resident();
            session(&mut card).unwrap();
            let commands = card.recorded().len();
            assert_eq!(pulled.into_iter().min(), Some(commands + 1));
            assert_eq!(pulled.into_iter().max(), Some(commands + 2));
        },
    )
    .unwrap();
}

/// Runs a session on the card in the reader with these faults, counted anew.
fn session_with(inserted: &InsertedCard, faults: Faults) -> Result<(), CardError> {
    inserted.card().set_faults(faults);
    let mut card = connect(patiently()).expect("the card lies there");
    session(&mut card).map(|_| ())
}

const IMPATIENT: LookFor<'_> = LookFor {
    answer_limit: Duration::from_millis(300),
    ..patiently()
};

const STUCK: CardError = CardError::Transport(TransportError::Other("no answer in time"));

fn at(command: usize, fault: Fault) -> Faults {
    Faults::default().at(command, fault)
}

#[test]
fn answers_that_no_card_gives() {
    Pcscd::in_own_process("faults::answers_that_no_card_gives", |service| {
        let inserted = lay(&service, resident());
        let commands = {
            let mut card = resident();
            session(&mut card).unwrap();
            card.recorded().len()
        };
        for command in 1..=commands {
            // 300 and 5000 bytes and a status word; one byte.
            for length in [300, 5000] {
                let refusal = session_with(&inserted, at(command, Fault::Garbage(length)));
                let Err(CardError::Transport(TransportError::AnswerTooLong(told))) = refusal else {
                    panic!("command {command}, {length} bytes: {refusal:?}");
                };
                assert!(told > 258, "{told}");
            }
            let refusal = session_with(&inserted, at(command, Fault::Instead(vec![0x90])));
            assert_eq!(
                refusal,
                Err(CardError::Transport(TransportError::AnswerTooShort(1))),
                "command {command}"
            );
            let refusal = session_with(&inserted, at(command, Fault::Status(0x6f42)));
            let Err(CardError::Refused { status, .. }) = refusal else {
                panic!("command {command}: {refusal:?}");
            };
            assert_eq!(status, StatusWord(0x6f42));
        }
    })
    .unwrap();
}

/// vpcd takes an empty answer for none, and waits on.
#[test]
fn an_empty_answer_is_no_answer() {
    Pcscd::in_own_process("faults::an_empty_answer_is_no_answer", |service| {
        let inserted = lay(&service, resident());
        let empty = Fault::Instead(Vec::new());
        inserted.card().set_faults(at(3, empty));
        let mut card = connect(IMPATIENT).unwrap();
        assert_eq!(session(&mut card).map(|_| ()), Err(STUCK));
    })
    .unwrap();
}

#[test]
fn garbage_where_files_are() {
    Pcscd::in_own_process("faults::garbage_where_files_are", |service| {
        let inserted = lay(&service, resident());
        // The commands that read each file for the first time, as a session sends them.
        for (command, file) in [
            (6, ElementaryFile::IndividualNumber),
            (8, ElementaryFile::BasicAttributes),
            (10, ElementaryFile::Integrity),
            (13, ElementaryFile::IssuerCertificate),
            (17, ElementaryFile::CardKey),
        ] {
            let refusal = session_with(&inserted, at(command, Fault::Garbage(200)));
            let Err(CardError::Malformed(malformed)) = refusal else {
                panic!("EF {file}: {refusal:?}");
            };
            assert_eq!(malformed.file, file);
        }
    })
    .unwrap();
}

#[test]
fn a_slow_card_is_waited_for_and_a_silent_one_is_not() {
    Pcscd::in_own_process(
        "faults::a_slow_card_is_waited_for_and_a_silent_one_is_not",
        |service| {
            let inserted = lay(&service, resident());
            let slow = Fault::Slow(Duration::from_millis(600));
            assert_eq!(session_with(&inserted, at(6, slow)), Ok(()));

            let silent = Fault::Slow(Duration::from_secs(2));
            inserted.card().set_faults(at(6, silent));
            let mut card = connect(IMPATIENT).unwrap();
            assert_eq!(session(&mut card).map(|_| ()), Err(STUCK));
            // Nothing more is sent to a card whose answer is still to come.
            assert_eq!(session(&mut card).map(|_| ()), Err(STUCK));
        },
    )
    .unwrap();
}

#[test]
fn another_card_than_a_my_number_card() {
    Pcscd::in_own_process("faults::another_card_than_a_my_number_card", |service| {
        let inserted = lay(&service, resident());
        let refusal = session_with(&inserted, at(1, Fault::Status(0x6a82)));
        assert_eq!(refusal, Err(CardError::NotAMyNumberCard));
    })
    .unwrap();
}

/// In process, without a reader: everything that a status word can be at the commands that
/// change something.
#[test]
fn no_status_word_makes_a_session_succeed_or_present_the_pin_twice() {
    for status in (0x6000..=0x6fff).chain([0x0000, 0x9001, 0xffff]) {
        let mut card = resident().with_faults(at(4, Fault::Status(status)));
        let ap = CardInfoInputAp::select(&mut card).unwrap();
        assert!(ap.present_pin(crate::table::pin("0000")).is_err());
        assert!(sent(&card, 0x20) <= 2, "{status:04x}");
    }
    let mut card = resident().with_faults(at(20, Fault::Status(0x6985)));
    assert_eq!(
        session(&mut card).map(|_| ()),
        Err(CardError::Refused {
            command: CommandName::Sign,
            status: StatusWord(0x6985)
        })
    );
}

fn sent(card: &VirtualCard, instruction: u8) -> usize {
    card.recorded()
        .iter()
        .filter(|command| command.instruction() == instruction)
        .count()
}
