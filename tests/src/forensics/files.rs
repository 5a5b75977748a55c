//! Files on this machine, searched: each by its path, all that changed below a folder, and those
//! that processes hold open although they have no name.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::os::unix::fs::FileTypeExt as _;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use leak_search::LeakSearch;

/// So many bytes are read at once, with an overlap so that nothing hides at a piece's end.
const PIECE: usize = 64 * 1024 * 1024;
const OVERLAP: usize = 4096;

/// What was searched on disk.
#[derive(Debug, Default)]
pub struct Disk {
    /// Files.
    pub files: BTreeSet<PathBuf>,
    /// Bytes.
    pub bytes: u64,
    /// Files with something of a resident in them, and the number of what.
    pub hits: Vec<(PathBuf, usize)>,
    /// Files that could not be read.
    pub unread: Vec<PathBuf>,
    /// Files that were there and are no more.
    pub gone: BTreeSet<PathBuf>,
}

impl Disk {
    /// Searches a file, its name too; each once.
    pub fn search(&mut self, file: &Path, canaries: &LeakSearch) {
        if self.files.contains(file) {
            return;
        }
        if let Some(number) = canaries.found_in(file.as_os_str().as_encoded_bytes()) {
            self.hits.push((file.to_owned(), number));
        }
        match search_what_it_is(file, canaries) {
            Ok((bytes, hit)) => {
                self.bytes += bytes;
                self.hits
                    .extend(hit.map(|number| (file.to_owned(), number)));
                self.files.insert(file.to_owned());
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                self.gone.insert(file.to_owned());
            }
            Err(_) => self.unread.push(file.to_owned()),
        }
    }

    /// Searches every file below this folder that was changed since, leaving out these.
    pub fn search_below(
        &mut self,
        folder: &Path,
        since: SystemTime,
        left_out: &[PathBuf],
        canaries: &LeakSearch,
    ) {
        if left_out.iter().any(|out| folder.starts_with(out)) {
            return;
        }
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            let Ok(about) = std::fs::symlink_metadata(&path) else {
                continue;
            };
            if about.is_dir() {
                self.search_below(&path, since, left_out, canaries);
            } else if about.is_file() && about.modified().is_ok_and(|changed| changed >= since) {
                self.search(&path, canaries);
            }
        }
    }

    /// Searches what a process holds open and nobody finds by a name: files that were removed,
    /// and memory that processes share. Gives how many there were.
    pub fn search_unnamed_of(&mut self, process: i32, canaries: &LeakSearch) -> usize {
        let mut unnamed = 0;
        let folder = format!("/proc/{process}/fd");
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let name = std::fs::read_link(entry.path()).unwrap_or_default();
            let is_file = std::fs::metadata(entry.path()).is_ok_and(|about| about.is_file());
            if is_file && name.to_string_lossy().ends_with(" (deleted)") {
                unnamed += 1;
                self.search(&entry.path(), canaries);
            }
        }
        unnamed
    }
}

/// The first thing found in what lies under this name, and how many bytes that has: of a link the
/// name it stands for; a folder and a socket hold nothing themselves.
fn search_what_it_is(file: &Path, canaries: &LeakSearch) -> io::Result<(u64, Option<usize>)> {
    // Below `/proc` a link stands for the open file itself.
    let kind = if file.starts_with("/proc") {
        std::fs::metadata(file)?.file_type()
    } else {
        std::fs::symlink_metadata(file)?.file_type()
    };
    if kind.is_symlink() {
        let stands_for = std::fs::read_link(file)?;
        let name = stands_for.as_os_str().as_encoded_bytes();
        return Ok((name.len() as u64, canaries.found_in(name)));
    }
    if kind.is_dir() || kind.is_socket() {
        return Ok((0, None));
    }
    search_in_pieces(file, canaries, PIECE, OVERLAP)
}

/// The first thing found in a file or a device, and how many bytes it has.
fn search_in_pieces(
    file: &Path,
    canaries: &LeakSearch,
    piece: usize,
    overlap: usize,
) -> io::Result<(u64, Option<usize>)> {
    let mut file = File::open(file)?;
    let mut position = 0;
    let mut content = Vec::new();
    loop {
        content.clear();
        file.seek(SeekFrom::Start(position))?;
        let read = (&file).take(piece as u64).read_to_end(&mut content)?;
        let (found, _) = canaries.everything_in(&content, 1);
        let end = position + read as u64;
        if let Some(found) = found.first() {
            return Ok((end, Some(found.number)));
        }
        if read < piece {
            return Ok((end, None));
        }
        position = end - overlap as u64;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_hides_at_the_end_of_a_piece() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("swap");
        let canaries = LeakSearch::of(["123456789018"]);
        for at in 0..64 {
            let content = [vec![b'.'; at], b"123456789018".to_vec(), vec![b'.'; 64]].concat();
            std::fs::write(&file, &content).unwrap();
            let (_, hit) = search_in_pieces(&file, &canaries, 32, 16).unwrap();
            assert_eq!(hit, Some(0), "{at}");
        }
        std::fs::write(&file, vec![b'.'; 100]).unwrap();
        let searched = search_in_pieces(&file, &canaries, 32, 16).unwrap();
        assert_eq!(searched, (100, None));
    }

    #[test]
    fn a_name_a_removed_file_and_what_is_gone_are_told() {
        let folder = tempfile::tempdir().unwrap();
        let canaries = LeakSearch::of(["123456789018"]);
        let mut disk = Disk::default();
        let named = folder.path().join("of-123456789018");
        std::fs::write(&named, b"").unwrap();
        disk.search(&named, &canaries);
        assert_eq!(disk.hits, [(named, 0)]);
        let link = folder.path().join("link");
        std::os::unix::fs::symlink("nowhere-123456789018", &link).unwrap();
        disk.search(&link, &canaries);
        assert_eq!(disk.hits.pop(), Some((link, 0)));
        let gone = folder.path().join("gone");
        disk.search(&gone, &canaries);
        assert!(disk.gone.contains(&gone) && disk.unread.is_empty());

        let removed = folder.path().join("removed");
        std::fs::write(&removed, b"123456789018").unwrap();
        let held = File::open(&removed).unwrap();
        std::fs::remove_file(&removed).unwrap();
        let me = i32::try_from(std::process::id()).unwrap();
        assert!(disk.search_unnamed_of(me, &canaries) > 0);
        assert_eq!(disk.hits.len(), 2);
        drop(held);
    }
}
