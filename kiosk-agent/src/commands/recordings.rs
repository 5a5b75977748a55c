//! `kiosk-agent recordings`: what the voice says, for the script that records it.

use std::process::ExitCode;

use clap::Args;

/// Prints a line for each recording: its file, a tab, its text.
#[derive(Debug, Args)]
pub(super) struct Recordings {}

impl Recordings {
    pub(super) fn run(self) -> ExitCode {
        for recording in crate::voice::recordings() {
            println!("{}\t{}", recording.file, recording.text);
        }
        ExitCode::SUCCESS
    }
}
