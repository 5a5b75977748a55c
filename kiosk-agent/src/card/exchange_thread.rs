//! The thread that talks to the card, so that a card or a driver that never answers holds up a
//! thread and not the kiosk: PC/SC itself has no way to give up a command.

use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::time::Duration;

use my_number_card::{LONGEST_ANSWER, TransportError};
use zeroize::Zeroizing;

/// What the card said, or why not, as PC/SC reports it.
pub(super) enum Said {
    Answer(Zeroizing<Vec<u8>>),
    TooLong(usize),
    Failed(pcsc::Error),
}

/// Commands go in, answers come out, one after the other. Dropped, it cuts the card's power.
pub(super) struct ExchangeThread {
    commands: Option<Sender<Zeroizing<Vec<u8>>>>,
    answers: Receiver<Said>,
    limit: Duration,
    is_stuck: bool,
}

impl ExchangeThread {
    pub(super) fn start(card: pcsc::Card, limit: Duration) -> std::io::Result<Self> {
        let (commands, incoming) = mpsc::channel::<Zeroizing<Vec<u8>>>();
        let (outgoing, answers) = mpsc::channel();
        std::thread::Builder::new()
            .name("card".to_owned())
            .spawn(move || {
                for command in incoming {
                    // Nobody waits any more: the card took too long.
                    if outgoing.send(exchange(&card, &command)).is_err() {
                        break;
                    }
                }
                // Where it fails, the card or the reader is gone, and the power with it.
                let _ = card.disconnect(pcsc::Disposition::UnpowerCard);
            })?;
        Ok(Self {
            commands: Some(commands),
            answers,
            limit,
            is_stuck: false,
        })
    }

    pub(super) fn exchange(&mut self, command: &[u8]) -> Result<Said, TransportError> {
        const STUCK: TransportError = TransportError::Other("no answer in time");
        const ENDED: TransportError = TransportError::Other("the card's thread has ended");
        if self.is_stuck {
            return Err(STUCK);
        }
        let commands = self.commands.as_ref().ok_or(ENDED)?;
        commands
            .send(Zeroizing::new(command.to_vec()))
            .map_err(|_| ENDED)?;
        self.answers
            .recv_timeout(self.limit)
            .map_err(|error| match error {
                RecvTimeoutError::Timeout => {
                    self.is_stuck = true;
                    STUCK
                }
                RecvTimeoutError::Disconnected => ENDED,
            })
    }
}

impl Drop for ExchangeThread {
    /// Returns when the card's power is cut, or after the time that an answer may take.
    fn drop(&mut self) {
        self.commands = None;
        // The thread's end of the channel is dropped as its last act.
        while self.answers.recv_timeout(self.limit).is_ok() {}
    }
}

fn exchange(card: &pcsc::Card, command: &[u8]) -> Said {
    let mut buffer = Zeroizing::new([0; LONGEST_ANSWER]);
    match card.transmit2(command, &mut buffer[..]) {
        Ok(answer) => Said::Answer(Zeroizing::new(answer.to_vec())),
        Err((pcsc::Error::InsufficientBuffer, needed)) => Said::TooLong(needed),
        Err((error, _)) => Said::Failed(error),
    }
}
