//! How Chromium is started: in kiosk mode, keeping nothing, calling nobody.

use std::ffi::OsString;
use std::path::Path;
use std::process::Command;

use super::entry_page::entry_page;
use super::settings::BrowserSettings;

/// Where Chromium writes what else it wants to write, and what it must not find of anybody.
const FOLDERS: [&str; 5] = [
    "HOME",
    "XDG_CONFIG_HOME",
    "XDG_CACHE_HOME",
    "XDG_DATA_HOME",
    "XDG_STATE_HOME",
];

/// What a browser needs of the agent's surroundings to reach screen and loudspeaker.
const PASSED_ON: [&str; 9] = [
    "DISPLAY",
    "WAYLAND_DISPLAY",
    "XAUTHORITY",
    "XDG_RUNTIME_DIR",
    "XDG_SESSION_TYPE",
    "PULSE_SERVER",
    "ALSA_CONFIG_PATH",
    "LANG",
    "TZ",
];

/// Each with its reason. A flag that a later Chromium no longer knows is ignored by it; what the
/// flags are for is tested on the real one.
const FLAGS: [&str; 23] = [
    "--kiosk",
    // In memory only: no cache, no history, no cookies in files.
    "--incognito",
    "--disk-cache-size=1",
    "--media-cache-size=1",
    "--password-store=basic",
    "--disable-features=Translate,MediaRouter,OptimizationHints,AutofillServerCommunication,\
     CertificateTransparencyComponentUpdater,InterestFeedContentSuggestions,DialMediaRouteProvider",
    // No crash report leaves; a dump that is made all the same lies in the profile's folder.
    "--disable-breakpad",
    "--disable-crash-reporter",
    // It calls nobody: neither by itself …
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-client-side-phishing-detection",
    "--disable-domain-reliability",
    "--no-pings",
    "--no-first-run",
    "--no-default-browser-check",
    // … nor where a page asks it to: no name is looked up, no other address answers.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--no-proxy-server",
    // Nothing between the resident and the page.
    "--disable-pinch",
    "--overscroll-history-navigation=0",
    // The voice speaks before the first touch.
    "--autoplay-policy=no-user-gesture-required",
];

/// The browser's own words: program, flags, profile, the settings' arguments, first page.
pub(super) fn words(settings: &BrowserSettings, profile: &Path) -> Vec<OsString> {
    let mut profile_flag = OsString::from("--user-data-dir=");
    profile_flag.push(profile.join("data"));
    let mut words = vec![settings.program.clone().into_os_string()];
    words.extend(FLAGS.map(OsString::from));
    words.push(profile_flag);
    words.extend(settings.arguments.iter().map(OsString::from));
    words.push(entry_page(profile).into_os_string());
    words
}

/// A command with nothing of the agent's surroundings but what reaches screen and loudspeaker.
pub(super) fn with_few_surroundings(command: &mut Command, profile: &Path) {
    command.env_clear().env("PATH", "/usr/bin:/bin");
    for name in PASSED_ON {
        if let Some(value) = std::env::var_os(name) {
            command.env(name, value);
        }
    }
    for name in FOLDERS {
        command.env(name, profile);
    }
    command.env("TMPDIR", profile.join("tmp")).current_dir("/");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_settings_arguments_come_after_the_agents_and_the_first_page_last() {
        let settings = BrowserSettings {
            arguments: vec!["--ozone-platform=wayland".to_owned()],
            ..BrowserSettings::default()
        };
        let words = words(&settings, Path::new("/dev/shm/p"));
        let words: Vec<&str> = words.iter().filter_map(|word| word.to_str()).collect();
        assert_eq!(words.first(), Some(&"/usr/lib/chromium/chromium"));
        assert_eq!(
            words[words.len() - 3..],
            [
                "--user-data-dir=/dev/shm/p/data",
                "--ozone-platform=wayland",
                "/dev/shm/p/start.html"
            ]
        );
        assert!(words.iter().all(|word| !word.contains("  ")));
    }

    #[test]
    fn nothing_of_the_agents_surroundings_is_passed_on_but_what_is_named() {
        let mut command = Command::new("env");
        with_few_surroundings(&mut command, Path::new("/p"));
        let set: Vec<&str> = command
            .get_envs()
            .filter_map(|(name, _)| name.to_str())
            .collect();
        let known = |name: &&str| {
            FOLDERS.contains(name) || PASSED_ON.contains(name) || ["PATH", "TMPDIR"].contains(name)
        };
        assert!(set.iter().all(known), "{set:?}");
        assert!(set.contains(&"HOME"));
    }
}
