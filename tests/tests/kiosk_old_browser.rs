//! Where the browser that a resident used may still live, the kiosk serves nobody else: it ends.

#![allow(clippy::unwrap_used)] // a test that cannot go on fails

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use crypto::SystemRandom;
use kiosk_agent::browser::{Browser, BrowserError, BrowserSettings, Entrance, PASS};
use kiosk_agent::staff::StaffSettings;
use serde_json::json;
use system_tests::bare_kiosk::{Somebody, served};

/// A keeper that keeps nothing but the address of the page. It says that something is left, and
/// cannot wipe anything, where the profiles' folder holds a file `unkillable`; without one it does
/// all it is told.
const KEEPER: &str = r#"#!/bin/sh
if [ "$2" = --wipe ]; then
    [ -e "$(dirname "$3")/unkillable" ] && exit 4
    rm -rf "$3"; exit 0
fi
mkdir "$3"
read -r address
echo "$address" > "$3/address.part" && mv "$3/address.part" "$3/address"
cat > /dev/null
[ -e "$(dirname "$3")/unkillable" ] && exit 4
rm -rf "$3"
"#;

/// A browser whose keeper is that one, and where its profiles lie.
struct Old {
    folder: tempfile::TempDir,
    entrance: Entrance,
}

impl Old {
    fn new() -> Self {
        let folder = tempfile::tempdir_in("/dev/shm").unwrap();
        std::fs::create_dir(folder.path().join("profiles")).unwrap();
        let keeper = folder.path().join("keeper");
        std::fs::write(&keeper, KEEPER).unwrap();
        std::fs::set_permissions(&keeper, std::fs::Permissions::from_mode(0o755)).unwrap();
        Self {
            folder,
            entrance: Entrance::for_the_started(),
        }
    }

    fn profiles(&self) -> PathBuf {
        self.folder.path().join("profiles")
    }

    async fn start(&self) -> Browser {
        let settings = BrowserSettings {
            program: "/bin/sh".into(),
            profiles: self.profiles(),
            ..BrowserSettings::default()
        };
        let (keeper, entrance) = (self.folder.path().join("keeper"), self.entrance.clone());
        let page = "http://127.0.0.1:9/".to_owned();
        let random = Arc::new(SystemRandom);
        let browser = Browser::start(keeper, settings, page, entrance, random).await;
        let browser = browser.unwrap();
        self.comes_in(1).await;
        browser
    }

    /// Waits until the browser of this number was started, and comes in as it would.
    async fn comes_in(&self, number: u32) {
        let name = format!("browser-{}-{number}/address", std::process::id());
        let address = written(&self.profiles().join(name)).await;
        let (_, pass) = address.trim().split_once(&format!("?{PASS}=")).unwrap();
        self.entrance.entered(Some(pass));
    }

    /// From now on nothing of the browser can be ended or wiped.
    fn stays(&self) {
        std::fs::write(self.profiles().join("unkillable"), b"").unwrap();
    }
}

async fn written(file: &Path) -> String {
    let limit = Instant::now() + Duration::from_secs(20);
    loop {
        if let Ok(text) = std::fs::read_to_string(file) {
            return text;
        }
        assert!(Instant::now() < limit, "no browser was started");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// A session that ends at once: the server is not there. Begun before the kiosk has seen that.
async fn a_session(somebody: &Somebody) {
    somebody.does(json!({"type": "start"})).await;
    for _ in 0..20 {
        if somebody.view()["screen"] == "ending" {
            somebody.chooses("done").await;
            return;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    panic!("the session stays at {}", somebody.view()["screen"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_session_whose_browser_is_gone_the_kiosk_goes_on() {
    let old = Old::new();
    let browser = old.start().await;
    let settings = StaffSettings::default();
    let served = served(&settings, Some(browser), async |somebody| {
        tokio::join!(a_session(somebody), old.comes_in(2));
        while somebody.view()["screen"] == "ending" {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    });
    served.await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_session_whose_browser_may_still_live_nobody_is_served() {
    let old = Old::new();
    let browser = old.start().await;
    old.stays();
    let settings = StaffSettings::default();
    let served = served(&settings, Some(browser), async |somebody| {
        tokio::join!(a_session(somebody), old.comes_in(2));
        tokio::time::sleep(Duration::from_secs(60)).await;
    });
    let ended = served.await;
    assert!(
        matches!(ended, Err(BrowserError::StillThere { wiped: false, .. })),
        "{ended:?}"
    );
}
