//! What can go wrong between reader and card.

use crate::{CommandName, ElementaryFile, MalformedFile, StatusWord, TransportError};

/// Why the card could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CardError {
    /// The answer did not come, or is no answer.
    #[error(transparent)]
    Transport(#[from] TransportError),
    /// The card has no 券面事項入力補助AP: it is another kind of card.
    #[error("the card has no card-info-input AP")]
    NotAMyNumberCard,
    /// A file that every card has is not there.
    #[error("the card has no EF {0}")]
    FileNotFound(ElementaryFile),
    /// The card does not hold the PIN for presented.
    #[error("the card does not open EF {0}")]
    AccessDenied(ElementaryFile),
    /// The card says that a PIN stands presented before one was: whoever held it before left it
    /// open. Cut its power and begin anew.
    #[error("somebody left the card open")]
    LeftOpen,
    /// Any other status word.
    #[error("{command:?} was answered with {status}")]
    Refused {
        /// The command.
        command: CommandName,
        /// The answer's status word.
        status: StatusWord,
    },
    /// More or fewer bytes than the command asks for.
    #[error("{command:?} was answered with {length} bytes")]
    UnexpectedLength {
        /// The command.
        command: CommandName,
        /// Bytes of data in the answer.
        length: usize,
    },
    /// The card keeps announcing more of an answer, or another length.
    #[error("the answer to {command:?} does not come to an end")]
    Endless {
        /// The command.
        command: CommandName,
    },
    /// A file goes on beyond [`ElementaryFile::longest`].
    #[error("EF {0} is too long")]
    FileTooLong(ElementaryFile),
    /// A file was read and is malformed.
    #[error(transparent)]
    Malformed(#[from] MalformedFile),
}

/// What became of the one attempt with a PIN.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PinError {
    /// It was wrong.
    #[error("the PIN is wrong, {tries_left} tries are left")]
    Incorrect {
        /// Tries left, at least one.
        tries_left: u8,
    },
    /// No tries are left: only a municipal counter unlocks the card. Either it was locked before,
    /// and the PIN was not presented, or this attempt was the last.
    #[error("the PIN is locked")]
    Blocked,
    /// Something else; whether the attempt counted is unknown.
    #[error(transparent)]
    Card(#[from] CardError),
}
