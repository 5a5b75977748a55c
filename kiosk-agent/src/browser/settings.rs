//! `[browser]`: the browser that the agent itself starts.

use std::path::PathBuf;

use serde::Deserialize;

/// The browser that the agent starts, watches and replaces. Left out, any browser of this machine
/// may connect, which is for demonstrations.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BrowserSettings {
    /// The program: Chromium.
    pub program: PathBuf,
    /// Further arguments, after the agent's own.
    pub arguments: Vec<String>,
    /// The folder for profiles, in memory (tmpfs). Nobody else's: whatever lies in it is wiped.
    pub profiles: PathBuf,
    /// The user that the browser runs as; left out, the agent's own.
    pub user: Option<String>,
    /// The group; left out, named like the user.
    pub group: Option<String>,
    /// Within so many seconds its page must be connected.
    pub start_seconds: u16,
}

impl Default for BrowserSettings {
    fn default() -> Self {
        Self {
            program: "/usr/lib/chromium/chromium".into(),
            arguments: Vec::new(),
            profiles: "/run/akashi-kiosk/browser".into(),
            user: None,
            group: None,
            start_seconds: 20,
        }
    }
}
