//! One command and its whole answer, bounded.

use zeroize::Zeroizing;

use crate::{
    CardError, CardTransport, CommandName, LONGEST_ANSWER, StatusWord, TransportError,
    apdu::{Command, LONGEST_READ},
};

/// An answer's data and status word; the data is wiped when dropped.
pub(crate) struct Answer {
    pub(crate) data: Zeroizing<Vec<u8>>,
    pub(crate) status: StatusWord,
}

impl Answer {
    /// The error for a status word that a command has no other word for.
    pub(crate) const fn refusal(&self, command: CommandName) -> CardError {
        CardError::Refused {
            command,
            status: self.status,
        }
    }
}

/// Sends a command once, whatever the answer. The only way for a command that must not be
/// repeated: a PIN.
pub(crate) fn once<T: CardTransport>(
    transport: &mut T,
    command: &Command,
) -> Result<Answer, CardError> {
    let mut data = transport.transmit(&command.bytes)?;
    let length = data.len();
    if length > LONGEST_ANSWER {
        return Err(TransportError::AnswerTooLong(length).into());
    }
    let Some([high, low]) = data.last_chunk().copied() else {
        return Err(TransportError::AnswerTooShort(length).into());
    };
    data.truncate(length - 2);
    Ok(Answer {
        data,
        status: StatusWord(u16::from_be_bytes([high, low])),
    })
}

/// Sends a command and collects the rest of its answer: `61xx` is followed by GET RESPONSE, at
/// most four times and 256 bytes. `6Cxx` is the caller's to deal with.
pub(crate) fn whole<T: CardTransport>(
    transport: &mut T,
    command: &Command,
) -> Result<Answer, CardError> {
    const MOST_CONTINUATIONS: usize = 4;
    let mut answer = once(transport, command)?;
    let mut data = Zeroizing::new(Vec::with_capacity(LONGEST_READ));
    for _ in 0..=MOST_CONTINUATIONS {
        if data.len() + answer.data.len() > LONGEST_READ {
            return Err(CardError::UnexpectedLength {
                command: command.name,
                length: data.len() + answer.data.len(),
            });
        }
        data.extend_from_slice(&answer.data);
        match answer.status.parts() {
            [0x61, more] => answer = once(transport, &Command::get_response(more))?,
            _ => {
                return Ok(Answer {
                    data,
                    status: answer.status,
                });
            }
        }
    }
    Err(CardError::Endless {
        command: command.name,
    })
}
