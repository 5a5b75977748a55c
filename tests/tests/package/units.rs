//! The units: understood by systemd, and shut off from the machine as far as was promised.

use std::path::Path;
use std::process::Command;

use super::packages::{Packages, run, said};

/// The highest exposure that `systemd-analyze security` may give each service, in tenths.
const EXPOSURE: [(&str, &str, u16); 6] = [
    // Chromium lives in it, and it starts that as another user.
    ("akashi-kiosk", "akashi-kiosk.service", 32),
    ("akashi-kiosk", "akashi-display.service", 20),
    ("akashi-kiosk", "akashi-renew.service", 15),
    ("akashi-kiosk", "akashi-health.service", 15),
    ("akashi-server", "akashi-server.service", 15),
    ("akashi-relay", "akashi-relay.service", 15),
];

fn text(root: &Path, unit: &str) -> String {
    std::fs::read_to_string(root.join("lib/systemd/system").join(unit)).unwrap()
}

#[test]
fn services_are_understood_and_shut_off() {
    let packages = Packages::build();
    for (package, unit, most) in EXPOSURE {
        let folder = packages.unpacked(package);
        let path = folder.path().join("lib/systemd/system").join(unit);
        let output = Command::new("systemd-analyze")
            .args(["verify", "--man=no"])
            .arg(&path)
            .output()
            .unwrap();
        // The programs are in the package, not on this machine; other units are the machine's.
        let wrong: Vec<String> = said(&output)
            .lines()
            .filter(|line| line.contains(unit) && !line.contains("is not executable"))
            .map(str::to_owned)
            .collect();
        assert!(wrong.is_empty(), "{wrong:#?}");
        run(Command::new("systemd-analyze")
            .args(["security", "--offline=true", "--no-pager"])
            .arg(format!("--threshold={most}"))
            .arg(&path));
    }
}

#[test]
fn what_keeps_nothing_is_set() {
    let packages = Packages::build();
    let folder = packages.unpacked("akashi-kiosk");
    let root = folder.path();
    for (unit, lines) in [
        (
            "akashi-kiosk.service",
            &[
                "User=akashi-kiosk",
                "LimitCORE=0",
                "LimitMEMLOCK=infinity",
                "MemorySwapMax=0",
                "ProtectSystem=strict",
                "NoNewPrivileges=yes",
                "IPAddressDeny=any",
                "DevicePolicy=closed",
                "CapabilityBoundingSet=CAP_SETUID CAP_SETGID",
                "Delegate=yes",
                "Type=notify",
            ][..],
        ),
        (
            "pcscd.service.d/akashi.conf",
            &[
                "ExecStart=",
                "ExecStart=/usr/sbin/pcscd --foreground --auto-exit",
                "AssertPathExists=!/usr/lib/pcsc/drivers/serial/libifdvpcd.so",
                "LimitCORE=0",
            ],
        ),
        ("tmp.mount", &["Type=tmpfs"]),
        ("var-spool-cups.mount", &["Type=tmpfs"]),
    ] {
        let text = text(root, unit);
        for line in lines {
            assert!(text.lines().any(|found| found == *line), "{unit}: {line}");
        }
    }
    for (file, line) in [
        (
            "usr/lib/sysctl.d/60-akashi-kiosk.conf",
            "kernel.core_pattern = |/bin/false",
        ),
        (
            "usr/lib/systemd/journald.conf.d/akashi.conf",
            "Storage=volatile",
        ),
        (
            "usr/lib/systemd/sleep.conf.d/akashi.conf",
            "AllowHibernation=no",
        ),
    ] {
        let text = std::fs::read_to_string(root.join(file)).unwrap();
        assert!(text.lines().any(|found| found == line), "{file}: {line}");
    }
    let control = run(Command::new("dpkg-deb")
        .arg("--field")
        .arg(packages.path("akashi-kiosk"))
        .arg("Conflicts"));
    assert!(control.contains("vsmartcard-vpcd"));
}

#[test]
fn what_the_browser_calls_is_allowed_to_it() {
    // Seen by strace of Debian's Chromium with its sandbox; what it is refused it dies of.
    let packages = Packages::build();
    let unit = text(
        packages.unpacked("akashi-kiosk").path(),
        "akashi-kiosk.service",
    );
    for needed in [
        "@system-service",
        "@pkey",
        "chroot",
        "seccomp",
        "landlock_create_ruleset",
    ] {
        let mut filters = unit
            .lines()
            .filter(|line| line.starts_with("SystemCallFilter="));
        assert!(filters.any(|line| line.contains(needed)), "{needed}");
    }
    assert!(unit.contains("RestrictNamespaces=user pid net\n"));
    // With it V8 cannot compile.
    assert!(!unit.contains("MemoryDenyWriteExecute=yes"));
}
