//! `kiosk-agent keep-browser`: what the agent starts for itself, between itself and the browser.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use crate::browser::keeper::{self, Errand};

/// Keeps one browser for the agent, which starts this by itself: kills everything the browser
/// started and wipes its profile when standard input ends.
#[derive(Debug, Args)]
pub(super) struct KeepBrowser {
    /// The profile's folder, which must not be there
    #[arg(long, value_name = "FOLDER", requires = "browser")]
    profile: Option<PathBuf>,

    /// Only wipe and remove this profile
    #[arg(long, value_name = "FOLDER", conflicts_with = "profile")]
    wipe: Vec<PathBuf>,

    /// The browser's program and arguments
    #[arg(last = true)]
    browser: Vec<OsString>,
}

impl KeepBrowser {
    pub(super) fn run(self) -> ExitCode {
        let errand = match self.profile {
            None => Errand::Wipe(self.wipe),
            Some(profile) => Errand::Keep {
                profile,
                browser: self.browser,
            },
        };
        ExitCode::from(keeper::run(errand) as u8)
    }
}
