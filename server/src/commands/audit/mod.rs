//! `server audit …`

mod anchor;
mod export;
mod refusals;
mod report;
mod search;
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
    /// With --export it verifies a file of `server audit export` instead, with the audit key's
    /// public half and nothing else: no settings, no register.
    ///
    /// Examples:
    ///   server audit verify --settings settings.toml
    ///   server audit verify --export part.age --identity auditor.key --key audit.spki.der
    #[command(verbatim_doc_comment)]
    Verify(verify::Verify),
    /// Show entries: by time, event, staff, certificate or person. That it was searched, and about
    /// whom, is recorded.
    ///
    /// A person is named by a number on one line of standard input; entries name people by a random
    /// id that tells nothing. Notes that staff wrote are shown.
    ///
    /// Example: server audit search --from 2026-01-01 --to 2026-01-31 --event flag-set \
    /// --municipality 122271 --staff officer-01 --settings settings.toml
    Search(search::Search),
    /// Write entries out for a court or an auditor, encrypted, as a second person approved.
    ///
    /// The file can be verified alone (`server audit verify --export`): entries that were not asked
    /// for are in it as digests, so that nothing can be left out. System entries are not exported.
    ///
    /// Example, by two people:
    ///   server audit export --from 2026-01-01 --to 2026-01-31 --resident-number-from-stdin \
    ///     --recipient age1… --out part.age --reason "court order 12" --municipality 122271 \
    ///     --staff officer-01 --settings settings.toml
    ///   server approvals approve ID --municipality 122271 --staff head-01 --settings …
    ///   server audit export … --approval ID
    #[command(verbatim_doc_comment)]
    Export(export::Export),
    /// The security officer's weekly look: staff's work outside office hours, days on which
    /// somebody did far more than usual, what was refused. No personal data; recorded.
    ///
    /// A municipality declares `[reports]` with its office hours. Far more than usual: more than three
    /// times the median of one's own days of the eight weeks before (or of others', for who is new),
    /// and at least twenty more.
    ///
    /// Example: server audit report --from 2026-01-05 --to 2026-01-11 --staff officer-01 \
    /// --settings settings.toml
    Report(report::Report),
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
        AuditCommand::Search(search) => Box::pin(search::run(search)).await,
        AuditCommand::Export(export) => Box::pin(export::run(export)).await,
        AuditCommand::Report(report) => Box::pin(report::run(report)).await,
        AuditCommand::Anchor(settings) => Box::pin(anchor::run(settings)).await,
        AuditCommand::Refusals(refusals) => Box::pin(refusals::run(refusals)).await,
    }
}
