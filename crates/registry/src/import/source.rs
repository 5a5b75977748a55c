//! A file of a batch: what is in it, and its bytes as they come from the medium.

use std::io::{self, Read};
use std::sync::{Arc, Mutex, PoisonError};

use crypto::Sha256;

use super::ImportFile;
use super::encoding::CsvEncoding;

/// A file to be brought in.
pub struct ImportSource {
    /// What is in it.
    pub file: ImportFile,
    /// In which encoding.
    pub encoding: CsvEncoding,
    pub(super) reader: Box<dyn Read + Send>,
    pub(super) medium: Medium,
}

/// What has come from the medium so far.
#[derive(Clone, Default)]
pub(super) struct Medium(Arc<Mutex<Seen>>);

#[derive(Clone, Default)]
struct Seen {
    sum: Sha256,
    bytes: u64,
}

/// Gives a medium's bytes and keeps their digest: what was approved is what was read.
pub struct MediumReader<M> {
    medium: M,
    seen: Medium,
}

impl ImportSource {
    /// Takes a file as it lies on its medium; `open` makes of it what gives the CSV: decrypts it,
    /// where it is encrypted.
    ///
    /// # Errors
    /// What `open` says.
    pub fn open<M, R, E>(
        file: ImportFile,
        encoding: CsvEncoding,
        medium: M,
        open: impl FnOnce(MediumReader<M>) -> Result<R, E>,
    ) -> Result<Self, E>
    where
        M: Read + Send + 'static,
        R: Read + Send + 'static,
    {
        let seen = Medium::default();
        let reader = open(MediumReader {
            medium,
            seen: seen.clone(),
        })?;
        Ok(Self {
            file,
            encoding,
            reader: Box::new(reader),
            medium: seen,
        })
    }

    /// Takes a file that gives the CSV as it is.
    #[must_use]
    pub fn plain(
        file: ImportFile,
        encoding: CsvEncoding,
        medium: impl Read + Send + 'static,
    ) -> Self {
        let seen = Medium::default();
        Self {
            file,
            encoding,
            reader: Box::new(MediumReader {
                medium,
                seen: seen.clone(),
            }),
            medium: seen,
        }
    }
}

impl Medium {
    /// SHA-256 and number of the bytes that came.
    pub(super) fn digest(&self) -> ([u8; 32], u64) {
        let seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        (seen.sum.clone().finish(), seen.bytes)
    }
}

impl<M: Read> Read for MediumReader<M> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.medium.read(buffer)?;
        let mut seen = self.seen.0.lock().unwrap_or_else(PoisonError::into_inner);
        seen.sum.update(&buffer[..read]);
        seen.bytes += read as u64;
        Ok(read)
    }
}

impl std::fmt::Debug for ImportSource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ImportSource({:?})", self.file)
    }
}

impl<M> std::fmt::Debug for MediumReader<M> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MediumReader")
    }
}
