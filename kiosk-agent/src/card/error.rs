//! Why there is no card to talk to.

/// Why there is no card to talk to, or why it cannot be told whether one is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReaderError {
    /// No PC/SC service runs on this machine.
    #[error("no PC/SC service runs")]
    NoService,
    /// Time was over, and no reader was there.
    #[error("no card reader is there")]
    NoReader,
    /// Time was over, and no card was put on a reader.
    #[error("no card was put on the reader in time")]
    NoCard,
    /// Time was over, and the card that lies there did not answer: another kind of card, or the
    /// wrong side up.
    #[error("the card on the reader does not answer")]
    MuteCard,
    /// Another program holds the card.
    #[error("another program holds the card")]
    InUse,
    /// The resident, or the operator, stopped.
    #[error("stopped while waiting for the card")]
    Stopped,
    /// Time was over, and the card still lay on the reader.
    #[error("the card was not taken in time")]
    NotTaken,
    /// A card lies there since before: nobody knows whose it is.
    #[error("a card was left on the reader")]
    CardLeft,
    /// The reader's driver does not answer.
    #[error("the reader does not answer")]
    Silent,
    /// Anything else that PC/SC reports, by its own code.
    #[error("PC/SC: {0}")]
    Pcsc(pcsc::Error),
}

impl From<pcsc::Error> for ReaderError {
    fn from(error: pcsc::Error) -> Self {
        if service_is_gone(error) {
            Self::NoService
        } else {
            Self::Pcsc(error)
        }
    }
}

/// Whether the PC/SC service itself is not there, or no longer.
pub(super) fn service_is_gone(error: pcsc::Error) -> bool {
    use pcsc::Error as E;
    [
        E::NoService,
        E::ServiceStopped,
        E::InvalidHandle,
        E::CommError,
    ]
    .contains(&error)
}
