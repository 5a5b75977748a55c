//! `kiosk-agent serve`: the kiosk with its touch screen.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use crate::hardening::Hardened;
use crate::settings::Settings;

/// Serves residents at the touch screen, one after the other: a page on a loopback address, for
/// one browser on this machine.
#[derive(Debug, Args)]
pub(super) struct Serve {
    /// The kiosk's settings; settings.example.toml describes them
    #[arg(long, value_name = "FILE")]
    settings: PathBuf,
}

impl Serve {
    pub(super) fn run(self, _hardened: Hardened) -> ExitCode {
        match Settings::read(&self.settings) {
            Ok(_) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("kiosk-agent: {error}");
                ExitCode::from(2)
            }
        }
    }
}
