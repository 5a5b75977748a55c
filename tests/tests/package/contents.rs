use std::process::Command;

use super::packages::{Packages, VERSION, run, source};

#[test]
fn lintian_finds_nothing_and_everything_is_where_it_belongs() {
    let packages = Packages::build();
    let names = ["akashi-kiosk", "akashi-server", "akashi-relay"];
    let files = names.map(|name| packages.path(name));
    run(Command::new("lintian")
        .args(["--no-cfg", "--fail-on", "error,warning"])
        .args(&files));
    for (name, wanted) in [
        (
            "akashi-kiosk",
            &[
                "./usr/bin/kiosk-agent",
                "./usr/sbin/akashi-update",
                "./etc/akashi/kiosk.toml.example",
                "./etc/pam.d/akashi-display",
                "./lib/udev/rules.d/71-akashi-kiosk.rules",
                "./lib/systemd/system/akashi-kiosk.service",
                "./lib/systemd/system/akashi-renew.timer",
                "./lib/systemd/system/pcscd.service.d/akashi.conf",
                "./usr/lib/systemd/journald.conf.d/akashi.conf",
                "./usr/lib/sysctl.d/60-akashi-kiosk.conf",
                "./usr/share/man/man1/kiosk-agent.1.gz",
                "./usr/share/doc/akashi-kiosk/copyright",
                "./usr/share/doc/akashi-kiosk/examples/settings.example.toml",
            ][..],
        ),
        (
            "akashi-server",
            &[
                "./usr/sbin/akashi-server",
                "./etc/akashi-server/settings.toml.example",
                "./usr/share/doc/akashi-server/examples/terms/ja.txt",
                "./lib/systemd/system/akashi-server.service",
            ],
        ),
        (
            "akashi-relay",
            &[
                "./usr/sbin/akashi-relay",
                "./etc/akashi-relay/settings.toml.example",
                "./lib/systemd/system/akashi-relay.service",
            ],
        ),
    ] {
        let listed = run(Command::new("dpkg-deb")
            .arg("--contents")
            .arg(packages.path(name)));
        for file in wanted {
            assert!(listed.contains(&format!(" {file}\n")), "{name}: {file}");
        }
        // Keys come from enrolment and from people, never with a package.
        for never in [".key.pem", "identity/", "TEST"] {
            assert!(!listed.contains(never), "{name}: {never}");
        }
    }
}

#[test]
fn the_packages_version_is_the_programs() {
    let changelog = std::fs::read_to_string(source("debian/changelog")).unwrap();
    assert!(changelog.starts_with(&format!("akashi ({VERSION}) ")));
}

#[test]
fn the_settings_that_come_with_it_are_understood() {
    let settings = source("debian/kiosk/kiosk.toml.example");
    let settings = kiosk_agent::settings::Settings::read(&settings).unwrap();
    assert!(settings.kiosk.key.starts_with("/var/lib/akashi-kiosk"));
    let settings = source("debian/server/settings.toml.example");
    let settings = server::settings::Settings::load(&settings).unwrap();
    let register = settings.register.directory.unwrap().relative();
    assert!(register.starts_with("/var/lib/akashi-server"));
}
