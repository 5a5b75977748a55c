//! Command APDUs and status words (ISO/IEC 7816-4), as observed on cards.

use std::fmt;

use zeroize::Zeroizing;

/// Application identifier of 券面事項入力補助AP.
pub(crate) const APPLICATION: [u8; 10] =
    [0xd3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x04, 0x08];

/// EF 0011, the reference of the PIN (券面事項入力補助用暗証番号).
pub(crate) const PIN_REFERENCE: u16 = 0x0011;

/// Most data one READ BINARY gives.
pub(crate) const LONGEST_READ: usize = 256;

/// DER `DigestInfo` of SHA-256 up to the digest (RFC 8017, section 9.2, note 1).
const SHA256_DIGEST_INFO: [u8; 19] = [
    0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05,
    0x00, 0x04, 0x20,
];

/// Which command was refused, for errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CommandName {
    /// SELECT of the application.
    SelectApplication,
    /// SELECT of an elementary file or key reference.
    SelectFile,
    /// VERIFY without data: how many tries are left.
    AskTriesLeft,
    /// VERIFY with the PIN.
    PresentPin,
    /// READ BINARY.
    ReadBinary,
    /// COMPUTE DIGITAL SIGNATURE.
    Sign,
    /// GET RESPONSE, the rest of an answer.
    GetResponse,
}

/// A command APDU, wiped when dropped: one of them holds the PIN.
pub(crate) struct Command {
    pub(crate) name: CommandName,
    pub(crate) bytes: Zeroizing<Vec<u8>>,
}

impl Command {
    fn new(name: CommandName, header: [u8; 4], rest: &[&[u8]]) -> Self {
        // The longest command here has 57 bytes: no reallocation leaves a copy behind.
        let mut bytes = Zeroizing::new(Vec::with_capacity(64));
        bytes.extend_from_slice(&header);
        for part in rest {
            bytes.extend_from_slice(part);
        }
        Self { name, bytes }
    }

    pub(crate) fn select_application() -> Self {
        Self::new(
            CommandName::SelectApplication,
            [0x00, 0xa4, 0x04, 0x0c],
            // A DF name has at most 16 bytes.
            &[&[APPLICATION.len() as u8], &APPLICATION],
        )
    }

    pub(crate) fn select_file(id: u16) -> Self {
        Self::new(
            CommandName::SelectFile,
            [0x00, 0xa4, 0x02, 0x0c],
            &[&[2], &id.to_be_bytes()],
        )
    }

    pub(crate) fn ask_tries_left() -> Self {
        Self::new(CommandName::AskTriesLeft, [0x00, 0x20, 0x00, 0x80], &[])
    }

    pub(crate) fn present_pin(digits: &[u8; 4]) -> Self {
        Self::new(
            CommandName::PresentPin,
            [0x00, 0x20, 0x00, 0x80],
            &[&[4], digits],
        )
    }

    /// `length` 1 to 256; `offset` at most 0x7fff: the top bit of P1 would name a short file id.
    pub(crate) fn read_binary(offset: u16, length: usize) -> Self {
        let [high, low] = (offset & 0x7fff).to_be_bytes();
        Self::new(
            CommandName::ReadBinary,
            [0x00, 0xb0, high, low],
            &[&[expected_length(length)]],
        )
    }

    pub(crate) fn sign(digest: &[u8; 32]) -> Self {
        Self::new(
            CommandName::Sign,
            [0x80, 0x2a, 0x00, 0x00],
            &[&[0x33], &SHA256_DIGEST_INFO, digest, &[0x00]],
        )
    }

    pub(crate) fn get_response(length: u8) -> Self {
        Self::new(
            CommandName::GetResponse,
            [0x00, 0xc0, 0x00, 0x00],
            &[&[length]],
        )
    }
}

/// Le of a short APDU: 256 is written 00.
fn expected_length(length: usize) -> u8 {
    (length.clamp(1, LONGEST_READ) % LONGEST_READ) as u8
}

/// SW1 and SW2.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct StatusWord(pub u16);

impl StatusWord {
    pub(crate) const OK: Self = Self(0x9000);
    /// End of file reached before Le bytes were read.
    pub(crate) const END_OF_FILE: Self = Self(0x6282);
    pub(crate) const ACCESS_DENIED: Self = Self(0x6982);
    pub(crate) const NOT_FOUND: Self = Self(0x6a82);
    pub(crate) const PAST_THE_END: Self = Self(0x6b00);

    /// The parts SW1 and SW2.
    #[must_use]
    pub const fn parts(self) -> [u8; 2] {
        self.0.to_be_bytes()
    }
}

impl fmt::Display for StatusWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04X}", self.0)
    }
}

impl fmt::Debug for StatusWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StatusWord({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_those_observed_on_cards() {
        let bytes = |command: Command| command.bytes.to_vec();
        assert_eq!(
            bytes(Command::select_application()),
            [
                0x00, 0xa4, 0x04, 0x0c, 0x0a, 0xd3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x04,
                0x08
            ]
        );
        assert_eq!(
            bytes(Command::select_file(0x0011)),
            [0x00, 0xa4, 0x02, 0x0c, 0x02, 0x00, 0x11]
        );
        assert_eq!(bytes(Command::ask_tries_left()), [0x00, 0x20, 0x00, 0x80]);
        assert_eq!(
            bytes(Command::present_pin(b"1234")),
            [0x00, 0x20, 0x00, 0x80, 0x04, b'1', b'2', b'3', b'4']
        );
        assert_eq!(
            bytes(Command::read_binary(0x0100, 256)),
            [0x00, 0xb0, 0x01, 0x00, 0x00]
        );
        assert_eq!(
            bytes(Command::read_binary(0x7fff, 17)),
            [0x00, 0xb0, 0x7f, 0xff, 0x11]
        );
        let signing = bytes(Command::sign(&[7; 32]));
        assert_eq!(signing[..5], [0x80, 0x2a, 0x00, 0x00, 0x33]);
        assert_eq!(signing.len(), 4 + 1 + 51 + 1);
        assert_eq!(signing[56], 0);
    }
}
