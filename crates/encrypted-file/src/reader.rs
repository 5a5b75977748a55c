//! Reading a file that was encrypted to us.

use std::io::{self, BufRead, BufReader, Chain, Cursor, Read};

use age::stream::StreamReader;
use age::{DecryptError, Decryptor};

use crate::Identity;

/// The first bytes of every such file.
pub const MAGIC: &[u8] = b"age-encryption.org/v1\n";
/// The line that ends the header begins so.
const LAST_LINE: &[u8] = b"---";
/// Longest header: some 600 recipients.
const LONGEST_HEADER: usize = 64 * 1024;

type Whole<R> = Chain<Cursor<Vec<u8>>, BufReader<R>>;

/// Gives the content of an encrypted file. A file that was changed or cut off is an error at the
/// latest at its end, never a short content; after an error nothing more is read.
pub struct DecryptingReader<R: Read> {
    stream: StreamReader<Whole<R>>,
    failed: Option<Fault>,
}

/// Why an encrypted file cannot be read. Holds nothing of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// It does not begin as such a file does.
    #[error("it is not encrypted in the age format, or it is ASCII-armoured: give the binary form")]
    NotEncrypted,
    /// It is encrypted to a passphrase.
    #[error("it is encrypted to a passphrase: encrypt it to this server's recipient (age1…)")]
    Passphrase,
    /// It is encrypted to others.
    #[error("it is encrypted to others than this server's identity")]
    OtherRecipient,
    /// Its header is malformed or longer than 64 KiB.
    #[error("its header is malformed or longer than 64 KiB")]
    Header,
    /// It was changed or cut off after it had been encrypted.
    #[error("it was changed or cut off after it had been encrypted")]
    Damaged,
    /// The medium or the operating system failed.
    #[error("reading it failed: {0}")]
    InputOutput(io::ErrorKind),
}

impl<R: Read> DecryptingReader<R> {
    /// Reads the header and finds the key that opens the file.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn open(input: R, identity: &Identity) -> Result<Self, Fault> {
        let mut input = BufReader::with_capacity(64 * 1024, input);
        let header = read_header(&mut input)?;
        let decryptor =
            Decryptor::new_buffered(Cursor::new(header).chain(input)).map_err(header_fault)?;
        if decryptor.is_scrypt() {
            return Err(Fault::Passphrase);
        }
        let keys = identity.keys.iter().map(|key| key as &dyn age::Identity);
        Ok(Self {
            stream: decryptor.decrypt(keys).map_err(header_fault)?,
            failed: None,
        })
    }
}

impl<R: Read> Read for DecryptingReader<R> {
    /// [`Fault::of`] tells why it failed.
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if let Some(fault) = self.failed {
            return Err(fault.into());
        }
        // A read into nothing must not look like the end.
        if buffer.is_empty() {
            return Ok(0);
        }
        self.stream.read(buffer).map_err(|error| {
            let fault = stream_fault(&error);
            self.failed = Some(fault);
            fault.into()
        })
    }
}

impl Fault {
    /// Why reading failed, where a [`DecryptingReader`] says so.
    #[must_use]
    pub fn of(error: &io::Error) -> Option<Self> {
        error.get_ref()?.downcast_ref::<Self>().copied()
    }
}

impl From<Fault> for io::Error {
    fn from(fault: Fault) -> Self {
        let kind = match fault {
            Fault::InputOutput(kind) => kind,
            Fault::NotEncrypted
            | Fault::Passphrase
            | Fault::OtherRecipient
            | Fault::Header
            | Fault::Damaged => io::ErrorKind::InvalidData,
        };
        Self::new(kind, fault)
    }
}

impl<R: Read> std::fmt::Debug for DecryptingReader<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DecryptingReader")
    }
}

/// The header's lines, to the end of the one with the MAC: the library would read on without
/// bound.
fn read_header(input: &mut impl BufRead) -> Result<Vec<u8>, Fault> {
    let failed = |error: io::Error| Fault::InputOutput(error.kind());
    let mut header = Vec::with_capacity(1024);
    let length = MAGIC.len() as u64;
    (&mut *input)
        .take(length)
        .read_to_end(&mut header)
        .map_err(failed)?;
    if header != MAGIC {
        return Err(Fault::NotEncrypted);
    }
    loop {
        let line = header.len();
        let room = (LONGEST_HEADER - line) as u64;
        let read = (&mut *input).take(room).read_until(b'\n', &mut header);
        let read = read.map_err(failed)?;
        if header.last() != Some(&b'\n') || read == 0 {
            return Err(Fault::Header);
        }
        if header[line..].starts_with(LAST_LINE) {
            return Ok(header);
        }
    }
}

#[allow(clippy::wildcard_enum_match_arm)] // the library's enum, with more kinds under its features
fn header_fault(error: DecryptError) -> Fault {
    match error {
        DecryptError::NoMatchingKeys => Fault::OtherRecipient,
        DecryptError::DecryptionFailed
        | DecryptError::KeyDecryptionFailed
        | DecryptError::InvalidMac => Fault::Damaged,
        // The nonce behind the header is missing.
        DecryptError::Io(error) => stream_fault(&error),
        _ => Fault::Header,
    }
}

fn stream_fault(error: &io::Error) -> Fault {
    let kind = error.kind();
    if matches!(
        kind,
        io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof
    ) {
        Fault::Damaged
    } else {
        Fault::InputOutput(kind)
    }
}
