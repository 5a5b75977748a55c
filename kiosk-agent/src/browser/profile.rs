//! The folder a browser lives in: profile, home, temporary files. In memory, made anew for each
//! browser, overwritten with zeros and removed when its processes are gone.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use rustix::fs::{OFlags, SeekFrom, seek, statfs};

/// `statfs` names the file systems that live in memory so (`linux/magic.h`).
const TMPFS: u64 = 0x0102_1994;
const RAMFS: u64 = 0x8584_58f6;

/// Zeros are written in pieces of so many bytes.
const PIECE: usize = 64 * 1024;

/// A profile's folder.
#[derive(Debug)]
pub struct Profile(PathBuf);

impl Profile {
    /// Makes the folder, for its owner alone. It must not be there.
    ///
    /// # Errors
    /// Where it cannot be made.
    pub fn make(folder: &Path) -> io::Result<Self> {
        let mut builder = DirBuilder::new();
        builder.mode(0o700);
        builder.create(folder)?;
        builder.create(folder.join("tmp"))?;
        Ok(Self(folder.to_owned()))
    }

    /// Where it is.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.0
    }

    /// Overwrites every file with zeros and removes everything.
    ///
    /// # Errors
    /// Where something cannot be wiped or removed; the rest is.
    pub fn wipe(self) -> io::Result<()> {
        wipe(&self.0)
    }
}

/// Whether what is written in this folder stays in memory.
///
/// # Errors
/// Where it cannot be looked at.
pub fn is_in_memory(folder: &Path) -> io::Result<bool> {
    let kind = statfs(folder)?.f_type;
    Ok(u64::try_from(kind).is_ok_and(|kind| [TMPFS, RAMFS].contains(&kind)))
}

/// Wipes and removes these: what an agent left that was killed together with its keeper.
///
/// # Errors
/// Where something cannot be wiped or removed; the rest is.
pub fn wipe_all(paths: &[PathBuf]) -> io::Result<()> {
    all_of(paths.iter().map(|path| wipe(path)))
}

/// Never follows a link: what it points to is somebody else's.
fn wipe(path: &Path) -> io::Result<()> {
    let kind = std::fs::symlink_metadata(path)?.file_type();
    if kind.is_dir() {
        let inside = entries_of(path).and_then(|entries| wipe_all(&entries));
        let removed = std::fs::remove_dir(path);
        return inside.and(removed);
    }
    let overwritten = if kind.is_file() {
        overwrite(path)
    } else {
        Ok(())
    };
    let removed = std::fs::remove_file(path);
    overwritten.and(removed)
}

/// What lies in a folder.
///
/// # Errors
/// Where it cannot be read.
pub fn entries_of(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder)?;
    entries
        .map(|entry| entry.map(|entry| entry.path()))
        .collect()
}

/// Zeros over what was ever written; holes stay holes, however long the file says it is.
fn overwrite(path: &Path) -> io::Result<()> {
    let mut file = OpenOptions::new()
        .write(true)
        .custom_flags(OFlags::NOFOLLOW.bits().cast_signed())
        .open(path)?;
    let mut position = 0;
    while let Some((from, to)) = written_after(&file, position)? {
        seek(&file, SeekFrom::Start(from))?;
        let mut left = to - from;
        while left > 0 {
            let piece = left.min(PIECE as u64);
            // Bounded by PIECE.
            file.write_all(&[0; PIECE][..usize::try_from(piece).unwrap_or(PIECE)])?;
            left -= piece;
        }
        position = to;
    }
    Ok(())
}

/// The next stretch that was written, from this position on.
fn written_after(file: &File, position: u64) -> io::Result<Option<(u64, u64)>> {
    let from = match seek(file, SeekFrom::Data(position)) {
        Ok(from) => from,
        // Past the last of it.
        Err(rustix::io::Errno::NXIO) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    Ok(Some((from, seek(file, SeekFrom::Hole(from))?)))
}

/// The first error, after all was tried. Gone meanwhile is as good as removed.
fn all_of(results: impl Iterator<Item = io::Result<()>>) -> io::Result<()> {
    let mut all = Ok(());
    for result in results {
        match result {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            result => all = all.and(result),
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::{FileExt as _, symlink};

    fn in_memory() -> tempfile::TempDir {
        tempfile::tempdir_in("/dev/shm").unwrap()
    }

    #[test]
    fn what_was_written_is_zeros_before_it_is_gone() {
        let base = in_memory();
        let profile = Profile::make(&base.path().join("1")).unwrap();
        let deep = profile.folder().join("a/b");
        std::fs::create_dir_all(&deep).unwrap();
        let mut kept_open = File::options()
            .read(true)
            .write(true)
            .create_new(true)
            .open(deep.join("cookies"))
            .unwrap();
        kept_open.write_all(&[7; 100_000]).unwrap();
        // A hole of a terabyte is no reason to write one.
        kept_open.write_all_at(b"far away", 1 << 40).unwrap();
        profile.wipe().unwrap();
        assert_eq!(std::fs::read_dir(base.path()).unwrap().count(), 0);
        let mut content = vec![1; 100_000];
        kept_open.read_exact_at(&mut content, 0).unwrap();
        assert!(content.iter().all(|byte| *byte == 0));
        let mut far = [1; 8];
        kept_open.read_exact_at(&mut far, 1 << 40).unwrap();
        assert_eq!(far, [0; 8]);
    }

    #[test]
    fn a_link_is_removed_and_not_followed() {
        let base = in_memory();
        let theirs = base.path().join("theirs");
        std::fs::write(&theirs, b"not ours").unwrap();
        let profile = Profile::make(&base.path().join("1")).unwrap();
        symlink(&theirs, profile.folder().join("link")).unwrap();
        symlink(base.path(), profile.folder().join("folder")).unwrap();
        profile.wipe().unwrap();
        assert_eq!(std::fs::read(&theirs).unwrap(), b"not ours");
    }

    #[test]
    fn a_folder_that_is_there_is_refused_and_leftovers_are_wiped() {
        let base = in_memory();
        let folder = base.path().join("1");
        let profile = Profile::make(&folder).unwrap();
        assert!(Profile::make(&folder).is_err());
        std::fs::write(profile.folder().join("left"), b"x").unwrap();
        wipe_all(&[folder.clone(), base.path().join("none")]).unwrap();
        assert!(!folder.exists());
    }

    #[test]
    fn a_disk_is_not_memory() {
        assert!(is_in_memory(Path::new("/dev/shm")).unwrap());
        assert!(!is_in_memory(Path::new("/proc")).unwrap());
    }
}
