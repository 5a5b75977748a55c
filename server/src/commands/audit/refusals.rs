//! `server audit refusals`

use std::process::ExitCode;

use registry::Purpose;

use crate::cli::ByStaff;
use crate::commands::{Failure, accept_staff, open};

/// Most refusals shown.
const MOST_REFUSALS: u32 = 100;

pub(super) async fn run(by: &ByStaff) -> Result<ExitCode, Failure> {
    let opened = open(&by.settings).await?;
    let staff = accept_staff(&opened, by.staff.clone())?;
    let register = opened
        .registry
        .municipality(by.municipality, Purpose::Audit, staff)
        .await?;
    let notes = register.refusal_notes(MOST_REFUSALS).await?;
    opened.registry.close().await;
    for note in notes {
        // What it is for: the counter's staff read here what the resident is not told.
        println!("{} {} {}", note.at, note.event, note.note.expose());
    }
    Ok(ExitCode::SUCCESS)
}
