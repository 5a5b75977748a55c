//! What was written: by the agent, by its browsers, and anywhere else on the machine since.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use leak_search::LeakSearch;

/// What the trace says.
#[derive(Debug, Default)]
pub struct Written {
    /// Every path that was opened for writing, made or renamed to.
    pub paths: BTreeSet<PathBuf>,
    /// So many were inside a profile, which is wiped.
    pub in_profiles: usize,
    /// Where else somebody wrote, other than devices and the kernel's own files.
    pub elsewhere: BTreeSet<PathBuf>,
    /// Connections to other machines, as strace wrote them.
    pub calls: Vec<String>,
}

/// Reads what strace wrote.
#[must_use]
pub fn written(trace: &Path, profiles: &Path) -> Written {
    let mut written = Written::default();
    let text = std::fs::read(trace).unwrap_or_default();
    for line in String::from_utf8_lossy(&text).lines() {
        if line.contains("connect(") && is_call(line) {
            written.calls.push(line.to_owned());
        }
        let writes = [
            "O_WRONLY", "O_RDWR", "O_CREAT", "creat(", "rename", "link", "mknod",
        ];
        // What failed wrote nothing.
        if !writes.iter().any(|word| line.contains(word)) || line.contains(" = -1 ") {
            continue;
        }
        // The last path is the one that is made.
        let Some(path) = line.split('"').skip(1).step_by(2).last().map(PathBuf::from) else {
            continue;
        };
        if line.contains("readlink") || !path.is_absolute() {
            continue;
        }
        if path.starts_with(profiles) {
            written.in_profiles += 1;
        } else if !is_memory(&path) {
            written.elsewhere.insert(path.clone());
        }
        written.paths.insert(path);
    }
    written
}

/// Devices, the kernel's own files, and Chromium's shared memory, which has no name any more.
fn is_memory(path: &Path) -> bool {
    [
        "/dev/null",
        "/dev/tty",
        "/dev/dri",
        "/dev/urandom",
        "/dev/pts",
        "/proc",
        "/sys",
    ]
    .iter()
    .any(|prefix| path.starts_with(prefix))
        || (path.starts_with("/dev/shm") && !path.exists())
}

/// Chromium asks the kernel whether there is a way to IPv6 by connecting a datagram socket to this
/// address, which sends nothing.
const ASKED_FOR_A_WAY: &str = "\"2001:4860:4860::8888\"";

/// Whether a connection leaves this machine.
fn is_call(line: &str) -> bool {
    let inet = line.contains("AF_INET");
    let here = ["\"127.0.0.1\"", "\"::1\"", "::ffff:127.0.0.1"];
    let asks_only = line.contains("<UDPv6:") && line.contains(ASKED_FOR_A_WAY);
    inet && !asks_only && !here.iter().any(|here| line.contains(here))
}

/// What was searched on disk.
#[derive(Debug, Default)]
pub struct Disk {
    /// Files.
    pub files: usize,
    /// Bytes.
    pub bytes: u64,
    /// Files with something of a resident in them, and the number of what.
    pub hits: Vec<(PathBuf, usize)>,
    /// Files that could not be read.
    pub unread: usize,
}

/// Searches every file below these folders that was changed since, leaving out these.
#[must_use]
pub fn search(
    folders: &[PathBuf],
    since: SystemTime,
    left_out: &[PathBuf],
    canaries: &LeakSearch,
) -> Disk {
    let mut disk = Disk::default();
    for folder in folders {
        below(
            folder,
            since,
            left_out,
            &mut |file| match std::fs::read(file) {
                Ok(content) => {
                    disk.files += 1;
                    disk.bytes += content.len() as u64;
                    let (found, _) = canaries.everything_in(&content, 1);
                    let hit = found.first().map(|found| (file.to_owned(), found.number));
                    disk.hits.extend(hit);
                }
                // Gone meanwhile is not unread.
                Err(_) if !file.exists() => {}
                Err(_) => disk.unread += 1,
            },
        );
    }
    disk
}

fn below(folder: &Path, since: SystemTime, left_out: &[PathBuf], look: &mut dyn FnMut(&Path)) {
    if left_out.iter().any(|out| folder.starts_with(out)) {
        return;
    }
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let Ok(about) = std::fs::symlink_metadata(&path) else {
            continue;
        };
        if about.is_dir() {
            below(&path, since, left_out, look);
        } else if about.is_file() && about.modified().is_ok_and(|changed| changed >= since) {
            look(&path);
        }
    }
}
