//! Packages of the programs as they are built for tests, made once for all tests of a run.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use fixtures::stage::programs::built;
use tempfile::TempDir;

/// The packages of this version.
pub struct Packages {
    pub folder: TempDir,
}

pub const VERSION: &str = env!("CARGO_PKG_VERSION");

impl Packages {
    pub fn build() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let programs = built("kiosk-agent").unwrap().parent().unwrap().to_owned();
        run(Command::new(source("scripts/deb.sh"))
            .args(["--fast", "--programs"])
            .arg(programs)
            .arg("--out")
            .arg(folder.path()));
        Self { folder }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        let mut entries = std::fs::read_dir(self.folder.path()).unwrap();
        let begins = format!("{name}_{VERSION}_");
        entries
            .find_map(|entry| {
                let path = entry.unwrap().path();
                let file = path.file_name()?.to_str()?;
                (file.starts_with(&begins) && file.ends_with(".deb")).then(|| path.clone())
            })
            .unwrap_or_else(|| panic!("no package {name}"))
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

    /// The kiosk's package under another version.
    pub fn kiosk_as(&self, version: &str) -> PathBuf {
        let folder = self.folder.path().join(version);
        run(Command::new("dpkg-deb")
            .arg("--raw-extract")
            .arg(self.path("akashi-kiosk"))
            .arg(&folder));
        let control = folder.join("DEBIAN/control");
        let text = std::fs::read_to_string(&control).unwrap();
        let (old, new) = (
            format!("Version: {VERSION}\n"),
            format!("Version: {version}\n"),
        );
        assert!(text.contains(&old));
        std::fs::write(&control, text.replace(&old, &new)).unwrap();
        let path = self.folder.path().join(format!("kiosk-{version}.deb"));
        run(Command::new("dpkg-deb")
            .args(["--root-owner-group", "-Zxz", "-z0", "--build"])
            .args([&folder, &path]));
        path
    }
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
            std::fs::create_dir_all(folder.path().join(name)).unwrap();
        }
        for name in ["status", "available"] {
            std::fs::write(folder.path().join("var/lib/dpkg").join(name), "").unwrap();
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
