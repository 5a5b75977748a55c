//! `kiosk-agent health`: numbers for a monitoring system.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use domain::{Clock as _, SystemClock};

use super::examination::Examination;
use crate::enrolment::IdentityStore;
use crate::hardening::Hardened;
use crate::health::Health;
use crate::settings::Settings;

/// Looks at the same parts as `check`, and writes numbers and staff codes in Prometheus's text form,
/// for node_exporter's textfile collector. Nothing of any resident, and no address, is in it.
#[derive(Debug, Args)]
#[command(
    after_help = "Exit codes: 0 written, also where something does not work; 1 not written; \
                        2 the settings"
)]
pub(super) struct WriteHealth {
    /// The kiosk's settings
    #[arg(long, value_name = "FILE")]
    settings: PathBuf,
    /// Where to write it, in one step; left out: standard output
    #[arg(long, value_name = "FILE.prom")]
    out: Option<PathBuf>,
}

impl WriteHealth {
    pub(super) fn run(self, hardened: Hardened) -> ExitCode {
        let settings = match Settings::read(&self.settings) {
            Ok(settings) => settings,
            Err(error) => {
                eprintln!("kiosk-agent: {error}");
                return ExitCode::from(2);
            }
        };
        let text = health(&settings, hardened).to_text();
        let written = match &self.out {
            None => io::stdout().write_all(text.as_bytes()),
            Some(path) => replace(path, &text),
        };
        match written {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("kiosk-agent: the health cannot be written: {error}");
                ExitCode::FAILURE
            }
        }
    }
}

fn health(settings: &Settings, hardened: Hardened) -> Health {
    let seen = Examination::of(settings, hardened);
    Health {
        parts: seen.findings.iter().map(|finding| finding.health).collect(),
        certificate_seconds_left: seen.certificate_seconds_left,
        renewal_waits: IdentityStore::has_pending(&settings.kiosk),
        clock_offset_seconds: seen
            .clock_offset
            .map(crate::server_link::ClockOffset::seconds),
        at: SystemClock.now().unix_timestamp(),
    }
}

/// Whoever reads the file meanwhile reads the old one or the new one.
fn replace(path: &Path, text: &str) -> io::Result<()> {
    let mut part = path.as_os_str().to_owned();
    part.push(".part");
    let part = PathBuf::from(part);
    let mut options = OpenOptions::new();
    let mut file = options
        .create(true)
        .truncate(true)
        .write(true)
        .mode(0o644)
        .open(&part)?;
    file.write_all(text.as_bytes())?;
    fs::rename(&part, path)
}
