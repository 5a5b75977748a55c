//! How APDUs get to a card and back.

use zeroize::Zeroizing;

/// Longest answer to a short APDU: 256 bytes of data, SW1 and SW2 (ISO/IEC 7816-4, 5.1).
pub const LONGEST_ANSWER: usize = 258;

/// Carries one APDU to the card and its answer back.
pub trait CardTransport {
    /// Sends one command APDU, unchanged, and gives the whole answer: data, SW1, SW2; 2 to
    /// [`LONGEST_ANSWER`] bytes. Nothing is retried, collected or logged here.
    ///
    /// # Errors
    /// [`TransportError`]. Afterwards it is unknown whether the card carried the command out.
    fn transmit(&mut self, command: &[u8]) -> Result<Zeroizing<Vec<u8>>, TransportError>;
}

impl<T: CardTransport + ?Sized> CardTransport for &mut T {
    fn transmit(&mut self, command: &[u8]) -> Result<Zeroizing<Vec<u8>>, TransportError> {
        (**self).transmit(command)
    }
}

impl<T: CardTransport + ?Sized> CardTransport for Box<T> {
    fn transmit(&mut self, command: &[u8]) -> Result<Zeroizing<Vec<u8>>, TransportError> {
        (**self).transmit(command)
    }
}

/// Why no answer came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TransportError {
    /// The card was taken away.
    #[error("the card was taken away")]
    CardRemoved,
    /// The reader, or the service that drives it, is gone.
    #[error("the reader is gone")]
    ReaderGone,
    /// More bytes than an answer can have; the number of bytes, where the reader told it.
    #[error("the answer is {0} bytes long, more than 258")]
    AnswerTooLong(usize),
    /// Not even SW1 and SW2.
    #[error("the answer is {0} bytes long, less than 2")]
    AnswerTooShort(usize),
    /// Anything else, named by the transport itself and never by the card.
    #[error("the transport failed: {0}")]
    Other(&'static str),
}
