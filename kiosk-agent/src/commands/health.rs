//! `kiosk-agent health`: numbers for a monitoring system.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use domain::{Clock as _, SystemClock};

use super::examination::Examination;
use crate::enrolment::IdentityStore;
use crate::hardening::Hardened;
use crate::health::{Health, counters_text};
use crate::session::SessionReport;
use crate::settings::Settings;
use crate::staff::Counters;

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

/// The running agent's counters, and the file that they are written to.
pub(super) struct Counted {
    file: Option<PathBuf>,
    counters: Counters,
}

impl Counted {
    /// Writes to this file, or nowhere.
    pub(super) fn told_to(file: Option<PathBuf>) -> Self {
        Self {
            file,
            counters: Counters::default(),
        }
    }

    /// Counts a session and writes what is counted.
    pub(super) fn count(&mut self, report: &SessionReport) {
        let Some(file) = &self.file else { return };
        self.counters.count(report, &SystemClock);
        if let Err(error) = replace(file, &counters_text(&self.counters)) {
            tracing::warn!(%error, "the counters cannot be written");
        }
    }
}

/// Whoever reads the file meanwhile reads the old one or the new one.
fn replace(path: &Path, text: &str) -> io::Result<()> {
    let mut part = path.as_os_str().to_owned();
    part.push(".part");
    let part = PathBuf::from(part);
    let mut file = File::create(&part)?;
    // Whatever the service's mask: the collector is another user.
    file.set_permissions(fs::Permissions::from_mode(0o644))?;
    file.write_all(text.as_bytes())?;
    fs::rename(&part, path)
}
