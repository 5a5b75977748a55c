//! Files as they lie on their medium: encrypted, or plain where the settings say so.

use std::fs::File;
use std::io::{self, Cursor, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use encrypted_file::{DecryptingReader, Identity, MAGIC};
use registry::{CsvEncoding, ImportFile, ImportSource};
use settings_file::RelativePathBuf;

use super::super::{Failure, Opened};
use super::watch::{Watch, Watched};
use crate::secrets;

/// How files are read, and where their rows are sorted.
pub(super) struct Reading {
    identity: Option<Identity>,
    accept_plain: bool,
    pub(super) spill: PathBuf,
}

impl Reading {
    /// What the settings say.
    pub(super) fn of(opened: &Opened) -> Result<Self, Failure> {
        let imports = &opened.settings.imports;
        let file = imports.identity.as_ref();
        let identity = file.map(|file| secrets::identity(&file.relative()));
        let spill = imports.spill.as_ref();
        let beside = opened.settings.register.directory.as_ref();
        let reading = Self {
            identity: identity.transpose()?,
            accept_plain: opened.settings.accept_plain_imports,
            spill: spill
                .or(beside)
                .map_or_else(std::env::temp_dir, RelativePathBuf::relative),
        };
        if reading.identity.is_none() && !reading.accept_plain {
            return Err(
                "import files must be encrypted on their medium (C22): set imports.identity, or, \
                 for invented data with a TEST issuer, accept_plain_imports"
                    .into(),
            );
        }
        Ok(reading)
    }

    /// Opens every file of a batch.
    pub(super) fn open(
        &self,
        paths: &[(ImportFile, PathBuf)],
        encoding: CsvEncoding,
        watch: &Arc<Watch>,
    ) -> Result<Vec<ImportSource>, Failure> {
        paths
            .iter()
            .map(|(file, path)| {
                let medium = Watched::new(File::open(path)?, watch);
                ImportSource::open(*file, encoding, medium, |medium| self.content(medium))
            })
            .zip(paths)
            .map(|(source, (_, path))| {
                source.map_err(|error| format!("{}: {error}", path.display()).into())
            })
            .collect()
    }

    /// What is in a file: decrypted where it is encrypted.
    fn content(
        &self,
        mut medium: impl Read + Send + 'static,
    ) -> Result<Box<dyn Read + Send>, Failure> {
        let mut begin = Vec::with_capacity(MAGIC.len());
        medium
            .by_ref()
            .take(MAGIC.len() as u64)
            .read_to_end(&mut begin)?;
        let encrypted = begin == MAGIC;
        let whole = Cursor::new(begin).chain(medium);
        match &self.identity {
            Some(identity) if encrypted => Ok(Box::new(DecryptingReader::open(whole, identity)?)),
            None if encrypted => Err("it is encrypted, and imports.identity is not set".into()),
            Some(_) | None if self.accept_plain => Ok(Box::new(whole)),
            Some(_) | None => Err(
                "it is not encrypted: encrypt it with age -r to the recipient of \
                                   imports.identity (C22)"
                    .into(),
            ),
        }
    }
}

/// The files of a municipality's folder that are there, the encrypted one of each kind first.
pub(super) fn in_folder(folder: &Path) -> Vec<(ImportFile, PathBuf)> {
    ImportFile::ALL
        .into_iter()
        .filter_map(|file| {
            let plain = folder.join(file.file_name());
            let encrypted = plain.with_extension("csv.age");
            [encrypted, plain]
                .into_iter()
                .find(|path| path.is_file())
                .map(|path| (file, path))
        })
        .collect()
}

/// How many bytes these files have together.
pub(super) fn bytes(paths: &[(ImportFile, PathBuf)]) -> io::Result<u64> {
    let mut sum = 0;
    for (_, path) in paths {
        let length = std::fs::metadata(path).map_err(|error| {
            io::Error::new(error.kind(), format!("{}: {error}", path.display()))
        })?;
        sum += length.len();
    }
    Ok(sum)
}
