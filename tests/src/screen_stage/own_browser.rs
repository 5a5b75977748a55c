//! A kiosk that starts its browser itself, as in a store; the resident looks at that one.

use std::path::{Path, PathBuf};

use fixtures::stage::Stage;
use fixtures::stage::browser::Browser;
use fixtures::stage::ground::Plan;
use fixtures::stage::printer::Behaviour;
use fixtures::stage::process::wait_for;
use fixtures::stage::serving_kiosk::ServingKiosk;

use super::{AtKiosk, set};

impl AtKiosk {
    /// Raises everything, with residents whose data stand nowhere else; the agent and all that it
    /// starts are traced ([`AtKiosk::trace`]).
    #[must_use]
    pub fn come_to_own_browser(seed: u64, change: impl FnOnce(&mut Stage)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let profiles = tempfile::tempdir_in("/dev/shm").unwrap();
        let plan = Plan {
            residents: 26,
            canaries: Some(seed),
            ..Plan::default()
        };
        let mut stage = Stage::raise(folder.path(), &plan, Behaviour::Prints).unwrap();
        for times in ["card_seconds", "pin_seconds", "take_card_seconds"] {
            set(&stage, &format!("{times} = 10"), &format!("{times} = 60"));
        }
        change(&mut stage);
        let mut settings = std::fs::read_to_string(&stage.kiosk_settings).unwrap();
        settings += &section(profiles.path());
        std::fs::write(&stage.kiosk_settings, settings).unwrap();
        let trace = folder.path().join("trace-1");
        let agent =
            ServingKiosk::start_traced(&stage.kiosk_settings, &stage.pcscd, &trace).unwrap();
        let browser = attach(folder.path(), profiles.path(), None).0;
        let kiosk = Self {
            browser,
            agent,
            stage,
            card: None,
            touches: 0,
            profiles: Some(profiles),
            folder,
        };
        kiosk.wait_for("start");
        kiosk
    }

    /// What the agents and their browsers opened, made and connected to, as strace wrote it.
    #[must_use]
    pub fn trace(&self) -> PathBuf {
        self.folder.path().join("trace-1")
    }

    /// The folder of everything on the stage.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The folder for profiles.
    ///
    /// # Panics
    /// Where the kiosk has no browser of its own.
    #[must_use]
    pub fn profiles(&self) -> &Path {
        self.profiles.as_ref().expect("its own browser").path()
    }

    /// The profile of the browser that runs.
    #[must_use]
    pub fn profile(&self) -> Option<PathBuf> {
        newest(self.profiles())
    }

    /// Looks at the browser that has replaced the one with this profile.
    pub fn look_at_the_next(&mut self, last: Option<&Path>) {
        let (browser, _) = attach(self.folder.path(), self.profiles(), last);
        self.browser = browser;
        self.wait_for("start");
    }

    /// Starts the agent again, after it was killed.
    pub fn start_again(&mut self) {
        self.card = None;
        let (settings, pcscd) = (&self.stage.kiosk_settings, &self.stage.pcscd);
        self.agent = ServingKiosk::start_traced(settings, pcscd, &self.trace()).unwrap();
        self.look_at_the_next(None);
    }
}

fn section(profiles: &Path) -> String {
    let sandbox = if rustix::process::geteuid().is_root() {
        "\"--no-sandbox\", "
    } else {
        ""
    };
    format!(
        "\n[browser]\nprofiles = \"{}\"\narguments = [{sandbox}\"--headless=new\", \
         \"--remote-debugging-port=0\", \"--screen-info={{1280x800}}\"]\n",
        profiles.display()
    )
}

/// The profile with the highest number.
fn newest(profiles: &Path) -> Option<PathBuf> {
    let entries = std::fs::read_dir(profiles).ok()?;
    let profiles = entries.filter_map(|entry| Some(entry.ok()?.path()));
    profiles.max_by_key(|path| {
        let name = path.to_string_lossy().into_owned();
        name.rsplit('-')
            .next()
            .and_then(|number| number.parse::<u64>().ok())
    })
}

fn attach(folder: &Path, profiles: &Path, last: Option<&Path>) -> (Browser, PathBuf) {
    let (port, profile) = wait_for("the kiosk's browser", || {
        let profile = newest(profiles).filter(|profile| Some(profile.as_path()) != last)?;
        let port = std::fs::read_to_string(profile.join("data/DevToolsActivePort")).ok()?;
        Some((port.lines().next()?.parse().ok()?, profile))
    })
    .unwrap();
    (
        Browser::attach(&folder.join("browser"), port).unwrap(),
        profile,
    )
}
