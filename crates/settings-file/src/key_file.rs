//! Files with private keys.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

/// The permissions of group and others.
const OTHERS: u32 = 0o077;

/// Why a file with a private key is not read. Holds nothing of the file.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// The file cannot be read.
    #[error("the key {path} cannot be read: {source}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        source: std::io::Error,
    },
    /// Others than its owner may read or write the file.
    #[error(
        "the key {path} is open to others than its owner (mode {mode:04o}): chmod 600 it, and \
         draw a new one where others may have read it"
    )]
    OpenToOthers {
        /// The file.
        path: PathBuf,
        /// Its permissions.
        mode: u32,
    },
}

/// Refuses a file with a private key that others than its owner may read or write.
///
/// # Errors
/// [`KeyFileError`].
pub fn check_owner_only(path: &Path) -> Result<(), KeyFileError> {
    let metadata = std::fs::metadata(path).map_err(|source| KeyFileError::Unreadable {
        path: path.to_owned(),
        source,
    })?;
    let mode = metadata.permissions().mode() & 0o777;
    if mode & OTHERS == 0 {
        Ok(())
    } else {
        Err(KeyFileError::OpenToOthers {
            path: path.to_owned(),
            mode,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_others_may_use_is_refused_by_its_mode() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        let missing = check_owner_only(&path);
        assert!(matches!(missing, Err(KeyFileError::Unreadable { .. })));
        std::fs::write(&path, "").unwrap();
        let set = |mode| {
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        };
        for own in [0o600, 0o400] {
            set(own);
            assert!(check_owner_only(&path).is_ok(), "{own:o}");
        }
        for open in [0o640, 0o604, 0o620, 0o601, 0o644] {
            set(open);
            let Err(KeyFileError::OpenToOthers { mode, .. }) = check_owner_only(&path) else {
                panic!("{open:o} was taken");
            };
            assert_eq!(mode, open);
        }
    }
}
