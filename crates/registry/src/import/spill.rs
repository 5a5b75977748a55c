//! What is sorted on its way in lies in a file without a name, sealed piece by piece under a key
//! that lives in this process alone: gone with it, however it ends, and unreadable before.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt as _;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crypto::{AeadKey, SecureRandom};
use zeroize::Zeroizing;

use crate::error::{RegistryError, StorageFault};

/// The file, shared by every thread that writes or reads pieces of it.
pub(super) struct Spill {
    file: File,
    end: AtomicU64,
    key: AeadKey,
    random: Arc<dyn SecureRandom>,
}

/// Where a sealed piece lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Piece {
    at: u64,
    length: u32,
}

impl Spill {
    /// Makes the file in this folder; its name is gone before it holds anything.
    pub(super) fn in_folder(
        folder: &Path,
        random: Arc<dyn SecureRandom>,
    ) -> Result<Self, RegistryError> {
        let file = tempfile::tempfile_in(folder).map_err(|error| fault(&error))?;
        Ok(Self::over(file, random))
    }

    fn over(file: File, random: Arc<dyn SecureRandom>) -> Self {
        let mut secret = Zeroizing::new([0; 32]);
        random.fill(&mut *secret);
        Self {
            file,
            end: AtomicU64::new(0),
            key: AeadKey::derive(&secret, "import spill"),
            random,
        }
    }

    /// Seals a text and writes it at the end.
    pub(super) fn write(&self, text: &[u8]) -> Result<Piece, RegistryError> {
        let length = text.len() + crypto::NONCE_LENGTH + crypto::TAG_LENGTH;
        let at = self.end.fetch_add(length as u64, Ordering::Relaxed);
        let sealed = self
            .key
            .seal(&*self.random, &at.to_be_bytes(), text)
            .expect("AES-256-GCM seals any text below 64 GiB");
        self.file
            .write_all_at(&sealed, at)
            .map_err(|error| fault(&error))?;
        Ok(Piece {
            at,
            length: u32::try_from(sealed.len()).expect("a piece is far below 4 GiB"),
        })
    }

    /// Reads a piece back.
    pub(super) fn read(&self, piece: Piece) -> Result<Zeroizing<Vec<u8>>, RegistryError> {
        let mut sealed = vec![0; piece.length as usize];
        self.file
            .read_exact_at(&mut sealed, piece.at)
            .map_err(|error| fault(&error))?;
        self.key
            .open(&piece.at.to_be_bytes(), &sealed)
            .map_err(|_| RegistryError::SpillUnavailable(StorageFault::InputOutput))
    }
}

fn fault(error: &io::Error) -> RegistryError {
    let full = matches!(
        error.kind(),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge
    );
    RegistryError::SpillUnavailable(if full {
        StorageFault::Full
    } else {
        StorageFault::InputOutput
    })
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crypto::SystemRandom;

    pub(in super::super) fn spill() -> Spill {
        Spill::in_folder(&std::env::temp_dir(), Arc::new(SystemRandom)).unwrap()
    }

    #[test]
    fn a_piece_comes_back_and_nothing_of_it_lies_open() {
        let spill = spill();
        let text = b"canary canary canary".repeat(50);
        let pieces: Vec<_> = (0..3).map(|_| spill.write(&text).unwrap()).collect();
        for piece in &pieces {
            assert_eq!(*spill.read(*piece).unwrap(), text);
        }
        let mut all = vec![0; usize::try_from(spill.end.load(Ordering::Relaxed)).unwrap()];
        spill.file.read_exact_at(&mut all, 0).unwrap();
        assert!(!all.windows(6).any(|window| window == b"canary"));
    }

    #[test]
    fn a_changed_or_moved_piece_is_no_piece() {
        let spill = spill();
        let (one, two) = (spill.write(b"one").unwrap(), spill.write(b"two").unwrap());
        let mut sealed = vec![0; two.length as usize];
        spill.file.read_exact_at(&mut sealed, two.at).unwrap();
        spill.file.write_all_at(&sealed, one.at).unwrap();
        assert!(spill.read(one).is_err());
        assert!(spill.read(two).is_ok());
    }

    #[test]
    fn the_file_has_no_name() {
        let folder = tempfile::tempdir().unwrap();
        let spill = Spill::in_folder(folder.path(), Arc::new(SystemRandom)).unwrap();
        spill.write(b"text").unwrap();
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_full_disk_is_said_so() {
        let full = File::options().write(true).open("/dev/full").unwrap();
        let spill = Spill::over(full, Arc::new(SystemRandom));
        let refused = spill.write(b"text");
        assert_eq!(
            refused,
            Err(RegistryError::SpillUnavailable(StorageFault::Full))
        );
        let missing = Path::new("/nonexistent/folder");
        let refused = Spill::in_folder(missing, Arc::new(SystemRandom)).err();
        let expected = RegistryError::SpillUnavailable(StorageFault::InputOutput);
        assert_eq!(refused, Some(expected));
    }
}
