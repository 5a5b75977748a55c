//! Readers that are missing, come, go or are taken, over real PC/SC.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::ops::ControlFlow;
use std::process::Command;
use std::time::Duration;

use fixtures::stage::pcscd::{Pcscd, READER};
use kiosk_agent::card::{CardReaders, LookFor, ReaderError, Waiting};
use my_number_card::{CardError, CardInfoInputAp, TransportError};

use crate::table::{connect, lay, patiently, resident, session};

const SHORT: LookFor<'_> = LookFor {
    time_limit: Duration::from_millis(700),
    ..patiently()
};

/// Waits in vain; the error, and everything that was waited for.
fn in_vain(look_for: LookFor<'_>) -> (ReaderError, Vec<Waiting>) {
    let mut seen = Vec::new();
    let mut readers = CardReaders::open().expect("a service runs");
    let error = readers
        .wait_for_card(look_for, |waiting| {
            seen.push(waiting);
            ControlFlow::Continue(())
        })
        .expect_err("nothing to connect to");
    seen.dedup();
    (error, seen)
}

#[test]
fn no_service() {
    Pcscd::in_own_process("readers::no_service", |mut service| {
        service.stop();
        assert_eq!(CardReaders::open().map(|_| ()), Err(ReaderError::NoService));
    })
    .unwrap();
}

#[test]
fn no_reader() {
    Pcscd::in_own_process("readers::no_reader", |mut service| {
        let expected = (ReaderError::NoReader, vec![Waiting::ForReader]);
        // One of another name is as good as none.
        let other = LookFor {
            reader: Some("Another reader"),
            ..SHORT
        };
        assert_eq!(in_vain(other), expected);
        service.restart_without_reader().unwrap();
        assert_eq!(CardReaders::open().unwrap().list().unwrap(), []);
        assert_eq!(in_vain(SHORT), expected);
    })
    .unwrap();
}

#[test]
fn no_card() {
    Pcscd::in_own_process("readers::no_card", |_service| {
        let names = CardReaders::open().unwrap().list().unwrap();
        assert_eq!(names[0].to_text(), READER);
        assert_eq!(
            in_vain(SHORT),
            (ReaderError::NoCard, vec![Waiting::ForCard])
        );
    })
    .unwrap();
}

#[test]
fn a_card_that_does_not_answer() {
    Pcscd::in_own_process("readers::a_card_that_does_not_answer", |service| {
        let mut mute = TcpStream::connect(service.reader()).unwrap();
        let answering = std::thread::spawn(move || {
            let mut message = [0; 3];
            while mute.read_exact(&mut message).is_ok() {
                // An answer to reset that is none.
                if message == [0, 1, 4] && mute.write_all(&[0, 1, 0x00]).is_err() {
                    break;
                }
            }
        });
        let (error, seen) = in_vain(LookFor {
            time_limit: Duration::from_secs(3),
            ..patiently()
        });
        assert_eq!(error, ReaderError::MuteCard);
        assert_eq!(seen.last(), Some(&Waiting::ForAnswer));
        drop(service);
        answering.join().unwrap();
    })
    .unwrap();
}

#[test]
fn waiting_can_be_stopped() {
    Pcscd::in_own_process("readers::waiting_can_be_stopped", |_service| {
        let mut readers = CardReaders::open().unwrap();
        let stopped = readers.wait_for_card(patiently(), |_| ControlFlow::Break(()));
        assert_eq!(stopped.map(|_| ()).unwrap_err(), ReaderError::Stopped);
    })
    .unwrap();
}

#[test]
fn a_card_that_comes_while_waiting() {
    Pcscd::in_own_process("readers::a_card_that_comes_while_waiting", |service| {
        let mut inserted = None;
        let mut readers = CardReaders::open().unwrap();
        let mut card = readers
            .wait_for_card(patiently(), |_| {
                inserted.get_or_insert_with(|| lay(&service, resident()));
                ControlFlow::Continue(())
            })
            .unwrap();
        session(&mut card).unwrap();
    })
    .unwrap();
}

#[test]
fn a_reader_that_comes_while_waiting() {
    Pcscd::in_own_process(
        "readers::a_reader_that_comes_while_waiting",
        |mut service| {
            let mut readers = CardReaders::open().unwrap();
            service.stop();
            let mut inserted = None;
            let mut seen = Vec::new();
            let mut card = readers
                .wait_for_card(patiently(), |waiting| {
                    seen.push(waiting);
                    if inserted.is_none() {
                        service.restart().unwrap();
                        inserted = Some(lay(&service, resident()));
                    }
                    ControlFlow::Continue(())
                })
                .unwrap();
            assert_eq!(seen.first(), Some(&Waiting::ForReader));
            session(&mut card).unwrap();
        },
    )
    .unwrap();
}

#[test]
fn a_reader_that_goes_in_the_middle_of_a_session() {
    Pcscd::in_own_process(
        "readers::a_reader_that_goes_in_the_middle_of_a_session",
        |mut service| {
            let _inserted = lay(&service, resident());
            let mut card = connect(patiently()).unwrap();
            let mut ap = CardInfoInputAp::select(&mut card).unwrap();
            ap.tries_left().unwrap();
            service.stop();
            let gone = CardError::Transport(TransportError::ReaderGone);
            assert_eq!(ap.tries_left(), Err(gone));
            let to_take = card.give_back();
            to_take
                .wait_until_taken(Duration::from_secs(5), || ControlFlow::Continue(()))
                .unwrap();
        },
    )
    .unwrap();
}

#[test]
fn a_held_card_is_nobody_elses() {
    Pcscd::in_own_process("readers::a_held_card_is_nobody_elses", |service| {
        let _inserted = lay(&service, resident());
        let mut held = connect(patiently()).unwrap();
        CardInfoInputAp::select(&mut held).unwrap();
        assert_eq!(
            connect(patiently()).map(|_| ()).unwrap_err(),
            ReaderError::InUse
        );
        // SELECT of the master file; the answer does not matter, but that one comes.
        let send = || {
            let mut tool = Command::new("opensc-tool");
            let output = service
                .serve(&mut tool)
                .args(["-r", "0", "-s", "00A40000"])
                .output()
                .unwrap();
            String::from_utf8_lossy(&output.stdout).contains("Received")
        };
        assert!(!send(), "another program got in");
        drop(held);
        assert!(send());
    })
    .unwrap();
}

#[test]
fn a_card_is_waited_for_until_it_is_taken() {
    Pcscd::in_own_process(
        "readers::a_card_is_waited_for_until_it_is_taken",
        |service| {
            let mut inserted = Some(lay(&service, resident()));
            let card = connect(patiently()).unwrap();
            let to_take = card.give_back();
            let not_taken = to_take.wait_until_taken(Duration::ZERO, || ControlFlow::Continue(()));
            assert_eq!(not_taken, Err(ReaderError::NotTaken));
            let stopped = to_take.wait_until_taken(Duration::MAX / 4, || ControlFlow::Break(()));
            assert_eq!(stopped, Err(ReaderError::Stopped));
            let mut reminders = 0;
            to_take
                .wait_until_taken(Duration::from_secs(20), || {
                    reminders += 1;
                    // Taken at the third reminder.
                    if reminders == 3 {
                        inserted.take();
                    }
                    ControlFlow::Continue(())
                })
                .unwrap();
            assert!(reminders >= 3);
        },
    )
    .unwrap();
}
