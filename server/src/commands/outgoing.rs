//! Files that a command writes for people: whole and new, or not there at all.

use std::fs::{self, File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use super::Failure;

/// A file on its way: it lies under a name of its own (`NAME.part`) until it is complete, and
/// never takes the place of one that is there. Only its owner can read it. Dropped before
/// [`OutgoingFile::publish`], it is gone.
pub(super) struct OutgoingFile {
    path: PathBuf,
    part: PathBuf,
    file: File,
}

impl OutgoingFile {
    /// Begins a file; refused where one of this name, or half of one, is there.
    pub(super) fn create(path: &Path) -> Result<Self, Failure> {
        if path.symlink_metadata().is_ok() {
            return Err(taken(path));
        }
        let mut part = path.as_os_str().to_owned();
        part.push(".part");
        let part = PathBuf::from(part);
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&part)
            .map_err(|error| format!("{} cannot be written: {error}", part.display()))?;
        Ok(Self {
            path: path.to_owned(),
            part,
            file,
        })
    }

    /// The file to write to.
    pub(super) const fn file(&self) -> &File {
        &self.file
    }

    /// Brings what was written to the disk, still under its own name.
    pub(super) fn sync(&self) -> std::io::Result<()> {
        self.file.sync_all()
    }

    /// Gives the complete file its name, in one step.
    pub(super) fn publish(self) -> Result<(), Failure> {
        self.sync()?;
        // Unlike renaming, linking never takes another file's place.
        fs::hard_link(&self.part, &self.path).map_err(|_| taken(&self.path))?;
        if let Some(folder) = self.path.parent().filter(|path| path != &Path::new("")) {
            File::open(folder)?.sync_all()?;
        }
        Ok(())
    }
}

impl Drop for OutgoingFile {
    fn drop(&mut self) {
        // Half a file is of no use to anybody; if it cannot be removed it is at least ours.
        let _ = fs::remove_file(&self.part);
    }
}

fn taken(path: &Path) -> Failure {
    format!(
        "{} is there already: nothing is overwritten, take another name",
        path.display()
    )
    .into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;
    use std::os::unix::fs::PermissionsExt as _;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let name = |entry: std::io::Result<fs::DirEntry>| entry.unwrap().file_name();
        entries
            .map(|entry| name(entry).into_string().unwrap())
            .collect()
    }

    #[test]
    fn a_file_is_there_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out");
        let file = OutgoingFile::create(&path).unwrap();
        file.file().write_all(b"half").unwrap();
        drop(file);
        assert!(names(folder.path()).is_empty());

        let file = OutgoingFile::create(&path).unwrap();
        file.file().write_all(b"whole").unwrap();
        assert_eq!(names(folder.path()), ["out.part"]);
        file.publish().unwrap();
        assert_eq!(names(folder.path()), ["out"]);
        assert_eq!(fs::read(&path).unwrap(), b"whole");
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn no_file_is_overwritten_however_late_it_came() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out");
        let file = OutgoingFile::create(&path).unwrap();
        assert!(OutgoingFile::create(&path).is_err(), "two at once");
        fs::write(&path, b"another's").unwrap();
        assert!(file.publish().is_err());
        assert!(OutgoingFile::create(&path).is_err());
        assert_eq!(fs::read(&path).unwrap(), b"another's");
        assert_eq!(names(folder.path()), ["out"]);
    }
}
