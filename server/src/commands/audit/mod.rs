//! `server audit …`

mod anchor;
mod refusals;
mod verify;

use std::process::ExitCode;

use clap::Subcommand;

use super::Failure;
use crate::cli::{ByStaff, SettingsFile};

/// What can be done with the audit record.
#[derive(Debug, Subcommand)]
pub enum AuditCommand {
    /// Recompute every chain and compare it with the anchor.
    ///
    /// Finds entries that were changed, removed, moved, put in or cut off, a database that was
    /// rolled back, and an anchor that was forged or cut; and names the tail that is not anchored
    /// yet, which somebody with the database and the master key could still rewrite. Exits with 0
    /// only where everything holds. Nothing is recorded: what is broken is left as it is.
    ///
    /// Example: server audit verify --settings settings.toml
    Verify(verify::Verify),
    /// Sign the heads that moved and append them to the anchor now.
    ///
    /// `server serve` does this by itself, every `audit.every_minutes`, when it starts and when it
    /// stops. By hand: after commands while no server runs, before the medium is changed.
    ///
    /// Example: server audit anchor --settings settings.toml
    Anchor(SettingsFile),
    /// Show staff why residents got no offer or no certificate: the newest hundred, with the
    /// character that no font has. That they were read is recorded.
    ///
    /// What is shown is part of a name. Needs `accept_unauthenticated_staff` until staff can sign
    /// in.
    Refusals(ByStaff),
}

pub(super) async fn run(command: &AuditCommand) -> Result<ExitCode, Failure> {
    match command {
        AuditCommand::Verify(verify) => Box::pin(verify::run(verify)).await,
        AuditCommand::Anchor(settings) => Box::pin(anchor::run(settings)).await,
        AuditCommand::Refusals(refusals) => Box::pin(refusals::run(refusals)).await,
    }
}
