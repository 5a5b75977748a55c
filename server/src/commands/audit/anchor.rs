//! `server audit anchor`

use std::process::ExitCode;

use crate::cli::SettingsFile;
use crate::commands::{Failure, open};
use crate::service;

pub(super) async fn run(settings: &SettingsFile) -> Result<ExitCode, Failure> {
    let opened = open(settings).await?;
    let anchoring = service::anchoring(&opened.settings)?;
    let anchored = opened.registry.anchor_audit(&anchoring).await?;
    opened.registry.close().await;
    println!(
        "{} heads are signed and anchored in {}",
        anchored.heads,
        anchoring.folder.display()
    );
    for (chain, fault) in &anchored.broken {
        println!("{chain}: NOT SIGNED: {fault}. Run `server audit verify`.");
    }
    Ok(if anchored.broken.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
