//! Writing a file that only its recipients can open.

use std::io::{self, Write};

use age::Encryptor;
use age::stream::StreamWriter;

use crate::Recipients;

/// Encrypts what is written to it. Without [`EncryptingWriter::finish`] the file has no end, and
/// every reader refuses it.
pub struct EncryptingWriter<W: Write> {
    stream: StreamWriter<W>,
}

impl<W: Write> EncryptingWriter<W> {
    /// Begins a file: its header is written at once.
    ///
    /// # Errors
    /// What `output` says.
    pub fn new(output: W, recipients: &Recipients) -> io::Result<Self> {
        let recipients = recipients.keys.iter().map(|key| key as &dyn age::Recipient);
        let encryptor = Encryptor::with_recipients(recipients)
            .expect("a list of X25519 recipients is never empty nor mixed");
        Ok(Self {
            stream: encryptor.wrap_output(output)?,
        })
    }

    /// Ends the file and gives its output back; flushing and syncing are the caller's.
    ///
    /// # Errors
    /// What `output` says; the file is none then.
    pub fn finish(self) -> io::Result<W> {
        self.stream.finish()
    }
}

impl<W: Write> Write for EncryptingWriter<W> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        self.stream.write(buffer)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

impl<W: Write> std::fmt::Debug for EncryptingWriter<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("EncryptingWriter")
    }
}
