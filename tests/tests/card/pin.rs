//! The PIN over real PC/SC: its tries, and that nothing stays open behind a session.

use fixtures::card::RecordedCommand;
use fixtures::stage::pcscd::Pcscd;
use my_number_card::{CardInfoInputAp, CardTransport, PinError, PinTries};

use crate::table::{CODE_A, PIN, connect, lay, patiently, pin, resident, session};

/// READ BINARY of whatever is selected, without selecting anything first.
const READ: [u8; 5] = [0x00, 0xb0, 0x00, 0x00, 0x00];

#[test]
fn a_wrong_pin_costs_a_try_and_the_third_locks() {
    Pcscd::in_own_process(
        "pin::a_wrong_pin_costs_a_try_and_the_third_locks",
        |service| {
            let inserted = lay(&service, resident());
            let mut card = connect(patiently()).unwrap();
            for (expected, tries) in [
                (PinError::Incorrect { tries_left: 2 }, PinTries::Left(2)),
                (PinError::Incorrect { tries_left: 1 }, PinTries::Left(1)),
                (PinError::Blocked, PinTries::Blocked),
            ] {
                let ap = CardInfoInputAp::select(&mut card).unwrap();
                assert_eq!(ap.present_pin(pin("0000")).unwrap_err(), expected);
                let mut ap = CardInfoInputAp::select(&mut card).unwrap();
                assert_eq!(ap.tries_left(), Ok(tries));
            }
            // Locked, it is not even presented the right one.
            let ap = CardInfoInputAp::select(&mut card).unwrap();
            assert_eq!(ap.present_pin(pin(PIN)).unwrap_err(), PinError::Blocked);
            assert_eq!(presented(inserted.card().recorded()), 3);
        },
    )
    .unwrap();
}

#[test]
fn nothing_stays_open_behind_a_session() {
    Pcscd::in_own_process("pin::nothing_stays_open_behind_a_session", |service| {
        let _inserted = lay(&service, resident());
        let mut card = connect(patiently()).unwrap();
        session(&mut card).unwrap();
        let read = |card: &mut dyn CardTransport| {
            let answer = card.transmit(&READ).unwrap();
            answer.last_chunk::<2>().copied()
        };
        // Within the session EF 0007 is selected and open.
        assert_eq!(read(&mut card), Some([0x90, 0x00]));
        let to_take = card.give_back();
        let mut again = connect(patiently()).unwrap();
        assert_ne!(read(&mut again), Some([0x90, 0x00]));
        drop((again, to_take));

        // Nor behind one that was dropped half-way.
        let mut card = connect(patiently()).unwrap();
        let ap = CardInfoInputAp::select(&mut card).unwrap();
        ap.present_pin(pin(PIN)).map(|_| ()).unwrap();
        card.transmit(&[0x00, 0xa4, 0x02, 0x0c, 0x02, 0x00, 0x01])
            .unwrap();
        assert_eq!(read(&mut card), Some([0x90, 0x00]));
        drop(card);
        let mut again = connect(patiently()).unwrap();
        assert_ne!(read(&mut again), Some([0x90, 0x00]));
    })
    .unwrap();
}

#[test]
fn what_codes_a_and_b_open_without_the_pin_a_session_never_presents() {
    Pcscd::in_own_process(
        "pin::what_codes_a_and_b_open_without_the_pin_a_session_never_presents",
        |service| {
            let inserted = lay(&service, resident());
            let mut card = connect(patiently()).unwrap();
            let mut send = |command: &[u8]| {
                let answer = card.transmit(command).unwrap();
                answer.last_chunk::<2>().copied()
            };
            const OK: Option<[u8; 2]> = Some([0x90, 0x00]);
            let select_ap = [
                &[0x00, 0xa4, 0x04, 0x0c, 0x0a][..],
                &[0xd3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x04, 0x08],
            ]
            .concat();
            assert_eq!(send(&select_ap), OK);
            let select = |id| [0x00, 0xa4, 0x02, 0x0c, 0x02, 0x00, id];
            assert_eq!(send(&select(0x01)), OK);
            assert_eq!(send(&READ), Some([0x69, 0x82]));
            // With what is printed on the card, and no PIN: EF 0001 opens.
            assert_eq!(send(&select(0x14)), OK);
            let code_a = [&[0x00, 0x20, 0x00, 0x80, 12][..], CODE_A.as_bytes()].concat();
            assert_eq!(send(&code_a), OK);
            assert_eq!(send(&select(0x01)), OK);
            assert_eq!(send(&READ), OK);
            drop(card);

            let before = inserted.card().recorded().len();
            let mut card = connect(patiently()).unwrap();
            session(&mut card).unwrap();
            let inserted_card = inserted.card();
            let commands = &inserted_card.recorded()[before..];
            let selected: Vec<u16> = commands.iter().filter_map(|command| command.file).collect();
            assert_eq!(
                selected,
                [0x0011, 0x0001, 0x0002, 0x0003, 0x0004, 0x0007],
                "no other key reference than the PIN's"
            );
            assert_eq!(presented(commands), 1);
        },
    )
    .unwrap();
}

fn presented(commands: &[RecordedCommand]) -> usize {
    commands
        .iter()
        .filter(|command| command.presents_a_secret())
        .count()
}
