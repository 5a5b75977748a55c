//! Packages of the programs as they are built for tests, made once for all tests of a run.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use fixtures::stage::programs::built;
use tempfile::TempDir;

/// The packages of this version.
pub struct Packages {
    folder: PathBuf,
}

pub const VERSION: &str = env!("CARGO_PKG_VERSION");

impl Packages {
    /// Builds them, unless another test of this run has.
    pub fn build() -> Self {
        let shared = Path::new(env!("CARGO_TARGET_TMPDIR")).join("packages");
        fs::create_dir_all(&shared).unwrap();
        let lock = File::create(shared.join("lock")).unwrap();
        lock.lock().unwrap();
        let (folder, stamp) = (shared.join("built"), shared.join("stamp"));
        let programs = built("kiosk-agent").unwrap().parent().unwrap().to_owned();
        let newest = newest(&programs);
        if fs::read_to_string(&stamp).unwrap_or_default() != newest {
            run(Command::new(source("scripts/deb.sh"))
                .args(["--fast", "--programs"])
                .arg(programs)
                .arg("--out")
                .arg(&folder));
            fs::write(stamp, newest).unwrap();
        }
        Self { folder }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        let begins = format!("{name}_{VERSION}_");
        let is_it = |path: &PathBuf| {
            let file = path.file_name().and_then(|file| file.to_str()).unwrap();
            file.starts_with(&begins) && file.ends_with(".deb")
        };
        let entries = fs::read_dir(&self.folder).unwrap();
        let mut paths = entries.map(|entry| entry.unwrap().path());
        paths.find(is_it).unwrap()
    }

    /// A package's files, laid out in a folder of its own.
    pub fn unpacked(&self, name: &str) -> TempDir {
        let folder = tempfile::tempdir().unwrap();
        run(Command::new("dpkg-deb")
            .arg("--extract")
            .arg(self.path(name))
            .arg(folder.path()));
        folder
    }

    /// The kiosk's package under another version, in a folder.
    pub fn kiosk_as(&self, version: &str, place: &Path) -> PathBuf {
        let folder = place.join(version);
        run(Command::new("dpkg-deb")
            .arg("--raw-extract")
            .arg(self.path("akashi-kiosk"))
            .arg(&folder));
        let control = folder.join("DEBIAN/control");
        let text = fs::read_to_string(&control).unwrap();
        let (old, new) = (
            format!("Version: {VERSION}\n"),
            format!("Version: {version}\n"),
        );
        assert!(text.contains(&old));
        fs::write(&control, text.replace(&old, &new)).unwrap();
        let path = place.join(format!("kiosk-{version}.deb"));
        run(Command::new("dpkg-deb")
            .args(["--root-owner-group", "-Zxz", "-z0", "--build"])
            .args([&folder, &path]));
        path
    }
}

/// When the newest of what the packages are made of was changed.
fn newest(programs: &Path) -> String {
    let mut sources = leak_search::files_below(&source("debian")).unwrap();
    sources.extend(["kiosk-agent", "server", "mobile-api"].map(|name| programs.join(name)));
    let others = [
        "scripts/deb.sh",
        "scripts/akashi-update",
        "docs/DEPLOYMENT.md",
    ];
    sources.extend(others.map(source));
    let changed = |path: &PathBuf| fs::metadata(path).unwrap().modified().unwrap();
    format!("{:?}", sources.iter().map(changed).max())
}

/// A file of the sources.
pub fn source(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name)
}

/// Both outputs, as text.
pub fn said(output: &Output) -> String {
    let both = [&output.stdout[..], &output.stderr[..]].concat();
    String::from_utf8_lossy(&both).into_owned()
}

/// Runs a command that must succeed; what it said.
#[track_caller]
pub fn run(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let said = said(&output);
    assert!(output.status.success(), "{command:?}\n{said}");
    said
}

/// A machine in a folder, as far as dpkg needs one.
pub struct Machine {
    pub folder: TempDir,
}

impl Machine {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for name in ["var/lib/dpkg", "etc"] {
            fs::create_dir_all(folder.path().join(name)).unwrap();
        }
        for name in ["status", "available"] {
            fs::write(folder.path().join("var/lib/dpkg").join(name), "").unwrap();
        }
        Self { folder }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// dpkg on this machine; its scripts run here with the folder for a root.
    pub fn dpkg(&self, action: &str, what: impl AsRef<Path>) -> String {
        run(Command::new("fakeroot")
            .arg("dpkg")
            .arg(format!("--root={}", self.folder.path().display()))
            .arg(format!("--log={}", self.path("dpkg.log").display()))
            .args(["--force-script-chrootless", "--force-depends"])
            .args(["--force-not-root", action])
            .arg(what.as_ref()))
    }

    pub fn version(&self) -> String {
        let database = format!("--admindir={}", self.path("var/lib/dpkg").display());
        run(Command::new("dpkg-query").args([&database, "-W", "-f", "${Version}", "akashi-kiosk"]))
    }
}
