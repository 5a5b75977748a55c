//! A serial MDB adaptor: lines of text in, lines of text out, and the bus's nine-bit bytes, its
//! checksums and its timing in between.
//!
//! The lines are those of the Qibixx MDB-USB interface's generic master: `M,1` makes it the
//! master (`m,ACK`), `R,13,0000…` sends a command and its data in hexadecimal digits, answered by
//! `p,ACK`, by `p,NACK` where nobody answers, or by `p,` and the device's data.

use std::io;
use std::path::Path;
use std::time::Duration;

use tokio::time::Instant;

use crate::payment::PaymentFault;
use crate::payment::serial::Serial;

/// The longest line taken: an MDB message has at most 36 bytes.
const LONGEST_LINE: usize = 128;

/// So often a command without an answer is sent again. The bus itself repeats what was garbled.
const ATTEMPTS: u8 = 3;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(in crate::payment) enum MdbError {
    /// The adaptor is gone.
    #[error("the line is gone")]
    Gone(#[from] io::Error),
    /// The adaptor or the device does not answer.
    #[error("no answer")]
    Silent,
    /// An answer of another form than the specification's.
    #[error("not understood")]
    Unintelligible,
}

impl MdbError {
    /// What is wrong, for staff.
    pub(in crate::payment) const fn fault(&self) -> PaymentFault {
        match self {
            Self::Gone(_) | Self::Silent => PaymentFault::Gone,
            Self::Unintelligible => PaymentFault::Unintelligible,
        }
    }
}

/// An adaptor that is the bus's master.
pub(super) struct Adaptor {
    serial: Serial,
    answer: Duration,
    heard: Vec<u8>,
}

impl Adaptor {
    /// Opens an adaptor that answers within this time, and makes it the master.
    ///
    /// # Errors
    /// [`MdbError`].
    pub(super) async fn open(path: &Path, answer: Duration) -> Result<Self, MdbError> {
        let mut adaptor = Self {
            serial: Serial::open(path)?,
            answer,
            heard: Vec::new(),
        };
        match adaptor.line("M,1").await?.as_str() {
            "m,ACK" => Ok(adaptor),
            _ => Err(MdbError::Unintelligible),
        }
    }

    /// Sends a command byte and its data; the answer's data, empty for a bare ACK.
    ///
    /// # Errors
    /// [`MdbError`]; after [`MdbError::Silent`] the device may have heard it.
    pub(super) async fn send(&mut self, command: u8, data: &[u8]) -> Result<Vec<u8>, MdbError> {
        let digits: String = data.iter().map(|byte| format!("{byte:02X}")).collect();
        let line = match data {
            [] => format!("R,{command:02X}"),
            [..] => format!("R,{command:02X},{digits}"),
        };
        for _ in 0..ATTEMPTS {
            match self.line(&line).await?.as_str() {
                "p,ACK" => return Ok(Vec::new()),
                "p,NACK" => {}
                answer => {
                    return answer
                        .strip_prefix("p,")
                        .and_then(bytes)
                        .ok_or(MdbError::Unintelligible);
                }
            }
        }
        Err(MdbError::Silent)
    }

    async fn line(&mut self, line: &str) -> Result<String, MdbError> {
        self.serial.drain().await?;
        self.heard.clear();
        self.serial.write(format!("{line}\n").as_bytes()).await?;
        let deadline = Instant::now() + self.answer;
        loop {
            if let Some(end) = self.heard.iter().position(|byte| *byte == b'\n') {
                let line = self.heard.drain(..=end).collect();
                let line = String::from_utf8(line).map_err(|_| MdbError::Unintelligible)?;
                return Ok(line.trim_end().to_owned());
            }
            if self.heard.len() > LONGEST_LINE {
                return Err(MdbError::Unintelligible);
            }
            let left = deadline.saturating_duration_since(Instant::now());
            match self.serial.read(left).await? {
                Some(bytes) => self.heard.extend(bytes),
                None => return Err(MdbError::Silent),
            }
        }
    }
}

/// Bytes out of hexadecimal digits.
fn bytes(digits: &str) -> Option<Vec<u8>> {
    let (pairs, rest) = digits.as_bytes().as_chunks::<2>();
    let byte = |pair: &[u8; 2]| {
        let pair = std::str::from_utf8(pair).ok()?;
        u8::from_str_radix(pair, 16).ok()
    };
    if pairs.is_empty() || !rest.is_empty() {
        return None;
    }
    pairs.iter().map(byte).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_bytes_or_nothing() {
        assert_eq!(bytes("0105FF"), Some(vec![1, 5, 255]));
        for bad in ["", "1", "0x", "é1", "01 2"] {
            assert_eq!(bytes(bad), None, "{bad}");
        }
    }
}
