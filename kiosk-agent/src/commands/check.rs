//! `kiosk-agent check`: what works and what does not, for staff.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::examination::{Examination, Finding};
use crate::hardening::Hardened;
use crate::health::Verdict;
use crate::settings::Settings;

/// Looks at memory protection, certificate, reader, printer and server, and says for each what is
/// wrong. No card is needed and none is read.
#[derive(Debug, Args)]
#[command(after_help = "Exit codes: 0 everything works, 1 something does not, 2 the settings")]
pub(super) struct Check {
    /// The kiosk's settings
    #[arg(long, value_name = "FILE")]
    settings: PathBuf,
}

impl Check {
    pub(super) fn run(self, hardened: Hardened) -> ExitCode {
        let settings = match Settings::read(&self.settings) {
            Ok(settings) => settings,
            Err(error) => {
                eprintln!("kiosk-agent: {error}");
                return ExitCode::from(2);
            }
        };
        let seen = Examination::of(&settings, hardened);
        seen.findings.iter().for_each(say);
        if seen.all_good() {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        }
    }
}

/// One line for each part.
fn say(finding: &Finding) {
    let verdict = match finding.health.verdict {
        Verdict::Good => "ok  ",
        Verdict::Warning => "warn",
        Verdict::Bad => "FAIL",
    };
    let part = finding.health.part.as_str();
    // Whoever reads no further has the exit code.
    let _ = writeln!(std::io::stdout(), "{verdict}  {part}: {}", finding.words);
}
