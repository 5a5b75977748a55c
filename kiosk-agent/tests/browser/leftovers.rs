//! A browser that died, and of which something is left.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use crypto::SystemRandom;
use kiosk_agent::browser::{Browser, BrowserError, BrowserSettings, Entrance, PASS};

use super::{in_memory, until};

/// A keeper that notes its address, keeps a browser until a file says that it died, and can wipe
/// nothing.
const KEEPER: &str = r#"#!/bin/sh
folder=$(dirname "$0")
if [ "$2" = --wipe ]; then exit 4; fi
mkdir "$3"
read -r address
echo "$address" > "$folder/address.new"
mv "$folder/address.new" "$folder/address"
until [ -e "$folder/die" ]; do sleep 0.05; done
exit 4
"#;

fn keeper(folder: &Path) -> PathBuf {
    let program = folder.join("keeper");
    std::fs::write(&program, KEEPER).unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o700)).unwrap();
    program
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_browser_that_died_and_is_not_gone_nobody_is_served() {
    let (programs, profiles) = (tempfile::tempdir().unwrap(), in_memory());
    let entrance = Entrance::for_the_started();
    let settings = BrowserSettings {
        profiles: profiles.path().to_owned(),
        start_seconds: 1,
        ..BrowserSettings::default()
    };
    let page = "http://127.0.0.1:9/".to_owned();
    let browser = Browser::start(
        keeper(programs.path()),
        settings,
        page,
        entrance.clone(),
        Arc::new(SystemRandom),
    )
    .await
    .unwrap();
    let address = programs.path().join("address");
    until("it is started", || address.exists());
    let address = std::fs::read_to_string(address).unwrap();
    let (_, pass) = address.trim().split_once(&format!("{PASS}=")).unwrap();
    entrance.entered(Some(pass));
    // The supervisor has seen it come in before it sees it die.
    tokio::time::sleep(Duration::from_millis(200)).await;
    std::fs::write(programs.path().join("die"), "").unwrap();
    until("it is seen to be dead", || !entrance.admits(Some(pass)));
    let replaced = browser.replace().await;
    assert!(
        matches!(replaced, Err(BrowserError::StillThere { wiped: false, .. })),
        "{replaced:?}"
    );
}
