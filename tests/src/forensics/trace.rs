//! What the traced programs wrote and whom they called, as strace tells it.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt as _;
use std::path::{Path, PathBuf};

/// What the trace says.
#[derive(Debug, Default)]
pub struct Written {
    /// Every file that was opened for writing, made or renamed to, other than devices and the
    /// kernel's own.
    pub files: BTreeSet<PathBuf>,
    /// So many files never had a name: memory that processes share.
    pub unnamed: usize,
    /// Connections to other machines, as strace wrote them.
    pub calls: Vec<String>,
    /// Calls that make files and were not understood.
    pub unclear: Vec<String>,
}

/// Calls that give a name to a file.
const NAMING: [&str; 4] = ["rename", "link", "symlink", "mknod"];

/// Reads what strace wrote.
#[must_use]
pub fn written(trace: &str) -> Written {
    let mut written = Written::default();
    let mut begun: BTreeMap<&str, &str> = BTreeMap::new();
    for line in trace.lines() {
        let (process, call) = line.split_once(' ').unwrap_or(("", line));
        let call = call.trim_start();
        if let Some(start) = call.strip_suffix("<unfinished ...>") {
            begun.insert(process, start);
        } else if let Some(rest) = call.strip_prefix("<... ") {
            let start = begun.remove(process).unwrap_or_default();
            let end = rest.split_once("resumed>").map_or("", |(_, end)| end);
            written.note(&[start, end].concat());
        } else {
            written.note(call);
        }
    }
    // Killed in the middle of it: it may have been done.
    for call in begun.into_values() {
        written.note(call);
    }
    written
}

impl Written {
    fn note(&mut self, call: &str) {
        let (name, rest) = call.split_once('(').unwrap_or((call, ""));
        // What failed wrote nothing.
        if rest.contains(") = -1 ") {
            return;
        }
        let opens = name.starts_with("open") || name == "creat";
        let writes = ["O_WRONLY", "O_RDWR", "O_CREAT", "O_TMPFILE"];
        if name == "connect" && is_call(rest) {
            self.calls.push(call.to_owned());
        } else if name == "memfd_create" {
            self.unnamed += 1;
        } else if opens && (name == "creat" || writes.iter().any(|flag| rest.contains(flag))) {
            // What was opened, as the kernel names it; where it did not come so far, as was asked.
            let opened = rest.rsplit_once(") = ").and_then(|(_, fd)| decoration(fd));
            let path = opened.map(unescaped).or_else(|| last_path(rest));
            self.add(path, call);
        } else if NAMING.iter().any(|naming| name.starts_with(naming)) {
            self.add(last_path(rest), call);
        }
    }

    fn add(&mut self, path: Option<PathBuf>, call: &str) {
        match path {
            Some(path) if path.to_string_lossy().ends_with("(deleted)") => self.unnamed += 1,
            Some(path) if is_memory(&path) => {}
            Some(path) if path.is_absolute() => {
                self.files.insert(path);
            }
            Some(_) | None => self.unclear.push(call.to_owned()),
        }
    }
}

/// What strace says of a file descriptor, between angles: its path; angles in that are escaped.
fn decoration(text: &str) -> Option<&str> {
    let (_, from) = text.split_once('<')?;
    from.split(['<', '>']).next()
}

/// The last path among the arguments, which is the one that is made; below the folder that its
/// file descriptor stands for.
fn last_path(arguments: &str) -> Option<PathBuf> {
    let (before, rest) = arguments.rsplit_once('"').and_then(|(before, _)| {
        let (folder, path) = before.rsplit_once('"')?;
        Some((folder, path))
    })?;
    let path = unescaped(rest);
    if path.is_absolute() {
        return Some(path);
    }
    let descriptor = before.rsplit_once('<')?.1;
    let folder = descriptor.split_once('>')?.0;
    Some(unescaped(folder).join(path))
}

/// A path without strace's escapes: octal numbers, and characters after a backslash.
fn unescaped(text: &str) -> PathBuf {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        if *first != b'\\' {
            bytes.push(*first);
            continue;
        }
        let digits = rest
            .iter()
            .take(3)
            .take_while(|byte| matches!(byte, b'0'..=b'7'));
        let digits = digits.count();
        let (number, after) = rest.split_at(digits.max(1).min(rest.len()));
        rest = after;
        let octal = std::str::from_utf8(number).unwrap_or_default();
        bytes.extend(match u8::from_str_radix(octal, 8) {
            Ok(byte) if digits > 0 => vec![byte],
            Ok(_) | Err(_) => number.to_vec(),
        });
    }
    OsString::from_vec(bytes).into()
}

