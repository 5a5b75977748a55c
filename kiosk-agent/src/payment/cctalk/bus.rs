//! Asking and answering on a ccTalk line: one wire, so that the master hears itself.

use std::io;
use std::path::Path;
use std::time::Duration;

use tokio::time::Instant;

use super::frame::{Frame, Header, MASTER, Reply, WrongChecksum, first, request};
use crate::payment::PaymentFault;
use crate::payment::serial::Serial;

/// So often a request is sent that can be sent again.
const ATTEMPTS: u8 = 3;

/// So many late pieces are thrown away.
const MOST_LATE: u8 = 8;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(in crate::payment) enum BusError {
    /// The line itself is gone.
    #[error("the line is gone")]
    Gone(#[from] io::Error),
    /// Nothing came in time, or nothing whole.
    #[error("no answer")]
    Silent,
    /// The device said no, or that it is busy.
    #[error("refused")]
    Refused,
    /// An answer of another form than the specification's.
    #[error("not understood")]
    Unintelligible,
}

impl BusError {
    /// What is wrong, for staff.
    pub(in crate::payment) const fn fault(&self) -> PaymentFault {
        match self {
            Self::Gone(_) | Self::Silent => PaymentFault::Gone,
            Self::Refused => PaymentFault::Faulty,
            Self::Unintelligible => PaymentFault::Unintelligible,
        }
    }
}

/// A ccTalk line.
pub(super) struct Bus {
    serial: Serial,
    answer: Duration,
}

impl Bus {
    /// Opens a line whose devices answer within this time.
    ///
    /// # Errors
    /// What the operating system says.
    pub(super) fn open(path: &Path, answer: Duration) -> io::Result<Self> {
        let serial = Serial::open(path)?;
        Ok(Self { serial, answer })
    }

    /// Asks what may be asked again.
    ///
    /// # Errors
    /// [`BusError`], after some attempts.
    pub(super) async fn ask(
        &mut self,
        to: u8,
        header: Header,
        data: &[u8],
    ) -> Result<Vec<u8>, BusError> {
        let mut last = BusError::Silent;
        for _ in 0..ATTEMPTS {
            match self.ask_once(to, header, data).await {
                Err(error @ (BusError::Silent | BusError::Refused)) => last = error,
                answered => return answered,
            }
        }
        Err(last)
    }

    /// Asks once: what is done by it must not be done twice.
    ///
    /// # Errors
    /// [`BusError`]; after [`BusError::Silent`] it may have been done.
    pub(super) async fn ask_once(
        &mut self,
        to: u8,
        header: Header,
        data: &[u8],
    ) -> Result<Vec<u8>, BusError> {
        self.serial.drain().await?;
        self.serial.write(&request(to, header, data)).await?;
        match self.reply(to).await? {
            Reply::Acknowledged(data) => Ok(data),
            Reply::Refused | Reply::Busy => Err(BusError::Refused),
        }
    }

    /// Waits until the line is quiet: a late answer must not pass for that to another question.
    async fn silent(&mut self) -> Result<Reply, BusError> {
        for _ in 0..MOST_LATE {
            if self.serial.read(self.answer).await?.is_none() {
                break;
            }
        }
        Err(BusError::Silent)
    }

    /// The answer of this device; the echo of the question is passed over. What is kept of the
    /// line is never more than a message and what was read last: a whole one is taken out.
    async fn reply(&mut self, from: u8) -> Result<Reply, BusError> {
        let deadline = Instant::now() + self.answer;
        let mut heard = Vec::new();
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.serial.read(left).await? {
                Some(bytes) => heard.extend(bytes),
                None => return self.silent().await,
            }
            loop {
                let (frame, used) = match first(&heard) {
                    Ok(Some(found)) => found,
                    Ok(None) => break,
                    Err(WrongChecksum) => return self.silent().await,
                };
                heard.drain(..used);
                if is_answer(&frame, from) {
                    return frame.into_reply().ok_or(BusError::Unintelligible);
                }
            }
        }
    }
}

fn is_answer(frame: &Frame, from: u8) -> bool {
    frame.to == MASTER && frame.from == from
}
