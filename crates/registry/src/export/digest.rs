//! A writer that keeps the digest of what passes.

use std::io::{self, Write};

use crypto::Sha256;

/// Passes everything on, and sums it up.
pub(super) struct DigestingWriter<W> {
    inner: W,
    sum: Sha256,
}

impl<W: Write> DigestingWriter<W> {
    pub(super) fn new(inner: W) -> Self {
        Self {
            inner,
            sum: Sha256::new(),
        }
    }

    /// The writer, and SHA-256 of everything written.
    pub(super) fn finish(self) -> (W, [u8; 32]) {
        (self.inner, self.sum.finish())
    }
}

impl<W: Write> Write for DigestingWriter<W> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(buffer)?;
        self.sum.update(&buffer[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}