/// Devices and the kernel's own files.
pub(super) fn is_memory(path: &Path) -> bool {
    let devices = [
        "/dev/null",
        "/dev/tty",
        "/dev/dri",
        "/dev/urandom",
        "/dev/pts",
    ];
    let kernel = ["/proc", "/sys"];
    let mut all = devices.iter().chain(&kernel);
    all.any(|prefix| path.starts_with(prefix))
}

/// Chromium asks the kernel whether there is a way to IPv6 by connecting a datagram socket to this
/// address, which sends nothing.
const ASKED_FOR_A_WAY: &str = "\"2001:4860:4860::8888\"";

/// Whether a connection leaves this machine.
fn is_call(arguments: &str) -> bool {
    let inet = arguments.contains("AF_INET");
    let here = ["\"127.0.0.1\"", "\"::1\"", "::ffff:127.0.0.1"];
    let asks_only = arguments.contains("<UDPv6:") && arguments.contains(ASKED_FOR_A_WAY);
    inet && !asks_only && !here.iter().any(|here| arguments.contains(here))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(trace: &str) -> Vec<String> {
        let written = written(trace);
        assert_eq!(written.unclear, [""; 0]);
        let files = written.files.iter();
        files.map(|file| file.display().to_string()).collect()
    }

    #[test]
    fn every_way_to_make_a_file_is_seen() {
        for (line, expected) in [
            (
                r#"7 openat(AT_FDCWD</>, "/tmp/a", O_WRONLY|O_CREAT, 0666) = 3</tmp/a>"#,
                "/tmp/a",
            ),
            (
                r#"7 openat(AT_FDCWD</srv>, "a", O_RDWR) = 3</srv/a>"#,
                "/srv/a",
            ),
            (r#"7 openat(5</srv>, "a", O_RDWR|O_CREAT"#, "/srv/a"),
            (r#"7 creat("/a", 0666) = 3</a>"#, "/a"),
            (r#"7 renameat(5</srv>, "a", 6</var>, "b") = 0"#, "/var/b"),
            (r#"7 rename("/srv/a", "/srv/b") = 0"#, "/srv/b"),
            (r#"7 linkat(5</srv>, "a", 5</srv>, "c", 0) = 0"#, "/srv/c"),
            (
                r#"7 openat(AT_FDCWD</>, "/\345\220\215", O_WRONLY) = 3</\345\220\215>"#,
                "/名",
            ),
        ] {
            assert_eq!(files(line), [expected], "{line}");
        }
        let interrupted = "7 openat(AT_FDCWD</>, \"/a\", O_WRONLY <unfinished ...>\n\
                           8 openat(AT_FDCWD</>, \"/b\", O_RDWR) = 3</b>\n\
                           7 <... openat resumed>) = 4</a>";
        assert_eq!(files(interrupted), ["/a", "/b"]);
        let killed = "7 openat(AT_FDCWD</>, \"/a\", O_WRONLY <unfinished ...>\n7 +++ killed +++";
        assert_eq!(files(killed), ["/a"]);
    }

    #[test]
    fn what_is_read_what_failed_and_devices_are_no_files() {
        for line in [
            r#"7 openat(AT_FDCWD</>, "/etc/passwd", O_RDONLY|O_CLOEXEC) = 3</etc/passwd>"#,
            r#"7 openat(AT_FDCWD</>, "/a", O_WRONLY) = -1 EACCES (Permission denied)"#,
            r#"7 openat(AT_FDCWD</>, "/dev/null", O_RDWR) = 3</dev/null<char 1:3>>"#,
            "7 +++ exited with 0 +++",
        ] {
            assert_eq!(files(line), [""; 0], "{line}");
        }
        let unnamed = written("7 memfd_create(\"x\", MFD_CLOEXEC) = 3</memfd:x (deleted)>");
        assert_eq!((unnamed.files.len(), unnamed.unnamed), (0, 1));
        let unclear = written(r#"7 mknod("a", 0600) = 0"#);
        assert_eq!(unclear.unclear.len(), 1);
    }

    #[test]
    fn a_call_to_another_machine_is_one() {
        let to = |address: &str| {
            let line = format!(
                "7 connect(3<TCP:[1]>, {{sa_family=AF_INET, sin_port=htons(443), \
                 sin_addr=inet_addr(\"{address}\")}}, 16) = 0"
            );
            written(&line).calls.len()
        };
        assert_eq!((to("127.0.0.1"), to("192.0.2.1")), (0, 1));
    }
}
