use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use super::packages::{Machine, Packages};

#[test]
fn it_is_installed_with_its_users_and_purged_with_its_key() {
    let packages = Packages::build();
    let machine = Machine::new();
    machine.dpkg("--install", packages.path("akashi-kiosk"));
    let users = fs::read_to_string(machine.path("etc/passwd")).unwrap();
    for user in ["akashi-kiosk", "akashi-browser"] {
        let line = users
            .lines()
            .find(|line| line.starts_with(&format!("{user}:")));
        assert!(line.unwrap().ends_with("/nologin"), "{users}");
    }
    for link in [
        "graphical.target.wants/akashi-kiosk.service",
        "graphical.target.wants/akashi-display.service",
        "timers.target.wants/akashi-renew.timer",
        "timers.target.wants/akashi-health.timer",
        "timers.target.wants/akashi-nightly.timer",
        "local-fs.target.wants/tmp.mount",
    ] {
        let link = machine.path("etc/systemd/system").join(link);
        assert!(link.symlink_metadata().is_ok(), "{}", link.display());
    }
    let mode = |name: &str| {
        fs::metadata(machine.path(name))
            .unwrap()
            .permissions()
            .mode()
            & 0o777
    };
    assert_eq!(mode("run/akashi-display"), 0o700);
    assert_eq!(mode("etc/akashi"), 0o750);

    let key = machine.path("var/lib/akashi-kiosk/identity/current/kiosk.key.pem");
    fs::create_dir_all(key.parent().unwrap()).unwrap();
    fs::write(&key, "").unwrap();
    machine.dpkg("--remove", "akashi-kiosk");
    assert!(key.exists(), "what is removed may come back");
    machine.dpkg("--purge", "akashi-kiosk");
    assert!(!key.exists());
    assert!(!machine.path("usr/bin/kiosk-agent").exists());
}
