use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::packages::{Machine, Packages, run, said, source};

/// A kiosk that serves with every version but those whose name says so.
struct Kiosk {
    machine: Machine,
    check: PathBuf,
}

impl Kiosk {
    fn with(package: &Path) -> Self {
        let machine = Machine::new();
        machine.dpkg("--install", package);
        let check = machine.path("check");
        let script = format!(
            "#!/bin/sh\ncase $(dpkg-query --admindir={}/var/lib/dpkg -W -f '${{Version}}' \
             akashi-kiosk) in *broken*) exit 1 ;; esac\n",
            machine.folder.path().display()
        );
        fs::write(&check, script).unwrap();
        fs::set_permissions(&check, fs::Permissions::from_mode(0o755)).unwrap();
        Self { machine, check }
    }

    fn update(&self, words: &[&str]) -> (Option<i32>, String) {
        let output = Command::new("fakeroot")
            .arg(source("scripts/akashi-update"))
            .args(words)
            .env("AKASHI_UPDATE_ROOT", self.machine.folder.path())
            .env("AKASHI_UPDATE_RESTART", "true")
            .env("AKASHI_UPDATE_CHECK", &self.check)
            .output()
            .unwrap();
        (output.status.code(), said(&output))
    }
}

fn sum(path: &Path) -> String {
    let line = run(Command::new("sha256sum").arg(path));
    line.split(' ').next().unwrap().to_owned()
}

#[test]
fn a_version_that_does_not_serve_is_gone_back_from() {
    let packages = Packages::build();
    let old = packages.path("akashi-kiosk");
    let kiosk = Kiosk::with(&old);
    let before = kiosk.machine.version();
    let words = |path: &Path| [path.to_str().unwrap().to_owned(), sum(path)];
    let place = tempfile::tempdir().unwrap();
    let good = packages.kiosk_as("9.0", place.path());
    let broken = packages.kiosk_as("9.1+broken", place.path());
    let [old, old_sum] = words(&old);
    let [good, good_sum] = words(&good);
    let [broken, broken_sum] = words(&broken);

    // Nothing to go back to: nothing is changed.
    let (code, said) = kiosk.update(&[&good, "--sha256", &good_sum]);
    assert_eq!(code, Some(1), "{said}");
    let (code, said) = kiosk.update(&["--keep", &good, "--sha256", &good_sum]);
    assert_eq!(code, Some(1), "{said}");
    let (code, said) = kiosk.update(&["--keep", &old, "--sha256", &old_sum]);
    assert_eq!(code, Some(0), "{said}");
    // Another file than was told of.
    let (code, said) = kiosk.update(&[&good, "--sha256", &broken_sum]);
    assert_eq!(code, Some(1), "{said}");
    assert_eq!(kiosk.machine.version(), before);

    let (code, said) = kiosk.update(&[&good, "--sha256", &good_sum]);
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(kiosk.machine.version(), "9.0");
    let (code, said) = kiosk.update(&[&broken, "--sha256", &broken_sum, "--wait", "4"]);
    assert_eq!(code, Some(3), "{said}");
    assert_eq!(kiosk.machine.version(), "9.0");

    let (code, said) = kiosk.update(&["--back"]);
    assert_eq!(code, Some(1), "what was gone back from is not kept: {said}");
    let (code, said) = kiosk.update(&[&old, "--sha256", &old_sum]);
    assert_eq!(code, Some(0), "{said}");
    let (code, said) = kiosk.update(&["--back"]);
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(kiosk.machine.version(), "9.0");
}

#[test]
fn another_package_is_not_installed() {
    let packages = Packages::build();
    let kiosk = Kiosk::with(&packages.path("akashi-kiosk"));
    let other = packages.path("akashi-relay");
    let (code, said) = kiosk.update(&[other.to_str().unwrap(), "--sha256", &sum(&other)]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("not akashi-kiosk"), "{said}");
}
